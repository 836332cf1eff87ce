/**
 * The log of traces/scripts/sched.bt, which bpftrace prints:
 *
 *     1491031285841 0 switch swapper/0/0 120 0 -> bpftrace/14276 120
 *     1491031241525 1 waking bpftrace/14266 -> bpftrace/14276 target=1
 *
 * nanoseconds, CPU, what, then task/tid priority state -> task/tid priority. bpftrace drains its buffers CPU
 * by CPU, so the lines are not in order of time.
 */
import type { TraceFormat } from '../format.ts';
import { EventLineReader, stampOf, type Task } from '../event-lines/event-line-reader.ts';
import { LeaveStates } from '../scheduler-model/leave-states.ts';
import { SchedulerModel } from '../scheduler-model/scheduler-model.ts';

const START = /^(\d{1,19}) (\d{1,5}) (switch|waking) /;
const SWITCH = /^(.*)\/(\d{1,9}) (-?\d{1,9}) (\d{1,9}) -> (.*)\/(\d{1,9}) (-?\d{1,9})$/;
const WAKING = /^(.*)\/(\d{1,9}) -> (.*)\/(\d{1,9}) target=(\d{1,5})$/;
const LOST = /^(?:WARNING: )?Lost (\d{1,12}) events/;
const OTHER = /^(?:Attach(?:ing|ed) \d+ probes?|\s*$)/;

class BpftraceReader extends EventLineReader {
  private readonly states = new LeaveStates();

  protected read(text: string, bytes: Buffer, start: number, number: number): string | null {
    const head = START.exec(text);
    if (head === null) {
      const lost = LOST.exec(text);
      if (lost !== null) this.lose(Number(lost[1]), number);
      return lost !== null || OTHER.test(text)
        ? null
        : 'it does not begin with nanoseconds, a CPU and an event';
    }
    const stamp = stampOf(head[1]!, null, start, start + head[1]!.length);
    const cpu = Number(head[2]);
    const rest = text.slice(head[0].length);
    if (head[3] === 'switch') {
      const fields = SWITCH.exec(rest);
      if (fields === null) return 'the fields of its switch cannot be read';
      const from = task(fields[1]!, fields[2]!, fields[3]!);
      const to = task(fields[5]!, fields[6]!, fields[7]!);
      if (!SchedulerModel.holdsThread(to.tid)) return 'its CPU or thread number is impossible';
      const reason = this.begin('switch', stamp, bytes, cpu, from.tid);
      if (reason === null) this.switched(from, this.states.ofNumber(Number(fields[4])), to);
      return reason;
    }
    const fields = WAKING.exec(rest);
    if (fields === null) return 'the fields of its waking cannot be read';
    const woken = task(fields[3]!, fields[4]!, '0');
    const target = Number(fields[5]);
    if (!SchedulerModel.holdsThread(woken.tid) || !SchedulerModel.holdsCpu(target)) {
      return 'its CPU or thread number is impossible';
    }
    const reason = this.begin('waking', stamp, bytes, cpu, Number(fields[2]));
    // The log does not tell the priority of a thread that is woken.
    if (reason === null) this.model.wakingUnknown(this.named(woken), target);
    return reason;
  }

  protected override warnings(): string[] {
    return this.states.warnings();
  }

  /** bpftrace does not say on which CPU it lost events: after it, who runs where is unknown on all. */
  private lose(events: number, number: number): void {
    this.model.lostSomewhere(events, number);
  }
}

const task = (name: string, tid: string, priority: string): Task => ({
  name,
  tid: Number(tid),
  priority: Number(priority),
});

export const bpftrace: TraceFormat = {
  name: 'bpftrace',
  title: 'the log of the bpftrace script sched.bt',
  recognise: (head) =>
    head.lines.some((line) => {
      const start = START.exec(line);
      return start !== null && (start[3] === 'switch' ? SWITCH : WAKING).test(line.slice(start[0].length));
    }),
  createOrder: () => (bytes, start, end) => {
    let time = 0;
    let at = start;
    for (; at < end && bytes[at]! >= 0x30 && bytes[at]! <= 0x39; at++) time = time * 10 + bytes[at]! - 0x30;
    return at === start ? NaN : time;
  },
  createReader: (context) => new BpftraceReader(context),
};
