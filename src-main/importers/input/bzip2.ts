/**
 * bzip2 as a stream, with the decoder of unbzip2-stream block by block: its own stream unpacks all the blocks that
 * it has been given at once, and a few hundred kilobytes of them can hold gigabytes.
 */
import bzip2 from 'unbzip2-stream/lib/bzip2.js';
import bitIterator from 'unbzip2-stream/lib/bit_iterator.js';

const BYTES_PER_LEVEL = 100_000;
/** What a block takes at most when it is compressed, beside its size: data that does not compress grows a little. */
const BLOCK_OVERHEAD = 25_000;
const HEADER_BYTES = 4;
const OUT_BYTES = 1 << 20;
const SLICE_BYTES = 1 << 18;

/** One block as it is unpacked. */
class Block {
  private bytes = Buffer.allocUnsafe(OUT_BYTES);
  private length = 0;

  readonly put = (byte: number): void => {
    if (this.length === this.bytes.length) {
      const next = Buffer.allocUnsafe(this.bytes.length * 2);
      this.bytes.copy(next);
      this.bytes = next;
    }
    this.bytes[this.length++] = byte;
  };

  /** What has come since the last time, in pieces. They are only valid until the next block. */
  *take(): Generator<Buffer> {
    for (let at = 0; at < this.length; at += SLICE_BYTES) {
      yield Buffer.from(this.bytes.subarray(at, Math.min(this.length, at + SLICE_BYTES)));
    }
    this.length = 0;
  }
}

/**
 * @throws Error where the data is damaged or ends early; what comes before has been yielded
 */
export async function* bunzip2(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const input = source[Symbol.asyncIterator]();
  const queue: Buffer[] = [];
  let received = 0;
  let ended = false;
  const fill = async (bytes: number, read: number): Promise<void> => {
    while (!ended && received - read < bytes) {
      const next = await input.next();
      if (next.done === true) ended = true;
      else if (next.value.length > 0) {
        queue.push(next.value);
        received += next.value.length;
      }
    }
  };
  await fill(HEADER_BYTES, 0);
  const bits = bitIterator(() => {
    const next = queue.shift();
    if (next === undefined) throw new Error('the data ends in the middle of a block');
    return next;
  });
  const block = new Block();
  for (;;) {
    await fill(HEADER_BYTES, bits.bytesRead);
    if (received <= bits.bytesRead) return;
    const level = bzip2.header(bits);
    const size = level * BYTES_PER_LEVEL;
    const scratch = new Int32Array(size);
    for (let check: number | null = 0; check !== null;) {
      await fill(size + BLOCK_OVERHEAD, bits.bytesRead);
      check = bzip2.decompress(bits, block.put, scratch, size, check);
      yield* block.take();
    }
  }
}
