import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { makeFolder } from './make-folder.ts';

const base = mkdtempSync(join(tmpdir(), 'make-folder-'));
afterAll(() => rmSync(base, { recursive: true }));

it('makes a folder with those above it, and takes one that is there', () => {
  const path = join(base, 'a/b/c');
  makeFolder(path);
  makeFolder(path);
  expect(statSync(path).isDirectory()).toBe(true);
});

it('says what is in the way', () => {
  writeFileSync(join(base, 'file'), '');
  for (const path of [join(base, 'file'), join(base, 'file/a'), join(base, 'file/a/b')]) {
    expect(() => makeFolder(path)).toThrow(/EEXIST|ENOTDIR/);
  }
});

it.skipIf(!existsSync('/proc/self'))('gives up where no folder can be made', () => {
  expect(() => makeFolder('/proc/nowhere/a/b')).toThrow('ENOENT');
});
