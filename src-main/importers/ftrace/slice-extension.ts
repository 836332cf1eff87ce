/**
 * The rseq time slice extension (Linux 7.0), which has no tracepoints of its own, from those of its timer.
 *
 * The kernel arms a timer with the function `rseq_slice_expired` when it grants an extension. Cancelled, a system call
 * ended the extension in time: rseq_slice_yield, or another one. Expired, it ran out; and a thread that is switched
 * out with neither had it revoked. The request is a store of the program that no trace shows.
 *
 * What the lines look like:
 *
 * - Which system call it was, its own line tells, and that comes late: the kernel ends the extension and gives the CPU
 *   away before it traces the call, so the line is the first of the thread when it is back, milliseconds later and
 *   perhaps on another CPU. Where no line comes it was a call that is not recorded.
 * - Kernels before 7.2 print hrtimer_cancel just before hrtimer_expire_entry, in the same interrupt; 7.2 does not.
 * - The timer may fire while the thread enters rseq_slice_yield: the kernel then counts the extension as expired and
 *   as yielded, and the call returns 1.
 * - The timer of a revoked extension is not cancelled: it fires some microseconds later, under another thread.
 *   Where it never does, the line that ended the extension in time is missing.
 * - An extension whose time is up before the thread has left the kernel has no timer, and no line shows it.
 *
 * Where lines are missing the end of an extension is unknown: events of its CPU were lost, another thread than its own
 * ends its timer or leaves its CPU, or the line is not there that its kind of end has.
 *
 * Sources: kernel/rseq.c, include/linux/rseq_entry.h; tools/testing/selftests/rseq/rseq-slice-hist.py reads the same
 * events.
 */
import type { CauseId, CpuId, LwpId, Ns } from '#shared/base/brands.ts';
import { NONE } from '#shared/base/none.ts';
import { CAUSE } from '#shared/model/causes.ts';
import { DECISION } from '#shared/model/enums.ts';
import { UNKNOWN_VALUE } from '#shared/model/kinds.ts';
import { KernelSymbols } from '../kernel-symbols/kernel-symbols.ts';
import type { RseqCounts } from '../rseq-stats/rseq-stats.ts';
import { NO_TASK, type SchedulerModel } from '../scheduler-model/scheduler-model.ts';
import { EVENT } from './event-names.ts';
import { RescheduleAsked } from './reschedule-asked.ts';
import { sliceWarnings } from './slice-warnings.ts';
import { readSystemCall, YIELD_CALL, type SystemCall } from './system-call.ts';
import { UnnamedTimers } from './unnamed-timers.ts';

const TIMER = /\bhrtimer=(?:0x)?([0-9a-f]{1,16})\b/;
const TIMER_FUNCTION = /\bfunction=(\S{1,200})/;
const EXPIRES = /\bexpires=(\d{1,19})\b/;
/** Linux 7.2: whether the timer was running already when it was armed. */
const WAS_ARMED = /\bwas_armed=([01])\b/;
const FUNCTION = 'rseq_slice_expired';
/** Functions of the timers that ask a CPU to reschedule. */
const ASKING: ReadonlyMap<string, number> = new Map([
  ['hrtick', CAUSE.hrtick],
  ['tick_nohz_handler', CAUSE.sched_tick],
  ['tick_sched_timer', CAUSE.sched_tick],
]);
/** Functions whose addresses are looked up. */
export const TIMER_FUNCTIONS: ReadonlySet<string> = new Set([FUNCTION, ...ASKING.keys()]);
/** Timers are one for each CPU; a source with more names no timers. */
const MAX_TIMERS = 8192;
/**
 * The longest extension that the kernel grants is 50 us (rseq_slice_extension_nsec). What lies further from the stamp
 * of the line is a time on another clock.
 */
const LONGEST_TIMER_NS = 100_000;
/**
 * So long after its time a timer has fired: a later expiry is that of another extension, whose beginning is missing.
 */
const LATEST_EXPIRY_NS = 100_000;
/** A cancel and an expiry that one interrupt prints. */
const SAME_INTERRUPT_NS = 10_000;
/** Ends whose system call is not known that are held for the first line that shows that calls are recorded. */
const MAX_UNSETTLED = 8192;

interface Granted {
  readonly lwp: LwpId;
  readonly cpu: CpuId;
  /** When its timer fires at the earliest. */
  readonly dueNs: Ns;
}

/** An extension that its thread was switched out with. */
interface Revoked {
  /** Record of the decision. */
  readonly position: number;
  readonly cpu: CpuId;
  readonly dueNs: Ns;
}

