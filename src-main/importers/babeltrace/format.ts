/**
 * The text of babeltrace2: CTF traces of `perf data convert --to-ctf` and of LTTng.
 *
 *     [00:22:46.927103269] (+0.000002534) sched:sched_waking: { cpu_id = 0 }, { ..., comm = "b", pid = 12, ... }
 *     [1365.057474745] (+?.?????????) host sched_switch: { cpu_id = 1 }, { prev_comm = "a", prev_tid = 7, ... }
 *
 * The fields of an event come after those of its context (which may be called alike: LTTng's context `pid` is
 * the process of the thread that runs).
 *
 * LTTng writes priorities less 100 (MAX_RT_PRIO), so that nice values begin at 0; in wake-ups some versions do
 * not. Here they are the kernel's, as in all other sources.
 *
 * The clock is shown as time of day unless `--clock-seconds` was given: then a step back over midnight is a
 * day later.
 */
import type { ReaderContext, TraceFormat } from '../format.ts';
import { EventLineReader, stampOf, type Task } from '../event-lines/event-line-reader.ts';
import type { Leave } from '../scheduler-model/leave.ts';
import { LeaveStates } from '../scheduler-model/leave-states.ts';
import { NO_TASK, SchedulerModel } from '../scheduler-model/scheduler-model.ts';

const LINES_TRIED = 200;
const LINE =
  /^\[(?:(\d{1,2}):(\d\d):(\d\d)|(\d{1,12}))\.(\d{9})\] (?:\(\+[\d.?]{1,24}\) )?(?:[^\s:{]{1,64} )?([\w:]{1,128}): (\{.*\})\s*$/;
const FIELD =
  /(\w{1,64}) = (?:"((?:[^"\\]|\\.)*)"|(\(?\s*(?:"[^"]*"(?: \| "[^"]*")* : container = )?)(-?(?:0x[0-9A-Fa-f]+|\d+)))/g;
const STRING = /"(?:[^"\\]|\\.)*"/g;
const SECONDS_A_DAY = 86_400;
const HALF_A_DAY = SECONDS_A_DAY / 2;
const IMPOSSIBLE = 'its CPU or thread number is impossible';

/** MAX_RT_PRIO of include/linux/sched/prio.h, and the number of nice values. */
const REAL_TIME_PRIORITIES = 100;
const NICE_VALUES = 40;

class BabeltraceReader extends EventLineReader {
  private days = 0;
  private lastSeconds = 0;
  private readonly states = new LeaveStates();
  /** Whether LTTng's wake-ups were seen to tell the kernel's priorities. */
  private tellsWholePriorities = false;

  protected read(text: string, bytes: Buffer, start: number): string | null {
    const match = LINE.exec(text);
    if (match === null) return 'it is no event with a clock, a name and fields in braces';
    const stamp = stampOf(this.seconds(match), match[5]!, start + 1, start + text.indexOf(']'));
    const payloadStart = startOfPayload(match[7]!);
    const context = fieldsOf(match[7]!.slice(0, payloadStart));
    const fields = fieldsOf(match[7]!.slice(payloadStart));
    const number = (name: string): number => Number(fields.get(name)?.text ?? NaN);
    const isLttng = fields.has('tid') || fields.has('prev_tid');
    const taskOf = (prefix: string): Task => ({
      name: fields.get(`${prefix}comm`)?.text ?? '',
      tid: Number((fields.get(`${prefix}pid`) ?? fields.get(`${prefix}tid`))?.text ?? NaN),
      priority: this.priority(Number(fields.get(`${prefix}prio`)?.text ?? 0), isLttng, prefix === ''),
    });
    const name = match[6]!.slice(match[6]!.lastIndexOf(':') + 1);
    const cpu = Number((context.get('cpu_id') ?? fields.get('cpu_id'))?.text ?? NaN);
    const current = Number(
      (fields.get('perf_tid') ?? context.get('perf_tid') ?? context.get('tid'))?.text ?? NaN,
    );
    const tid = Number.isNaN(current) || current < 0 ? NO_TASK : current;
    switch (name) {
      case 'sched_switch': {
        const from = taskOf('prev_');
        const to = taskOf('next_');
        if (!SchedulerModel.holdsThread(from.tid) || !SchedulerModel.holdsThread(to.tid)) return IMPOSSIBLE;
        const reason = this.begin(name, stamp, bytes, cpu, from.tid);
        if (reason === null) this.switched(from, this.leaveOf(fields.get('prev_state')), to);
        return reason;
      }
      case 'sched_waking':
      case 'sched_wakeup':
      case 'sched_wakeup_new':
      case 'sched_migrate_task': {
        const task = taskOf('');
        const target = number(name === 'sched_migrate_task' ? 'dest_cpu' : 'target_cpu');
        if (!SchedulerModel.holdsThread(task.tid) || !SchedulerModel.holdsCpu(target)) return IMPOSSIBLE;
        const reason = this.begin(name, stamp, bytes, cpu, tid);
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
        const child = number('child_pid');
        const childTid = Number(fields.get('child_tid')?.text ?? child);
        if (!SchedulerModel.holdsThread(parent) || !SchedulerModel.holdsThread(childTid)) return IMPOSSIBLE;
        const reason = this.begin(name, stamp, bytes, cpu, tid);
        if (reason === null) this.model.forked(parent, childTid);
        return reason;
      }
      case 'sched_process_exit': {
        const task = taskOf('');
        if (!SchedulerModel.holdsThread(task.tid)) return IMPOSSIBLE;
        const reason = this.begin(name, stamp, bytes, cpu, tid);
        if (reason === null) this.model.exited(this.named(task), fields.get('group_dead')?.text === '1');
        return reason;
      }
      default: {
        const reason = this.begin(name, stamp, bytes, cpu, tid, false);
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

  /** Whole seconds of a line: those of the clock, or of the day with the days since the first line. */
  private seconds(match: RegExpExecArray): string {
    if (match[4] !== undefined) return match[4];
    const seconds = Number(match[1]) * 3600 + Number(match[2]) * 60 + Number(match[3]);
    if (seconds < this.lastSeconds - HALF_A_DAY) this.days++;
    this.lastSeconds = seconds;
    return String(this.days * SECONDS_A_DAY + seconds);
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
  recognise: (head) => head.lines.slice(0, LINES_TRIED).some((line) => LINE.test(line)),
  createOrder: () => (bytes, start, end) => {
    const match = LINE.exec(bytes.toString('latin1', start, end));
    if (match === null) return NaN;
    const seconds =
      match[4] === undefined
        ? Number(match[1]) * 3600 + Number(match[2]) * 60 + Number(match[3])
        : Number(match[4]);
    return seconds * 1e9 + Number(match[5]);
  },
  inOrder: true,
  createReader: (context: ReaderContext) => new BabeltraceReader(context),
};
