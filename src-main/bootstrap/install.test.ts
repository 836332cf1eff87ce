import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { matchesLock } from './install.mjs';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'install-'));
  mkdirSync(join(folder, 'node_modules'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const write = (file: string, packages: object) =>
  writeFileSync(join(folder, file), JSON.stringify({ packages }));
const wanted = {
  '': { version: '0.1.0' },
  'node_modules/zod': { version: '4.6.7' },
  'node_modules/fsevents': { version: '2.3.3', optional: true },
};

test('nothing is installed before npm has finished once', () => {
  write('package-lock.json', wanted);
  expect(matchesLock(folder)).toBe(false);
});

test('packages for other systems may be missing', () => {
  write('package-lock.json', wanted);
  write('node_modules/.package-lock.json', { 'node_modules/zod': { version: '4.6.7' } });
  expect(matchesLock(folder)).toBe(true);
});

test.each([
  ['a missing package', {}],
  ['another version', { 'node_modules/zod': { version: '4.6.6' } }],
  [
    'another version of an optional package',
    { 'node_modules/zod': { version: '4.6.7' }, 'node_modules/fsevents': { version: '2.3.2' } },
  ],
])('%s is noticed', (_what, installed) => {
  write('package-lock.json', wanted);
  write('node_modules/.package-lock.json', installed);
  expect(matchesLock(folder)).toBe(false);
});
