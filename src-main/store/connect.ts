/** Connections to trace files that are only read. */
import { closeSync, fstatSync, openSync } from 'node:fs';
import Database from 'better-sqlite3';
import { WorkbenchError } from '#shared/base/errors.ts';
import { readFailure } from '#shared/base/file-errors.ts';
import { asTraceError } from './trace-errors.ts';

/** Opens `file` read-only and locked down. A finished trace has no side files, so a read-only medium will do. */
export function connectForReading(file: string): Database.Database {
  checkReadable(file);
  try {
    const db = new Database(file, { readonly: true, fileMustExist: true, timeout: 2000 });
    db.pragma('trusted_schema = OFF');
    db.pragma('cell_size_check = ON');
    db.pragma('temp_store = MEMORY');
    return db;
  } catch (thrown) {
    throw asTraceError(thrown, file);
  }
}

/** SQLite says little about a file that cannot be opened, and takes an empty one for a database. */
function checkReadable(file: string): void {
  let size: number;
  try {
    const descriptor = openSync(file, 'r');
    try {
      const stats = fstatSync(descriptor);
      if (stats.isDirectory()) throw Object.assign(new Error('is a folder'), { code: 'EISDIR' });
      size = stats.size;
    } finally {
      closeSync(descriptor);
    }
  } catch (thrown) {
    throw readFailure(file, thrown);
  }
  if (size === 0)
    throw new WorkbenchError('not-a-trace', `${file} is empty: there is no trace in it.`, { file });
}
