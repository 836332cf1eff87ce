/** Which parts of `npm test` a change can have broken. */
import { expect, test } from 'vitest';
import { partsFor, presentFiles } from './changed.mjs';

const present = [
  'src-main/threads/thread-url.ts',
  'src-main/store/read/identity.ts',
  'src-main/store/read/identity.test.ts',
  'src-main/store/testing/endless-writer.ts',
  'src-main/store/write/killed-writer.test.ts',
  'src-main/emulator/kernel/disp/ts.ts',
  'src-renderer/views/App.vue',
  'test/generate/generated-files.test.ts',
  'test/e2e/sql.spec.ts',
  'test/e2e/workbench.ts',
  'traces/scenarios/lock-convoy.yaml',
  'README.md',
];
const plan = (...changed: string[]) => Object.fromEntries(partsFor(changed, present));

test('nothing changed: nothing runs', () => expect(plan()).toEqual({}));

test('a file of the service side: its types, its lint, the tests that reach it by import or thread', () => {
  const { types, lint, unit, ...others } = plan('src-main/store/read/identity.ts');
  expect(types).toContain('src-main/tsconfig.json');
  expect(types).toContain('test/tsconfig.json');
  expect(types).not.toContain('src-renderer/tsconfig.json');
  expect(lint).toEqual(['src-main/store/read/identity.ts']);
  expect(unit).toEqual(
    expect.arrayContaining([
      '--related',
      'src-main/store/read/identity.ts',
      'src-main/threads/thread-url.ts',
    ]),
  );
  expect(others).toEqual({});
});

test('a file of the window: its types and the browser tests', () => {
  const parts = plan('src-renderer/views/App.vue');
  expect(parts.types).toContain('src-renderer/tsconfig.json');
  expect(parts.types).not.toContain('src-main/tsconfig.json');
  expect(parts.e2e).toEqual([]);
  expect(parts.components).toEqual([]);
});

test('a file that all layers share: all types', () => {
  expect(plan('src-shared/base/errors.ts').types).toHaveLength(9);
});

test('one browser test: that one; what they share: all of them', () => {
  expect(plan('test/e2e/sql.spec.ts').e2e).toEqual(['test/e2e/sql.spec.ts']);
  expect(plan('test/e2e/sql.spec.ts', 'test/e2e/workbench.ts').e2e).toEqual([]);
});

test('a program that a test starts: the tests of its room', () => {
  expect(plan('src-main/store/testing/endless-writer.ts').unit).toContain(
    'src-main/store/write/killed-writer.test.ts',
  );
});

test('what tests share is no part of the program: no browser', () => {
  const { e2e, desktop } = plan('src-shared/api/testing/request-samples.ts');
  expect([e2e, desktop]).toEqual([undefined, undefined]);
});

test('a scenario: all unit tests, as no import shows who reads it', () => {
  expect(plan('traces/scenarios/lock-convoy.yaml').unit).toEqual([]);
});

test('a document: what compares documents', () => {
  const { types, unit } = plan('README.md');
  expect(types).toBeUndefined();
  expect(unit).toEqual(['--related', 'test/generate/generated-files.test.ts']);
});

test('a deleted file is not linted', () => {
  expect(plan('src-main/store/gone.ts').lint).toBeUndefined();
});

test('what every tool reads: everything that does not need a browser', () => {
  expect(plan('package-lock.json')).toMatchObject({ types: [], lint: [], unit: [] });
});

test('the file that names the threads is where the plan looks for it', () => {
  expect(presentFiles().filter((file) => file.endsWith('/thread-url.ts'))).toHaveLength(1);
});
