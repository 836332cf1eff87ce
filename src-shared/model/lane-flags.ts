/** What is to be known of an interval on a lane beside its state. Bits, stored in chunks: never renumber. */
export const LANE_FLAG = {
  /** Stands for several intervals too short to show at this zoom; `state` is the longest of them. */
  merged: 1,
  /** The source does not say exactly when it began or ended, or what it was. */
  uncertain: 2,
  /** It holds a lock (lanes of LWPs and CPUs). */
  holdsLock: 4,
} as const;
