/** The program's own files and version. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The folder with the program's package.json: the checkout, or the package's app folder. */
export function programFolder(): string {
  let folder = import.meta.dirname;
  while (!existsSync(join(folder, 'package.json'))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error(`no package.json above ${import.meta.dirname}`);
    folder = parent;
  }
  return folder;
}

/** The samples and scenarios that come with the program. */
export const tracesFolder = (): string => join(programFolder(), 'traces');

export function programVersion(): string {
  const manifest = JSON.parse(readFileSync(join(programFolder(), 'package.json'), 'utf8')) as {
    version: string;
  };
  return manifest.version;
}

/** What a file says made it: name and version. */
export const programName = (): string => `schedctl-workbench ${programVersion()}`;
