/** The file that a command is to make. */
import { existsSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { WorkbenchError } from '#shared/base/errors.ts';

/**
 * Checks the name given with -o before any work is done. Returns the absolute path.
 *
 * @throws WorkbenchError 'usage' where the file is there and may not be replaced, 'write-failed' where its folder is not
 */
export function outputFile(name: string, force: boolean): string {
  const path = resolve(name);
  const folder = dirname(path);
  if (!existsSync(folder)) {
    throw new WorkbenchError(
      'write-failed',
      `There is no folder ${folder} to write ${name} into: create it first.`,
      {
        file: path,
      },
    );
  }
  if (existsSync(path)) {
    if (statSync(path).isDirectory()) {
      throw new WorkbenchError('usage', `${name} is a folder: give the name of the file to write.`, {
        file: path,
      });
    }
    if (!force) {
      throw new WorkbenchError(
        'write-failed',
        `${name} exists already: give another name, or --force to replace it.`,
        {
          file: path,
        },
      );
    }
  }
  return path;
}
