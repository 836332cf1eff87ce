import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { DatedPaths } from './dated-path.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'recordings-'));
});
afterEach(() => rm(folder, { recursive: true }));

const NOON = new Date(2026, 2, 1, 12, 30, 5);
const pathsIn = (...names: string[]): DatedPaths => new DatedPaths(join(folder, ...names), () => NOON);
const nameFor = (of: string): string => basename(pathsIn('new').next(of, '.sctrace'));

it('names a recording after what it is of, and when', () => {
  expect(nameFor('lock-convoy.yaml')).toBe('lock-convoy-2026-03-01-123005.sctrace');
  expect(nameFor('trace.ftrace.txt.gz')).toBe('trace.ftrace-2026-03-01-123005.sctrace');
});

it('keeps letters of any language and takes out what names and paths cannot have', () => {
  expect(nameFor('Größe: 10/20 *new*')).toBe('Größe-10-20-new-2026-03-01-123005.sctrace');
  expect(nameFor('../../etc/passwd')).toBe('etc-passwd-2026-03-01-123005.sctrace');
  expect(nameFor('...')).toBe('trace-2026-03-01-123005.sctrace');
  expect(nameFor('x'.repeat(300)).length).toBeLessThan(100);
});

it('never gives a name that a trace or an unfinished one has', async () => {
  const paths = pathsIn();
  const first = paths.next('a', '.sctrace');
  await writeFile(first, '');
  const second = paths.next('a', '.sctrace');
  expect(basename(second)).toBe('a-2026-03-01-123005-2.sctrace');
  await writeFile(`${second}.part`, '');
  expect(basename(paths.next('a', '.sctrace'))).toBe('a-2026-03-01-123005-3.sctrace');
});

it('never gives a name twice, even before there is a file', () => {
  const paths = pathsIn();
  const names = [1, 2, 3].map(() => paths.next('a', '.sctrace'));
  expect(new Set(names).size).toBe(3);
});

it('says which folder cannot be made', async () => {
  await writeFile(join(folder, 'file'), '');
  expect(() => pathsIn('file', 'x').next('a', '.sctrace')).toThrowError(
    expect.objectContaining({
      code: 'write-failed',
      message: expect.stringContaining(join(folder, 'file')) as string,
    }) as Error,
  );
});
