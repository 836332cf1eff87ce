import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, expect, it } from 'vitest';
import { readLockLog } from './lock-log.ts';

const folder = mkdtempSync(join(tmpdir(), 'endless-log-'));
afterAll(() => rmSync(folder, { recursive: true }));

const HEADER = 'tid,want_ns,acq_ns,rel_ns\n';
const rows = (count: number): string =>
  Array.from({ length: count }, (_, at) => `7,${at}000,${at}100,${at}900\n`).join('');

it('is refused where it has more acquisitions than are held', async () => {
  const path = join(folder, 'endless.csv');
  writeFileSync(path, HEADER + rows(2001));
  await expect(readLockLog(path, undefined, { acquisitions: 2000 })).rejects.toThrow(
    'endless.csv has more than 2,000 acquisitions, which is all that is read of a lock log',
  );
  expect(await readLockLog(path, undefined, { acquisitions: 2001 })).toMatchObject({
    count: 2001,
    skipped: [],
  });
});

it.each([
  ['lines that are none', 'x,y,z\n'],
  ['empty lines', '\n'],
  ['a line without an end', 'x'],
])('is refused where %s go on and on after the last acquisition', async (_, text) => {
  const path = join(folder, 'tail.csv.gz');
  writeFileSync(path, gzipSync(HEADER + rows(1) + text.repeat(Math.floor((3 << 20) / text.length))));
  const limits = { acquisitions: 2000, unreadBytes: 1 << 20 };
  await expect(readLockLog(path, undefined, limits)).rejects.toThrow(
    /^tail\.csv\.gz has no acquisition in more than 1 MB of text, from line \d+ on, .* what comes there is no lock log/,
  );
});
