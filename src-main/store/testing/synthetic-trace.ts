/**
 * Batches of plausible transitions for tests and benchmarks of the store: a small random scheduler with
 * slots, nopreempt windows, locks and decisions. Every `old` is what the field held, as in a real trace.
 */
import type { CauseId, CpuId, KindId, LwpId, Ns } from '#shared/base/brands.ts';
import { NONE } from '#shared/base/none.ts';
import { CAUSE } from '#shared/model/causes.ts';
import { DECISION, OFF_CPU_REASON, PAGE_KIND, TS, WITHOUT_NOPREEMPT } from '#shared/model/enums.ts';
import { KIND } from '#shared/model/kinds.ts';
import { MachineState, subjectIdOf } from '#shared/model/machine-state.ts';
import { runQueueId } from '#shared/model/queues.ts';
import {
  BATCH_ROWS,
  createBatch,
  setTransition,
  type Transition,
  type TransitionBatch,
} from '#shared/model/transition-batch.ts';

export interface SyntheticOptions {
  readonly events: number;
  readonly seed?: number;
  readonly cpus?: number;
  readonly lwps?: number;
  readonly locks?: number;
  readonly batchRows?: number;
  /** Resolution of the clock: what happens within is at one time. 1 by default. */
  readonly stampNs?: number;
}

export class SyntheticTrace {
  private readonly options: Required<SyntheticOptions>;
  private readonly state = new MachineState();
  private randomState: number;
  private batch: TransitionBatch;
  private readonly full: TransitionBatch[] = [];
  private timeNs: Ns = 0;
  private cpu: CpuId = NONE;
  private lwp: LwpId = NONE;
  private cause: CauseId = CAUSE.setup;
  private written = 0;

  constructor(options: SyntheticOptions) {
    this.options = { seed: 1, cpus: 4, lwps: 16, locks: 3, batchRows: BATCH_ROWS, stampNs: 1, ...options };
    this.randomState = this.options.seed * 2654435761 + 1;
    this.batch = createBatch(this.options.batchRows);
    this.setUp();
  }

  /** All batches in order, the last partly filled. */
  *batches(): Iterable<TransitionBatch> {
    while (this.written < this.options.events) {
      this.step();
      while (this.full.length > 0) yield this.full.shift()!;
    }
    if (this.batch.length > 0 || this.batch.definitions.length > 0) yield this.batch;
  }

  /** All rows as objects. */
  static rows(options: SyntheticOptions): Transition[] {
    const rows: Transition[] = [];
    for (const batch of new SyntheticTrace(options).batches()) {
      const { timeNs, kind, cpu, lwp, object, cause, oldValue, newValue } = batch.columns;
      for (let i = 0; i < batch.length; i++) {
        rows.push({
          timeNs: timeNs[i]!,
          kind: kind[i]!,
          cpu: cpu[i]!,
          lwp: lwp[i]!,
          object: object[i]!,
          cause: cause[i]!,
          oldValue: oldValue[i]!,
          newValue: newValue[i]!,
        });
      }
    }
    return rows;
  }

  private setUp(): void {
    const { cpus, lwps, locks } = this.options;
    const define = this.batch.definitions;
    define.push({ table: 'process', id: 0, pid: 100, name: 'database' });
    define.push({ table: 'page', id: 0, process: 0, address: 0xfe000000, kind: PAGE_KIND.schedctl });
    for (let id = 0; id < cpus; id++) define.push({ table: 'cpu', id, name: `cpu${id}` });
    for (let id = 0; id < lwps; id++) {
      define.push({ table: 'lwp', id, process: 0, lwpNumber: id + 1, name: `worker-${id}` });
    }
    for (let id = 0; id < locks; id++)
      define.push({ table: 'sync', id, process: 0, kind: 1, name: `lock-${id}` });
    for (let lwp = 0; lwp < lwps; lwp++) {
      this.at(-1, lwp, CAUSE.setup).set(KIND.lwp_alive, 0, 1);
      this.at(-1, lwp, CAUSE.setup).set(KIND.off_cpu_reason, 0, OFF_CPU_REASON.created);
      this.at(-1, lwp, CAUSE.setup).set(KIND.t_state, 0, TS.RUN);
      this.at(-1, lwp, CAUSE.schedctl_shared_alloc).set(KIND.slot_allocated, lwp, 1);
      this.at(-1, lwp, CAUSE.schedctl_shared_alloc).set(KIND.slot_lwp, lwp, lwp);
      this.enqueue(lwp, lwp % cpus);
    }
  }

