/**
 * Common to the readers of lines that are matched as text, one event a line: counting, clock, names, and the
 * calls of the model for the scheduler's events. They are slower than the readers of bytes; the formats that
 * use them write small files.
 */
import type { CpuId } from '#shared/base/brands.ts';
import type { LineReader, ReaderContext, ReaderFacts } from '../format.ts';
import type { ReportBuilder } from '../import-report.ts';
import { Clock, STAMP, type Stamp } from '../input/clock.ts';
import type { Leave } from '../scheduler-model/leave.ts';
import { NO_TASK, SchedulerModel } from '../scheduler-model/scheduler-model.ts';
import { NAME_RANK } from '../scheduler-model/threads.ts';

const TEXT_SHOWN = 400;
/** Digits of a stamp after those that make up its whole part. */
const REST_DIGITS = 9;

export interface Task {
  readonly name: string;
  readonly tid: number;
  readonly priority: number;
}

/** A stamp from its digits: `1491031241525`, or `1365` and `057474745` for seconds with a fraction. */
export function stampOf(digits: string, fraction: string | null, start: number, end: number): Stamp {
  const whole = fraction === null ? digits.slice(0, -REST_DIGITS) : digits;
  const rest = fraction === null ? digits.slice(-REST_DIGITS) : fraction.padEnd(REST_DIGITS, '0');
  return {
    stampKind: fraction === null ? STAMP.nanoseconds : STAMP.seconds,
    stampWhole: Number(whole),
    stampRest: Number(rest),
    stampStart: start,
    stampEnd: end,
  };
}

export abstract class EventLineReader implements LineReader {
  protected readonly model: SchedulerModel;
  protected readonly report: ReportBuilder;
  protected readonly clock: Clock;
  protected readonly used = new Set<string>();
  private events = 0;
  private number = 0;

  constructor({ model, report, origin }: ReaderContext) {
    this.model = model;
    this.report = report;
    this.clock = new Clock(origin);
  }

  readLine(bytes: Buffer, start: number, end: number, number: number): void {
    this.number = number;
    if (end === start) {
      this.report.otherLines++;
      return;
    }
    const text = bytes.toString('utf8', start, end);
    const before = this.events;
    const reason = this.read(text, bytes, start, number);
    if (reason === null && this.events === before) this.report.otherLines++;
    if (reason !== null && this.events > before) this.events--;
    if (reason !== null) this.report.skip(reason, number, text.slice(0, TEXT_SHOWN));
  }

  finish(): ReaderFacts {
    const { clock } = this;
    return {
      clock: clock.name,
      clockUnit: clock.unit,
      origin: clock.start,
      events: this.events,
      usedEvents: this.used,
      warnings: [...clock.warnings(), ...this.warnings()],
    };
  }

  /** Reads a line; null where it was read, else why it cannot be. `start` is its place in `bytes`. */
  protected abstract read(text: string, bytes: Buffer, start: number, number: number): string | null;

  protected warnings(): string[] {
    return [];
  }

  /**
   * Begins an event. Null where it can be told to the model, else why not.
   *
   * @param tid of the CPU's current task, {@link NO_TASK} where the source does not say
   */
  protected begin(name: string, stamp: Stamp, bytes: Buffer, cpu: CpuId, tid: number): string | null {
    const reason = this.beginUnused(name, stamp, bytes, cpu, tid);
    if (reason === null) this.used.add(name);
    return reason;
  }

  /** The same for an event of which no more is told than that it happened. */
  protected beginUnused(name: string, stamp: Stamp, bytes: Buffer, cpu: CpuId, tid: number): string | null {
    if (!SchedulerModel.holdsCpu(cpu) || (tid !== NO_TASK && !SchedulerModel.holdsThread(tid))) {
      return 'its CPU or thread number is impossible';
    }
    const timeNs = this.clock.timeNs(stamp, bytes);
    if (Number.isNaN(timeNs)) return this.clock.problem;
    this.events++;
    this.report.counter(name).count++;
    this.model.begin(timeNs, cpu, tid, this.number);
    return null;
  }

  protected switched(from: Task, leave: Leave, to: Task): void {
    this.model.switched(this.named(from), leave, from.priority, this.named(to), to.priority);
  }

  /** The LWP of a task, with its name as the event tells it. */
  protected named(task: Task): number {
    const lwp = this.model.thread(task.tid);
    const name = Buffer.from(task.name, 'utf8');
    this.model.name(lwp, name, 0, name.length, NAME_RANK.recorded);
    return lwp;
  }
}
