import { expect, test } from 'vitest';
import { WorkbenchError } from './errors.ts';
import { readFailure } from './file-errors.ts';

const systemError = (code: string): Error => Object.assign(new Error(`${code}: says the system`), { code });

test.each([
  ['ENOENT', 'not-found', 'There is no file /a/b: check the path.'],
  ['ENOTDIR', 'not-found', 'There is no file /a/b: check the path.'],
  [
    'EACCES',
    'unreadable',
    'Permission to read /a/b is denied: check the permissions of the file and its folder.',
  ],
  ['EISDIR', 'unreadable', '/a/b is a folder: name a file in it.'],
  ['EIO', 'unreadable', '/a/b cannot be read (EIO).'],
])('%s is %s, in a sentence that names the file', (code, kind, message) => {
  expect(readFailure('/a/b', systemError(code))).toMatchObject({
    code: kind,
    message,
    context: { file: '/a/b' },
  });
});

test('what is meant for people already stays as it is', () => {
  const error = new WorkbenchError('busy', 'Somebody records to it.');
  expect(readFailure('/a/b', error)).toBe(error);
});
