/**
 * The machine under emulation: its state, its clock, who runs where, and the probe that sees every change.
 *
 * Everything that the emulated kernel or user code changes goes through {@link Machine.set} (or one of its
 * siblings), which assigns the field in {@link MachineState} and records the row. So the trace is complete
 * by construction: what was not recorded did not happen.
 *
 * Hot: `get` and `set` run several times a transition and allocate nothing.
 */
import type { CauseId, KindId, LwpId } from '#shared/base/brands.ts';
import { NONE } from '#shared/base/none.ts';
import { KIND, KIND_SPECS, type Subject } from '#shared/model/kinds.ts';
import { MachineState } from '#shared/model/machine-state.ts';
import type { Definition } from '#shared/model/transition-batch.ts';
import type { TransitionProbe } from '#shared/model/transition-probe.ts';

const SHAPE = { lwp: 0, cpu: 1, slot: 2, object: 3 } as const;
const ROW_SHAPE = Uint8Array.from(KIND_SPECS, (spec) =>
  spec.subject === 'lwp'
    ? SHAPE.lwp
    : spec.subject === 'cpu'
      ? SHAPE.cpu
      : spec.subject === 'slot'
        ? SHAPE.slot
        : SHAPE.object,
);

export class Machine {
  readonly state = new MachineState();
  readonly probe: TransitionProbe;
  /** Virtual time, nanoseconds since the start. */
  timeNs = 0;
  /** CPU that executes the code that runs now, {@link NONE} for the world outside. */
  cpuNow: number = NONE;
  /** LWP on whose behalf it runs (curthread), {@link NONE} for interrupts on an idle CPU and the world outside. */
  curthread: number = NONE;

  constructor(probe: TransitionProbe) {
    this.probe = probe;
  }

  /** Value of a field. */
  get(kind: KindId, id: number): number {
    return this.state.columns[kind]![id]!;
  }

  /**
   * Assigns a field; a row is recorded where the value changes. The subject must have been created with {@link ensure}.
   */
  set(kind: KindId, id: number, value: number, cause: CauseId): void {
    const old = this.state.columns[kind]![id]!;
    if (old === value) return;
    this.store(kind, id, value, cause);
  }

  /** Assigns a field and records a row even where the value stays the same (sc_cpu: the store itself counts). */
  store(kind: KindId, id: number, value: number, cause: CauseId): void {
    const old = this.state.write(kind, id, value);
    let cpu = this.cpuNow;
    let lwp = this.curthread;
    let object = 0;
    switch (ROW_SHAPE[kind]) {
      case SHAPE.lwp:
        lwp = id;
        break;
      case SHAPE.cpu:
        cpu = id;
        break;
      case SHAPE.slot:
        lwp = this.state.columns[KIND.slot_lwp]![id]!;
        object = id;
        break;
      default:
        object = id;
    }
    this.probe.at(this.timeNs, cpu, lwp, cause).assign(kind, object, old, value);
  }

  /** Records a decision of preemption control; see the `decision` kind. */
  decide(lwp: LwpId, outcome: number, place: number, timeleft: number, without: number): void {
    this.probe.at(this.timeNs, this.cpuNow, lwp, place).assign(KIND.decision, outcome, timeleft, without);
  }

  /** Records a mark that the program of `lwp` makes; see the `user_mark` kind. */
  mark(lwp: LwpId, mark: number, cause: CauseId): void {
    this.probe.at(this.timeNs, this.cpuNow, lwp, cause).assign(KIND.user_mark, mark, 0, mark);
  }

  /** Links `lwp` on a queue just behind `after` ({@link NONE}: at the head). It must be on no queue. */
  enqueue(lwp: LwpId, queue: number, after: number, cause: CauseId): void {
    this.state.insertIntoQueue(lwp, queue, after);
    this.probe.at(this.timeNs, this.cpuNow, lwp, cause).assign(KIND.t_queue, after, NONE, queue);
  }

  /** Unlinks `lwp` from its queue. */
  dequeue(lwp: LwpId, cause: CauseId): void {
    const queue = this.state.columns[KIND.t_queue]![lwp]!;
    this.state.removeFromQueue(lwp);
    this.probe.at(this.timeNs, this.cpuNow, lwp, cause).assign(KIND.t_queue, NONE, queue, NONE);
  }

  /** Makes room for a subject before it is written for the first time. */
  ensure(subject: Subject, id: number): void {
    this.state.ensure(subject, id);
  }

  /** Names a subject in the trace's dimension tables. */
  define(definition: Definition): void {
    this.probe.define(definition);
  }
}
