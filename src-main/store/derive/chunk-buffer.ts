/** Chunks on their way to the file, one behind the other. Allocates only while it grows. */
import type { ChunkRows } from './derived-batch.ts';
import { RowBuffer } from './row-buffer.ts';

const FIRST_BYTES = 1 << 16;
/** Where that much waits, it should be handed over: a commit of very many series has tens of megabytes. */
const ENOUGH_BYTES = 1 << 21;
/** Larger ones are let go of. */
const MOST_BYTES_KEPT = 1 << 22;

export class ChunkBuffer {
  private bytes = new Uint8Array(FIRST_BYTES);
  private length = 0;
  private readonly rows = new RowBuffer(2);
  private readonly spare: Uint8Array<ArrayBuffer>[] = [];

  get hasEnough(): boolean {
    return this.length >= ENOUGH_BYTES;
  }

  /** Copies a chunk. */
  add(id: number, data: Uint8Array): void {
    const end = this.length + data.length;
    if (end > this.bytes.length) {
      const grown = new Uint8Array(Math.max(end, this.bytes.length * 2));
      grown.set(this.bytes.subarray(0, this.length));
      this.bytes = grown;
    }
    this.bytes.set(data, this.length);
    this.length = end;
    const at = this.rows.begin();
    const { values } = this.rows;
    values[at] = id;
    values[at + 1] = end;
  }

  /** Hands over the chunks so far, and goes on without them. */
  take(): ChunkRows {
    const { bytes } = this;
    this.length = 0;
    this.bytes = this.spare.pop() ?? new Uint8Array(Math.min(bytes.length, MOST_BYTES_KEPT));
    return { rows: this.rows.take(), bytes };
  }

  /** Takes back what {@link take} handed out. */
  reuse({ rows, bytes }: ChunkRows): void {
    this.rows.reuse(rows.values);
    if (bytes.length <= MOST_BYTES_KEPT) this.spare.push(bytes);
  }
}
