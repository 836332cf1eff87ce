/**
 * The text of babeltrace2: CTF traces of `perf data convert --to-ctf` and of LTTng.
 *
 *     [00:22:46.927103269] (+0.000002534) sched:sched_waking: { cpu_id = 0 }, { ..., comm = "b", pid = 12, ... }
 *     [1365.057474745] (+?.?????????) host sched_switch: { cpu_id = 1 }, { prev_comm = "a", prev_tid = 7, ... }
 *
 * With `--fields all` the names of trace, machine, domain, process and log level stand before that of the event:
 * `session/kernel box:kernel:app:(42):TRACE_DEBUG (14) sched_switch:`.
 *
 * The fields of an event come after those of its context (which may be called alike: LTTng's context `pid` is
 * the process of the thread that runs).
 *
 * LTTng writes priorities less 100 (MAX_RT_PRIO), so that nice values begin at 0; in wake-ups some versions do
 * not. Here they are the kernel's, as in all other sources.
 *
 * The clock is shown as time of day unless `--clock-seconds` was given: then a step back over midnight is a
 * day later. With `--clock-cycles` it is a count of 20 digits; both tracers' clocks count nanoseconds.
 */
import { WorkbenchError } from '#shared/base/errors.ts';
import type { ReaderContext, TraceFormat } from '../format.ts';
import { EventLineReader, stampOf, type Task } from '../event-lines/event-line-reader.ts';
import type { Leave } from '../scheduler-model/leave.ts';
import { LeaveStates } from '../scheduler-model/leave-states.ts';
import { NO_TASK, SchedulerModel } from '../scheduler-model/scheduler-model.ts';

const LINE =
  /^\[(?:(?:(?:(\d{4})-(\d\d)-(\d\d) )?(\d{1,2}):(\d\d):(\d\d)|(-?\d{1,12}))\.(\d{9})|(\d{20}))\] (?:\(\+[\d.?]{1,24}\) )?(?:(?:[^\s{]{1,255} )??([^\s:{]{1,64})(?::[^\s:{]{1,64}){0,3}(?::TRACE_\w{3,20} \(\d{1,2}\))?(?::\S{1,255})? )?([\w:]{1,128}): (\{.*\})\s*$/;
/** What of a line tells its time. */
const LINE_START = new RegExp(`${LINE.source.slice(0, LINE.source.indexOf('\\]'))}\\] `);
const STAMP_BYTES = 64;
/** babeltrace2's message, and that of its predecessor; in a file where both of its streams were kept. */
const DISCARDED =
  /^(?:WARNING: |\[warning\] )Tracer (?:may have )?discarded (?:(\d{1,12})|an unknown number of|some)? ?(events?|packets?)/i;
const FIELD =
  /(\w{1,64}) = (?:"((?:[^"\\]|\\.)*)"|(\(?\s*(?:"[^"]*"(?: \| "[^"]*")* : container = )?)(-?(?:0x[0-9A-Fa-f]+|\d+)))/g;
const STRING = /"(?:[^"\\]|\\.)*"/g;
const SECONDS_A_DAY = 86_400;
const HALF_A_DAY = SECONDS_A_DAY / 2;
const IMPOSSIBLE = 'its CPU or thread number is impossible';

/** MAX_RT_PRIO of include/linux/sched/prio.h, and the number of nice values. */
const REAL_TIME_PRIORITIES = 100;
const NICE_VALUES = 40;

/**
 * The seconds of lines as they print them: of the clock, since 1970 with a date, or of the day and the days since the
 * first line.
 */
class PrintedClock {
  private days = 0;
  private last = 0;

  seconds(match: RegExpExecArray): number {
    if (match[7] !== undefined) return Number(match[7]);
    const ofDay = Number(match[4]) * 3600 + Number(match[5]) * 60 + Number(match[6]);
    if (match[1] !== undefined) {
      return Date.UTC(Number(match[1]), Number(match[2]) - 1, Number(match[3])) / 1000 + ofDay;
    }
    if (ofDay < this.last - HALF_A_DAY) this.days++;
    this.last = ofDay;
    return this.days * SECONDS_A_DAY + ofDay;
  }
}

