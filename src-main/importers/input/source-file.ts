/** The bytes of a file, decompressed where it is gzip (by content), as chunks; the first of them looked at ahead. */
import { createReadStream, type ReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { createGunzip, type Gunzip } from 'node:zlib';
import { WorkbenchError } from '#shared/base/errors.ts';
import { readFailure } from '#shared/base/file-errors.ts';
import type { Head } from '../format.ts';

const CHUNK_BYTES = 1 << 18;
/** What formats are recognised by; a little more than the longest header seen. */
const HEAD_BYTES = 64 * 1024;
/** What editors of some systems put before UTF-8 text; no part of its first line. */
const BYTE_ORDER_MARK = Buffer.of(0xef, 0xbb, 0xbf);

export class SourceFile {
  readonly path: string;
  /** Why the data ended early, as a sentence; null where they did not. */
  truncation: string | null = null;
  private readonly file: ReadStream;
  private readonly gunzip: Gunzip | null;
  private readonly iterator: AsyncIterator<Buffer>;
  private readonly ahead: Buffer[] = [];
  private ended = false;
  private produced = 0;
  private known: Head | null = null;

  private constructor(path: string, compressed: boolean) {
    this.path = path;
    this.file = createReadStream(path, { highWaterMark: CHUNK_BYTES });
    this.gunzip = compressed ? createGunzip({ chunkSize: CHUNK_BYTES }) : null;
    if (this.gunzip !== null) {
      const gunzip = this.gunzip;
      this.file.on('error', (error) => gunzip.destroy(error));
      this.file.pipe(gunzip);
    }
    this.iterator = (this.gunzip ?? this.file)[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  }

  /** Throws WorkbenchError 'not-found' or 'unreadable'. */
  static async open(path: string): Promise<SourceFile> {
    try {
      if ((await stat(path)).isDirectory()) {
        throw new WorkbenchError('unreadable', `${path} is a folder, not a trace file.`, { file: path });
      }
      const handle = await open(path, 'r');
      try {
        const magic = Buffer.alloc(2);
        await handle.read(magic, 0, 2, 0);
        return new SourceFile(path, magic[0] === 0x1f && magic[1] === 0x8b);
      } finally {
        await handle.close();
      }
    } catch (thrown) {
      throw readError(path, thrown);
    }
  }

  /** Bytes of the file read so far, compressed as they are. */
  get bytesRead(): number {
    return this.file.bytesRead;
  }

  /** The first bytes; reading goes on at the start all the same. */
  async head(): Promise<Head> {
    if (this.known !== null) return this.known;
    const parts: Buffer[] = [];
    let length = 0;
    while (length < HEAD_BYTES) {
      const chunk = await this.next();
      if (chunk === null) break;
      parts.push(chunk);
      length += chunk.length;
    }
    this.ahead.unshift(...parts);
    const whole = length < HEAD_BYTES;
    const bytes = Buffer.concat(parts).subarray(0, HEAD_BYTES);
    const text = bytes.toString('latin1');
    const lines = text.split('\n');
    if (!whole) lines.pop();
    this.known = { bytes, text, lines, whole };
    return this.known;
  }

  /** The data from the start. To be iterated once. */
  async *chunks(): AsyncGenerator<Buffer> {
    while (this.ahead.length > 0) yield this.ahead.shift()!;
    for (;;) {
      const chunk = await this.next();
      if (chunk === null) return;
      yield chunk;
    }
  }

  async close(): Promise<void> {
    this.gunzip?.destroy();
    if (this.file.closed) return;
    await new Promise<void>((resolve) => {
      this.file.once('close', () => resolve());
      this.file.destroy();
    });
  }

  private async next(): Promise<Buffer | null> {
    if (this.ended) return null;
    try {
      const result = await this.iterator.next();
      if (result.done === true) {
        this.ended = true;
        return null;
      }
      const first = this.produced === 0;
      this.produced += result.value.length;
      return first && result.value.indexOf(BYTE_ORDER_MARK) === 0
        ? result.value.subarray(BYTE_ORDER_MARK.length)
        : result.value;
    } catch (thrown) {
      this.ended = true;
      // What came out of cut compressed data is worth having; nothing at all is an error.
      if (this.gunzip !== null && this.produced > 0 && isZlibError(thrown)) {
        this.truncation =
          `${basename(this.path)} ends in the middle of its compressed data or is damaged there: ` +
          'what comes before is imported, the rest is missing.';
        return null;
      }
      throw readError(this.path, thrown);
    }
  }
}

function isZlibError(thrown: unknown): boolean {
  return thrown instanceof Error && 'code' in thrown && String(thrown.code).startsWith('Z_');
}

/** Says what kept a file from being read. Errors meant for people pass through. */
export function readError(path: string, thrown: unknown): WorkbenchError {
  if (thrown instanceof WorkbenchError) return thrown;
  if (!isZlibError(thrown)) return readFailure(path, thrown);
  const reason = thrown instanceof Error ? thrown.message : String(thrown);
  return new WorkbenchError(
    'unreadable',
    `${path} starts like a gzip file but cannot be decompressed (${reason}): copy it again from its source.`,
    { file: path },
    { cause: thrown },
  );
}
