/**
 * Rows on their way to the sink: fills batches synchronously, hands full ones on between chunks of the
 * source. Hot: {@link TransitionWriter.row} runs once a row and allocates nothing while batches come back.
 */
import {
  BATCH_ROWS,
  createBatch,
  type Definition,
  type TransitionBatch,
  type TransitionSink,
} from '#shared/model/transition-batch.ts';

export class TransitionWriter {
  /** Rows written so far. */
  total = 0;
  private current: TransitionBatch = createBatch();
  private columns = this.current.columns;
  private length = 0;
  private readonly filled: TransitionBatch[] = [];
  private readonly spare: TransitionBatch[] = [];

  /** Writes one row; see kinds.ts for what the columns hold. Times must not fall. */
  row(
    timeNs: number,
    kind: number,
    cpu: number,
    lwp: number,
    object: number,
    cause: number,
    oldValue: number,
    newValue: number,
  ): void {
    const columns = this.columns;
    const row = this.length;
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
    if (this.length === BATCH_ROWS) {
      this.current.length = BATCH_ROWS;
      this.filled.push(this.current);
      this.start(this.spare.pop() ?? createBatch());
    }
  }

  /** Adds a dimension row; it reaches the sink before or with the first row written after it. */
  define(definition: Definition): void {
    this.current.definitions.push(definition);
  }

  /** Hands full batches to the sink; waits where it is busy. */
  async drain(sink: TransitionSink): Promise<void> {
    for (;;) {
      const batch = this.filled.shift();
      if (batch === undefined) return;
      this.spare.push(await sink.write(batch));
    }
  }

  /** Hands everything to the sink, the last batch partly filled. */
  async finish(sink: TransitionSink): Promise<void> {
    await this.drain(sink);
    if (this.length === 0 && this.current.definitions.length === 0) return;
    this.current.length = this.length;
    const last = this.current;
    this.start(createBatch(0));
    await sink.write(last);
  }

  private start(batch: TransitionBatch): void {
    batch.length = 0;
    batch.definitions = [];
    this.current = batch;
    this.columns = batch.columns;
    this.length = 0;
  }
}
