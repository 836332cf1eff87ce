/**
 * What a trace may be packed in, and where it may come from: the bytes of the plain file, and the memory of a stream.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SourceFile } from './source-file.ts';

const packed = (name: string): string =>
  new URL(`../../../test/fixtures/packed/${name}`, import.meta.url).pathname;
const run = promisify(execFile);

let folder: string;
let plain: Buffer;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'packed-'));
  plain = await readFile(packed('trace.txt'));
});
afterEach(() => rm(folder, { recursive: true }));

async function read(path: string): Promise<{ data: Buffer; truncation: string | null }> {
  const source = await SourceFile.open(path);
  try {
    await source.head();
    const chunks: Buffer[] = [];
    for await (const chunk of source.chunks()) chunks.push(chunk);
    return { data: Buffer.concat(chunks), truncation: source.truncation };
  } finally {
    await source.close();
  }
}

async function readBytes(bytes: Buffer): ReturnType<typeof read> {
  const path = join(folder, 'file');
  await writeFile(path, bytes);
  return read(path);
}

/** A zip archive of empty files that are called `0`, `1` and so on (APPNOTE.TXT 4.3.7, 4.3.12 and 4.3.16). */
function zipOfEmptyFiles(count: number): Buffer {
  const files: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (let file = 0; file < count; file++) {
    const name = Buffer.from(`${file}`);
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(name.length, 26);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt16LE(name.length, 28);
    entry.writeUInt32LE(at, 42);
    files.push(local, name);
    directory.push(entry, name);
    at += local.length + name.length;
  }
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(count, 8);
  end.writeUInt16LE(count, 10);
  end.writeUInt32LE(
    directory.reduce((sum, { length }) => sum + length, 0),
    12,
  );
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...files, ...directory, end]);
}

const utf16 = (text: string, isBigEndian: boolean): Buffer => {
  const bytes = Buffer.from(text, 'utf16le');
  return isBigEndian ? bytes.swap16() : bytes;
};

describe('packed data', () => {
  it.each(['trace.txt.xz', 'trace.txt.bz2', 'trace.zip'])('%s is unpacked', async (name) => {
    expect(await read(packed(name))).toEqual({ data: plain, truncation: null });
  });

  it.each(['twice.txt.xz', 'twice.txt.bz2'])('%s, two files joined, is read to its end', async (name) => {
    expect((await read(packed(name))).data).toEqual(Buffer.concat([plain, plain]));
  });

  it.each(['trace.txt.xz', 'trace.txt.bz2', 'trace.zip'])(
    '%s is read while another one is, and after one that was let go of',
    async (name) => {
      const left = await SourceFile.open(packed(name));
      const [one, other] = [await SourceFile.open(packed(name)), await SourceFile.open(packed(name))];
      const chunks = [one, other].map((source) => source.chunks());
      const texts = ['', ''];
      for (let open = 2; open > 0;) {
        for (const [index, chunk] of (await Promise.all(chunks.map((each) => each.next()))).entries()) {
          if (chunk.done === true) open--;
          else texts[index] += chunk.value.toString('latin1');
        }
      }
      expect(texts).toEqual([plain.toString('latin1'), plain.toString('latin1')]);
      await Promise.all([left, one, other].map((source) => source.close()));
    },
  );

  it('gzip, zstd and zlib are told by content, joined ones read to their end', async () => {
    const twice = Buffer.concat([plain, plain]);
    expect((await readBytes(Buffer.concat([gzipSync(plain), gzipSync(plain)]))).data).toEqual(twice);
    const skippable = Buffer.from('502a4d1803000000616263', 'hex');
    const frames = [skippable, zstdCompressSync(plain), skippable, zstdCompressSync(plain)];
    expect((await readBytes(Buffer.concat(frames))).data).toEqual(twice);
    expect((await readBytes(deflateSync(plain))).data).toEqual(plain);
  });

  it('what atrace -z writes is unpacked from where its data begins', async () => {
    const text = (await read(packed('atrace.txt'))).data.toString();
    expect(text).toContain('# tracer: nop');
    expect(text).toContain('sched_switch: prev_comm=');
    const capturing = Buffer.from('capturing trace... done\n');
    const bytes = Buffer.concat([capturing, await readFile(packed('atrace.txt'))]);
    expect((await readBytes(bytes)).data.toString()).toBe(text);
  });

  it('layers are unpacked one after the other, but not without an end', async () => {
    expect((await readBytes(gzipSync(zstdCompressSync(plain)))).data).toEqual(plain);
    let bytes = plain;
    for (let layer = 0; layer < 6; layer++) bytes = gzipSync(bytes);
    await expect(readBytes(bytes)).rejects.toMatchObject({
      code: 'unreadable',
      message: expect.stringContaining('compressed more than 4 times over') as string,
    });
  });

  it.each([
    ['gzip', (bytes: Buffer) => gzipSync(bytes)],
    ['zstd', (bytes: Buffer) => zstdCompressSync(bytes)],
  ])('cut %s data gives what comes before the cut, and says so', async (_name, pack) => {
    const long = Buffer.from(Array.from({ length: 200_000 }, (_, line) => `${line * 7919}\n`).join(''));
    const bytes = pack(long);
    const { data, truncation } = await readBytes(bytes.subarray(0, Math.floor(bytes.length * 0.8)));
    expect(data.length).toBeGreaterThan(0);
    expect(long.subarray(0, data.length)).toEqual(data);
    expect(truncation).toContain('ends in the middle of its compressed data');
  });

  it.each(['trace.txt.xz', 'trace.txt.bz2'])('%s cut before anything came out is an error', async (name) => {
    const bytes = await readFile(packed(name));
    await expect(readBytes(bytes.subarray(0, 30))).rejects.toMatchObject({ code: 'unreadable' });
  });

  it.each([
    [1000, 'with 1000 files (0, 1, 2, 3, 4, …)'],
    [1001, 'with 1,001 entries: unpack it'],
    [60_000, 'with 60,000 entries: unpack it'],
  ])('of a zip archive with %i files none is taken, and it says how many there are', async (count, says) => {
    await expect(readBytes(zipOfEmptyFiles(count))).rejects.toThrow(says);
  });

  it('says what is in a zip archive that cannot be taken', async () => {
    await expect(read(packed('two-files.zip'))).rejects.toThrow(
      'with 2 files (trace.txt, other.txt): unpack it',
    );
    await expect(read(packed('encrypted.zip'))).rejects.toThrow('with a password: unpack it first');
    const bytes = await readFile(packed('trace.zip'));
    await expect(readBytes(bytes.subarray(0, 200))).rejects.toThrow('is a zip archive that cannot be read');
    await expect(read(packed('sha256.xz'))).rejects.toThrow('cannot be unpacked');
  });

  it('a little data that unpacks to very much is never in memory as a whole', async () => {
    const before = process.memoryUsage().rss;
    const source = await SourceFile.open(packed('zeros-96mb.bz2'));
    let length = 0;
    let most = before;
    for await (const chunk of source.chunks()) {
      length += chunk.length;
      if (length % (16 << 20) < chunk.length) most = Math.max(most, process.memoryUsage().rss);
    }
    await source.close();
    expect(length).toBe(96 << 20);
    expect(most - before).toBeLessThan(200 << 20);
  }, 60_000);
});

