/** Lines of ftrace text (the files `trace` and `trace_pipe` of tracefs) to scheduler events. */
import type { Ns } from '#shared/base/brands.ts';
import type { LineReader, ReaderContext, ReaderFacts } from '../format.ts';
import type { ReportBuilder } from '../import-report.ts';
import { NO_TASK, SchedulerModel } from '../scheduler-model/scheduler-model.ts';
import { NAME_RANK } from '../scheduler-model/threads.ts';
import { ascii, isDigit, matches, skipSpaces } from '../input/bytes.ts';
import { Clock, STAMP } from '../input/clock.ts';
import { LEAVE } from '../scheduler-model/leave.ts';
import { CommentFacts } from './comment.ts';
import { EVENT, EventNames, type EventEntry } from './event-names.ts';
import { LineHeader, NO_CPU, UNKNOWN_TID } from './line.ts';
import { LockEvents } from './lock-events.ts';
import { OwnStates } from './own-states.ts';
import { leaveOfLetter, type Payload } from './payload.ts';
import { TraceeventPayload } from '../traceevent/payload.ts';
import { SliceExtension } from './slice-extension.ts';

const HASH = 0x23;
const LETTER_C = 0x43;
const COLON = 0x3a;
const OPEN_PARENTHESIS = 0x28;
const SPACE = 0x20;
const LESS = 0x3c;
const TEXT_SHOWN = 400;
const NS_PER_SECOND = 1e9;
const TAB = 0x09;
const EQUALS = 0x3d;
const GREATER = 0x3e;
/** ftrace's own words, and those of trace-cmd. */
const LOSS = /^CPU:(\d{1,4}) \[(?:LOST (?=\d|E))?(?:(\d{1,15}) )?EVENTS(?: DROPPED)?\]\s*$/;

const PERF_RECORD = 'PERF_RECORD_ at time 0';
const PERF_RECORD_PREFIX = ascii('PERF_RECORD_');
const RAW_STATE = / prev_state=(\d{1,5}|0x[0-9a-f]{1,4}) /;
/** perf script --header. */
const KERNEL = /^# os release : (\d{1,2})\.(\d{1,3})/;
/**
 * What the tracers wakeup, wakeup_rt and sched_switch write instead of events: who leaves, a switch or wake-up, who is
 * meant.
 */
const TRACER_ENTRY =
  /^(\d{1,9}): *(-?\d{1,9}):(\S) +(==>|\+) +\[(\d{1,5})\] +(\d{1,9}): *(-?\d{1,9}):(\S)(?: +(.*?))?\s*$/;
/** A number as ftrace's option `fields` prints it: `0x12c (300)`. */
const HEX_AND_DECIMAL = /=0x[0-9a-f]{1,16} \((-?\d{1,20})\)/g;
const NO_HEADER = 'it does not begin with a task, a CPU and a time stamp';
const IMPOSSIBLE = 'its CPU or thread number is impossible';

/** How another tool's print of the same lines differs from ftrace's own. */
export interface Dialect {
  readonly payload: Payload;
  readonly header: LineHeader;
  /** Event names have their group before them (`sched:sched_switch:`), and perhaps the sample's period before that. */
  readonly groups: boolean;
  /** What stands before every line (trace-cmd names the buffer there), empty where nothing does. */
  readonly prefix: Uint8Array;
  /** Reads a line that is no event: true where it is one that this tool prints. */
  readonly readOther: (text: string, model: SchedulerModel) => boolean;
  /** Why another line is not read, instead of what its beginning lacks. */
  readonly otherReason?: string;
  /** Where a line of the trace begins in a line of the file, instead of after `prefix`. */
  readonly lineStart?: (bytes: Buffer, start: number, end: number) => number;
}

const FTRACE: () => Dialect = () => ({
  payload: new TraceeventPayload(),
  header: new LineHeader(),
  groups: false,
  prefix: new Uint8Array(0),
  readOther: () => false,
});

