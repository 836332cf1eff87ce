/**
 * The swapper, as the classes see it (sys/thread.h: t_schedflag; sched.c): which threads are loaded, and which must
 * not be swapped out. The emulated machine has memory for everything and no swapper: its threads are always
 * loaded, and these flags are neither kept nor recorded in a run. The functions of the classes are here all the same,
 * as in the C, and conformance vectors go through them.
 */

export interface Swapper {
  /** TS_LOAD: the thread is in memory. */
  isLoaded(t: number): boolean;
  /** TS_DONT_SWAP: the thread must stay in memory, as it may hold kernel locks. */
  isDontSwap(t: number): boolean;
  setDontSwap(t: number, dontSwap: boolean): void;
  /** TS_SWAPENQ: the swapper waits for the thread to reach a safe point. */
  isSwapEnqueued(t: number): boolean;
  /** lwp_state is LWP_USER, of a thread that is an LWP. */
  isInUserMode(t: number): boolean;
  /** TP_LWPEXIT: the LWP ends. */
  isExiting(t: number): boolean;
  /** p_swrss: pages of the process when it was swapped out. */
  p_swrss(p: number): number;
  /** rm_asrss(p_as): pages of the process in memory. */
  rm_asrss(p: number): number;
  readonly maxpgio: number;
  readonly maxslp: number;
  swapout_lwp(t: number): void;
}

/** The highest pri_t. */
export const SHRT_MAX = 32_767;

/** An effective priority for swapping, scaled so that SHRT_MAX / 2 is zero, and cut to a pri_t. */
export function swapPriority(epri: number): number {
  return Math.max(0, Math.min(epri + (SHRT_MAX >> 1), SHRT_MAX));
}