const isNegative = (match: RegExpExecArray): boolean => match[7]?.startsWith('-') === true;

class BabeltraceReader extends EventLineReader {
  private readonly printed = new PrintedClock();
  /** Name of the machine that the first line names. */
  private host: string | null = null;
  private readonly states = new LeaveStates();
  /** Whether LTTng's wake-ups were seen to tell the kernel's priorities. */
  private tellsWholePriorities = false;

  protected read(text: string, bytes: Buffer, start: number, number: number): string | null {
    const match = LINE.exec(text);
    if (match === null) return this.readOther(text, number);
    this.checkHost(match[10], number);
    const end = start + text.indexOf(']');
    const stamp =
      match[9] === undefined
        ? stampOf(String(this.printed.seconds(match)), match[8]!, start + 1, end)
        : stampOf(match[9], null, start + 1, end);
    const signed = isNegative(match) ? { ...stamp, stampRest: -stamp.stampRest } : stamp;
    const payloadStart = startOfPayload(match[12]!);
    const context = fieldsOf(match[12]!.slice(0, payloadStart));
    const fields = fieldsOf(match[12]!.slice(payloadStart));
    const numberOf = (name: string): number => Number(fields.get(name)?.text ?? NaN);
    const isLttng = fields.has('tid') || fields.has('prev_tid');
    const taskOf = (prefix: string): Task => ({
      name: fields.get(`${prefix}comm`)?.text ?? '',
      tid: Number((fields.get(`${prefix}pid`) ?? fields.get(`${prefix}tid`))?.text ?? NaN),
      priority: this.priority(Number(fields.get(`${prefix}prio`)?.text ?? 0), isLttng, prefix === ''),
    });
    const name = match[11]!.slice(match[11]!.lastIndexOf(':') + 1);
    const cpuField =
      context.get('cpu_id') ?? fields.get('cpu_id') ?? context.get('perf_cpu') ?? fields.get('perf_cpu');
    const cpu = Number(cpuField?.text ?? NaN);
    const current = Number(
      (fields.get('perf_tid') ?? context.get('perf_tid') ?? context.get('tid'))?.text ?? NaN,
    );
    const tid = Number.isNaN(current) || current < 0 ? NO_TASK : current;
    switch (name) {
      case 'sched_switch': {
        const from = taskOf('prev_');
        const to = taskOf('next_');
        if (!SchedulerModel.holdsThread(from.tid) || !SchedulerModel.holdsThread(to.tid)) return IMPOSSIBLE;
        const reason = this.begin(name, signed, bytes, cpu, from.tid);
        if (reason === null) this.switched(from, this.leaveOf(fields.get('prev_state')), to);
        return reason;
      }
      case 'sched_waking':
      case 'sched_wakeup':
      case 'sched_wakeup_new':
      case 'sched_migrate_task': {
        const task = taskOf('');
        const target = numberOf(name === 'sched_migrate_task' ? 'dest_cpu' : 'target_cpu');
        if (!SchedulerModel.holdsThread(task.tid) || !SchedulerModel.holdsCpu(target)) return IMPOSSIBLE;
        const reason = this.begin(name, signed, bytes, cpu, tid);
        if (reason !== null) return reason;
        if (name === 'sched_wakeup_new') this.model.wakeupNew(task.tid, task.priority, target);
        const lwp = this.named(task);
        if (name === 'sched_waking') this.model.waking(lwp, task.priority, target);
        else if (name === 'sched_wakeup') this.model.wakeup(lwp, task.priority, target);
        else if (name === 'sched_migrate_task') this.model.migrated(lwp, target);
        return null;
      }
      case 'sched_process_fork': {
        const parent = Number((fields.get('parent_tid') ?? fields.get('pid'))?.text ?? NaN);
        const child = numberOf('child_pid');
        const childTid = Number(fields.get('child_tid')?.text ?? child);
        if (!SchedulerModel.holdsThread(parent) || !SchedulerModel.holdsThread(childTid)) return IMPOSSIBLE;
        const reason = this.begin(name, signed, bytes, cpu, tid);
        if (reason === null) this.model.forked(parent, childTid);
        return reason;
      }
      case 'sched_process_exit': {
        const task = taskOf('');
        if (!SchedulerModel.holdsThread(task.tid)) return IMPOSSIBLE;
        const reason = this.begin(name, signed, bytes, cpu, tid);
        if (reason === null) this.model.exited(this.named(task), fields.get('group_dead')?.text === '1');
        return reason;
      }
      default: {
        const reason = this.beginUnused(name, signed, bytes, cpu, tid);
        if (reason === null) this.model.other();
        return reason;
      }
    }
  }