export class FtraceReader implements LineReader {
  private readonly model: SchedulerModel;
  private readonly report: ReportBuilder;
  private readonly header: LineHeader;
  private readonly dialect: Dialect;
  /** Whether nothing stands before the lines. */
  private readonly startsAtOnce: boolean;
  /** Length of the group that the scheduler's events have before their names. */
  private readonly groupBytes: number;
  private readonly payload: Payload;
  private readonly comments = new CommentFacts();
  private readonly clock: Clock;
  private readonly names: EventNames;
  private readonly lockEvents: LockEvents;
  private readonly slices: SliceExtension;
  private readonly ownStates: OwnStates;
  private events = 0;
  private readonly tracerEntries = new Set<string>();
  /** The line that {@link timeOf} was asked for last, and whether it has a header. */
  private aheadBytes: Buffer | null = null;
  private aheadStart = 0;
  private aheadEnd = 0;
  /** Where the line begins behind what the tool writes before it. */
  private aheadFrom = 0;
  private aheadRead = false;
  /** How the first stamp is written. */
  private firstKind = -1;

  constructor(
    { model, report, origin, head, symbols, sliceCounts }: ReaderContext,
    dialect: Dialect = FTRACE(),
  ) {
    this.model = model;
    this.report = report;
    this.clock = new Clock(origin);
    this.dialect = dialect;
    this.startsAtOnce = dialect.lineStart === undefined && dialect.prefix.length === 0;
    this.groupBytes = dialect.groups ? 'sched:'.length : 0;
    this.payload = dialect.payload;
    this.header = dialect.header;
    this.names = new EventNames(report);
    this.lockEvents = new LockEvents(model);
    this.slices = new SliceExtension(model, symbols, sliceCounts);
    this.ownStates = new OwnStates(model, this.payload, this.header);
    for (const line of head.lines) {
      const raw = RAW_STATE.exec(line);
      if (raw !== null) this.payload.states.learnFrom(Number(raw[1]));
      const kernel = KERNEL.exec(line);
      if (kernel !== null) this.payload.states.kernel(Number(kernel[1]), Number(kernel[2]));
    }
  }

  /** Nanoseconds of a line on the clock of its source, NaN for a line without. The line is read with that. */
  timeOf(bytes: Buffer, start: number, end: number): number {
    this.aheadBytes = bytes;
    this.aheadStart = start;
    this.aheadEnd = end;
    const from = this.lineStart(bytes, start, end);
    this.aheadFrom = from;
    this.aheadRead = from < end && bytes[from] !== HASH && this.readHeader(bytes, from, end);
    if (!this.aheadRead) return NaN;
    const { stampWhole, stampRest, stampKind } = this.header;
    // What counts otherwise than the first line cannot be compared with it, and is not read.
    if (this.firstKind < 0) this.firstKind = stampKind;
    if (stampKind !== this.firstKind) return NaN;
    const units = stampWhole * 1e9 + stampRest;
    return stampKind === STAMP.microseconds ? units * 1e3 : units;
  }

  private lineStart(bytes: Buffer, start: number, end: number): number {
    if (this.startsAtOnce) return start;
    const { prefix, lineStart } = this.dialect;
    if (lineStart !== undefined) return lineStart(bytes, start, end);
    return matches(bytes, start, end, prefix) ? start + prefix.length : start;
  }

