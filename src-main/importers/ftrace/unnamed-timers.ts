/**
 * Timers that behave as that of the time slice extension and have another name: perf script resolves the addresses of
 * functions with the symbols of the machine that it runs on, which may be another one than the trace is from.
 *
 * What gives it away: a thread arms it while it runs, and soon afterwards it is cancelled or fires, and the thread
 * loses its CPU although it could have run on. No other timer of the kernel does that nearly every time.
 */
import type { CpuId, LwpId, Ns } from '#shared/base/brands.ts';

/** How long an extension lasts at most, and then some for a machine that stands still. */
const LONGEST_NS = 100_000;
/** From the end of the timer to the switch. */
const SOON_NS = 100_000;
const FEWEST = 5;
const SHARE = 0.6;
const MAX_TIMERS = 8192;
const MAX_FUNCTIONS = 256;

interface Armed {
  readonly lwp: LwpId;
  readonly timeNs: Ns;
  readonly counts: Counts;
}

interface Counts {
  armed: number;
  /** Times that the thread lost its CPU soon after the timer's end. */
  lostCpu: CpuId;
}

export interface UnnamedTimer {
  readonly name: string;
  readonly lostCpu: CpuId;
}

export class UnnamedTimers {
  private readonly functions = new Map<string, Counts>();
  private readonly armed = new Map<string, Armed>();
  private readonly ended = new Map<number, { readonly timeNs: Ns; readonly counts: Counts }>();

  get anyArmed(): boolean {
    return this.armed.size > 0;
  }

  /** A thread arms a timer with a function of this name. */
  arms(timer: string, name: string, lwp: LwpId, timeNs: Ns): void {
    let counts = this.functions.get(name);
    if (counts === undefined) {
      if (this.functions.size === MAX_FUNCTIONS) return;
      counts = { armed: 0, lostCpu: 0 };
      this.functions.set(name, counts);
    }
    counts.armed++;
    if (this.armed.size === MAX_TIMERS) this.armed.clear();
    this.armed.set(timer, { lwp, timeNs, counts });
  }

  /** A timer is cancelled, or fires, while `lwp` runs. */
  ends(timer: string, lwp: LwpId, timeNs: Ns): void {
    const armed = this.armed.get(timer);
    if (armed === undefined) return;
    this.armed.delete(timer);
    if (armed.lwp === lwp && timeNs - armed.timeNs <= LONGEST_NS) {
      this.ended.set(lwp, { timeNs, counts: armed.counts });
    }
  }

  /** A thread leaves its CPU. */
  switchedOut(lwp: LwpId, isRunnable: boolean, timeNs: Ns): void {
    const ended = this.ended.get(lwp);
    if (ended === undefined) return;
    this.ended.delete(lwp);
    if (isRunnable && timeNs - ended.timeNs <= SOON_NS) ended.counts.lostCpu++;
  }

  /** The function that is most likely that of the extension; null where none is like it. */
  suspect(): UnnamedTimer | null {
    let found: UnnamedTimer | null = null;
    for (const [name, { armed, lostCpu }] of this.functions) {
      if (lostCpu < FEWEST || lostCpu < armed * SHARE || lostCpu <= (found?.lostCpu ?? 0)) continue;
      found = { name, lostCpu };
    }
    return found;
  }
}
