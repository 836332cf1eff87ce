/** Dispatch table of the real-time class (rt_dptbl(5)): quantum by priority within the class. */

export interface RtDpent {
  /** Global priority of the level. */
  readonly globpri: number;
  /** Default time quantum, ticks. */
  readonly quantum: number;
}

/** Levels 0..59. */
export type RtDptbl = readonly RtDpent[];

export const RT_LEVELS = 60;
/** Global priority of level 0: above everything but interrupts. */
export const RT_BASE = 100;

export const RT_DPTBL: RtDptbl = Array.from({ length: RT_LEVELS }, (_, level) => ({
  globpri: RT_BASE + level,
  // 100, 80, 60, 40, 20 and 10 ticks, ten levels each.
  quantum: level < 50 ? 100 - 20 * Math.trunc(level / 10) : 10,
}));