  private step(): void {
    this.timeNs += 1 + this.random(8000);
    const cpu = this.random(this.options.cpus);
    const running = this.state.read(KIND.cpu_dispthread, cpu);
    if (running < 0) {
      this.wakeOne(cpu);
      this.switchIn(cpu);
      return;
    }
    switch (this.random(10)) {
      case 0:
      case 1:
        this.leave(cpu, running, TS.RUN, OFF_CPU_REASON.preempted);
        break;
      case 2:
        this.leave(cpu, running, TS.SLEEP, OFF_CPU_REASON.lock);
        break;
      case 3:
        this.toggleNopreempt(cpu, running);
        break;
      case 4:
        this.toggleLock(cpu, running);
        break;
      case 5:
        this.decide(cpu, running);
        break;
      case 6:
        this.wakeOne(cpu);
        break;
      case 7:
        this.at(cpu, running, CAUSE.spin).set(
          KIND.user_spin,
          0,
          1 - this.state.read(KIND.user_spin, running),
        );
        break;
      default:
        this.at(cpu, running, CAUSE.ts_tick).set(
          KIND.ts_timeleft,
          0,
          this.state.read(KIND.ts_timeleft, running) - 1,
        );
        this.at(cpu, running, CAUSE.clock).set(KIND.lbolt, 0, this.state.read(KIND.lbolt, 0) + 1);
    }
  }

  private leave(cpu: number, lwp: number, tState: number, reason: number): void {
    this.at(cpu, lwp, CAUSE.spin).set(KIND.user_spin, 0, 0);
    this.at(cpu, lwp, CAUSE.preempt).set(KIND.off_cpu_reason, 0, reason);
    if (tState === TS.SLEEP) {
      this.at(cpu, lwp, CAUSE.lwp_park).set(KIND.t_wchan, 0, this.random(Math.max(1, this.options.locks)));
    }
    this.at(cpu, lwp, CAUSE.preempt).set(KIND.t_state, 0, tState);
    if (tState === TS.RUN) this.enqueue(lwp, this.random(this.options.cpus));
    this.at(cpu, lwp, CAUSE.schedctl_save).set(KIND.sc_state, lwp, tState);
    this.switchIn(cpu);
  }

  private switchIn(cpu: number): void {
    const next = this.state.queueHead(runQueueId(cpu, 10));
    if (next < 0) {
      this.at(cpu, -1, CAUSE.swtch).set(KIND.cpu_dispthread, 0, -1);
      return;
    }
    this.at(cpu, next, CAUSE.disp).assign(KIND.t_queue, -1, this.state.read(KIND.t_queue, next), -1);
    this.at(cpu, next, CAUSE.disp).set(KIND.disp_nrunnable, 0, this.state.read(KIND.disp_nrunnable, cpu) - 1);
    this.at(cpu, next, CAUSE.resume).set(KIND.off_cpu_reason, 0, OFF_CPU_REASON.none);
    this.at(cpu, next, CAUSE.resume).set(KIND.t_wchan, 0, -1);
    this.at(cpu, next, CAUSE.resume).set(KIND.t_state, 0, TS.ONPROC);
    this.at(cpu, next, CAUSE.resume).set(KIND.cpu_dispthread, 0, next);
    this.at(cpu, next, CAUSE.schedctl_restore).set(KIND.sc_state, next, TS.ONPROC);
    this.at(cpu, next, CAUSE.schedctl_restore).store(KIND.sc_cpu, next, cpu);
  }

  private enqueue(lwp: number, cpu: number): void {
    const queue = runQueueId(cpu, 10);
    this.at(cpu, lwp, CAUSE.setbackdq).assign(KIND.t_queue, this.state.queueTail(queue), -1, queue);
    this.at(cpu, lwp, CAUSE.setbackdq).set(
      KIND.disp_nrunnable,
      0,
      this.state.read(KIND.disp_nrunnable, cpu) + 1,
    );
  }

