/**
 * zstd as a stream. Node's decompressor ends with the first frame, and files have several: parallel compressors
 * write them, and joining files does. So each is found by its head and the heads of its blocks (RFC 8878).
 */
import { pipeline, Readable } from 'node:stream';
import { createZstdDecompress } from 'node:zlib';

const CHUNK_BYTES = 1 << 18;
const MAGIC = 0xfd2fb528;
const SKIPPABLE_MAGIC = 0x184d2a50;
const SKIPPABLE_MASK = 0xfffffff0;
const RLE_BLOCK = 1;
const RESERVED_BLOCK = 3;
const CHECKSUM_BYTES = 4;

/** Whether bytes are the beginning of a frame. */
export function isZstd(start: Buffer): boolean {
  if (start.length < 4) return false;
  const magic = start.readUInt32LE(0);
  return magic === MAGIC || isSkippable(magic);
}

const isSkippable = (magic: number): boolean => (magic & SKIPPABLE_MASK) >>> 0 === SKIPPABLE_MAGIC;

/** Bytes of a stream, by number. */
class Input {
  private readonly source: AsyncIterator<Buffer>;
  private chunk: Buffer = Buffer.alloc(0);

  constructor(source: AsyncIterable<Buffer>) {
    this.source = source[Symbol.asyncIterator]();
  }

  async isAtEnd(): Promise<boolean> {
    while (this.chunk.length === 0) {
      const next = await this.source.next();
      if (next.done === true) return true;
      this.chunk = next.value;
    }
    return false;
  }

  /** The next `bytes` bytes, in pieces. */
  async *pieces(bytes: number): AsyncGenerator<Buffer> {
    for (let left = bytes; left > 0;) {
      if (await this.isAtEnd()) throw new Error('the data ends in the middle of a frame');
      const piece = this.chunk.subarray(0, left);
      this.chunk = this.chunk.subarray(piece.length);
      left -= piece.length;
      yield piece;
    }
  }

  async take(bytes: number): Promise<Buffer> {
    const pieces: Buffer[] = [];
    for await (const piece of this.pieces(bytes)) pieces.push(piece);
    return Buffer.concat(pieces);
  }
}

/** @throws Error where the data is damaged or ends early; what comes before has been yielded */
export async function* unzstd(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const input = new Input(source);
  while (!(await input.isAtEnd())) {
    const magic = await input.take(4);
    if (isSkippable(magic.readUInt32LE(0))) {
      const size = (await input.take(4)).readUInt32LE(0);
      for await (const _ of input.pieces(size)) void _;
      continue;
    }
    if (magic.readUInt32LE(0) !== MAGIC) throw new Error('what follows a frame is none');
    const stream = createZstdDecompress({ chunkSize: CHUNK_BYTES });
    pipeline(Readable.from(frame(magic, input), { objectMode: false }), stream, () => undefined);
    yield* stream as AsyncIterable<Buffer>;
  }
}

/** The bytes of one frame. */
async function* frame(magic: Buffer, input: Input): AsyncGenerator<Buffer> {
  const descriptor = await input.take(1);
  yield magic;
  yield descriptor;
  const flags = descriptor[0]!;
  yield* input.pieces(headerBytes(flags));
  for (let isLast = false; !isLast;) {
    const head = await input.take(3);
    yield head;
    const bits = head.readUIntLE(0, 3);
    isLast = (bits & 1) === 1;
    const type = (bits >>> 1) & 3;
    if (type === RESERVED_BLOCK) throw new Error('a block of it is of no known kind');
    yield* input.pieces(type === RLE_BLOCK ? 1 : bits >>> 3);
  }
  if ((flags & 4) !== 0) yield* input.pieces(CHECKSUM_BYTES);
}

/** Length of the rest of a frame's head, by its descriptor: window, dictionary, size of the content. */
function headerBytes(flags: number): number {
  const isSingleSegment = (flags & 0x20) !== 0;
  const dictionary = [0, 1, 2, 4][flags & 3]!;
  const content = [isSingleSegment ? 1 : 0, 2, 4, 8][flags >>> 6]!;
  return (isSingleSegment ? 0 : 1) + dictionary + content;
}
