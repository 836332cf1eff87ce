/**
 * Where transitions are recorded as they happen: rows of a batch of columns. The emulator and the importers
 * both write through one, and hand on what has filled between two of their steps.
 *
 * Hot: {@link TransitionProbe.at} runs once a transition and allocates only when a batch is full and
 * none has come back. One step may overflow a batch without losing rows.
 */
import type { CauseId, CpuId, KindId, LwpId, Ns } from '../base/brands.ts';
import {
  BATCH_ROWS,
  createBatch,
  type Definition,
  type TransitionBatch,
  type TransitionColumns,
  type TransitionSink,
} from './transition-batch.ts';

export class TransitionProbe {
  /** Rows recorded since the start. */
  total = 0;
  private readonly rows: number;
  /** Time of the last row of the batch before the current one. */
  private handedOnNs = -1;
  private current: TransitionBatch;
  /** Columns of the current batch, here so that a row costs no way to them. */
  private timeNs: TransitionColumns['timeNs'];
  private kind: TransitionColumns['kind'];
  private cpu: TransitionColumns['cpu'];
  private lwp: TransitionColumns['lwp'];
  private object: TransitionColumns['object'];
  private cause: TransitionColumns['cause'];
  private oldValue: TransitionColumns['oldValue'];
  private newValue: TransitionColumns['newValue'];
  private length = 0;
  private readonly filled: TransitionBatch[] = [];
  private readonly spare: TransitionBatch[] = [];

  constructor(rows: number = BATCH_ROWS) {
    this.rows = rows;
    this.current = createBatch(rows);
    ({
      timeNs: this.timeNs,
      kind: this.kind,
      cpu: this.cpu,
      lwp: this.lwp,
      object: this.object,
      cause: this.cause,
      oldValue: this.oldValue,
      newValue: this.newValue,
    } = this.current.columns);
  }

  /**
   * Takes the next row and says when and where it happens, on whose behalf and by which function. To be followed by
   * {@link assign}, which says what happens.
   */
  at(timeNs: Ns, cpu: CpuId, lwp: LwpId, cause: CauseId): this {
    if (this.length === this.rows) this.finishBatch();
    const row = this.length++;
    this.timeNs[row] = timeNs;
    this.cpu[row] = cpu;
    this.lwp[row] = lwp;
    this.cause[row] = cause;
    this.total++;
    return this;
  }

  /** The row that {@link at} took: which field of which subject (see kinds.ts for `object`) becomes what. */
  assign(kind: KindId, object: number, oldValue: number, newValue: number): void {
    const row = this.length - 1;
    this.kind[row] = kind;
    this.object[row] = object;
    this.oldValue[row] = oldValue;
    this.newValue[row] = newValue;
  }

  /** Time of the last row recorded, -1 before the first. */
  get lastNs(): Ns {
    if (this.length > 0) return this.current.columns.timeNs[this.length - 1]!;
    return this.handedOnNs;
  }

  /** Announces a dimension row; it travels with the batch being filled, before any row that refers to it. */
  define(definition: Definition): void {
    this.current.definitions.push(definition);
  }

  /** Whether a batch is full and should be handed on before the next step. */
  get hasFilled(): boolean {
    return this.filled.length > 0 || this.length === this.rows;
  }

  /** The oldest full batch, or undefined. */
  takeFilled(): TransitionBatch | undefined {
    if (this.length === this.rows) this.finishBatch();
    return this.filled.shift();
  }

  /** Ends the recording: hands out what is in the last, partly filled batch (which may have no rows). */
  takeLast(): TransitionBatch {
    this.current.length = this.length;
    const last = this.current;
    this.startBatch();
    return last;
  }

  /** Hands what has filled to `sink`, waiting where it is busy, and takes its empty batches back. */
  async drain(sink: TransitionSink): Promise<void> {
    for (let batch = this.takeFilled(); batch !== undefined; batch = this.takeFilled()) {
      this.giveBack(await sink.write(batch));
    }
  }

  /** Hands everything to `sink`, the last batch partly filled. */
  async finish(sink: TransitionSink): Promise<void> {
    await this.drain(sink);
    const last = this.takeLast();
    if (last.length > 0 || last.definitions.length > 0) await sink.write(last);
  }

  /** Gives an emptied batch back for reuse. */
  giveBack(batch: TransitionBatch): void {
    batch.length = 0;
    batch.definitions = [];
    this.spare.push(batch);
  }

  private finishBatch(): void {
    this.current.length = this.length;
    this.handedOnNs = this.current.columns.timeNs[this.length - 1]!;
    this.filled.push(this.current);
    this.startBatch();
  }

  private startBatch(): void {
    this.current = this.spare.pop() ?? createBatch(this.rows);
    ({
      timeNs: this.timeNs,
      kind: this.kind,
      cpu: this.cpu,
      lwp: this.lwp,
      object: this.object,
      cause: this.cause,
      oldValue: this.oldValue,
      newValue: this.newValue,
    } = this.current.columns);
    this.length = 0;
  }
}
