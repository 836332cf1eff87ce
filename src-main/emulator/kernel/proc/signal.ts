/**
 * Looking at signals and taking them (sig.c: issig, psig), and the return from a handler.
 *
 * Everything here is about the current thread. Before the kernel looks at a thread's signals in earnest, and
 * before it takes one, it acts on sc_sigblock (schedctl_finish_sigblock); while it is just looking, it only
 * respects it.
 */
import { CAUSE } from '#shared/model/causes.ts';
import { KIND } from '#shared/model/kinds.ts';
import { KernelPanic } from '../../assert-kernel.ts';
import { curproc } from '../context/kernel-context.ts';
import { schedctl_finish_sigblock, schedctl_sigblock } from '../schedctl/schedctl.ts';
import { SIG_DFL, type SignalContext } from './signal-context.ts';
import { sig_ignored } from './sigpost.ts';
import {
  CANTMASK,
  inSet,
  lowestSignal,
  sigassign,
  sigdelset,
  sigdiff,
  SIGKILL,
  sigor,
  sigread,
  sigset,
  STOPDEFAULT,
  type SigSet,
} from '../context/sigset.ts';

/** Whether a signal is pending for the thread or its process that its mask lets through. Allocates nothing. */
export function sigcheck(c: SignalContext, t: number): boolean {
  const { machine, procs } = c.k;
  const p = procs.ttoproc(t);
  for (let word = 0; word < 3; word++) {
    const pending = machine.get(KIND.p_sig0 + word, p) | machine.get(KIND.t_sig0 + word, t);
    if ((pending & ~machine.get(KIND.t_hold0 + word, t)) !== 0) return true;
  }
  return false;
}

/** Is there any reason to call {@link issig_forreal}? Changes nothing and allocates nothing. */
export function issig_justlooking(c: SignalContext): boolean {
  const { machine } = c.k;
  const t = machine.curthread;
  const p = curproc(c.k);
  if (machine.get(KIND.lwp_cursig, t) !== 0 || c.signals.p_stopsig(p) !== 0) return true;
  if (schedctl_sigblock(c.k, t) === 0) return sigcheck(c, t);
  for (let word = 0; word < 3; word++) {
    const pending = machine.get(KIND.p_sig0 + word, p) | machine.get(KIND.t_sig0 + word, t);
    if ((pending & CANTMASK[word]!) !== 0) return true;
  }
  return false;
}

/**
 * Looks at the signals of the current thread and takes one off its pending set.
 *
 * @returns the signal, now lwp_cursig, that {@link psig} will take; 0 for none; less than 0 where the process
 * stops: the caller stops the thread and, once it is continued, asks again
 */
export function issig_forreal(c: SignalContext): number {
  const { machine } = c.k;
  const t = machine.curthread;
  const p = curproc(c.k);
  schedctl_finish_sigblock(c.k, t);
  for (;;) {
    const stopsig = c.signals.p_stopsig(p);
    if (stopsig !== 0 && !killed(c, p)) return -stopsig;

    let signal = machine.get(KIND.lwp_cursig, t);
    if (signal === 0) {
      signal = fsig(c, KIND.t_sig0, t, t);
      if (signal !== 0) sigdelset(machine, KIND.t_sig0, t, signal, CAUSE.issig);
      else {
        signal = fsig(c, KIND.p_sig0, p, t);
        if (signal === 0) {
          machine.set(KIND.t_sig_check, t, 0, CAUSE.issig);
          return 0;
        }
        sigdelset(machine, KIND.p_sig0, p, signal, CAUSE.issig);
      }
    }
    if (c.signals.waitsFor(t, signal)) {
      machine.set(KIND.lwp_cursig, t, signal, CAUSE.issig);
      machine.set(KIND.t_sig_check, t, 1, CAUSE.issig);
      return signal;
    }
    if (sig_ignored(c, p, signal)) {
      machine.set(KIND.lwp_cursig, t, 0, CAUSE.issig);
      continue;
    }
    if (c.signals.action(p, signal).disposition === 'default' && inSet(STOPDEFAULT, signal)) {
      machine.set(KIND.lwp_cursig, t, 0, CAUSE.issig);
      c.signals.set_p_stopsig(p, signal);
      pokelwps(c, p, t);
      continue;
    }
    machine.set(KIND.lwp_cursig, t, signal, CAUSE.issig);
    machine.set(KIND.t_sig_check, t, 1, CAUSE.issig);
    return signal;
  }
}

/** The outcome of a signal that is taken. */
export type SignalOutcome =
  | {
      readonly kind: 'handler';
      readonly signal: number;
      /** The mask that {@link setcontext} puts back when the handler returns. */
      readonly oldMask: SigSet;
    }
  /** The process is to exit. */
  | { readonly kind: 'exit'; readonly signal: number };

/** Takes lwp_cursig: sets the mask for the handler, or says that the process is to exit. */
export function psig(c: SignalContext): SignalOutcome {
  const { machine } = c.k;
  const t = machine.curthread;
  const p = curproc(c.k);
  schedctl_finish_sigblock(c.k, t);
  const signal = machine.get(KIND.lwp_cursig, t);
  if (signal === 0) throw new KernelPanic('psig', `LWP ${t} has no signal to take`);
  const action = c.signals.action(p, signal);
  machine.set(KIND.lwp_cursig, t, 0, CAUSE.psig);
  if (action.disposition !== 'handler') return { kind: 'exit', signal };

  const hold = sigread(machine, KIND.t_hold0, t);
  const oldMask = c.signals.oldmask(t) ?? hold;
  c.signals.clearOldmask(t);
  const blocked = action.nodefer ? action.mask : sigor(action.mask, sigset(signal));
  sigassign(machine, KIND.t_hold0, t, sigor(hold, sigdiff(blocked, CANTMASK)), CAUSE.psig);
  if (action.resethand) c.signals.setAction(p, signal, SIG_DFL);
  machine.set(KIND.t_sig_check, t, 1, CAUSE.psig);
  return { kind: 'handler', signal, oldMask };
}

/** The current thread's handler returns, or user code sets a context: its mask is put in place. */
export function setcontext(c: SignalContext, mask: SigSet): void {
  const { machine } = c.k;
  const t = machine.curthread;
  schedctl_finish_sigblock(c.k, t);
  sigassign(machine, KIND.t_hold0, t, sigdiff(mask, CANTMASK), CAUSE.setcontext);
  if (sigcheck(c, t)) machine.set(KIND.t_sig_check, t, 1, CAUSE.setcontext);
}

/** The lowest signal of a pending set that thread `t` does not hold, SIGKILL before all others; 0 for none. */
function fsig(c: SignalContext, word0: number, id: number, t: number): number {
  const { machine } = c.k;
  const passing = sigdiff(sigread(machine, word0, id), sigread(machine, KIND.t_hold0, t));
  return inSet(passing, SIGKILL) ? SIGKILL : lowestSignal(passing);
}

function killed(c: SignalContext, p: number): boolean {
  return inSet(sigread(c.k.machine, KIND.p_sig0, p), SIGKILL);
}

/** Has the other threads of the process come by and stop, too. */
function pokelwps(c: SignalContext, p: number, but: number): void {
  const { machine } = c.k;
  for (const t of c.services.threadsOf(p)) {
    if (t === but) continue;
    machine.set(KIND.t_sig_check, t, 1, CAUSE.stop);
    if (c.signals.isWakeable(t)) c.services.setrun(t);
    else c.services.aston(t);
  }
}
