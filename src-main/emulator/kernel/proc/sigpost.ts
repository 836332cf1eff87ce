/** Sending signals (sig.c: sigtoproc, eat_signal). */
import { CAUSE } from '#shared/model/causes.ts';
import { TS } from '#shared/model/enums.ts';
import { KIND } from '#shared/model/kinds.ts';
import { schedctl_sigblock } from '../schedctl/schedctl.ts';
import type { SignalContext } from './signal-context.ts';
import {
  CANTMASK,
  IGNOREDEFAULT,
  inSet,
  SIGCONT,
  sigaddset,
  sigassign,
  sigdelset,
  sigdiff,
  sigismember,
  SIGKILL,
  sigread,
  STOPDEFAULT,
  type SigSet,
} from '../context/sigset.ts';

/** Whether the process ignores a signal, by its action or by default (p_ignore). */
export function sig_ignored(c: SignalContext, p: number, signal: number): boolean {
  const { disposition } = c.signals.action(p, signal);
  return disposition === 'ignore' || (disposition === 'default' && inSet(IGNOREDEFAULT, signal));
}

/** Whether the thread holds a signal, or asked through sc_sigblock to hold all that can be held. */
export function signal_is_blocked(c: SignalContext, t: number, signal: number): boolean {
  return (
    sigismember(c.k.machine, KIND.t_hold0, t, signal) ||
    (schedctl_sigblock(c.k, t) !== 0 && !inSet(CANTMASK, signal))
  );
}

/**
 * Has a thread look at a signal that has been posted, unless it holds it: wakes it where it sleeps and may
 * be woken, calls it into the kernel where it runs. Returns whether the thread will look soon.
 */
export function eat_signal(c: SignalContext, t: number, signal: number): boolean {
  const { machine } = c.k;
  if (signal_is_blocked(c, t, signal)) return false;
  machine.set(KIND.t_sig_check, t, 1, CAUSE.sigtoproc);
  const state = machine.get(KIND.t_state, t);
  if ((state === TS.SLEEP && c.signals.isWakeable(t)) || state === TS.WAIT) {
    c.services.setrun(t);
    return true;
  }
  if (state === TS.STOPPED && signal === SIGKILL) {
    c.services.setrun(t);
    return true;
  }
  if (state === TS.ONPROC && t !== machine.curthread) {
    c.services.aston(t);
    return true;
  }
  return state === TS.RUN;
}

/**
 * Sends a signal to thread `t` of process `p`, or with `t` null to the process, where the first thread that
 * does not hold it takes it. A signal that is ignored and that no LWP holds is discarded.
 */
export function sigtoproc(c: SignalContext, p: number, t: number | null, signal: number): void {
  const { machine } = c.k;
  const threads = c.services.threadsOf(p);
  if (signal === SIGCONT) {
    discard(c, p, threads, STOPDEFAULT);
    const stopped = c.signals.p_stopsig(p) !== 0;
    c.signals.set_p_stopsig(p, 0);
    if (stopped) {
      for (const thread of threads) {
        if (machine.get(KIND.t_state, thread) === TS.STOPPED) c.services.setrun(thread);
      }
    }
  } else if (inSet(STOPDEFAULT, signal)) {
    sigdelset(machine, KIND.p_sig0, p, SIGCONT, CAUSE.sigtoproc);
    for (const thread of threads) sigdelset(machine, KIND.t_sig0, thread, SIGCONT, CAUSE.sigtoproc);
  }
  if (sig_discardable(c, p, threads, signal)) return;

  if (t !== null && signal !== SIGKILL) {
    sigaddset(machine, KIND.t_sig0, t, signal, CAUSE.sigtoproc);
    eat_signal(c, t, signal);
    return;
  }
  sigaddset(machine, KIND.p_sig0, p, signal, CAUSE.sigtoproc);
  for (const thread of threads) if (eat_signal(c, thread, signal)) return;
}

/** A signal may be thrown away where it is ignored and no thread holds it or waits for it. */
function sig_discardable(c: SignalContext, p: number, threads: readonly number[], signal: number): boolean {
  if (threads.length === 0) return true;
  if (!sig_ignored(c, p, signal)) return false;
  return !threads.some((t) => signal_is_blocked(c, t, signal) || c.signals.waitsFor(t, signal));
}

function discard(c: SignalContext, p: number, threads: readonly number[], set: SigSet): void {
  const { machine } = c.k;
  const without = (word0: number, id: number): void =>
    sigassign(machine, word0, id, sigdiff(sigread(machine, word0, id), set), CAUSE.sigtoproc);
  without(KIND.p_sig0, p);
  for (const t of threads) without(KIND.t_sig0, t);
}