  readLine(bytes: Buffer, start: number, end: number, number: number): void {
    const isAhead = this.aheadBytes === bytes && this.aheadStart === start && this.aheadEnd === end;
    const isRead = isAhead && this.aheadRead;
    this.aheadBytes = null;
    start = isAhead ? this.aheadFrom : this.lineStart(bytes, start, end);
    const first = bytes[start];
    if (start === end) {
      this.report.otherLines++;
      return;
    }
    if (first === HASH) {
      this.report.otherLines++;
      this.comments.read(bytes.toString('latin1', start, Math.min(end, start + TEXT_SHOWN)));
      if (this.comments.cpus > 0) this.model.expectCpus(this.comments.cpus);
      return;
    }
    if (!isRead && (isAhead || !this.readHeader(bytes, start, end))) {
      if (
        (first === LETTER_C && this.readLoss(bytes, start, end, number)) ||
        isStackFrame(bytes, start, end) ||
        this.dialect.readOther(bytes.toString('latin1', start, Math.min(end, start + TEXT_SHOWN)), this.model)
      ) {
        this.report.otherLines++;
        return;
      }
      this.skip(this.dialect.otherReason ?? NO_HEADER, bytes, start, end, number);
      return;
    }
    const { header, model } = this;
    const isTaskKnown = header.tid !== UNKNOWN_TID;
    const hasCpu = header.cpu !== NO_CPU;
    if (
      (hasCpu && !SchedulerModel.holdsCpu(header.cpu)) ||
      (isTaskKnown && !SchedulerModel.holdsThread(header.tid))
    ) {
      this.skip(IMPOSSIBLE, bytes, start, end, number);
      return;
    }
    if (this.dialect.groups && isSynthesised(header, bytes)) {
      this.report.counter(PERF_RECORD).count++;
      this.report.otherLines++;
      return;
    }
    const timeNs = this.clock.timeNs(header, bytes);
    if (Number.isNaN(timeNs)) {
      this.skip(this.clock.problem, bytes, start, end, number);
      return;
    }

    let nameStart = header.bodyStart;
    if (this.dialect.groups) nameStart = afterPeriod(bytes, nameStart, end);
    else if (isDigit(bytes[nameStart]) && this.readTracerEntry(timeNs, bytes, nameStart, end, number)) return;
    const recalled = this.names.recall(bytes, nameStart, end, this.groupBytes);
    let nameEnd: number;
    let entry: EventEntry;
    if (recalled !== null) {
      nameEnd = nameStart + recalled.text.length;
      entry = recalled.entry;
    } else {
      nameEnd = this.nameEnd(bytes, nameStart, end);
      const groupStart = nameStart;
      if (this.dialect.groups && bytes[nameEnd] === COLON && bytes[nameEnd + 1] !== SPACE) {
        nameStart = nameEnd + 1;
        nameEnd = this.nameEnd(bytes, nameStart, end);
      }
      entry = this.names.find(bytes, nameStart, nameEnd);
      // Without its group a name may go on behind the colon.
      if (!this.dialect.groups || groupStart !== nameStart) {
        this.names.remember(entry, bytes, groupStart, nameEnd, this.groupBytes);
      }
    }
    if (
      hasCpu &&
      (entry.event === EVENT.PERF_RECORD_LOST || entry.event === EVENT.PERF_RECORD_LOST_SAMPLES)
    ) {
      const lost = Number(/\d{1,15}/.exec(bytes.toString('latin1', nameEnd, end))?.[0] ?? NaN);
      model.lost(header.cpu, lost > 0 ? lost : -1, number);
      this.slices.lost(header.cpu);
      this.report.otherLines++;
      return;
    }
    let payloadStart = nameEnd + 1;
    while (payloadStart < end && bytes[payloadStart] === SPACE) payloadStart++;
    if (entry.event !== EVENT.unused && !this.readPayload(entry.event, bytes, payloadStart, end)) {
      if (this.readFields(bytes, start, end, number)) return;
      this.skip(`the fields of its ${entry.name} cannot be read`, bytes, start, end, number);
      return;
    }

    this.events++;
    entry.counter.count++;
    if (!hasCpu) {
      const tid = isTaskKnown ? header.tid : NO_TASK;
      this.ownStates.event(timeNs, bytes, tid, entry.event === EVENT.sched_switch, number);
      return;
    }
    model.begin(timeNs, header.cpu, isTaskKnown ? header.tid : NO_TASK, number);
    const task = model.taskLwp;
    if (task >= 0) {
      // `<...>`: the tool did not know the name.
      if (bytes[header.commStart] !== LESS) {
        model.name(task, bytes, header.commStart, header.commEnd, NAME_RANK.lookedUp);
      }
      if (header.group > 0) model.threads.observeGroup(task, header.group);
    }
    if (this.slices.awaitsSystemCall) {
      this.tellSystemCall(task, entry.name, bytes, nameEnd, end);
    }
    this.tell(entry.event, bytes, nameEnd, payloadStart, end);
  }

  /** By itself: in {@link readLine} the function would make every line's variables an object. */
  private tellSystemCall(task: number, name: string, bytes: Buffer, nameEnd: number, end: number): void {
    this.slices.systemCall(task, name, bytes[nameEnd]!, () => {
      const start = skipSpaces(bytes, nameEnd + 1, end);
      return bytes.toString('latin1', start, Math.min(end, start + TEXT_SHOWN));
    });
  }

  end(): void {
    this.slices.finish();
  }