  private wakeOne(cpu: number): void {
    const lwp = this.random(this.options.lwps);
    if (this.state.read(KIND.t_state, lwp) !== TS.SLEEP) return;
    this.at(cpu, lwp, CAUSE.ts_wakeup).set(KIND.off_cpu_reason, 0, OFF_CPU_REASON.woken);
    this.at(cpu, lwp, CAUSE.ts_wakeup).set(KIND.t_wchan, 0, -1);
    this.at(cpu, lwp, CAUSE.ts_wakeup).set(KIND.t_state, 0, TS.RUN);
    this.enqueue(lwp, this.random(this.options.cpus));
  }

  private toggleNopreempt(cpu: number, lwp: number): void {
    if (this.state.read(KIND.sc_nopreempt, lwp) === 0) {
      this.at(cpu, lwp, CAUSE.schedctl_start).set(KIND.sc_nopreempt, lwp, 1);
      return;
    }
    const forced = this.random(8) === 0;
    this.at(cpu, lwp, forced ? CAUSE.schedctl_set_nopreempt : CAUSE.schedctl_stop).set(
      KIND.sc_nopreempt,
      lwp,
      0,
    );
    if (!forced && this.random(4) > 0) this.at(cpu, lwp, CAUSE.schedctl_set_yield).set(KIND.sc_yield, lwp, 0);
  }

  private toggleLock(cpu: number, lwp: number): void {
    if (this.options.locks === 0) return;
    const lock = this.random(this.options.locks);
    const owner = this.state.read(KIND.sync_owner, lock);
    if (owner === lwp) this.at(cpu, lwp, CAUSE.lock_release).set(KIND.sync_owner, lock, -1);
    else if (owner === -1) this.at(cpu, lwp, CAUSE.lock_acquire).set(KIND.sync_owner, lock, lwp);
  }

  private decide(cpu: number, lwp: number): void {
    if (this.state.read(KIND.sc_nopreempt, lwp) === 0) return;
    const outcome = this.random(5) === 0 ? DECISION.failsafe : DECISION.deferredAtTick;
    this.at(cpu, lwp, CAUSE.ts_tick).assign(
      KIND.decision,
      outcome,
      -this.random(3),
      WITHOUT_NOPREEMPT.expired,
    );
    this.at(cpu, lwp, CAUSE.schedctl_set_yield).set(KIND.sc_yield, lwp, 1);
  }

  /** Where what follows happens, on whose behalf and by which function. */
  private at(cpu: CpuId, lwp: LwpId, cause: CauseId): this {
    this.cpu = cpu;
    this.lwp = lwp;
    this.cause = cause;
    return this;
  }

  /** Assigns a field where that changes it. */
  private set(kind: KindId, object: number, value: number): void {
    if (this.read(kind, object) !== value) this.store(kind, object, value);
  }

  private store(kind: KindId, object: number, value: number): void {
    this.assign(kind, object, this.read(kind, object), value);
  }

  private read(kind: KindId, object: number): number {
    return this.state.read(kind, subjectIdOf(kind, this.cpu, this.lwp, object));
  }

  private assign(kind: KindId, object: number, oldValue: number, newValue: number): void {
    if (this.written >= this.options.events) return;
    const { cpu, lwp, cause } = this;
    const { columns } = this.batch;
    const timeNs = this.timeNs - (this.timeNs % this.options.stampNs);
    const row = this.batch.length++;
    setTransition(columns, row, { timeNs, kind, cpu, lwp, object, cause, oldValue, newValue });
    this.state.apply(columns, row, 0);
    this.written++;
    if (this.batch.length === columns.timeNs.length) {
      this.full.push(this.batch);
      this.batch = createBatch(this.options.batchRows);
    }
  }

  /** A number from 0 to `below` - 1 (xorshift: the same on every machine). */
  private random(below: number): number {
    let x = this.randomState | 0;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.randomState = x;
    return (x >>> 0) % below;
  }
}
