/**
 * Signals where they meet user mode: what happens at the return to it, handlers and their return, and what libc does
 * with SIGCANCEL.
 *
 * A handler is a program of the scenario that runs in the place of the interrupted one. libc takes the interrupted LWP
 * off its queues first and clears its parking flag, so that a call of lwp_park() that is still to come returns at once.
 * A signal that finds the LWP inside libc's own critical section is put off until its end: libc notes it, and holds all
 * others meanwhile (sigacthandler()), so that sleeps in the section do not end for it again and again.
 */
import type { Ns, SyncId } from '#shared/base/brands.ts';
import { CAUSE } from '#shared/model/causes.ts';
import { NONE } from '#shared/base/none.ts';
import { KIND } from '#shared/model/kinds.ts';
import { set_cancel_pending_flag, set_parking_flag } from '../libc/cancellation.ts';
import { hasStructure } from '../libc/schedctl-calls.ts';
import type { ProcPlan, TargetPlan } from '../plan.ts';
import { issig_forreal, issig_justlooking, psig, setcontext } from '../kernel/proc/signal.ts';
import { prFinishSigblock, prhold } from '../kernel/proc/sigmask.ts';
import { sigtoproc } from '../kernel/proc/sigpost.ts';
import {
  FILLSET,
  SIGCANCEL,
  sigaddset,
  sigassign,
  sigor,
  sigset,
  type SigSet,
} from '../kernel/context/sigset.ts';
import type { CompiledPrograms } from '../user/program.ts';
import { systemCall, type UserContext } from '../threads/user-context.ts';
import { CANCEL, SYSCALL } from '../threads/user-threads.ts';
import type { Lives } from './lives.ts';

/** What an interrupted program has to find again. */
interface Frame {
  readonly oldMask: SigSet;
  readonly pc: number;
  readonly phase: number;
  readonly userNs: Ns;
  readonly spinLeftNs: Ns;
  readonly delayNs: Ns;
  readonly parkUntilNs: Ns;
  readonly errno: number;
  readonly wchan: number;
  readonly spins: number;
  readonly counters: Float64Array;
}

export class UserSignals {
  private readonly u: UserContext;
  private readonly code: CompiledPrograms;
  private readonly lives: Lives;
  private readonly frames = new Map<number, Frame[]>();
  /** Masks from before a signal was put off, by LWP. */
  private readonly deferred = new Map<number, SigSet>();

  constructor(u: UserContext, code: CompiledPrograms, lives: Lives) {
    this.u = u;
    this.code = code;
    this.lives = lives;
  }

  /** The current LWP returns to user mode with t_sig_check set. May switch. */
  check(): void {
    const { kernel, machine } = this.u;
    const c = kernel.signals;
    const t = machine.curthread;
    const wanted = this.lives.wanted(t);
    if (wanted === 'exit') return this.lives.exitLwp(t);
    if (wanted === 'stop') return this.lives.stopForHold(t);
    const isCritical = machine.get(KIND.ul_preempt, t) > 0;
    if (!isCritical && this.u.threads.cursig[t] !== 0) {
      this.takeDeferred(t);
      return;
    }
    if (!issig_justlooking(c)) {
      machine.set(KIND.t_sig_check, t, 0, CAUSE.issig);
      return;
    }
    const signal = issig_forreal(c);
    if (signal < 0) return this.lives.stopForHold(t);
    if (signal === 0) return;
    const outcome = psig(c);
    if (outcome.kind === 'exit') {
      // Until now it was in user mode, and may have spun for a lock: it is not to be given that any more.
      this.u.cpuTime.account(machine.cpuNow, t);
      this.u.threads.inKernel[t] = 1;
      this.lives.exitProcess(t);
    } else if (isCritical) this.defer(t, outcome.signal, outcome.oldMask);
    else this.deliver(t, outcome.signal, outcome.oldMask);
  }

