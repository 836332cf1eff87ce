/**
 * Opens a file for reading: once, without waiting, and only if it is a regular file. A name in a folder can be a pipe
 * without a writer, an endless device, or something else a moment later; an open descriptor cannot change.
 */
import { closeSync, constants, fstatSync, openSync, type BigIntStats, type Stats } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { WorkbenchError } from '#shared/base/errors.ts';
import { readFailure } from '#shared/base/file-errors.ts';

/** Opening a named pipe waits for its writer without this. */
const FLAGS = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/** Throws WorkbenchError 'not-found' or 'unreadable'. The caller closes the descriptor. */
export function openRegularSync(path: string): { readonly descriptor: number; readonly size: number } {
  let descriptor: number | null = null;
  try {
    descriptor = openSync(path, FLAGS);
    const stats = fstatSync(descriptor);
    refuseSpecial(path, stats);
    return { descriptor, size: stats.size };
  } catch (thrown) {
    if (descriptor !== null) closeSync(descriptor);
    throw readFailure(path, thrown);
  }
}

/** The same without holding up the thread. */
export async function openRegular(path: string): Promise<FileHandle> {
  let file: FileHandle | null = null;
  try {
    file = await open(path, FLAGS);
    refuseSpecial(path, await file.stat());
    return file;
  } catch (thrown) {
    await file?.close();
    throw readFailure(path, thrown);
  }
}

function refuseSpecial(path: string, stats: Stats | BigIntStats): void {
  if (stats.isFile()) return;
  if (stats.isDirectory()) throw Object.assign(new Error('is a folder'), { code: 'EISDIR' });
  const kind = stats.isFIFO() ? 'a pipe' : stats.isSocket() ? 'a socket' : 'a device';
  throw new WorkbenchError('unreadable', `${path} is ${kind}, not a file: name a file.`, { file: path });
}