/** An extension that a system call has ended, whose line has yet to show. */
interface EndedByCall {
  /** Record of the decision, while it can be amended. */
  readonly position: number;
  readonly timer: string;
  readonly timeNs: Ns;
  /** Events were lost since: the line may be among them. */
  lineMayBeLost: boolean;
}

export class SliceExtension {
  private readonly model: SchedulerModel;
  private readonly symbols: KernelSymbols | null;
  private readonly counts: RseqCounts | null;
  /** What an end by a system call is taken for until the line of the call shows which it was. */
  private readonly assumed: number;
  /** Running extensions by the timer that limits them. */
  private readonly granted = new Map<string, Granted>();
  /** Revoked extensions by their timer, until that has fired. */
  private readonly revoked = new Map<string, Revoked>();
  /** Threads whose extension a system call has ended, until its line shows. */
  private readonly awaiting = new Map<number, EndedByCall>();
  /**
   * Records of extensions that ran out, by thread, until its next one: the call that it was in may have counted as a
   * yield.
   */
  private readonly expired = new Map<number, number>();
  /** Ends of which no line came, while no line has shown that calls are recorded. */
  private readonly unsettled: number[] = [];
  private recordsCalls = false;
  private readonly asked = new RescheduleAsked();
  private readonly unnamed = new UnnamedTimers();
  private grants = 0;
  private unknownEnds = 0;
  private timerEvents = 0;

  constructor(model: SchedulerModel, symbols: KernelSymbols | null, counts: RseqCounts | null) {
    this.model = model;
    this.symbols = symbols;
    this.counts = counts;
    this.assumed = assumedEnd(counts);
  }

  /** Whether lines of system calls say anything now. */
  get awaitsSystemCall(): boolean {
    if (this.grants === 0) return false;
    return this.awaiting.size > 0 || this.expired.size > 0 || this.unsettled.length > 0;
  }

  /**
   * One of the hrtimer events, on the CPU of `lwp`.
   *
   * @param stampNs time of the line on its own clock, NaN where that counts no nanoseconds
   */
  timer(event: number, cpu: CpuId, lwp: LwpId, stampNs: Ns, readText: () => string): void {
    const { model } = this;
    this.timerEvents++;
    if (event === EVENT.hrtimer_cancel && this.granted.size === 0 && !this.unnamed.anyArmed) {
      model.other();
      return;
    }
    const text = readText();
    const timer = TIMER.exec(text)?.[1] ?? '';
    if (event === EVENT.hrtimer_cancel) {
      this.cancel(timer, lwp);
      return;
    }
    const name = KernelSymbols.nameOf(this.symbols, TIMER_FUNCTION.exec(text)?.[1] ?? '');
    const isExtension = name === FUNCTION;
    if (event === EVENT.hrtimer_expire_entry) {
      if (isExtension) this.expire(timer, lwp);
      else {
        const cause = ASKING.get(name);
        if (cause === undefined) this.unnamed.ends(timer, lwp, model.timeNs);
        else this.asked.note(cpu, model.timeNs, cause, NONE);
        model.other();
      }
    } else if (isExtension && lwp >= 0 && this.granted.size < MAX_TIMERS) {
      this.grant(timer, cpu, lwp, text, stampNs);
    } else {
      if (!isExtension && lwp >= 0 && this.grants === 0 && !ASKING.has(name)) {
        this.unnamed.arms(timer, name, lwp, model.timeNs);
      }
      model.other();
    }
  }

  /** A thread has been made runnable on a CPU. Hot. */
  wokenOn(cpu: CpuId, lwp: LwpId): void {
    this.asked.note(cpu, this.model.timeNs, CAUSE.sched_wakeup, lwp);
  }

  /** A thread leaves its CPU: an extension that it still has is over. Hot. */
  switchedOut(cpu: CpuId, lwp: LwpId, isRunnable: boolean): void {
    this.asked.answered(cpu);
    if (this.timerEvents === 0) return;
    this.unnamed.switchedOut(lwp, isRunnable, this.model.timeNs);
    if (this.granted.size > 0) {
      for (const [timer, granted] of this.granted) {
        if (granted.lwp === lwp) this.revoke(timer, granted);
        else if (granted.cpu === cpu) this.loseEnd(timer, granted.lwp);
      }
    }
    if (this.revoked.size > 0) this.missExpiries(LATEST_EXPIRY_NS);
    // It went to sleep in another call, so the one that ended its extension is over.
    if (!isRunnable) this.settle(lwp);
  }

