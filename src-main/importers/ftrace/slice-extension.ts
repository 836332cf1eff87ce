/**
 * The rseq time slice extension (Linux 7.0), which has no tracepoints of its own, from those of its timer.
 *
 * The kernel arms a timer with the function `rseq_slice_expired` when it grants an extension. Cancelled, the
 * program ended the extension in time, by rseq_slice_yield or another system call; expired, it ran out; and a
 * thread that is switched out with neither had it revoked. The request is a store of the program that no
 * trace shows. A timer that expires is reported as cancelled first, in the same interrupt.
 *
 * Sources: kernel/rseq.c; tools/testing/selftests/rseq/rseq-slice-hist.py reads the same events.
 */
import { CAUSE } from '#shared/model/causes.ts';
import { DECISION } from '#shared/model/enums.ts';
import type { SchedulerModel } from '../scheduler-model/scheduler-model.ts';
import { EVENT } from './event-names.ts';

const TIMER = /\bhrtimer=(?:0x)?([0-9a-f]{1,16})(?: .*?\bfunction=(\w+))?/;
const FUNCTION = 'rseq_slice_expired';
const YIELDS = /^sys_(?:enter_)?rseq_slice_yield$/;
const OPEN_PARENTHESIS = 0x28;
/** Timers are one for each CPU; a source with more names no timers. */
const MAX_TIMERS = 8192;

interface Ended {
  readonly lwp: number;
  /** Record of the decision, while it can be amended. */
  readonly position: number;
}

export class SliceExtension {
  private readonly model: SchedulerModel;
  /** LWP with a granted extension, by the timer that limits it. */
  private readonly granted = new Map<string, number>();
  /** The last extension that a timer's cancelling ended. */
  private readonly cancelled = new Map<string, Ended>();
  /** Threads whose extension has just ended, until their system call shows. */
  private readonly ended = new Map<number, number>();

  constructor(model: SchedulerModel) {
    this.model = model;
  }

  get anyGranted(): boolean {
    return this.granted.size > 0;
  }

  get awaitsSystemCall(): boolean {
    return this.ended.size > 0;
  }

  /** One of the hrtimer events, on the CPU of `lwp`. */
  timer(event: number, lwp: number, readText: () => string): void {
    const { model } = this;
    if (event === EVENT.hrtimer_cancel && !this.anyGranted) {
      model.other();
      return;
    }
    const match = TIMER.exec(readText());
    const timer = match?.[1] ?? '';
    if (event === EVENT.hrtimer_start) {
      if (match?.[2] !== FUNCTION || lwp < 0 || this.granted.size === MAX_TIMERS) model.other();
      else this.grant(timer, lwp);
    } else if (event === EVENT.hrtimer_cancel) this.cancel(timer);
    else if (match?.[2] === FUNCTION) this.expire(timer);
    else model.other();
  }

  /** A thread leaves its CPU: an extension that it still has is over. */
  switchedOut(lwp: number): void {
    for (const [timer, holder] of this.granted) {
      if (holder !== lwp) continue;
      this.granted.delete(timer);
      this.model.decided(lwp, DECISION.forced, 0, CAUSE.rseq_slice_revoked);
    }
  }

  /** A thread enters a system call: the one that ended its extension, if it is the first since then. */
  systemCall(lwp: number, name: string, next: number): void {
    const position = this.ended.get(lwp);
    const enters = name.startsWith('sys_enter_') || (name.startsWith('sys_') && next === OPEN_PARENTHESIS);
    if (position === undefined || !enters) return;
    this.ended.delete(lwp);
    if (!YIELDS.test(name))
      this.model.amendDecision(position, DECISION.forced, CAUSE.rseq_syscall_enter_work);
  }

  private grant(timer: string, lwp: number): void {
    this.cancelled.delete(timer);
    this.ended.delete(lwp);
    this.granted.set(timer, lwp);
    this.model.decided(lwp, DECISION.deferredAtPreempt, 0, CAUSE.rseq_grant_slice_extension);
  }

  private cancel(timer: string): void {
    const lwp = this.granted.get(timer);
    if (lwp === undefined) {
      this.model.other();
      return;
    }
    this.granted.delete(timer);
    const position = this.model.decided(lwp, DECISION.yielded, 0, CAUSE.sys_rseq_slice_yield);
    this.cancelled.set(timer, { lwp, position });
    this.ended.set(lwp, position);
  }

  private expire(timer: string): void {
    const running = this.granted.get(timer);
    if (running !== undefined) {
      this.granted.delete(timer);
      this.model.decided(running, DECISION.forced, 0, CAUSE.rseq_slice_expired);
      return;
    }
    const ended = this.cancelled.get(timer);
    this.cancelled.delete(timer);
    if (ended !== undefined) {
      this.model.amendDecision(ended.position, DECISION.forced, CAUSE.rseq_slice_expired);
      this.ended.delete(ended.lwp);
    }
    this.model.other();
  }
}
