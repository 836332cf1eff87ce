/** The file that a command is to make. */
import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { WorkbenchError } from '#shared/base/errors.ts';
import { checkOutputFile, type OutputRules } from '#main/files/output-name.ts';

/**
 * Checks the name given with -o before any work is done. Returns the absolute path.
 *
 * @param rules what --force allows, and the files that the command reads
 * @throws WorkbenchError 'usage' where the name is empty, a folder or a file that is read; 'write-failed' where
 *   something is there that may not be replaced, or its folder is not
 */
export function outputFile(name: string, rules: OutputRules): string {
  const path = outputPath(name);
  // By the name as it was given, which is how it is spoken of.
  checkOutputFile(name, rules);
  return path;
}

/**
 * The absolute path of a name given with -o, whose folder is there. Throws WorkbenchError 'usage' or 'write-failed'.
 */
export function outputPath(name: string): string {
  if (name === '') throw new WorkbenchError('usage', 'The name after -o is empty: name the file to write.');
  const path = resolve(name);
  const folder = dirname(path);
  if (!existsSync(folder)) {
    throw new WorkbenchError(
      'write-failed',
      `The folder ${folder} for ${name} does not exist: create it first.`,
      { file: path },
    );
  }
  return path;
}
