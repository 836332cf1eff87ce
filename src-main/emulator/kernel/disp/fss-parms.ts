/** Class parameters of FSS as priocntl takes them (fss.c: fss_parmsin, fss_vaparmsin). */
import { EINVAL } from '../../errno.ts';
import {
  NOCHANGE,
  NZERO,
  PC_VAPARMCNT,
  asPri,
  type ClassParms,
  type Errno,
  type VaParms,
} from './class-ops.ts';
import { FSS_NICE_RANGE } from './fss-accounts.ts';

/** User priorities go from -60 to 60; they only set the nice value. */
export const fss_maxupri = 60;
export const FSS_NICE_MIN = 0;
export const FSS_NICE_MAX = FSS_NICE_RANGE - 1;

/** Keys of parameters (sys/fsspriocntl.h). */
const FSS_KY_UPRILIM = 1;
const FSS_KY_UPRI = 2;

/** Checks parameters from user level: both within -60..60 or "no change". */
export function fss_parmsin(parms: ClassParms): Errno {
  const { uprilim, upri } = parms as { uprilim: number; upri: number };
  return (uprilim === NOCHANGE || isUpri(uprilim)) && (upri === NOCHANGE || isUpri(upri)) ? 0 : EINVAL;
}

/** Takes parameters by key into `parms`: each at most once; none at all means 0 for both. */
export function fss_vaparmsin(vaparms: VaParms, parms: ClassParms): Errno {
  parms.uprilim = NOCHANGE;
  parms.upri = NOCHANGE;
  if (vaparms.length > PC_VAPARMCNT) return EINVAL;
  for (const [key, value] of vaparms) {
    const name = key === FSS_KY_UPRILIM ? 'uprilim' : key === FSS_KY_UPRI ? 'upri' : null;
    if (name === null) return EINVAL;
    const pri = asPri(value);
    if (vaparms.filter(([other]) => other === key).length > 1 || !isUpri(pri)) return EINVAL;
    parms[name] = pri;
  }
  if (vaparms.length === 0) parms.uprilim = parms.upri = 0;
  return 0;
}

/** Nice value that goes with a user priority. */
export function niceOf(upri: number): number {
  return Math.min(NZERO - Math.trunc((NZERO * upri) / fss_maxupri), FSS_NICE_MAX);
}

function isUpri(pri: number): boolean {
  return pri >= -fss_maxupri && pri <= fss_maxupri;
}
