/** The events of a lock log, put between those of a trace on the same clock. */
import type { Ns } from '#shared/base/brands.ts';
import { WorkbenchError } from '#shared/base/errors.ts';
import { SYNC_KIND } from '#shared/model/enums.ts';
import type { Origin } from '../input/clock.ts';
import type { LockRecord, SchedulerModel } from '../scheduler-model/scheduler-model.ts';
import type { LockLog } from './lock-log.ts';

/** Phases of an acquisition, in the order in which equal times are told: a lock is given back before it is taken. */
const RELEASED = 0;
const WANTED = 1;
/** A hold of no length is over after it began. */
const RELEASED_AT_ONCE = 3;
const PHASES = 3;
const NEVER = -1;

export class LockFeed implements LockRecord {
  private readonly model: SchedulerModel;
  private readonly log: LockLog;
  private readonly origin: Origin;
  private readonly order: Uint32Array;
  private readonly locks: Int32Array;
  private readonly tids: ReadonlySet<number>;
  private readonly names: ReadonlySet<string>;
  private next = 0;
  /** Added to the log's times: they then count from time 0 of the trace. */
  private shiftNs: Ns | null = null;

  constructor(model: SchedulerModel, log: LockLog, origin: Origin) {
    this.model = model;
    this.log = log;
    this.origin = origin;
    this.locks = Int32Array.from(log.lockNames, (name) =>
      model.locks.id(log.fileName, name, SYNC_KIND.unknown),
    );
    this.tids = new Set(log.tid);
    this.names = new Set(log.lockNames);
    this.order = new Uint32Array(log.count * PHASES);
    for (let i = 0; i < this.order.length; i++) this.order[i] = i;
    this.order.sort((a, b) => this.timeOf(a) - this.timeOf(b) || this.rankOf(a) - this.rankOf(b));
  }

  /**
   * Tells the model what the log says of the time before `timeNs`. Hot where there is a log: called once an event.
   *
   * @throws WorkbenchError 'import-failed' where the trace's clock has no seconds, and where the log ends before the
   *   trace begins
   */
  until(timeNs: Ns): void {
    if (this.shiftNs === null) {
      // Before the first event nothing is known of the clock; without any event there is nothing to join.
      if (this.origin.text === null) return;
      this.shiftNs = this.shift(timeNs);
    }
    while (this.next < this.order.length) {
      const event = this.order[this.next]!;
      const atNs = this.timeOf(event) + this.shiftNs;
      if (!(atNs < timeNs)) return;
      this.next++;
      this.tell(event, Math.max(0, atNs));
    }
  }

  /**
   * All events of the trace have been told, the last one at `endNs`.
   *
   * @throws WorkbenchError 'import-failed' where the log begins after that
   */
  finish(endNs: Ns): void {
    if (this.shiftNs !== null && this.log.firstNs + this.shiftNs > endNs)
      throw this.notTogether(endNs, 'ends');
    this.until(Infinity);
  }

  /** A log without names of locks, or a source without them, is about the one lock of the thread. */
  covers(tid: number, name: string | null): boolean {
    if (!this.tids.has(tid)) return false;
    return name === null || !this.log.namesLocks || this.names.has(name);
  }

  private tell(event: number, timeNs: Ns): void {
    const { model, log } = this;
    const row = Math.floor(event / PHASES);
    const lock = this.locks[log.lock[row]!]!;
    if (lock === NEVER) return;
    model.beginAnywhere(timeNs, 0);
    const lwp = model.thread(log.tid[row]!);
    switch (event % PHASES) {
      case RELEASED:
        model.lockReleased(lwp, lock);
        return;
      case WANTED:
        if (log.wantNs[row]! < log.acquiredNs[row]!) model.lockWanted(lwp, lock);
        return;
      default:
        model.lockAcquired(lwp, lock);
    }
  }

  private timeOf(event: number): number {
    const { log } = this;
    const row = Math.floor(event / PHASES);
    const phase = event % PHASES;
    return phase === RELEASED
      ? log.releasedNs[row]!
      : phase === WANTED
        ? log.wantNs[row]!
        : log.acquiredNs[row]!;
  }

  private rankOf(event: number): number {
    const row = Math.floor(event / PHASES);
    const phase = event % PHASES;
    const atOnce = phase === RELEASED && this.log.releasedNs[row] === this.log.acquiredNs[row];
    return atOnce ? RELEASED_AT_ONCE : phase;
  }

  /** @param firstNs time of the trace's first event */
  private shift(firstNs: Ns): number {
    const { origin, log } = this;
    const shift = origin.ns === null ? NaN : Number(log.baseNs - origin.ns);
    if (Number.isSafeInteger(shift)) {
      if (!log.isOpen && log.lastNs + shift < firstNs) throw this.notTogether(firstNs, 'begins');
      return shift;
    }
    throw new WorkbenchError(
      'import-failed',
      `${log.fileName} is in nanoseconds and the trace's clock is not: they cannot be joined. Record both on one clock (echo mono > trace_clock).`,
      { file: log.fileName },
    );
  }

  private notTogether(traceNs: Ns, edge: 'begins' | 'ends'): WorkbenchError {
    const { log, origin } = this;
    const seconds = (ns: bigint): string => `${(Number(ns / 1000n) / 1e6).toFixed(6)} s`;
    const at = (ns: Ns): string => seconds(log.baseNs + BigInt(ns));
    const trace = `the trace ${edge} at ${seconds(origin.ns! + BigInt(Math.round(traceNs)))}`;
    return new WorkbenchError(
      'import-failed',
      `${log.fileName} tells of ${at(log.firstNs)} to ${at(log.lastNs)}, and ${trace}: they do not overlap, so they are of two runs or on two clocks. ` +
        'Record both on one clock: echo mono > trace_clock (perf record -k mono) for CLOCK_MONOTONIC in the program.',
      { file: log.fileName },
    );
  }
}