  finish(): ReaderFacts {
    const { comments, clock } = this;
    const warnings = [...this.ownStates.warnings(), ...clock.warnings(), ...this.payload.states.warnings()];
    if (comments.written > comments.inBuffer) {
      warnings.push(
        `The ring buffer had wrapped: ${comments.written - comments.inBuffer} of ${comments.written} events ` +
          'were overwritten before the trace was read, so its beginning is missing.',
      );
    }
    if (comments.inBuffer >= 0 && comments.inBuffer > this.events) {
      warnings.push(
        `The trace says that it has ${comments.inBuffer} events, but ${this.events} were read: ` +
          'it was cut after it was written, or lines of it cannot be read.',
      );
    }
    if (!this.model.threads.groupsRecorded) {
      warnings.push(
        'The trace does not record which threads make up a process (record-tgid was off): a thread counts as ' +
          "part of its creator's process until it executes a program, and one whose creation is not in the trace " +
          'counts as a process of its own.',
      );
    }
    if (!this.model.yieldsSeen) {
      warnings.push(
        'The trace has no sched_yield call. Unless it records them (events/syscalls/sys_enter_sched_yield), a thread ' +
          'that left its CPU by one while runnable is shown as preempted.',
      );
    }
    warnings.push(...this.slices.warnings());
    return {
      clock: clock.name,
      clockUnit: clock.unit,
      origin: clock.start,
      events: this.events,
      usedEvents: new Set([...this.names.used, ...this.tracerEntries]),
      warnings,
    };
  }

  private nameEnd(bytes: Buffer, start: number, end: number): number {
    for (let at = start; at < end; at++) {
      const byte = bytes[at];
      if (byte === COLON || byte === OPEN_PARENTHESIS || byte === SPACE) return at;
    }
    return end;
  }

  private readHeader(bytes: Buffer, start: number, end: number): boolean {
    const { header, comments } = this;
    if (comments.latencyFormat) {
      if (header.readLatency(bytes, start, end)) return true;
      if (!header.read(bytes, start, end)) return false;
    } else {
      if (header.read(bytes, start, end)) return true;
      if (this.dialect.groups) return header.readWithoutCpu(bytes, start, end);
      if (!header.readLatency(bytes, start, end)) return false;
    }
    // No comment line says so, or texts of both layouts were joined.
    comments.latencyFormat = !comments.latencyFormat;
    return true;
  }

  private readPayload(event: number, bytes: Buffer, start: number, end: number): boolean {
    const { payload } = this;
    switch (event) {
      case EVENT.sched_switch:
        return (
          payload.readSwitch(bytes, start, end) &&
          SchedulerModel.holdsThread(payload.tid) &&
          SchedulerModel.holdsThread(payload.otherTid)
        );
      case EVENT.sched_waking:
      case EVENT.sched_wakeup:
      case EVENT.sched_wakeup_new:
        return (
          payload.readWakeup(bytes, start, end) &&
          SchedulerModel.holdsThread(payload.tid) &&
          SchedulerModel.holdsCpu(payload.targetCpu)
        );
      case EVENT.sched_migrate_task:
        return (
          payload.readMigrate(bytes, start, end) &&
          SchedulerModel.holdsThread(payload.tid) &&
          SchedulerModel.holdsCpu(payload.targetCpu)
        );
      case EVENT.sched_process_fork:
        return (
          payload.readFork(bytes, start, end) &&
          SchedulerModel.holdsThread(payload.tid) &&
          SchedulerModel.holdsThread(payload.otherTid)
        );
      case EVENT.sched_process_exec:
        return (
          payload.readExec(bytes, start, end) &&
          SchedulerModel.holdsThread(payload.tid) &&
          SchedulerModel.holdsThread(payload.otherTid)
        );
      case EVENT.sched_process_exit:
        return payload.readExit(bytes, start, end) && SchedulerModel.holdsThread(payload.tid);
      default:
        return true;
    }
  }