  /** sigacthandler() in a critical section: all signals that can be held are, until {@link takeDeferred}. */
  private defer(t: number, signal: number, oldMask: SigSet): void {
    const { kernel, machine, threads } = this.u;
    // Where the section itself has let a second one through, that pends.
    if (threads.cursig[t] !== 0) sigaddset(machine, KIND.t_sig0, t, signal, CAUSE.psig);
    else {
      threads.cursig[t] = signal;
      this.deferred.set(t, oldMask);
    }
    setcontext(kernel.signals, FILLSET);
  }

  /** take_deferred_signal(): the current LWP has left its critical section. */
  private takeDeferred(t: number): void {
    const { kernel, machine, threads } = this.u;
    const signal = threads.cursig[t]!;
    const oldMask = this.deferred.get(t)!;
    threads.cursig[t] = 0;
    this.deferred.delete(t);
    const { mask } = kernel.signals.signals.action(this.lives.lwps[t]!.process, signal);
    setcontext(kernel.signals, sigor(oldMask, sigor(mask, sigset(signal))));
    machine.set(KIND.t_sig_check, t, 1, CAUSE.psig);
    this.deliver(t, signal, oldMask);
  }

  private deliver(t: number, signal: number, oldMask: SigSet): void {
    const { cpuTime, machine, threads } = this.u;
    const cpu = machine.cpuNow;
    cpuTime.account(cpu, t);
    if (signal === SIGCANCEL) {
      // libc's own handler returns at once, as far as the mask goes.
      setcontext(this.u.kernel.signals, oldMask);
      threads.cancel[t]! |= CANCEL.pending;
      if (threads.cancel[t] === CANCEL.pending) systemCall(this.u, t, SYSCALL.set_cancel_flag);
    } else {
      this.push(t, oldMask);
      this.unsleepSelf(t);
      const handler = this.lives.processes[this.lives.lwps[t]!.process]!.handlers.get(signal)!;
      threads.pc[t] = this.code.handlerEntry[handler]!;
      threads.phase[t] = 0;
      threads.userNs[t] = 0;
    }
    cpuTime.start(cpu, t);
  }

  /** setcontext(): the current LWP's handler returns to what it interrupted. */
  handlerReturns(t: number): void {
    const { machine, threads } = this.u;
    const frame = this.frames.get(t)!.pop()!;
    setcontext(this.u.kernel.signals, frame.oldMask);
    threads.pc[t] = frame.pc;
    threads.phase[t] = frame.phase;
    threads.userNs[t] = frame.userNs;
    threads.spinLeftNs[t] = frame.spinLeftNs;
    threads.delayNs[t] = frame.delayNs;
    threads.parkUntilNs[t] = frame.parkUntilNs;
    this.u.kernel.context.procs.set_errno(t, frame.errno);
    threads.counters.set(frame.counters, t * threads.depth);
    if (frame.wchan !== NONE) this.waitFor(t, frame.wchan, 1);
    machine.set(KIND.user_spin, t, frame.spins, CAUSE.setcontext);
  }

  /** The handlers that an LWP is in are forgotten: it ends, or execs. */
  drop(t: number): void {
    this.frames.delete(t);
    this.deferred.delete(t);
    this.u.threads.cursig[t] = 0;
  }

  /** forkall: the copy `ct` of an LWP is in the same handlers as `pt`, and what they interrupted is in the child. */
  copy(pt: number, ct: number): void {
    const oldMask = this.deferred.get(pt);
    if (oldMask !== undefined) {
      this.deferred.set(ct, oldMask);
      this.u.threads.cursig[ct] = this.u.threads.cursig[pt]!;
    }
    const frames = this.frames.get(pt);
    if (frames === undefined) return;
    const cp = this.lives.lwps[ct]!.process;
    const inChild = (sync: SyncId): number => (sync === NONE ? NONE : this.u.objects.inChild(cp, sync));
    this.frames.set(
      ct,
      frames.map((frame) => ({ ...frame, wchan: inChild(frame.wchan) })),
    );
  }

