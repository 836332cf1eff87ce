import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { SetupFailure } from './setup-failure.mjs';
import { isDatabase, traceOf } from './trace-to-show.mjs';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'to-show-'));
  mkdirSync(join(folder, 'folder.sctrace'));
  writeFileSync(join(folder, 'empty.sctrace'), '');
  writeFileSync(join(folder, 'trace'), 'SQLite format 3\0 and what follows');
});
afterAll(() => rmSync(folder, { recursive: true }));

test('a trace is known by its beginning, whatever its name, and taken as it is', async () => {
  const trace = join(folder, 'trace');
  expect(await traceOf(trace, () => undefined)).toBe(trace);
  expect(isDatabase(join(folder, 'empty.sctrace'))).toBe(false);
});

test.each([
  ['folder.sctrace', 'it is a folder. Name a file in it.'],
  ['missing.sctrace', 'there is no such file. Check the path.'],
  ['trace/below', 'there is no such file. Check the path.'],
])('%s: %s', async (name, says) => {
  const file = join(folder, name);
  const failure = traceOf(file, () => undefined);
  await expect(failure).rejects.toBeInstanceOf(SetupFailure);
  await expect(failure).rejects.toThrow(`${file}: ${says}`);
});