  /** Reads an entry of a tracer that writes no events. False where the text is none. */
  private readTracerEntry(timeNs: Ns, bytes: Buffer, at: number, end: number, number: number): boolean {
    const match = TRACER_ENTRY.exec(bytes.toString('latin1', at, end));
    if (match === null) return false;
    const { model, header } = this;
    const [tid, priority, cpu, otherTid, otherPriority] = [1, 2, 5, 6, 7].map((index) =>
      Number(match[index]),
    );
    if (
      !SchedulerModel.holdsThread(tid!) ||
      !SchedulerModel.holdsThread(otherTid!) ||
      !SchedulerModel.holdsCpu(cpu!)
    ) {
      this.skip(IMPOSSIBLE, bytes, at, end, number);
      return true;
    }
    const isSwitch = match[4] === '==>';
    const name = isSwitch ? 'context switch' : 'wakeup';
    this.tracerEntries.add(name);
    this.report.counter(name).count++;
    this.events++;
    model.begin(timeNs, header.cpu, header.tid, number);
    const task = model.taskLwp;
    if (task >= 0 && bytes[header.commStart] !== LESS) {
      model.name(task, bytes, header.commStart, header.commEnd, NAME_RANK.lookedUp);
    }
    const other = model.thread(otherTid!);
    const otherName = Buffer.from(match[9] ?? '', 'latin1');
    if (otherName.length > 0 && otherName[0] !== LESS) {
      model.name(other, otherName, 0, otherName.length, NAME_RANK.lookedUp);
    }
    if (!isSwitch) model.wakeup(other, otherPriority!, cpu!);
    else {
      const leave = leaveOfLetter(match[3]!.charCodeAt(0));
      model.switched(model.thread(tid!), leave, priority!, other, otherPriority!);
    }
    return true;
  }

  /** Reads a line of ftrace's option `fields` as the same with plain numbers. False where it has none of them. */
  private readFields(bytes: Buffer, start: number, end: number, number: number): boolean {
    const text = bytes.toString('latin1', start, end);
    const plain = text.replace(HEX_AND_DECIMAL, '=$1');
    if (plain.length === text.length) return false;
    const line = Buffer.from(plain, 'latin1');
    this.readLine(line, 0, line.length, number);
    return true;
  }

  private tell(event: number, bytes: Buffer, nameEnd: number, payloadStart: number, end: number): void {
    const { model, payload } = this;
    switch (event) {
      case EVENT.sched_switch: {
        const from = model.thread(payload.tid);
        model.name(from, bytes, payload.commStart, payload.commEnd, NAME_RANK.recorded);
        const to = model.thread(payload.otherTid);
        model.name(to, bytes, payload.otherCommStart, payload.otherCommEnd, NAME_RANK.recorded);
        this.slices.switchedOut(this.header.cpu, from, payload.leave <= LEAVE.runnableInKernel);
        model.switched(from, payload.leave, payload.priority, to, payload.otherPriority);
        return;
      }
      case EVENT.sched_waking:
      case EVENT.sched_wakeup: {
        const lwp = model.thread(payload.tid);
        model.name(lwp, bytes, payload.commStart, payload.commEnd, NAME_RANK.recorded);
        if (event === EVENT.sched_waking) model.waking(lwp, payload.priority, payload.targetCpu);
        else {
          model.wakeup(lwp, payload.priority, payload.targetCpu);
          this.slices.wokenOn(payload.targetCpu, lwp);
        }
        return;
      }
      case EVENT.sched_wakeup_new: {
        const lwp = model.wakeupNew(payload.tid, payload.priority, payload.targetCpu);
        model.name(lwp, bytes, payload.commStart, payload.commEnd, NAME_RANK.recorded);
        return;
      }
      case EVENT.sched_migrate_task: {
        const lwp = model.thread(payload.tid);
        model.name(lwp, bytes, payload.commStart, payload.commEnd, NAME_RANK.recorded);
        model.migrated(lwp, payload.targetCpu);
        return;
      }
      case EVENT.sched_process_fork: {
        const child = model.forked(payload.tid, payload.otherTid);
        model.name(child, bytes, payload.otherCommStart, payload.otherCommEnd, NAME_RANK.inherited);
        return;
      }
      case EVENT.sched_process_exec:
        model.executed(payload.tid, payload.otherTid, programName(bytes, payload.commStart, payload.commEnd));
        return;
      case EVENT.sched_process_exit: {
        const lwp = model.thread(payload.tid);
        model.name(lwp, bytes, payload.commStart, payload.commEnd, NAME_RANK.recorded);
        model.exited(lwp, payload.groupDead);
        return;
      }
      case EVENT.sys_sched_yield:
        model.yields(bytes[nameEnd] === OPEN_PARENTHESIS);
        return;
      case EVENT.sys_enter_sched_yield:
        model.yields(true);
        return;
      case EVENT.sys_exit_sched_yield:
        model.yields(false);
        return;
      case EVENT.unused:
        model.other();
        return;
      default:
        this.tellMore(event, bytes, nameEnd, payloadStart, end);
    }
  }

