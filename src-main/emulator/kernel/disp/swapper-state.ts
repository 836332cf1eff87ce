/** What the classes ask the swapper of a thread and of memory; `swapper.ts` has what they answer it. */
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
