/**
 * Batches of plausible transitions for tests and benchmarks of the store: a small random scheduler with
 * slots, nopreempt windows, locks and decisions. Every `old` is what the field held, as in a real trace.
 */
import { CAUSE } from '#shared/model/causes.ts';
import { DECISION, OFF_CPU_REASON, PAGE_KIND, TS, WITHOUT_NOPREEMPT } from '#shared/model/enums.ts';
import { KIND, KIND_SPECS } from '#shared/model/kinds.ts';
import { MachineState, subjectIdOf } from '#shared/model/machine-state.ts';
import { runQueueId } from '#shared/model/queues.ts';
import { BATCH_ROWS, createBatch, type TransitionBatch } from '#shared/model/transition-batch.ts';

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

/** A row as an object, for naive models in tests. */
export interface SyntheticRow {
  readonly timeNs: number;
  readonly kind: number;
  readonly cpu: number;
  readonly lwp: number;
  readonly object: number;
  readonly cause: number;
  readonly oldValue: number;
  readonly newValue: number;
}

export class SyntheticTrace {
  private readonly options: Required<SyntheticOptions>;
  private readonly state = new MachineState();
  private randomState: number;
  private batch: TransitionBatch;
  private readonly full: TransitionBatch[] = [];
  private timeNs = 0;
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
  static rows(options: SyntheticOptions): SyntheticRow[] {
    const rows: SyntheticRow[] = [];
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
      this.set(KIND.lwp_alive, -1, lwp, 0, CAUSE.setup, 1);
      this.set(KIND.off_cpu_reason, -1, lwp, 0, CAUSE.setup, OFF_CPU_REASON.created);
      this.set(KIND.t_state, -1, lwp, 0, CAUSE.setup, TS.RUN);
      this.set(KIND.slot_allocated, -1, lwp, lwp, CAUSE.schedctl_shared_alloc, 1);
      this.set(KIND.slot_lwp, -1, lwp, lwp, CAUSE.schedctl_shared_alloc, lwp);
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
        this.set(KIND.user_spin, cpu, running, 0, CAUSE.spin, 1 - this.state.read(KIND.user_spin, running));
        break;
      default:
        this.set(
          KIND.ts_timeleft,
          cpu,
          running,
          0,
          CAUSE.ts_tick,
          this.state.read(KIND.ts_timeleft, running) - 1,
        );
        this.set(KIND.lbolt, cpu, running, 0, CAUSE.clock, this.state.read(KIND.lbolt, 0) + 1);
    }
  }

  private leave(cpu: number, lwp: number, tState: number, reason: number): void {
    this.set(KIND.user_spin, cpu, lwp, 0, CAUSE.spin, 0);
    this.set(KIND.off_cpu_reason, cpu, lwp, 0, CAUSE.preempt, reason);
    if (tState === TS.SLEEP) {
      this.set(KIND.t_wchan, cpu, lwp, 0, CAUSE.lwp_park, this.random(Math.max(1, this.options.locks)));
    }
    this.set(KIND.t_state, cpu, lwp, 0, CAUSE.preempt, tState);
    if (tState === TS.RUN) this.enqueue(lwp, this.random(this.options.cpus));
    this.set(KIND.sc_state, cpu, lwp, lwp, CAUSE.schedctl_save, tState);
    this.switchIn(cpu);
  }

  private switchIn(cpu: number): void {
    const next = this.state.queueHead(runQueueId(cpu, 10));
    if (next < 0) {
      this.set(KIND.cpu_dispthread, cpu, -1, 0, CAUSE.swtch, -1);
      return;
    }
    this.record(KIND.t_queue, cpu, next, -1, CAUSE.disp, this.state.read(KIND.t_queue, next), -1);
    this.set(KIND.disp_nrunnable, cpu, next, 0, CAUSE.disp, this.state.read(KIND.disp_nrunnable, cpu) - 1);
    this.set(KIND.off_cpu_reason, cpu, next, 0, CAUSE.resume, OFF_CPU_REASON.none);
    this.set(KIND.t_wchan, cpu, next, 0, CAUSE.resume, -1);
    this.set(KIND.t_state, cpu, next, 0, CAUSE.resume, TS.ONPROC);
    this.set(KIND.cpu_dispthread, cpu, next, 0, CAUSE.resume, next);
    this.set(KIND.sc_state, cpu, next, next, CAUSE.schedctl_restore, TS.ONPROC);
    this.store(KIND.sc_cpu, cpu, next, next, CAUSE.schedctl_restore, cpu);
  }

  private enqueue(lwp: number, cpu: number): void {
    const queue = runQueueId(cpu, 10);
    this.record(KIND.t_queue, cpu, lwp, this.state.queueTail(queue), CAUSE.setbackdq, -1, queue);
    this.set(
      KIND.disp_nrunnable,
      cpu,
      lwp,
      0,
      CAUSE.setbackdq,
      this.state.read(KIND.disp_nrunnable, cpu) + 1,
    );
  }

  private wakeOne(cpu: number): void {
    const lwp = this.random(this.options.lwps);
    if (this.state.read(KIND.t_state, lwp) !== TS.SLEEP) return;
    this.set(KIND.off_cpu_reason, cpu, lwp, 0, CAUSE.ts_wakeup, OFF_CPU_REASON.woken);
    this.set(KIND.t_wchan, cpu, lwp, 0, CAUSE.ts_wakeup, -1);
    this.set(KIND.t_state, cpu, lwp, 0, CAUSE.ts_wakeup, TS.RUN);
    this.enqueue(lwp, this.random(this.options.cpus));
  }

  private toggleNopreempt(cpu: number, lwp: number): void {
    if (this.state.read(KIND.sc_nopreempt, lwp) === 0) {
      this.set(KIND.sc_nopreempt, cpu, lwp, lwp, CAUSE.schedctl_start, 1);
      return;
    }
    const forced = this.random(8) === 0;
    this.set(
      KIND.sc_nopreempt,
      cpu,
      lwp,
      lwp,
      forced ? CAUSE.schedctl_set_nopreempt : CAUSE.schedctl_stop,
      0,
    );
    if (!forced && this.random(4) > 0) this.set(KIND.sc_yield, cpu, lwp, lwp, CAUSE.schedctl_set_yield, 0);
  }

  private toggleLock(cpu: number, lwp: number): void {
    if (this.options.locks === 0) return;
    const lock = this.random(this.options.locks);
    const owner = this.state.read(KIND.sync_owner, lock);
    if (owner === lwp) this.set(KIND.sync_owner, cpu, lwp, lock, CAUSE.lock_release, -1);
    else if (owner === -1) this.set(KIND.sync_owner, cpu, lwp, lock, CAUSE.lock_acquire, lwp);
  }

  private decide(cpu: number, lwp: number): void {
    if (this.state.read(KIND.sc_nopreempt, lwp) === 0) return;
    const outcome = this.random(5) === 0 ? DECISION.failsafe : DECISION.deferredAtTick;
    this.record(KIND.decision, cpu, lwp, outcome, CAUSE.ts_tick, -this.random(3), WITHOUT_NOPREEMPT.expired);
    this.set(KIND.sc_yield, cpu, lwp, lwp, CAUSE.schedctl_set_yield, 1);
  }

  /** Assigns a field where that changes it. */
  private set(kind: number, cpu: number, lwp: number, object: number, cause: number, value: number): void {
    if (this.state.read(kind, subjectIdOf(kind, cpu, lwp, object)) === value) return;
    this.store(kind, cpu, lwp, object, cause, value);
  }

  private store(kind: number, cpu: number, lwp: number, object: number, cause: number, value: number): void {
    const old = this.state.read(kind, subjectIdOf(kind, cpu, lwp, object));
    this.record(kind, cpu, lwp, object, cause, old, value);
  }

  private record(
    kind: number,
    cpu: number,
    lwp: number,
    object: number,
    cause: number,
    oldValue: number,
    newValue: number,
  ): void {
    if (this.written >= this.options.events) return;
    if (KIND_SPECS[kind]!.note !== true) this.state.apply(kind, cpu, lwp, object, newValue, 0);
    const row = this.batch.length++;
    const columns = this.batch.columns;
    columns.timeNs[row] = this.timeNs - (this.timeNs % this.options.stampNs);
    columns.kind[row] = kind;
    columns.cpu[row] = cpu;
    columns.lwp[row] = lwp;
    columns.object[row] = object;
    columns.cause[row] = cause;
    columns.oldValue[row] = oldValue;
    columns.newValue[row] = newValue;
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