  /** restore_signals(): LWP `t`, which is `of` or begins as its copy, holds what `of` held before one was put off. */
  restoreMask(of: number, t: number): void {
    const oldMask = this.deferred.get(of);
    if (oldMask !== undefined) sigassign(this.u.machine, KIND.t_hold0, t, oldMask, CAUSE.lwp_sigmask);
  }

  /** In libc's handler of SIGCANCEL, for the current LWP: a structure, if there is none, and the flag in it. */
  setCancelFlag(t: number): void {
    if (!hasStructure(this.u, t)) this.u.askForStructure(t);
    set_cancel_pending_flag(this.u, t);
  }

  /** Sends a signal. A target that is not there is no error, as a process that is gone is none for the sender. */
  send(signal: number, target: TargetPlan): void {
    const { kernel, machine } = this.u;
    const c = kernel.signals;
    switch (target.kind) {
      case 'self':
        sigtoproc(c, this.lives.lwps[machine.curthread]!.process, null, signal);
        break;
      case 'process': {
        const p = this.lives.processNamed(target.name);
        if (p !== NONE) sigtoproc(c, p, null, signal);
        break;
      }
      case 'lwp':
        this.sendToLwp(this.lives.lwpNamed(target.name), signal);
    }
  }

  /** The same for one LWP (_lwp_kill). */
  sendToLwp(t: number, signal: number): void {
    const { kernel, machine } = this.u;
    if (t === NONE || machine.state.read(KIND.lwp_alive, t) === 0) return;
    sigtoproc(kernel.signals, this.lives.lwps[t]!.process, t, signal);
  }

  /**
   * Somebody looks at an LWP through /proc, or sets its signal mask: what it asked through sc_sigblock is done first.
   */
  proc({ lwp, hold }: ProcPlan): void {
    const { kernel, machine } = this.u;
    const t = this.lives.lwpNamed(lwp);
    if (t === NONE || machine.state.read(KIND.lwp_alive, t) === 0) return;
    if (hold === null) prFinishSigblock(kernel.context, t);
    else prhold(kernel.signals, t, hold);
  }

  private push(t: number, oldMask: SigSet): void {
    const { machine, threads } = this.u;
    const { depth } = threads;
    const wchan = machine.get(KIND.t_wchan, t);
    const frames = this.frames.get(t) ?? [];
    this.frames.set(t, frames);
    frames.push({
      oldMask,
      pc: threads.pc[t]!,
      phase: threads.phase[t]!,
      userNs: threads.userNs[t]!,
      spinLeftNs: threads.spinLeftNs[t]!,
      delayNs: threads.delayNs[t]!,
      parkUntilNs: threads.parkUntilNs[t]!,
      errno: this.u.kernel.context.procs.errno(t),
      wchan,
      spins: machine.get(KIND.user_spin, t),
      counters: threads.counters.slice(t * depth, (t + 1) * depth),
    });
    threads.parkUntilNs[t] = 0;
    machine.set(KIND.user_spin, t, 0, CAUSE.psig);
    if (wchan !== NONE) this.waitFor(t, wchan, -1);
  }

  /** unsleep_self() of libc. */
  private unsleepSelf(t: number): void {
    this.u.objects.waiting.remove(t);
    set_parking_flag(this.u, t, false, CAUSE.psig);
  }

  /** The LWP waits for the object again (1), or does not while its handler runs (-1). */
  private waitFor(t: number, sync: SyncId, change: 1 | -1): void {
    const { machine } = this.u;
    const cause = change === 1 ? CAUSE.setcontext : CAUSE.psig;
    machine.set(KIND.t_wchan, t, change === 1 ? sync : NONE, cause);
    machine.set(KIND.sync_waiters, sync, machine.get(KIND.sync_waiters, sync) + change, cause);
  }
}
