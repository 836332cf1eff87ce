/** Where things are in a checkout. */
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

/** @param {string[]} parts */
export const inRoot = (...parts) => join(root, ...parts);

/** Node 24, which comes with the project: what runs everything but the bootstrap. */
export const projectNode = inRoot(
  'node_modules/node/bin',
  process.platform === 'win32' ? 'node.exe' : 'node',
);

/** What can be made again at any time; not in git. */
export const cacheDir = inRoot('.cache');

/**
 * @param {string} file as the person wrote it; npm changes the folder but keeps the first one
 * @returns {string} absolute path
 */
export const asWritten = (file) => resolve(process.env.INIT_CWD ?? process.cwd(), file);