  protected override warnings(): string[] {
    return this.states.warnings();
  }

  private leaveOf(field: Field | undefined): Leave {
    if (field === undefined) return this.states.ofText('none');
    // The names are those of the tracer's headers: of 64, which two kernels use otherwise, they tell which it is.
    if (field.text === '64' && field.labels.includes('TASK_DEAD')) this.states.bit64Is(true);
    if (field.text === '64' && field.labels.includes('TASK_PARKED')) this.states.bit64Is(false);
    return this.states.ofNumber(Number(field.text));
  }

  /** The kernel's priority. */
  private priority(told: number, isLttng: boolean, isWakeup: boolean): number {
    if (!isLttng) return told;
    if (isWakeup && told >= NICE_VALUES) this.tellsWholePriorities = true;
    return isWakeup && this.tellsWholePriorities ? told : told + REAL_TIME_PRIORITIES;
  }

  /** A line that is no event: null where it tells of lost ones. */
  private readOther(text: string, number: number): string | null {
    const discarded = DISCARDED.exec(text);
    if (discarded === null) return 'it is not an event with a clock, a name and fields in braces';
    const isEvents = discarded[2]!.toLowerCase().startsWith('event');
    this.model.lostSomewhere(isEvents && discarded[1] !== undefined ? Number(discarded[1]) : -1, number);
    return null;
  }

  /** @throws WorkbenchError 'import-failed' where a line is of another machine than the first */
  private checkHost(host: string | undefined, number: number): void {
    if (host === undefined || host === this.host) return;
    if (this.host !== null) {
      throw new WorkbenchError(
        'import-failed',
        `Line ${number} is of the machine ${host}, and those before it are of ${this.host}: their CPUs and threads have the same ` +
          'numbers. Print each by itself: babeltrace2 --clock-seconds FOLDER_OF_ONE_MACHINE > trace.txt',
        { line: number, found: host, expected: this.host },
      );
    }
    this.host = host;
  }
}

interface Field {
  readonly text: string;
  /** What stands before the number of an enumeration: its names. */
  readonly labels: string;
}

function fieldsOf(text: string): Map<string, Field> {
  const fields = new Map<string, Field>();
  for (const [, name, quoted, labels, number] of text.matchAll(FIELD)) {
    fields.set(name!, {
      text: quoted === undefined ? number! : quoted.replace(/\\(.)/g, '$1'),
      labels: labels ?? '',
    });
  }
  return fields;
}

/** Where the event's own fields begin, in the last braces of its line; those inside other braces do not count. */
function startOfPayload(text: string): number {
  // Braces in strings are none.
  const bare = text.replace(STRING, (string) => ' '.repeat(string.length));
  let depth = 0;
  let start = 0;
  for (let at = 0; at < bare.length; at++) {
    if (bare[at] === '{' && depth++ === 0) start = at;
    else if (bare[at] === '}') depth--;
  }
  return start;
}

export const babeltrace: TraceFormat = {
  name: 'babeltrace',
  title: 'the text of babeltrace2 (CTF of perf or LTTng)',
  recognise: (head) => head.lines.some((line) => LINE.test(line)),
  createOrder: () => {
    const clock = new PrintedClock();
    return (bytes, start, end) => {
      const match = LINE_START.exec(bytes.toString('latin1', start, Math.min(end, start + STAMP_BYTES)));
      if (match === null) return NaN;
      if (match[9] !== undefined) return Number(match[9]);
      const rest = Number(match[8]);
      return clock.seconds(match) * 1e9 + (isNegative(match) ? -rest : rest);
    };
  },
  inOrder: true,
  createReader: (context: ReaderContext) => new BabeltraceReader(context),
};
