/** The swapper of the class vectors (fss-rt/README.md): flags of threads and sizes of processes are input. */
import type { Swapper } from '#main/emulator/kernel/disp/swapper-state.ts';

/** t_schedflag by name, as the vectors list it. */
const SCHEDFLAGS = ['TS_LOAD', 'TS_DONT_SWAP', 'TS_SWAPENQ', 'TS_RUNQMATCH'] as const;
export type SchedFlag = (typeof SCHEDFLAGS)[number];

interface SwapThread {
  readonly flags: Set<SchedFlag>;
  user: boolean;
  exiting: boolean;
}

export class VectorSwapper implements Swapper {
  readonly maxpgio = 40;
  readonly maxslp = 20;
  /** Pages of a process, swapped out or in. */
  readonly pages = new Map<number, number>();
  private readonly threads: SwapThread[] = [];
  private readonly hasLwp: (t: number) => boolean;
  private readonly onSwapout: (t: number) => void;

  constructor(hasLwp: (t: number) => boolean, onSwapout: (t: number) => void) {
    this.hasLwp = hasLwp;
    this.onSwapout = onSwapout;
  }

  /** A thread appears: loaded, not to be swapped out, in user mode. */
  add(t: number): void {
    this.threads[t] = { flags: new Set(['TS_LOAD', 'TS_DONT_SWAP']), user: true, exiting: false };
  }

  /** The flags of a thread in the order of the vectors. */
  schedflag(t: number): readonly SchedFlag[] {
    return SCHEDFLAGS.filter((flag) => this.threads[t]!.flags.has(flag));
  }

  setFlag(t: number, flag: SchedFlag, on: boolean): void {
    const { flags } = this.threads[t]!;
    if (on) flags.add(flag);
    else flags.delete(flag);
  }

  isUser(t: number): boolean {
    return this.threads[t]!.user;
  }

  setUser(t: number, user: boolean): void {
    this.threads[t]!.user = user;
  }

  setExiting(t: number, exiting: boolean): void {
    this.threads[t]!.exiting = exiting;
  }

  // Swapper

  isLoaded(t: number): boolean {
    return this.threads[t]!.flags.has('TS_LOAD');
  }

  isDontSwap(t: number): boolean {
    return this.threads[t]!.flags.has('TS_DONT_SWAP');
  }

  setDontSwap(t: number, dontSwap: boolean): void {
    this.setFlag(t, 'TS_DONT_SWAP', dontSwap);
  }

  isSwapEnqueued(t: number): boolean {
    return this.threads[t]!.flags.has('TS_SWAPENQ');
  }

  /** There may be no current thread, and one without an LWP has no user mode. */
  isInUserMode(t: number): boolean {
    return this.threads[t] !== undefined && this.hasLwp(t) && this.threads[t].user;
  }

  isExiting(t: number): boolean {
    return this.threads[t]!.exiting;
  }

  p_swrss(p: number): number {
    return this.pages.get(p) ?? 0;
  }

  rm_asrss(p: number): number {
    return this.pages.get(p) ?? 0;
  }

  swapout_lwp(t: number): void {
    this.onSwapout(t);
  }
}