describe('UTF-32', () => {
  const utf32 = (text: string, isBigEndian: boolean): Buffer => {
    const codes = [...`\ufeff${text}`].map((character) => character.codePointAt(0)!);
    const bytes = Buffer.alloc(codes.length * 4);
    codes.forEach((code, index) =>
      isBigEndian ? bytes.writeUInt32BE(code, index * 4) : bytes.writeUInt32LE(code, index * 4),
    );
    return bytes;
  };

  it.each([false, true])('with a mark is read (big endian: %s)', async (isBigEndian) => {
    expect((await readBytes(utf32(plain.toString(), isBigEndian))).data).toEqual(plain);
  });
});

describe('UTF-16', () => {
  it.each([
    ['little-endian', false],
    ['big-endian', true],
  ])('%s is read with and without a byte order mark', async (_name, isBigEndian) => {
    const text = plain.toString();
    expect((await readBytes(utf16(`\ufeff${text}`, isBigEndian))).data).toEqual(plain);
    expect((await readBytes(utf16(text, isBigEndian))).data).toEqual(plain);
    expect((await readBytes(gzipSync(utf16(text, isBigEndian)))).data).toEqual(plain);
  });

  it('other characters of a name survive, and the mark of UTF-8 is no part of the text', async () => {
    const text = '# tracer: nop\n ünïcödé-12 [000] 1.0: 汉字😀\n'.repeat(2000);
    expect((await readBytes(utf16(`\ufeff${text}`, false))).data.toString()).toBe(text);
    expect((await readBytes(Buffer.from(`\ufeff${text}`))).data.toString()).toBe(text);
  });
});

describe('what is no file', () => {
  it('a named pipe is read to its end, packed or not', async () => {
    const pipe = join(folder, 'pipe');
    await run('mkfifo', [pipe]);
    for (const bytes of [plain, zstdCompressSync(plain), await readFile(packed('trace.txt.xz'))]) {
      const [{ data }] = await Promise.all([read(pipe), writeFile(pipe, bytes)]);
      expect(data).toEqual(plain);
    }
  });

  it('a zip archive from a pipe is refused with what to do', async () => {
    const pipe = join(folder, 'pipe');
    await run('mkfifo', [pipe]);
    const bytes = await readFile(packed('trace.zip'));
    const [answer] = await Promise.allSettled([read(pipe), writeFile(pipe, bytes)]);
    expect(answer).toMatchObject({ reason: { message: expect.stringContaining('unzip -p') as string } });
  });

  it('a folder, a socket and a file that is not there are said to be so', async () => {
    await expect(read(folder)).rejects.toThrow('is a folder');
    await expect(read(join(folder, 'none'))).rejects.toMatchObject({ code: 'not-found' });
    const path = join(folder, 'socket');
    const server = await new Promise<Server>((resolve) => {
      const made = createServer().listen(path, () => resolve(made));
    });
    await expect(read(path)).rejects.toMatchObject({ code: 'unreadable' });
    await new Promise((resolve) => server.close(resolve));
  });
});
