/**
 * Where the emulator's transitions go: rows of a batch of columns.
 *
 * Hot: {@link TransitionProbe.record} runs once a transition and allocates only when a batch is full and
 * no spare one has been given back. The caller drains {@link TransitionProbe.takeFilled} between steps, so
 * one step of the emulator may overflow a batch without losing rows.
 */
import {
  BATCH_ROWS,
  createBatch,
  type Definition,
  type TransitionBatch,
  type TransitionColumns,
} from '#shared/model/transition-batch.ts';

export class TransitionProbe {
  /** Rows recorded since the start. */
  total = 0;
  private readonly rows: number;
  private current: TransitionBatch;
  private columns: TransitionColumns;
  private length = 0;
  private readonly filled: TransitionBatch[] = [];
  private readonly spare: TransitionBatch[] = [];

  constructor(rows: number = BATCH_ROWS) {
    this.rows = rows;
    this.current = createBatch(rows);
    this.columns = this.current.columns;
  }

  record(
    timeNs: number,
    kind: number,
    cpu: number,
    lwp: number,
    object: number,
    cause: number,
    oldValue: number,
    newValue: number,
  ): void {
    const row = this.length;
    const columns = this.columns;
    columns.timeNs[row] = timeNs;
    columns.kind[row] = kind;
    columns.cpu[row] = cpu;
    columns.lwp[row] = lwp;
    columns.object[row] = object;
    columns.cause[row] = cause;
    columns.oldValue[row] = oldValue;
    columns.newValue[row] = newValue;
    this.total++;
    this.length = row + 1;
    if (this.length === this.rows) this.finishBatch();
  }

  /** Announces a dimension row; it travels with the batch being filled, before any row that refers to it. */
  define(definition: Definition): void {
    this.current.definitions.push(definition);
  }

  /** Whether a batch is full and should be handed on before the next step. */
  get hasFilled(): boolean {
    return this.filled.length > 0;
  }

  /** The oldest full batch, or undefined. */
  takeFilled(): TransitionBatch | undefined {
    return this.filled.shift();
  }

  /** Ends the recording: hands out what is in the last, partly filled batch (which may have no rows). */
  takeLast(): TransitionBatch {
    this.current.length = this.length;
    const last = this.current;
    this.startBatch();
    return last;
  }

  /** Gives an emptied batch back for reuse. */
  giveBack(batch: TransitionBatch): void {
    batch.length = 0;
    batch.definitions = [];
    this.spare.push(batch);
  }

  private finishBatch(): void {
    this.current.length = this.length;
    this.filled.push(this.current);
    this.startBatch();
  }

  private startBatch(): void {
    this.current = this.spare.pop() ?? createBatch(this.rows);
    this.columns = this.current.columns;
    this.length = 0;
  }
}
