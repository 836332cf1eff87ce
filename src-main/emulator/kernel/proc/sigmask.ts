/**
 * Setting signal masks. Each of these acts on sc_sigblock first: user code that blocked all signals through
 * its shared structure counts on the next mask that it sets to be the one that is in force.
 */
import { CAUSE } from '#shared/model/causes.ts';
import { KIND } from '#shared/model/kinds.ts';
import type { KernelContext } from '../context/kernel-context.ts';
import { schedctl_finish_sigblock } from '../schedctl/schedctl.ts';
import type { SignalContext } from './signal-context.ts';
import { sigcheck } from './signal.ts';
import { CANTMASK, inSet, sigassign, sigdiff, sigor, sigread, type SigSet } from '../context/sigset.ts';

/** How lwp_sigmask changes the mask. */
export type MaskChange = 'SIG_BLOCK' | 'SIG_UNBLOCK' | 'SIG_SETMASK';

/** The system call lwp_sigmask() of the current thread. Returns the mask before. */
export function lwp_sigmask(c: SignalContext, how: MaskChange, set: SigSet): SigSet {
  const { machine } = c.k;
  const t = machine.curthread;
  schedctl_finish_sigblock(c.k, t);
  const old = sigread(machine, KIND.t_hold0, t);
  const able = sigdiff(set, CANTMASK);
  const next = how === 'SIG_BLOCK' ? sigor(old, able) : how === 'SIG_UNBLOCK' ? sigdiff(old, able) : able;
  sigassign(machine, KIND.t_hold0, t, next, CAUSE.lwp_sigmask);
  if (how !== 'SIG_BLOCK' && sigcheck(c, t)) machine.set(KIND.t_sig_check, t, 1, CAUSE.lwp_sigmask);
  return old;
}

/**
 * The current thread will wait with another mask (sigsuspend, pollsys). The mask before
 * comes back when a handler that ends the wait returns, or by {@link restoreMask}.
 *
 * @param cause sigsuspend or pollsys
 */
export function replaceMask(c: SignalContext, mask: SigSet, cause: number): void {
  const { machine } = c.k;
  const t = machine.curthread;
  schedctl_finish_sigblock(c.k, t);
  c.signals.setOldmask(t, sigread(machine, KIND.t_hold0, t));
  sigassign(machine, KIND.t_hold0, t, sigdiff(mask, CANTMASK), cause);
  if (sigcheck(c, t)) machine.set(KIND.t_sig_check, t, 1, cause);
}

/** The wait of {@link replaceMask} is over without a signal: the mask before comes back. */
export function restoreMask(c: SignalContext, cause: number): void {
  const { machine } = c.k;
  const t = machine.curthread;
  const old = c.signals.oldmask(t);
  if (old === undefined) return;
  c.signals.clearOldmask(t);
  sigassign(machine, KIND.t_hold0, t, old, cause);
  if (sigcheck(c, t)) machine.set(KIND.t_sig_check, t, 1, cause);
}

/**
 * sigtimedwait() of the current thread, first half: signals of `set` get through while it waits. Returns the mask
 * before.
 */
export function sigtimedwait_begin(c: SignalContext, set: SigSet): SigSet {
  const { machine } = c.k;
  const t = machine.curthread;
  schedctl_finish_sigblock(c.k, t);
  const old = sigread(machine, KIND.t_hold0, t);
  c.signals.setSigwait(t, sigdiff(set, CANTMASK));
  sigassign(machine, KIND.t_hold0, t, sigdiff(old, set), CAUSE.sigtimedwait);
  if (sigcheck(c, t)) machine.set(KIND.t_sig_check, t, 1, CAUSE.sigtimedwait);
  return old;
}

/**
 * sigtimedwait(), second half: the mask comes back.
 *
 * @param old what {@link sigtimedwait_begin} returned
 * @returns the signal of `set` that ended the wait, which is not taken any more; 0 where something else did
 */
export function sigtimedwait_end(c: SignalContext, set: SigSet, old: SigSet): number {
  const { machine } = c.k;
  const t = machine.curthread;
  c.signals.setSigwait(t, null);
  sigassign(machine, KIND.t_hold0, t, old, CAUSE.sigtimedwait);
  const signal = machine.get(KIND.lwp_cursig, t);
  if (signal === 0 || !inSet(set, signal)) return 0;
  machine.set(KIND.lwp_cursig, t, 0, CAUSE.sigtimedwait);
  return signal;
}

/** /proc looks at an LWP's held signals or is about to change them: what it asked through sc_sigblock is done. */
export function prFinishSigblock(k: KernelContext, t: number): void {
  const p = k.procs.ttoproc(t);
  k.locks.enterPLock(p);
  schedctl_finish_sigblock(k, t);
  k.locks.exitPLock(p);
}

/** /proc sets the mask of an LWP (PCSHOLD). One that sleeps wakes where a signal is pending that now gets through. */
export function prhold(c: SignalContext, t: number, mask: SigSet): void {
  const { machine } = c.k;
  prFinishSigblock(c.k, t);
  sigassign(machine, KIND.t_hold0, t, sigdiff(mask, CANTMASK), CAUSE.prhold);
  machine.set(KIND.t_sig_check, t, 1, CAUSE.prhold);
  if (c.signals.isWakeable(t) && sigcheck(c, t)) c.services.setrun(t);
}
