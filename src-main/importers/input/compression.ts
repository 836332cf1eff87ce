/**
 * Compressed data as plain bytes, recognised by content. Streams with back-pressure: whatever is compressed in
 * them, no more of it is in memory than one block of its format.
 */
import { createRequire } from 'node:module';
import { pipeline, Readable, type Duplex } from 'node:stream';
import { createGunzip, createInflate } from 'node:zlib';
import type * as Xz from 'xz-decompress';
import { bunzip2 } from './bzip2.ts';
import { isZstd, unzstd } from './zstd.ts';

const CHUNK_BYTES = 1 << 18;

export interface Compression {
  /** For people: 'gzip'. */
  readonly name: string;
  /**
   * How many bytes from the beginning of `start` stand before the compressed data; -1 where it is none of this kind.
   */
  find(start: Buffer): number;
  unpack(source: AsyncIterable<Buffer>): AsyncIterable<Buffer>;
}

/** Compressed data that cannot be unpacked any further. */
export class DamagedData extends Error {
  readonly compression: string;

  constructor(compression: string, cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.compression = compression;
  }
}

/** The data cannot come from this stage: the source of it failed. */
class SourceFailure extends Error {}

const startsWith =
  (...magic: readonly number[]) =>
  (start: Buffer): number =>
    magic.every((byte, index) => start[index] === byte) ? 0 : -1;

/** RFC 1950: deflate, a window of 32 kB, one of the levels that zlib writes, and a check of both bytes. */
const isZlib = (first: number | undefined, second: number | undefined): boolean =>
  first === 0x78 && (second === 0x01 || second === 0x9c || second === 0xda || second === 0x5e);

/** What atrace writes before its compressed text, after lines of its own. */
const ATRACE = Buffer.from('TRACE:\n');

export const COMPRESSIONS: readonly Compression[] = [
  {
    name: 'gzip',
    find: startsWith(0x1f, 0x8b),
    unpack: throughStream('gzip', () => createGunzip({ chunkSize: CHUNK_BYTES })),
  },
  {
    name: 'zstd',
    find: (start) => (isZstd(start) ? 0 : -1),
    unpack: (source) => named('zstd', source, unzstd),
  },
  { name: 'xz', find: startsWith(0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00), unpack: unxz },
  { name: 'bzip2', find: isBzip2, unpack: (source) => named('bzip2', source, bunzip2) },
  {
    name: 'zlib',
    find(start) {
      // Its second byte may be `^`, but then the first two bytes are hardly text.
      if (isZlib(start[0], start[1]) && start[1] !== 0x5e) return 0;
      const at = start.indexOf(ATRACE);
      const data = at + ATRACE.length;
      return at >= 0 && isZlib(start[data], start[data + 1]) ? data : -1;
    },
    unpack: throughStream('zlib', () => createInflate({ chunkSize: CHUNK_BYTES })),
  },
];

/** `BZh`, the size of the blocks, and the first block or the end of all. */
function isBzip2(start: Buffer): number {
  const level = start[3]! - 0x30;
  const isStart = start.toString('latin1', 0, 3) === 'BZh' && level >= 1 && level <= 9;
  const next = start.toString('hex', 4, 10);
  return isStart && (next === '314159265359' || next === '177245385090') ? 0 : -1;
}

function throughStream(
  name: string,
  create: () => Duplex,
): (source: AsyncIterable<Buffer>) => AsyncIterable<Buffer> {
  return (source) =>
    named(name, source, async function* (guarded) {
      const stream = create();
      pipeline(Readable.from(guarded, { objectMode: false }), stream, () => undefined);
      yield* stream as AsyncIterable<Buffer>;
    });
}

const requireHere = createRequire(import.meta.url);

/**
 * The library, loaded anew. One copy of it unpacks one stream at a time and makes the next one wait for its end: two
 * files that are merged would wait for each other, and every file for one that was let go of in its middle.
 */
function newXz(): typeof Xz {
  const path = requireHere.resolve('xz-decompress');
  Reflect.deleteProperty(requireHere.cache, path);
  return requireHere(path) as typeof Xz;
}

async function* unxz(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield* named('xz', source, async function* (guarded) {
    const xz = newXz();
    const iterator = guarded[Symbol.asyncIterator]();
    const input = new ReadableStream<Uint8Array>({
      async pull(controller) {
        const next = await iterator.next();
        if (next.done === true) controller.close();
        else controller.enqueue(next.value);
      },
      async cancel() {
        await iterator.return?.();
      },
    });
    const output = new xz.XzReadableStream(input);
    for await (const chunk of output) yield Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  });
}

/** Runs `unpack` so that an error of its own is {@link DamagedData}, and one of the source stays what it is. */
async function* named(
  name: string,
  source: AsyncIterable<Buffer>,
  unpack: (source: AsyncIterable<Buffer>) => AsyncIterable<Buffer>,
): AsyncGenerator<Buffer> {
  const failure: { thrown?: unknown } = {};
  async function* guarded(): AsyncGenerator<Buffer> {
    try {
      yield* source;
    } catch (thrown) {
      failure.thrown = thrown;
      throw new SourceFailure('the source failed', { cause: thrown });
    }
  }
  try {
    yield* unpack(guarded());
  } catch (thrown) {
    if ('thrown' in failure) throw failure.thrown;
    throw new DamagedData(name, thrown);
  }
}
