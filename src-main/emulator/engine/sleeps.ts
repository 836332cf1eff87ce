/**
 * System calls that sleep until something comes or a signal does: nanosleep, lwp_park, waitid, read. Each is split
 * around the switch: the second half is a system call of its own that takes effect when the LWP runs again.
 *
 * Hot: sleeping and parking allocate nothing.
 */
import type { Ns } from '#shared/base/brands.ts';
import { NONE } from '#shared/base/none.ts';
import { CAUSE } from '#shared/model/causes.ts';
import { OFF_CPU_REASON, TS } from '#shared/model/enums.ts';
import { KIND } from '#shared/model/kinds.ts';
import { sleepQueueId } from '#shared/model/queues.ts';
import { EINTR, ESRCH } from '../errno.ts';
import { CV_WAIT, cv_wait_sig_begin, cv_wait_sig_end } from '../kernel/proc/cv-wait-sig.ts';
import { lwp_park, lwp_park_resume, lwp_unpark, type ParkStep } from '../kernel/proc/park.ts';
import type { UserContext } from '../threads/user-context.ts';
import { SYSCALL } from '../threads/user-threads.ts';
import type { Lives } from './lives.ts';

/** Timers of LWPs. */
export interface Timers {
  schedule(t: number, timeNs: Ns): void;
  cancel(t: number): void;
}

export class Sleeps {
  private readonly u: UserContext;
  private readonly lives: Lives;
  private readonly timers: Timers;
  // Made once: what puts the current LWP to sleep.
  private readonly blockForTime = (): void => this.u.kernel.block(OFF_CPU_REASON.timer, CAUSE.nanosleep);
  private readonly blockForIo = (): void => this.u.kernel.block(OFF_CPU_REASON.io, CAUSE.cv_wait_sig);
  private readonly blockParked = (): void => {
    const { kernel, machine, threads } = this.u;
    kernel.blockOn(threads.syscallArg[machine.curthread]!, OFF_CPU_REASON.park, CAUSE.lwp_park);
  };
  private readonly blockForSource = (): void => {
    this.u.kernel.blockOn(this.readsFrom, OFF_CPU_REASON.io, CAUSE.cv_wait_sig);
  };

  private readsFrom: number = NONE;
  /** LWPs in pollsys(), by source. */
  private readonly pollers = new Map<number, Set<number>>();

  constructor(u: UserContext, lives: Lives, timers: Timers) {
    this.u = u;
    this.lives = lives;
    this.timers = timers;
  }

  /** nanosleep() of the current LWP. Switches. */
  nanosleep(t: number, ns: Ns): void {
    if (ns <= 0) return;
    this.u.threads.deadlineNs[t] = this.u.machine.timeNs + ns;
    this.sleepOn(t);
  }

  private sleepOn(t: number): void {
    const { threads } = this.u;
    threads.timedOut[t] = 0;
    this.timers.schedule(t, threads.deadlineNs[t]!);
    this.wait(t, SYSCALL.nanosleep_return, this.blockForTime);
  }

  /** The sleeper runs again. May switch: it stops, or sleeps on where it was only stopped. */
  nanosleepReturn(t: number): void {
    const { machine, threads } = this.u;
    this.timers.cancel(t);
    const result = this.ended(t, SYSCALL.nanosleep_return);
    if (result === CV_WAIT.woken && machine.timeNs < threads.deadlineNs[t]!) this.sleepOn(t);
  }

  /**
   * A page fault of the current LWP (trap(), as_fault(), biowait()): until the page is there it sleeps, and no signal
   * wakes it. It holds the lock of its address space meanwhile, and so asks for kernel priority (THREAD_KPRI_REQUEST),
   * which FSS gives it; on the way back to user mode CL_TRAPRET takes that away. May switch.
   */
  pagefault(t: number, ns: number): void {
    const { machine, threads } = this.u;
    if (ns <= 0) return;
    machine.set(KIND.t_kpri_req, t, machine.get(KIND.t_kpri_req, t) + 1, CAUSE.pagefault);
    threads.deadlineNs[t] = machine.timeNs + ns;
    this.sleepForPage(t);
  }

  private sleepForPage(t: number): void {
    const { kernel, threads } = this.u;
    threads.syscall[t] = SYSCALL.pagefault_return;
    this.timers.schedule(t, threads.deadlineNs[t]!);
    kernel.block(OFF_CPU_REASON.io, CAUSE.pagefault);
    kernel.swtch();
  }

  /** The page is there. */
  pagefaultReturn(t: number): void {
    const { machine } = this.u;
    this.timers.cancel(t);
    if (machine.timeNs < this.u.threads.deadlineNs[t]!) {
      this.sleepForPage(t);
      return;
    }
    machine.set(KIND.t_kpri_req, t, machine.get(KIND.t_kpri_req, t) - 1, CAUSE.pagefault);
  }

  /** The time of the LWP's timer has come. */
  timeout(t: number): void {
    const { kernel, machine, threads } = this.u;
    if (machine.get(KIND.t_state, t) !== TS.SLEEP) return;
    threads.timedOut[t] = 1;
    if (machine.get(KIND.t_queue, t) === NONE) kernel.wakeup(t, CAUSE.timeout);
    else kernel.wakeupFrom(t, CAUSE.timeout);
  }

  /** lwp_park() of the current LWP on the synchronisation object that is the call's argument. May switch. */
  park(t: number): void {
    const untilNs = this.u.threads.parkUntilNs[t]!;
    if (untilNs !== 0) {
      this.u.threads.timedOut[t] = 0;
      this.timers.schedule(t, untilNs);
    }
    this.parkStep(t, lwp_park(this.u.kernel.signals, this.blockParked));
  }

