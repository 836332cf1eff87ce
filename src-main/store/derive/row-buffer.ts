/**
 * Rows of a derived table on their way to the file: values one after the other, row after row, as whole numbers in
 * 64-bit floats. Hot: a caller fills `values` from {@link begin} on; allocates only while it grows.
 */
import type { RowValues } from './derived-batch.ts';

/** Larger ones are let go of. */
const MOST_VALUES_KEPT = 1 << 19;

export class RowBuffer {
  /** May be replaced by {@link begin}. */
  values: Float64Array<ArrayBuffer>;
  /** Values so far. */
  length = 0;
  private readonly columns: number;
  private readonly spare: Float64Array<ArrayBuffer>[] = [];

  constructor(columns: number, rows = 1024) {
    this.columns = columns;
    this.values = new Float64Array(columns * rows);
  }

  /** Index in {@link values} of the first value of a new row. */
  begin(): number {
    const at = this.length;
    this.length = at + this.columns;
    if (this.length > this.values.length) {
      const grown = new Float64Array(this.values.length * 2);
      grown.set(this.values);
      this.values = grown;
    }
    return at;
  }

  /** Hands over the rows so far, and goes on without them. The array may be longer than they are. */
  take(): RowValues {
    const taken = { values: this.values, length: this.length };
    this.values = this.spare.pop() ?? new Float64Array(Math.min(this.values.length, MOST_VALUES_KEPT));
    this.length = 0;
    return taken;
  }

  /** Takes back what {@link take} handed out. */
  reuse(values: Float64Array<ArrayBuffer>): void {
    if (values.length <= MOST_VALUES_KEPT) this.spare.push(values);
  }
}