  /** A line that may be of a system call of the thread, while {@link awaitsSystemCall}. */
  systemCall(lwp: LwpId, name: string, next: number, readText: () => string): void {
    const call = readSystemCall(name, next, readText);
    if (call === null) return;
    if (!this.recordsCalls && (call.isRaw || call.name === YIELD_CALL)) this.callsAreRecorded();
    // The line of its end shows which call it was, too, should the first be missing.
    if (call.enters || call.name !== YIELD_CALL) this.entered(lwp, call);
    else if (call.returned === 1) this.hasYielded(lwp);
  }

  /** Events of a CPU were lost: how its extensions ended may be among them. */
  lost(cpu: CpuId): void {
    for (const [timer, { lwp, cpu: on }] of this.granted) if (on === cpu) this.loseEnd(timer, lwp);
    for (const [timer, { cpu: on }] of this.revoked) if (on === cpu) this.revoked.delete(timer);
    for (const ended of this.awaiting.values()) ended.lineMayBeLost = true;
  }

  /** There are no more lines. */
  finish(): void {
    this.missExpiries(0);
  }

  warnings(): string[] {
    return sliceWarnings({
      grants: this.grants,
      unknownEnds: this.unknownEnds,
      timerEvents: this.timerEvents,
      counts: this.counts,
      suspect: this.grants === 0 ? this.unnamed.suspect() : null,
    });
  }

  private grant(timer: string, cpu: CpuId, lwp: LwpId, text: string, stampNs: Ns): void {
    const { model, asked } = this;
    const lengthNs = timerLength(text, stampNs);
    this.settle(lwp);
    this.expired.delete(lwp);
    // How those ended that are still running, of the thread or with this timer, is not in the source.
    for (const [other, { lwp: holder }] of this.granted) {
      if (other === timer || holder === lwp) this.loseEnd(other, holder);
    }
    this.rearm(timer, WAS_ARMED.exec(text)?.[1]);
    this.granted.set(timer, { lwp, cpu, dueNs: model.timeNs + Math.max(lengthNs, 0) });
    this.grants++;
    const agoNs = asked.agoNs(cpu, model.timeNs);
    if (agoNs < 0) model.sliceTimer(lwp, lengthNs, NONE, NONE, CAUSE.rseq_grant_slice_extension);
    else model.sliceTimer(lwp, lengthNs, agoNs, asked.wokenOf(cpu), asked.causeOf(cpu));
    this.decided(lwp, DECISION.deferredAtPreempt, CAUSE.rseq_grant_slice_extension);
  }

  private cancel(timer: string, by: LwpId): void {
    const granted = this.granted.get(timer);
    if (granted === undefined) {
      this.unnamed.ends(timer, by, this.model.timeNs);
      this.model.other();
      return;
    }
    const { lwp } = granted;
    if (by !== NO_TASK && by !== lwp) {
      this.loseEnd(timer, lwp);
      this.model.other();
      return;
    }
    this.granted.delete(timer);
    const { assumed } = this;
    const position = this.decided(lwp, assumed, causeOfEnd(assumed));
    if (assumed === DECISION.endedByCall) this.unknownEnds++;
    this.awaiting.set(lwp, { position, timer, timeNs: this.model.timeNs, lineMayBeLost: false });
  }

  private expire(timer: string, under: LwpId): void {
    const { model } = this;
    const granted = this.granted.get(timer);
    if (granted !== undefined && under !== NO_TASK && under !== granted.lwp) {
      this.loseEnd(timer, granted.lwp);
      model.other();
      return;
    }
    if (this.revoked.size > 0) {
      this.missExpiries(LATEST_EXPIRY_NS);
      this.revoked.delete(timer);
    }
    if (granted !== undefined) {
      this.granted.delete(timer);
      this.expired.set(granted.lwp, this.decided(granted.lwp, DECISION.forced, CAUSE.rseq_slice_expired));
      return;
    }
    for (const [lwp, ended] of this.awaiting) {
      if (ended.timer !== timer || model.timeNs - ended.timeNs > SAME_INTERRUPT_NS) continue;
      this.awaiting.delete(lwp);
      this.amend(ended.position, DECISION.forced, CAUSE.rseq_slice_expired);
      this.expired.set(lwp, ended.position);
    }
    model.other();
  }