  /** The parked LWP runs again. May switch. */
  parkReturn(t: number): void {
    const { threads } = this.u;
    const timedOut = threads.timedOut[t] !== 0;
    threads.timedOut[t] = 0;
    this.parkStep(t, lwp_park_resume(this.u.kernel.signals, this.blockParked, timedOut));
  }

  private parkStep(t: number, step: ParkStep): void {
    const { kernel, threads } = this.u;
    if (step.step === 'done') {
      if (threads.parkUntilNs[t] !== 0) this.timers.cancel(t);
      kernel.context.procs.set_errno(t, step.error);
      return;
    }
    threads.syscall[t] = SYSCALL.lwp_park_return;
    if (step.step === 'switch') this.leave(t);
    else {
      this.lives.atRest(t);
      kernel.stop(CAUSE.stop);
    }
  }

  /** lwp_unpark(); for an LWP of another process, by way of a lock that both share (lwp_mutex_wakeup). */
  unpark(t: number): void {
    const { kernel, machine } = this.u;
    if (lwp_unpark(kernel.signals, t) !== ESRCH || machine.state.read(KIND.lwp_alive, t) === 0) return;
    machine.set(KIND.t_unpark, t, 1, CAUSE.lwp_unpark);
    if (kernel.signals.signals.isParked(t) && machine.get(KIND.t_state, t) === TS.SLEEP) {
      kernel.wakeupFrom(t, CAUSE.lwp_unpark);
    }
  }

  /** waitid() of the current LWP. May switch. */
  waitChild(t: number): void {
    const { kernel } = this.u;
    const result = this.lives.reap(t);
    if (result !== null) {
      kernel.context.procs.set_errno(t, result);
      return;
    }
    this.lives.setWaitsForChild(t, true);
    this.wait(t, SYSCALL.waitid_return, this.blockForIo);
  }

  waitChildReturn(t: number): void {
    this.lives.setWaitsForChild(t, false);
    if (this.ended(t, SYSCALL.waitid_return) === CV_WAIT.woken) this.waitChild(t);
  }

  /** read() of the current LWP from a source of wake-ups, synchronisation object `source`. May switch. */
  read(t: number, source: number): void {
    const { machine } = this.u;
    const count = machine.get(KIND.sync_count, source);
    if (count > 0) {
      machine.set(KIND.sync_count, source, count - 1, CAUSE.sema_wait);
      return;
    }
    this.readsFrom = source;
    this.wait(t, SYSCALL.read_return, this.blockForSource);
  }

  readReturn(t: number, source: number): void {
    if (this.ended(t, SYSCALL.read_return) === CV_WAIT.woken) this.read(t, source);
  }

  /** A wake-up has come from outside: for the first that waits, or for who comes first. */
  sourceReady(source: number): void {
    const { kernel, machine } = this.u;
    machine.cpuNow = NONE;
    machine.curthread = NONE;
    machine.set(KIND.sync_count, source, machine.get(KIND.sync_count, source) + 1, CAUSE.scenario);
    for (const t of this.pollers.get(source) ?? []) {
      if (machine.get(KIND.t_state, t) === TS.SLEEP) kernel.wakeup(t, CAUSE.scenario);
    }
    this.pollers.delete(source);
    const first = machine.state.queueHead(sleepQueueId(source));
    if (first !== NONE) kernel.wakeupFrom(first, CAUSE.scenario);
  }

  /** The current LWP is to be woken by the next wake-up from a source (pollhead), or no longer. */
  setPolls(t: number, source: number, polls: boolean): void {
    const pollers = this.pollers.get(source) ?? new Set();
    if (polls) this.pollers.set(source, pollers.add(t));
    else pollers.delete(t);
  }

  /** cv_wait_sig() or cv_waituntil_sig() of the current LWP, up to the switch; `untilNs` 0: no time. */
  waitForSignal(t: number, after: number, untilNs: Ns): void {
    const { threads } = this.u;
    threads.timedOut[t] = 0;
    if (untilNs !== 0) this.timers.schedule(t, untilNs);
    this.wait(t, after, this.blockForIo);
  }

  /** cv_wait_sig(), up to the switch. */
  private wait(t: number, after: number, block: () => void): void {
    this.u.threads.syscall[t] = after;
    cv_wait_sig_begin(this.u.kernel.signals, block);
    this.leave(t);
  }

  private leave(t: number): void {
    const { kernel, machine } = this.u;
    if (machine.get(KIND.t_state, t) === TS.SLEEP) this.lives.atRest(t);
    kernel.swtch();
  }

  /**
   * cv_wait_sig() after the switch: how the wait ended. Null: the process stops, and nothing else is to be done; when
   * it goes on, the system call `again` takes effect.
   */
  ended(t: number, again: number): number | null {
    const { kernel, threads } = this.u;
    const result = cv_wait_sig_end(kernel.signals, threads.timedOut[t] !== 0);
    threads.timedOut[t] = 0;
    kernel.context.procs.set_errno(t, result === CV_WAIT.interrupted ? EINTR : 0);
    if (result >= CV_WAIT.timedOut) return result;
    threads.syscall[t] = again;
    this.lives.atRest(t);
    kernel.stop(CAUSE.stop);
    return null;
  }

  cancelTimer(t: number): void {
    this.timers.cancel(t);
  }
}
