/**
 * System calls that wait with another signal mask: sigsuspend, sigtimedwait, pollsys. Each first acts on sc_sigblock,
 * and is split around the switch like those of sleeps.ts.
 *
 * The mask before comes back when the handler that ends the wait returns, or, without one, at the end of the call.
 */
import type { CauseId } from '#shared/base/brands.ts';
import { CAUSE } from '#shared/model/causes.ts';
import { KIND } from '#shared/model/kinds.ts';
import { EAGAIN, EINTR } from '../errno.ts';
import type { DurationPlan } from '../plan.ts';
import { CV_WAIT } from '../kernel/proc/cv-wait-sig.ts';
import { replaceMask, restoreMask, sigtimedwait_begin, sigtimedwait_end } from '../kernel/proc/sigmask.ts';
import type { SigSet } from '../kernel/context/sigset.ts';
import type { RequestPlan } from '../user/program.ts';
import type { UserContext } from '../threads/user-context.ts';
import { SYSCALL } from '../threads/user-threads.ts';
import type { Sleeps } from './sleeps.ts';

type Request<Op> = Extract<RequestPlan, { op: Op }>;

export class SignalWaits {
  private readonly u: UserContext;
  private readonly sleeps: Sleeps;
  /** Masks of LWPs in sigtimedwait() from before. */
  private readonly oldMasks = new Map<number, SigSet>();

  constructor(u: UserContext, sleeps: Sleeps) {
    this.u = u;
    this.sleeps = sleeps;
  }

  /** sigsuspend() of the current LWP. Switches. */
  sigsuspend(t: number, request: Request<'sigsuspend'>): void {
    replaceMask(this.u.kernel.signals, request.set, CAUSE.sigsuspend);
    this.sleeps.waitForSignal(t, SYSCALL.sigsuspend_return, 0);
  }

  sigsuspendReturn(t: number): void {
    const result = this.sleeps.ended(t, SYSCALL.sigsuspend_return);
    if (result === CV_WAIT.interrupted) this.restoreUnlessSignalled(t, CAUSE.sigsuspend);
    else if (result !== null) this.sleeps.waitForSignal(t, SYSCALL.sigsuspend_return, 0);
  }

  /** sigtimedwait() of the current LWP. Switches. */
  sigtimedwait(t: number, { set, timeout }: Request<'sigtimedwait'>): void {
    this.oldMasks.set(t, sigtimedwait_begin(this.u.kernel.signals, set));
    this.u.threads.deadlineNs[t] = this.deadline(t, timeout);
    this.waitUntilDeadline(t, SYSCALL.sigtimedwait_return);
  }

  sigtimedwaitReturn(t: number, { set }: Request<'sigtimedwait'>): void {
    const { kernel } = this.u;
    const result = this.sleeps.ended(t, SYSCALL.sigtimedwait_return);
    if (result === null) return;
    if (result === CV_WAIT.woken) return this.waitUntilDeadline(t, SYSCALL.sigtimedwait_return);
    this.sleeps.cancelTimer(t);
    const signal = sigtimedwait_end(kernel.signals, set, this.oldMasks.get(t)!);
    this.oldMasks.delete(t);
    const error = signal > 0 ? 0 : result === CV_WAIT.timedOut ? EAGAIN : EINTR;
    kernel.context.procs.set_errno(t, error);
  }

  /** pollsys() of the current LWP for a source of wake-ups, synchronisation object `source`. May switch. */
  pollsys(t: number, source: number, { timeout, mask }: Request<'poll'>): void {
    if (mask !== null) replaceMask(this.u.kernel.signals, mask, CAUSE.pollsys);
    this.u.threads.deadlineNs[t] = this.deadline(t, timeout);
    this.poll(t, source);
  }

  pollsysReturn(t: number, source: number): void {
    this.sleeps.setPolls(t, source, false);
    const result = this.sleeps.ended(t, SYSCALL.pollsys_return);
    if (result === null) return;
    if (result === CV_WAIT.woken) return this.poll(t, source);
    this.sleeps.cancelTimer(t);
    this.restoreUnlessSignalled(t, CAUSE.pollsys);
  }

  private poll(t: number, source: number): void {
    const { kernel, machine } = this.u;
    if (machine.get(KIND.sync_count, source) > 0) {
      this.sleeps.cancelTimer(t);
      restoreMask(kernel.signals, CAUSE.pollsys);
      kernel.context.procs.set_errno(t, 0);
      return;
    }
    this.sleeps.setPolls(t, source, true);
    this.waitUntilDeadline(t, SYSCALL.pollsys_return);
  }

  private waitUntilDeadline(t: number, after: number): void {
    this.sleeps.waitForSignal(t, after, this.u.threads.deadlineNs[t]!);
  }

  /** A handler that is about to run brings the mask back when it returns; a cancellation runs none. */
  private restoreUnlessSignalled(t: number, cause: CauseId): void {
    if (this.u.machine.get(KIND.lwp_cursig, t) === 0) restoreMask(this.u.kernel.signals, cause);
  }

  /** Time at which a wait ends, 0 for never. */
  private deadline(t: number, timeout: DurationPlan | null): number {
    const { machine, random, threads } = this.u;
    return timeout === null ? 0 : machine.timeNs + random.duration(threads.stream[t]!, timeout);
  }
}
