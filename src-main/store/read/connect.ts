/** Connections to trace files that are only read. */
import {
  chmodSync,
  constants,
  copyFileSync,
  lstatSync,
  mkdtempSync,
  openSync,
  closeSync,
  readSync,
  realpathSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { WorkbenchError } from '#shared/base/errors.ts';
import { readFailure } from '#shared/base/file-errors.ts';
import { openRegularSync } from '../../files/open-regular.ts';
import { checkSideFiles, settle } from './side-files.ts';
import { WITH_LOG, WRITE_VERSION_AT } from '../format/schema.ts';
import { asTraceError } from '../format/trace-errors.ts';

/** What the header says of both for a rollback journal. */
const WITH_JOURNAL = Buffer.from([1, 1]);

/**
 * Opens `file` read-only and locked down. Nothing changes in it or beside it: a finished trace has no side files, so
 * that a read-only medium will do. The exception is a change that was cut off in its middle (a note, when the machine
 * failed), which has to be taken back before anybody can read the file; where that is not possible, in a copy.
 *
 * Throws WorkbenchError: not-found, unreadable, not-a-trace, busy, corrupt-trace.
 */
export function connectForReading(file: string): Database.Database {
  const isLogged = hasLogMode(file);
  // What lies beside a database lies beside the file, wherever a link to it is.
  const real = realPath(file);
  try {
    checkSideFiles(real);
    // A log is kept open by a writer, or left by one that was killed; without one there is nothing to wait for.
    if (isLogged && !hasLog(real)) return connectToCopy(real);
    try {
      return connect(real);
    } catch (thrown) {
      // It has no writer: the writer of a log would have made the files that a reader needs.
      if (isLogged && isReadOnly(thrown)) return connectToCopy(real);
      if (!isCutOff(thrown)) throw thrown;
      return connectToSettled(real);
    }
  } catch (thrown) {
    throw asTraceError(thrown, file);
  }
}

function connectToSettled(file: string): Database.Database {
  try {
    settle(file);
  } catch (thrown) {
    if (isReadOnly(thrown)) return connectToCopy(file);
    throw thrown;
  }
  return connect(file);
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
 * SQLite makes files beside a database that has a log to read it, and writes into one whose change was cut off,
 * wherever that is. This program leaves none such behind but where it was killed, so it is rare, and a copy is cheap
 * where the file system can share its pages.
 */
function connectToCopy(file: string): Database.Database {
  let folder: string | null = null;
  try {
    folder = mkdtempSync(join(tmpdir(), 'sctrace-copy-'));
    const copy = join(folder, 'copy.sctrace');
    for (const ending of ['', '-wal', '-journal']) copyRegular(file + ending, copy + ending);
    settle(copy);
    const descriptor = openSync(copy, 'r+');
    try {
      writeSync(descriptor, WITH_JOURNAL, 0, WITH_JOURNAL.length, WRITE_VERSION_AT);
    } finally {
      closeSync(descriptor);
    }
    return connect(copy);
  } catch (thrown) {
    if (thrown instanceof Database.SqliteError || thrown instanceof WorkbenchError) throw thrown;
    throw new WorkbenchError(
      'unreadable',
      `${file} was left open by another program and must be read from a copy, but there is no room in ${tmpdir()} (${(thrown as Error).message}).`,
      { file },
      { cause: thrown },
    );
  } finally {
    // Where the system allows it, the file lives on without a name for as long as it is open.
    if (folder !== null) rmSync(folder, { recursive: true, force: true });
  }
}

/** Nothing where there is no such file. Throws WorkbenchError 'unreadable' where it may not be read. */
function copyRegular(file: string, copy: string): void {
  if (lstatSync(file, { throwIfNoEntry: false }) === undefined) return;
  closeSync(openRegularSync(file).descriptor);
  copyFileSync(file, copy, constants.COPYFILE_FICLONE);
  // It has taken the permissions of the file along.
  chmodSync(copy, 0o600);
}

function realPath(file: string): string {
  try {
    return realpathSync(file);
  } catch (thrown) {
    throw readFailure(file, thrown);
  }
}

/** SQLite says little about a file that cannot be opened, and takes an empty one for a database. */
function hasLogMode(file: string): boolean {
  try {
    const { descriptor, size } = openRegularSync(file);
    try {
      if (size === 0) {
        throw new WorkbenchError('not-a-trace', `${file} is empty and has no trace in it.`, { file });
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

const codeOf = (thrown: unknown): string => (thrown instanceof Database.SqliteError ? thrown.code : '');

const isCutOff = (thrown: unknown): boolean => codeOf(thrown) === 'SQLITE_READONLY_ROLLBACK';
/** The file, its folder, or the medium: what SQLite has to make or change there, it cannot. */
const isReadOnly = (thrown: unknown): boolean => /^SQLITE_(READONLY|CANTOPEN|PERM)/.test(codeOf(thrown));
