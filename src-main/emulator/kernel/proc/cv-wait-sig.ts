/**
 * Sleeping until woken, until a time, or until a signal or a cancellation comes (condvar.c: cv_wait_sig,
 * cv_waituntil_sig).
 *
 * In the original this is one function around swtch(). Here it is two halves: {@link cv_wait_sig_begin}
 * before the engine switches away from the current thread, {@link cv_wait_sig_end} when it runs again.
 */
import { CAUSE } from '#shared/model/causes.ts';
import { KIND } from '#shared/model/kinds.ts';
import { schedctl_cancel_eintr, schedctl_cancel_pending } from '../schedctl/schedctl.ts';
import type { SignalContext } from './signal-context.ts';
import { issig_forreal, issig_justlooking } from './signal.ts';

/** How a wait ended; the values that the original returns. */
export const CV_WAIT = { timedOut: -1, interrupted: 0, woken: 1 } as const;
export type CvWaitResult = (typeof CV_WAIT)[keyof typeof CV_WAIT];

/**
 * First half. `block` puts the current thread on its sleep queue, in state TS_SLEEP (cv_block_sig). Where a
 * signal or a cancellation is there already, the thread is made runnable again at once. In either case the
 * caller switches.
 */
export function cv_wait_sig_begin(c: SignalContext, block: () => void): void {
  const { machine } = c.k;
  const t = machine.curthread;
  const cancelPending = schedctl_cancel_pending(c.k);
  c.signals.setWakeable(t, true, cancelPending);
  block();
  if (issig_justlooking(c) || mustReturn(c, t) || cancelPending) c.services.setrun(t);
}

/**
 * Second half: the thread runs again.
 *
 * @param timedOut it was the time that woke it
 * @returns {@link CV_WAIT}, or less than -1 where the process stops: -(1 + signal). The caller then stops the
 * thread and calls again once it is continued.
 */
export function cv_wait_sig_end(c: SignalContext, timedOut: boolean): number {
  const { machine } = c.k;
  const t = machine.curthread;
  const cancelPending = c.signals.cancelPending(t);
  c.signals.setWakeable(t, false, cancelPending);
  let result: CvWaitResult = timedOut ? CV_WAIT.timedOut : CV_WAIT.woken;
  if (issig_justlooking(c)) {
    const signal = issig_forreal(c);
    if (signal < 0) return -1 + signal;
    if (signal > 0) result = CV_WAIT.interrupted;
  }
  if (mustReturn(c, t)) {
    result = CV_WAIT.interrupted;
    // On its way back it is to come by holdlwp(), whether it has just looked at its signals or not.
    machine.set(KIND.t_sig_check, t, 1, CAUSE.cfork);
  }
  if (result !== CV_WAIT.interrupted && cancelPending) {
    schedctl_cancel_eintr(c.k);
    result = CV_WAIT.interrupted;
  }
  c.signals.setWakeable(t, false, false);
  return result;
}

/** MUSTRETURN(): the thread's process is held for a forkall(), which copies only who does not sleep. */
function mustReturn(c: SignalContext, t: number): boolean {
  return c.signals.isHeldForFork(c.k.procs.ttoproc(t));
}
