/**
 * The bytes of a trace: a file, a pipe or this process's input, unpacked where it is compressed (by content), as
 * UTF-8, in chunks; the first of them looked at ahead.
 */
import { basename } from 'node:path';
import type { Readable } from 'node:stream';
import { WorkbenchError } from '#shared/base/errors.ts';
import { readFailure } from '#shared/base/file-errors.ts';
import type { FileIdentities } from '../../files/file-identity.ts';
import type { Head } from './head.ts';
import { openByteStream, type ByteStream } from './byte-stream.ts';
import { COMPRESSIONS, DamagedData } from './compression.ts';
import { Peekable } from './peekable.ts';
import { asUtf8 } from './text-encoding.ts';
import { isZip, openZip, type ZippedFile } from './zip.ts';

/** What the beginning of a file is: a little more than the longest header seen. */
const HEAD_BYTES = 64 * 1024;
/** Compressed data in compressed data, and so on: more than this is made to do harm. */
const MAX_LAYERS = 4;
/** atrace writes lines of its own before what it compresses. */
const START_BYTES = 1024;

export class SourceFile {
  readonly path: string;
  /** Size in bytes, compressed as it is; 0 for a pipe. */
  readonly size: number;
  /** Why the data ended early, as a sentence; null where they did not. */
  truncation: string | null = null;
  private readonly raw: Readable;
  private zipped: ZippedFile | null = null;
  private data: Peekable;
  private rawBytes = 0;
  private produced = 0;
  private known: Head | null = null;

  private constructor(path: string, { stream, size }: ByteStream) {
    this.path = path;
    this.size = size;
    this.raw = stream;
    this.data = new Peekable(this.counted());
  }

  /**
   * @param identities which file the name has to lead to
   * @throws WorkbenchError 'not-found' or 'unreadable'; 'not-permitted' where it leads to another file
   */
  static async open(path: string, identities?: FileIdentities): Promise<SourceFile> {
    let source: SourceFile | null = null;
    try {
      const opened = await openByteStream(path, identities);
      source = new SourceFile(path, opened);
      await source.unpack(opened.isFile, identities);
      return source;
    } catch (thrown) {
      await source?.close();
      throw readError(path, thrown);
    }
  }

  /** Bytes of the file read so far, compressed as they are. */
  get bytesRead(): number {
    return this.rawBytes;
  }

  /** The first bytes; reading goes on at the start all the same. */
  async head(): Promise<Head> {
    return (this.known ??= await this.beginning(HEAD_BYTES));
  }

  /** The same, of another length. */
  async beginning(length: number): Promise<Head> {
    const ahead = await this.data.peek(length);
    if (ahead.length === 0) await this.throwFailure();
    const whole = ahead.length < length || (ahead.length === length && this.data.isWholeAhead);
    const bytes = ahead.subarray(0, length);
    const text = bytes.toString('latin1');
    const lines = text.split('\n');
    if (!whole) lines.pop();
    return { bytes, text, lines, whole };
  }

  /** The data from the start. To be iterated once. */
  async *chunks(): AsyncGenerator<Buffer> {
    try {
      for await (const chunk of this.data) {
        this.produced += chunk.length;
        yield chunk;
      }
    } catch (thrown) {
      // What came out of cut compressed data is worth having; nothing at all is an error.
      if (!(thrown instanceof DamagedData) || this.produced === 0) throw readError(this.path, thrown);
      this.truncation =
        `${basename(this.path)} ends in the middle of its compressed data or is damaged there: ` +
        'what comes before is imported, the rest is missing.';
    }
  }

  async close(): Promise<void> {
    this.zipped?.stream.destroy();
    this.zipped?.close();
    if (this.raw.closed) return;
    await new Promise<void>((resolve) => {
      this.raw.once('close', () => resolve());
      // What it was waiting for is not wanted any more.
      this.raw.on('error', () => undefined);
      this.raw.destroy();
    });
  }

  private async unpack(isFile: boolean, identities: FileIdentities | undefined): Promise<void> {
    for (let layer = 0; ; layer++) {
      const start = await this.data.peek(START_BYTES);
      if (isZip(start)) {
        await this.unzip(layer, isFile, identities);
        continue;
      }
      const found = COMPRESSIONS.find((one) => one.find(start) >= 0);
      if (found === undefined) break;
      if (layer === MAX_LAYERS) {
        throw new WorkbenchError(
          'unreadable',
          `${this.path} is compressed more than ${MAX_LAYERS} times over: unpack it first.`,
          { file: this.path },
        );
      }
      this.data.skip(found.find(start));
      this.data = new Peekable(found.unpack(this.data));
    }
    this.data = new Peekable(await asUtf8(this.data));
  }

  /** A zip archive has its directory at its end, so it has to be a file. */
  private async unzip(layer: number, isFile: boolean, identities: FileIdentities | undefined): Promise<void> {
    if (layer > 0 || !isFile) {
      const where = layer > 0 ? 'inside other compressed data' : 'from a pipe';
      throw new WorkbenchError(
        'unreadable',
        `${this.path} is a zip archive ${where}, which has its directory at its end: unpack it first (unzip -p ARCHIVE).`,
        { file: this.path },
      );
    }
    this.zipped = await openZip(this.path, identities);
    this.data = new Peekable(this.countedZip(this.zipped.stream));
  }

  private async *counted(): AsyncGenerator<Buffer> {
    for await (const chunk of this.raw as AsyncIterable<Buffer>) {
      this.rawBytes += chunk.length;
      yield chunk;
    }
  }

  /** How far an archive's file has been read is not told: it counts as read when it is. */
  private async *countedZip(stream: Readable): AsyncGenerator<Buffer> {
    try {
      yield* stream as AsyncIterable<Buffer>;
    } catch (thrown) {
      throw new DamagedData('zip', thrown);
    }
    this.rawBytes = this.size;
  }

  /** Nothing came: why, where it is because of a failure. */
  private async throwFailure(): Promise<void> {
    const failed = this.data[Symbol.asyncIterator]().next();
    await failed.catch((thrown: unknown) => {
      throw readError(this.path, thrown);
    });
  }
}

/** Says what kept a file from being read. Errors meant for people pass through. */
export function readError(path: string, thrown: unknown): WorkbenchError {
  if (!(thrown instanceof DamagedData)) return readFailure(path, thrown);
  return new WorkbenchError(
    'unreadable',
    `${path} starts like a ${thrown.compression} file but cannot be unpacked (${thrown.message}): copy it again from its source.`,
    { file: path },
    { cause: thrown },
  );
}
