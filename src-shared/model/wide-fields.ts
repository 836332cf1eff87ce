/** 64-bit fields: each takes two kinds, the low and the high word, of which the first stands for the whole. */
import type { KindId } from '../base/brands.ts';
import { KIND } from './kinds.ts';
import type { MachineState } from './machine-state.ts';

/** Kind of the high word, by that of the low word. */
const HIGH_WORD_OF: Readonly<Record<number, number>> = {
  [KIND.fss_fsspri]: KIND.fss_fsspri_high,
  [KIND.fssp_usage]: KIND.fssp_usage_high,
  [KIND.fssp_shusage]: KIND.fssp_shusage_high,
  [KIND.fssps_maxfsspri]: KIND.fssps_maxfsspri_high,
};

/** A 64-bit field, unsigned, in decimal; null for a kind that is no low word. */
export function wideFieldText(state: MachineState, kind: KindId, id: number): string | null {
  const high = HIGH_WORD_OF[kind];
  if (high === undefined) return null;
  const word = (each: number): bigint => BigInt(state.read(each, id) >>> 0);
  return String((word(high) << 32n) | word(kind));
}
