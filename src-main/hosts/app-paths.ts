/** Where the program's own files are, whether it runs from source, from dist/ or from a package. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The folder with the program's package.json: the checkout, or the package's app folder. */
export function appRoot(): string {
  let folder = import.meta.dirname;
  while (!existsSync(join(folder, 'package.json'))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error(`no package.json above ${import.meta.dirname}`);
    folder = parent;
  }
  return folder;
}

/** The built window: index.html and its assets. */
export const rendererDir = (): string => join(appRoot(), 'dist', 'renderer');
