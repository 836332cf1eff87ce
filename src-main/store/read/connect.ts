/** Connections to trace files that are only read. */
import {
  constants,
  copyFileSync,
  lstatSync,
  mkdtempSync,
  openSync,
  closeSync,
  readSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { WorkbenchError } from '#shared/base/errors.ts';
import { readFailure } from '#shared/base/file-errors.ts';
import { openRegularSync } from '../../files/open-regular.ts';
import { settle } from './side-files.ts';
import { WITH_LOG, WRITE_VERSION_AT } from '../format/schema.ts';
import { asTraceError } from '../format/trace-errors.ts';

/** What the header says of both for a rollback journal. */
const WITH_JOURNAL = Buffer.from([1, 1]);

/**
 * Opens `file` read-only and locked down. Nothing changes in it or beside it: a finished trace has no side files, so that a
 * read-only medium will do. The exception is a change that was cut off in its middle (a note, when the machine failed),
 * which has to be taken back before anybody can read the file.
 *
 * Throws WorkbenchError: not-found, unreadable, not-a-trace, busy, corrupt-trace.
 */
export function connectForReading(file: string): Database.Database {
  const isLogged = hasLogMode(file);
  try {
    // A log is kept open by a writer, or left by one that was killed; without one there is nothing to wait for.
    if (isLogged && !hasLog(file)) return connectToCopy(file);
    try {
      return connect(file);
    } catch (thrown) {
      if (!isCutOff(thrown)) throw thrown;
      settle(file);
      return connect(file);
    }
  } catch (thrown) {
    throw asTraceError(thrown, file);
  }
}

/** A file younger than this may be a recording that is just about to make its log. */
const NEWBORN_MS = 10_000;
const LOG_COMES_WITHIN_MS = 1000;
const LOOK_AGAIN_MS = 5;

/** Whether the log of a database is there, or comes in a moment: a copy of a recording would never grow. */
function hasLog(file: string): boolean {
  const isThere = (): boolean => lstatSync(`${file}-wal`, { throwIfNoEntry: false }) !== undefined;
  const { mtimeMs } = lstatSync(file);
  const endMs = Date.now() + (Date.now() - mtimeMs < NEWBORN_MS ? LOG_COMES_WITHIN_MS : 0);
  const pause = new Int32Array(new SharedArrayBuffer(4));
  while (!isThere()) {
    if (Date.now() >= endMs) return false;
    Atomics.wait(pause, 0, 0, LOOK_AGAIN_MS);
  }
  return true;
}

function connect(file: string): Database.Database {
  const db = new Database(file, { readonly: true, fileMustExist: true, timeout: 2000 });
  try {
    db.pragma('trusted_schema = OFF');
    db.pragma('cell_size_check = ON');
    db.pragma('temp_store = MEMORY');
    // The first look at the file itself.
    db.pragma('schema_version');
    return db;
  } catch (thrown) {
    db.close();
    throw thrown;
  }
}

/**
 * SQLite makes files beside a database of this kind to read it, wherever that is. This program leaves none behind, so it is
 * rare, and a copy is cheap where the file system can share its pages.
 */
function connectToCopy(file: string): Database.Database {
  const folder = mkdtempSync(join(tmpdir(), 'sctrace-copy-'));
  try {
    const copy = join(folder, 'copy.sctrace');
    copyFileSync(file, copy, constants.COPYFILE_FICLONE);
    const descriptor = openSync(copy, 'r+');
    try {
      writeSync(descriptor, WITH_JOURNAL, 0, WITH_JOURNAL.length, WRITE_VERSION_AT);
    } finally {
      closeSync(descriptor);
    }
    return connect(copy);
  } catch (thrown) {
    if (thrown instanceof Database.SqliteError) throw thrown;
    throw new WorkbenchError(
      'unreadable',
      `${file} was left open by another program and is read from a copy, for which there is no room in ${tmpdir()} (${(thrown as Error).message}).`,
      { file },
      { cause: thrown },
    );
  } finally {
    // Where the system allows it, the file lives on without a name for as long as it is open.
    rmSync(folder, { recursive: true, force: true });
  }
}

/** SQLite says little about a file that cannot be opened, and takes an empty one for a database. */
function hasLogMode(file: string): boolean {
  try {
    const { descriptor, size } = openRegularSync(file);
    try {
      if (size === 0) {
        throw new WorkbenchError('not-a-trace', `${file} is empty: there is no trace in it.`, { file });
      }
      const header = Buffer.alloc(WRITE_VERSION_AT + 1);
      return (
        readSync(descriptor, header, 0, header.length, 0) > WRITE_VERSION_AT &&
        header[WRITE_VERSION_AT] === WITH_LOG
      );
    } finally {
      closeSync(descriptor);
    }
  } catch (thrown) {
    throw readFailure(file, thrown);
  }
}

const isCutOff = (thrown: unknown): boolean =>
  thrown instanceof Database.SqliteError && thrown.code === 'SQLITE_READONLY_ROLLBACK';
