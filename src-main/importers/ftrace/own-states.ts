/**
 * What perf recorded of single threads (without -a): its lines have no CPU, and only the events of those threads
 * are there. So a thread runs from the first line that names it until it leaves by a switch line, and again from
 * the next line that names it; when it was woken and when it came back to a CPU in between is not in the file.
 */
import type { Ns } from '#shared/base/brands.ts';
import { LEAVE } from '../scheduler-model/leave.ts';
import { OBSERVED } from '../scheduler-model/record-ring.ts';
import { NO_TASK, type SchedulerModel } from '../scheduler-model/scheduler-model.ts';
import { NAME_RANK } from '../scheduler-model/threads.ts';
import type { LineHeader } from './line.ts';
import type { Payload } from './payload.ts';

/** By LEAVE. */
const OBSERVED_AFTER = Int32Array.of(
  OBSERVED.preempted,
  OBSERVED.preempted,
  OBSERVED.sleeping,
  OBSERVED.uninterruptible,
  OBSERVED.uninterruptible,
  OBSERVED.stopped,
  OBSERVED.parked,
  OBSERVED.exited,
  OBSERVED.exited,
  OBSERVED.unknown,
);

export class OwnStates {
  private readonly model: SchedulerModel;
  private readonly payload: Payload;
  private readonly header: LineHeader;
  private readonly running = new Set<number>();
  private lines = 0;

  constructor(model: SchedulerModel, payload: Payload, header: LineHeader) {
    this.model = model;
    this.payload = payload;
    this.header = header;
  }

  /**
   * An event without a CPU; its header and fields have been read, and are in {@link LineHeader} and {@link Payload}.
   *
   * @param tid of the thread that ran, NO_TASK where the line does not say
   */
  event(timeNs: Ns, bytes: Buffer, tid: number, isSwitch: boolean, line: number): void {
    const { model, payload, header } = this;
    this.lines++;
    const own = isSwitch ? payload.tid : tid;
    model.beginAnywhere(timeNs, line);
    const lwp = own === NO_TASK ? -1 : model.thread(own);
    if (lwp < 0) return;
    model.name(lwp, bytes, header.commStart, header.commEnd, NAME_RANK.lookedUp);
    if (header.group > 0) model.threads.observeGroup(lwp, header.group);
    if (!this.running.has(lwp)) {
      this.running.add(lwp);
      model.observed(lwp, OBSERVED.running, -1);
    }
    if (!isSwitch) return;
    this.running.delete(lwp);
    model.observed(lwp, OBSERVED_AFTER[payload.leave]!, -1);
    if (payload.leave === LEAVE.dead || payload.leave === LEAVE.zombie) model.threads.end(lwp, model.timeNs);
  }

  warnings(): string[] {
    if (this.lines === 0) return [];
    return [
      'The lines name no CPU: perf recorded single threads. The trace shows their states but not their CPUs, their wakers or when they ' +
        'were switched in. Record the whole machine: perf record -a -e "sched:*", and print it with perf script --ns.',
    ];
  }
}
