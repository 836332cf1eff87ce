/** Dispatch table of the fixed-priority class (fx_dptbl(5)): quantum by user priority. */

export interface FxDpent {
  /** Global priority of the level. */
  readonly globpri: number;
  /** Default time quantum, ticks. */
  readonly quantum: number;
}

/** Levels 0..60: FX has one more than TS. */
export type FxDptbl = readonly FxDpent[];

export const FX_LEVELS = 61;

/** Quantum of the levels up to and including each. */
const QUANTA: readonly (readonly [upTo: number, ticks: number])[] = [
  [9, 20],
  [19, 16],
  [29, 12],
  [39, 8],
  [58, 4],
  [60, 2],
];

export const FX_DPTBL: FxDptbl = Array.from({ length: FX_LEVELS }, (_, level) => ({
  globpri: level,
  quantum: QUANTA.find(([upTo]) => level <= upTo)![1],
}));
