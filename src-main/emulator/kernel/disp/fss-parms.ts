/** How the nice value of FSS follows from a user priority (fss.c: fss_parmsset). */
import { NZERO } from './class-ops.ts';
import { FSS_NICE_RANGE } from './fss-accounts.ts';
import { maxupri } from './upri-parms.ts';

export const FSS_NICE_MIN = 0;
export const FSS_NICE_MAX = FSS_NICE_RANGE - 1;

/** Nice value that goes with a user priority. */
export function niceOf(upri: number): number {
  return Math.min(NZERO - Math.trunc((NZERO * upri) / maxupri), FSS_NICE_MAX);
}