  /** The thread is switched out with its extension. */
  private revoke(timer: string, { lwp, cpu, dueNs }: Granted): void {
    this.granted.delete(timer);
    const position = this.decided(lwp, DECISION.forced, CAUSE.rseq_slice_revoked);
    this.revoked.set(timer, { position, cpu, dueNs: Math.max(dueNs, this.model.timeNs) });
  }

  /** A timer is armed again: one that was left by a revoked extension is still running, or its time is not up. */
  private rearm(timer: string, wasArmed: string | undefined): void {
    const revoked = this.revoked.get(timer);
    if (revoked === undefined) return;
    this.revoked.delete(timer);
    const isRunning = wasArmed === undefined ? this.model.timeNs <= revoked.dueNs : wasArmed === '1';
    if (!isRunning) this.model.amendToUnknown(revoked.position);
  }

  /** Extensions that were taken for revoked ended otherwise where their timer has not fired by now. */
  private missExpiries(latestNs: Ns): void {
    for (const [timer, { position, dueNs }] of this.revoked) {
      if (this.model.timeNs <= dueNs + latestNs) continue;
      this.revoked.delete(timer);
      this.model.amendToUnknown(position);
    }
  }

  /** How an extension ended is not in the source. */
  private loseEnd(timer: string, lwp: LwpId): void {
    this.granted.delete(timer);
    this.model.requestEnded(lwp, CAUSE.import_gap);
  }

  private entered(lwp: LwpId, { name }: SystemCall): void {
    const ended = this.awaiting.get(lwp);
    if (ended === undefined) return;
    this.awaiting.delete(lwp);
    if (name === YIELD_CALL) this.amend(ended.position, DECISION.yielded, CAUSE.sys_rseq_slice_yield);
    else {
      const call = this.model.syscalls.id(name);
      this.amend(ended.position, DECISION.aborted, CAUSE.rseq_syscall_enter_work, call);
    }
  }

  /** rseq_slice_yield returned 1: there was an extension to yield when the thread entered it. */
  private hasYielded(lwp: LwpId): void {
    const ended = this.awaiting.get(lwp);
    if (ended !== undefined) {
      this.awaiting.delete(lwp);
      this.amend(ended.position, DECISION.yielded, CAUSE.sys_rseq_slice_yield);
    }
    const position = this.expired.get(lwp);
    if (position === undefined) return;
    this.expired.delete(lwp);
    this.model.alsoYielded(position);
  }

  /** The thread runs its program again: if its call were recorded, the line would have come. */
  private settle(lwp: LwpId): void {
    const ended = this.awaiting.get(lwp);
    if (ended === undefined) return;
    this.awaiting.delete(lwp);
    // Where switches are missing, so may be that line.
    if (ended.lineMayBeLost || this.model.brokenChains > 0) return;
    if (this.recordsCalls) this.amend(ended.position, DECISION.aborted, CAUSE.rseq_syscall_enter_work);
    else if (this.unsettled.length < MAX_UNSETTLED) this.unsettled.push(ended.position);
  }

  /** A call of rseq_slice_yield leaves a line: those without one ended otherwise. */
  private callsAreRecorded(): void {
    this.recordsCalls = true;
    for (const position of this.unsettled) {
      this.amend(position, DECISION.aborted, CAUSE.rseq_syscall_enter_work);
    }
    this.unsettled.length = 0;
  }

  private decided(lwp: LwpId, outcome: number, cause: CauseId): number {
    return this.model.decided(lwp, outcome, UNKNOWN_VALUE, cause);
  }

  private amend(position: number, outcome: number, cause: CauseId, call: number = NONE): void {
    const amended = this.model.amendDecision(position, outcome, cause, call);
    if (amended && this.assumed === DECISION.endedByCall) this.unknownEnds--;
  }
}

/** With the kernel's counts it may be known that all ends were of one kind. */
function assumedEnd(counts: RseqCounts | null): number {
  if (counts === null) return DECISION.endedByCall;
  if (counts.yielded === 0) return DECISION.aborted;
  return counts.aborted === 0 ? DECISION.yielded : DECISION.endedByCall;
}

const causeOfEnd = (outcome: number): number =>
  outcome === DECISION.yielded ? CAUSE.sys_rseq_slice_yield : CAUSE.rseq_syscall_enter_work;

/** Length of a timer in ns from its line, -1 where the line's stamp is on another clock than the timer. */
function timerLength(text: string, stampNs: Ns): number {
  const lengthNs = Number(EXPIRES.exec(text)?.[1] ?? NaN) - stampNs;
  return lengthNs > 0 && lengthNs <= LONGEST_TIMER_NS ? Math.round(lengthNs) : NONE;
}
