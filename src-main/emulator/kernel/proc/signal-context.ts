/**
 * What the signal functions work on: the kernel, what it keeps about signals beside the machine state, and
 * what they ask of the engine.
 */
import { withRoom } from '../../growable.ts';
import type { KernelContext } from '../context/kernel-context.ts';
import { EMPTYSET, inSet, type SigSet } from '../context/sigset.ts';

/** What a process does with a signal (struct sigaction). */
export interface SigAction {
  readonly disposition: 'default' | 'ignore' | 'handler';
  /** Signals blocked in addition while the handler runs. */
  readonly mask: SigSet;
  /** SA_NODEFER: the signal itself is not blocked while its handler runs. */
  readonly nodefer: boolean;
  /** SA_RESETHAND: the disposition goes back to the default when the handler is called. */
  readonly resethand: boolean;
}

export const SIG_DFL: SigAction = {
  disposition: 'default',
  mask: EMPTYSET,
  nodefer: false,
  resethand: false,
};
export const SIG_IGN: SigAction = { ...SIG_DFL, disposition: 'ignore' };

/** A handler that blocks its own signal and those of `mask` while it runs. */
export function sigHandler(mask: SigSet = EMPTYSET): SigAction {
  return { disposition: 'handler', mask, nodefer: false, resethand: false };
}

/** Fields of proc_t, kthread_t and klwp_t that only the signal code reads. */
export class SignalState {
  private readonly actions: (SigAction | undefined)[][] = [];
  /** p_stopsig: signal that stopped the process, 0 for none. */
  private stopsig = new Uint8Array(0);
  /** SHOLDFORK in p_flag: the process is held for a forkall(). */
  private heldForFork = new Uint8Array(0);
  /** T_WAKEABLE: a signal may end the thread's sleep. */
  private wakeable = new Uint8Array(0);
  /** A cancellation was pending when the thread went to sleep. */
  private cancelled = new Uint8Array(0);
  private parked = new Uint8Array(0);
  /** lwp_sigoldmask of LWPs with T_TOMASK. */
  private readonly oldmasks = new Map<number, SigSet>();
  /** t_sigwait of LWPs in sigtimedwait(). */
  private readonly sigwaits = new Map<number, SigSet>();

  ensureProcess(p: number): void {
    this.stopsig = withRoom(this.stopsig, p, 0);
    this.heldForFork = withRoom(this.heldForFork, p, 0);
    while (this.actions.length <= p) this.actions.push([]);
  }

  ensureLwp(t: number): void {
    this.wakeable = withRoom(this.wakeable, t, 0);
    this.cancelled = withRoom(this.cancelled, t, 0);
    this.parked = withRoom(this.parked, t, 0);
  }

  /** The process's action for a signal. */
  action(p: number, signal: number): SigAction {
    return this.actions[p]?.[signal] ?? SIG_DFL;
  }

  setAction(p: number, signal: number, action: SigAction): void {
    this.ensureProcess(p);
    this.actions[p]![signal] = action;
  }

  /** fork: the child starts with its parent's actions. */
  copyActions(from: number, to: number): void {
    this.ensureProcess(from);
    this.ensureProcess(to);
    this.actions[to] = [...this.actions[from]!];
  }

  /** exec: signals with a handler go back to their default. */
  resetHandlers(p: number): void {
    this.ensureProcess(p);
    this.actions[p] = this.actions[p]!.map((action) =>
      action?.disposition === 'handler' ? undefined : action,
    );
  }

  p_stopsig(p: number): number {
    return this.stopsig[p] ?? 0;
  }

  set_p_stopsig(p: number, signal: number): void {
    this.ensureProcess(p);
    this.stopsig[p] = signal;
  }

  /** ISHOLD(p), which is what MUSTRETURN() asks: sleeps of the process are to end, with EINTR, and not to begin. */
  isHeldForFork(p: number): boolean {
    return this.heldForFork[p] === 1;
  }

  setHeldForFork(p: number, held: boolean): void {
    this.ensureProcess(p);
    this.heldForFork[p] = held ? 1 : 0;
  }

  isWakeable(t: number): boolean {
    return this.wakeable[t] === 1;
  }

  setWakeable(t: number, wakeable: boolean, cancelPending: boolean): void {
    this.ensureLwp(t);
    this.wakeable[t] = wakeable ? 1 : 0;
    this.cancelled[t] = cancelPending ? 1 : 0;
  }

  cancelPending(t: number): boolean {
    return this.cancelled[t] === 1;
  }

  /** lwp_sigoldmask where T_TOMASK is set, else undefined. */
  oldmask(t: number): SigSet | undefined {
    return this.oldmasks.get(t);
  }

  setOldmask(t: number, mask: SigSet): void {
    this.oldmasks.set(t, mask);
  }

  clearOldmask(t: number): void {
    this.oldmasks.delete(t);
  }

  /** Whether the thread waits for a signal in sigtimedwait(): then it is not ignored. */
  waitsFor(t: number, signal: number): boolean {
    const set = this.sigwaits.get(t);
    return set !== undefined && inSet(set, signal);
  }

  setSigwait(t: number, set: SigSet | null): void {
    if (set === null) this.sigwaits.delete(t);
    else this.sigwaits.set(t, set);
  }

  /** The thread is asleep in lwp_park (on its t_delay_cv). */
  isParked(t: number): boolean {
    return this.parked[t] === 1;
  }

  setParked(t: number, parked: boolean): void {
    this.ensureLwp(t);
    this.parked[t] = parked ? 1 : 0;
  }

  /** The LWP is gone: its fields are forgotten. */
  removeLwp(t: number): void {
    this.oldmasks.delete(t);
    this.sigwaits.delete(t);
    this.setWakeable(t, false, false);
    this.setParked(t, false);
  }
}

/** What the engine does for the signal functions. None of these switches threads. */
export interface SignalServices {
  /** The threads of a process in order of creation (p_tlist). */
  threadsOf(p: number): readonly number[];
  /** Makes a sleeping, waiting or stopped thread runnable (setrun). */
  setrun(t: number): void;
  /** Wakes a thread from the condition variable that it waits for (cv_signal). */
  wakeup(t: number): void;
  /** Has a thread that runs come by the kernel before it goes on in user mode (aston and poke_cpu). */
  aston(t: number): void;
}

export interface SignalContext {
  readonly k: KernelContext;
  readonly signals: SignalState;
  readonly services: SignalServices;
}