  /** Events that only few traces have. */
  private tellMore(event: number, bytes: Buffer, nameEnd: number, payloadStart: number, end: number): void {
    const { model, lockEvents, slices } = this;
    const lwp = model.taskLwp;
    const text = (): string =>
      bytes.toString('latin1', payloadStart, Math.min(end, payloadStart + TEXT_SHOWN));
    switch (event) {
      case EVENT.tracing_mark_write:
      case EVENT.print:
        lockEvents.marker(text());
        return;
      case EVENT.sys_futex:
        if (bytes[nameEnd] === OPEN_PARENTHESIS) lockEvents.futexEnter(lwp, text());
        else model.futexDone(lwp);
        return;
      case EVENT.sys_enter_futex:
        lockEvents.futexEnter(lwp, text());
        return;
      case EVENT.sys_exit_futex:
        model.futexDone(lwp);
        return;
      case EVENT.contention_begin:
        lockEvents.contentionBegin(lwp, text());
        return;
      case EVENT.contention_end:
        model.contentionEnd(lwp);
        return;
      case EVENT.rseq_update: {
        const cpu = Number(/\bcpu_id=(\d{1,5})\b/.exec(text())?.[1] ?? NaN);
        if (SchedulerModel.holdsCpu(cpu)) model.cpuStored(lwp, cpu);
        else model.other();
        return;
      }
      case EVENT.hrtimer_start:
      case EVENT.hrtimer_cancel:
      case EVENT.hrtimer_expire_entry:
        slices.timer(event, this.header.cpu, lwp, this.stampNs(), text);
        return;
      default:
        lockEvents.probe(event, lwp, text());
    }
  }

  /** Time of the line at hand on its own clock, NaN where that does not count nanoseconds. */
  private stampNs(): Ns {
    const { stampKind, stampWhole, stampRest } = this.header;
    const exact = stampKind === STAMP.seconds || stampKind === STAMP.nanoseconds;
    return exact ? stampWhole * NS_PER_SECOND + stampRest : NaN;
  }

  /** `CPU:0 [LOST 236 EVENTS]`, in trace_pipe before the CPU's next event; older kernels leave the number out. */
  private readLoss(bytes: Buffer, start: number, end: number, number: number): boolean {
    const text = bytes.toString('latin1', start, Math.min(end, start + TEXT_SHOWN));
    const match = LOSS.exec(text);
    if (match === null || !SchedulerModel.holdsCpu(Number(match[1]))) return false;
    this.model.lost(Number(match[1]), match[2] === undefined ? -1 : Number(match[2]), number);
    this.slices.lost(Number(match[1]));
    return true;
  }

  private skip(reason: string, bytes: Buffer, start: number, end: number, number: number): void {
    this.report.skip(reason, number, bytes.toString('utf8', start, Math.min(end, start + TEXT_SHOWN)));
  }
}

/**
 * A record that perf made up when it began (the threads and mappings that were there already): its stamp is 0,
 * whatever the clock shows.
 */
export function isSynthesised(header: LineHeader, bytes: Uint8Array): boolean {
  return (
    header.stampWhole === 0 &&
    header.stampRest === 0 &&
    matches(bytes, header.bodyStart, bytes.length, PERF_RECORD_PREFIX)
  );
}

/** ` => __schedule`: the stack of the event before it, which says nothing about the scheduler. */
function isStackFrame(bytes: Buffer, start: number, end: number): boolean {
  let at = skipSpaces(bytes, start, end);
  while (bytes[at] === TAB || bytes[at] === SPACE) at++;
  return bytes[at] === EQUALS && bytes[at + 1] === GREATER && bytes[at + 2] === SPACE;
}

/** The number and the spaces after it that begin at `at`, passed over. */
function afterPeriod(bytes: Buffer, at: number, end: number): number {
  while (isDigit(bytes[at])) at++;
  return skipSpaces(bytes, at, end);
}

/** What the kernel will call a task that executes this file: its base name, cut to fifteen bytes. */
function programName(bytes: Buffer, start: number, end: number): string {
  const slash = bytes.subarray(start, end).lastIndexOf(0x2f);
  const nameStart = slash < 0 ? start : start + slash + 1;
  return bytes.toString('utf8', nameStart, Math.min(end, nameStart + 15));
}
