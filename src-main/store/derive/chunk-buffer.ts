/** Chunks on their way to the file, one behind the other. Allocates only while it grows. */
import type { ChunkRows } from './derived-batch.ts';

const FIRST_BYTES = 1 << 16;

export class ChunkBuffer {
  private bytes = new Uint8Array(FIRST_BYTES);
  private length = 0;
  private ids: number[] = [];
  private ends: number[] = [];
  private readonly spare: Uint8Array<ArrayBuffer>[] = [];

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
    this.ids.push(id);
    this.ends.push(end);
  }

  /** Hands over the chunks so far, and goes on without them. */
  take(): ChunkRows {
    const { ids, ends, bytes } = this;
    this.ids = [];
    this.ends = [];
    this.length = 0;
    this.bytes = this.spare.pop() ?? new Uint8Array(bytes.length);
    return { ids, ends, bytes };
  }

  /** Takes back what {@link take} handed out. */
  reuse(bytes: Uint8Array<ArrayBuffer>): void {
    this.spare.push(bytes);
  }
}
