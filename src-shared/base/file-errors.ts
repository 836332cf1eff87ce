/** Translates the system's errors when reading a file for the person who named it. */
import { WorkbenchError } from './errors.ts';

/**
 * @param thrown the system's error, with its `code` (ENOENT, EACCES, ...); a WorkbenchError passes through
 * @returns 'not-found' or 'unreadable', with the path in the sentence and in the context
 */
export function readFailure(path: string, thrown: unknown): WorkbenchError {
  if (thrown instanceof WorkbenchError) return thrown;
  const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : '';
  const options = { cause: thrown };
  const context = { file: path };
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return new WorkbenchError('not-found', `There is no file ${path}: check the path.`, context, options);
    case 'EACCES':
    case 'EPERM':
      return new WorkbenchError(
        'unreadable',
        `Permission to read ${path} is denied: check the permissions of the file and its folder.`,
        context,
        options,
      );
    case 'EISDIR':
      return new WorkbenchError('unreadable', `${path} is a folder: name a file in it.`, context, options);
  }
  const reason = code || (thrown instanceof Error ? thrown.message : String(thrown));
  return new WorkbenchError('unreadable', `${path} cannot be read (${reason}).`, context, options);
}
