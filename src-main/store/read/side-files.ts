/**
 * What SQLite keeps beside a database while it is written: a journal with which a change that was cut off is taken
 * back, or a write-ahead log. It belongs to the database by its name alone.
 */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { basename } from 'node:path';
import Database from 'better-sqlite3';
import { WorkbenchError } from '#shared/base/errors.ts';
import { kindOf, MAX_NAME_BYTES, SIDE_FILES, whatIsAt, type OutputRules } from '../../files/output-name.ts';

/**
 * Makes sure that nothing lies beside the name of a new trace that SQLite would take for a part of it. A trace that may
 * be replaced is first brought into order.
 *
 * @throws WorkbenchError 'write-failed' where something stays there
 */
export function clearSideFiles(path: string, rules: OutputRules): void {
  const beside = (): string | undefined =>
    SIDE_FILES.map((ending) => path + ending).find((file) => whatIsAt(file) !== null);
  if (beside() === undefined) return;
  if (rules.replace === true && whatIsAt(path)?.isFile() === true) {
    try {
      settle(path);
    } catch {
      // Whatever it is, it is said below that it is in the way.
    }
  }
  const left = beside();
  if (left === undefined) return;
  throw new WorkbenchError(
    'write-failed',
    `${left} exists, and SQLite would take it for part of the new trace: move it away, or give another name.`,
    { file: left },
  );
}

/**
 * Refuses what SQLite would take for a part of the database and is no file: it would wait for the writer of a named
 * pipe.
 *
 * @throws WorkbenchError 'unreadable'
 */
export function checkSideFiles(path: string): void {
  for (const ending of SIDE_FILES) {
    // Where the name leaves no room for the ending there is no such file.
    if (Buffer.byteLength(basename(path) + ending) > MAX_NAME_BYTES) continue;
    const found = whatIsAt(path + ending);
    if (found === null || found.isFile()) continue;
    throw new WorkbenchError(
      'unreadable',
      `${path}${ending} is ${kindOf(found)}, and SQLite would take it for part of the trace: move it away.`,
      { file: path + ending },
    );
  }
}

/**
 * Takes back a change of a database that was cut off in its middle, or puts its write-ahead log into it, as the first
 * program that writes to it would.
 *
 * @throws SqliteError where it cannot be written; WorkbenchError 'corrupt-trace' where its journal speaks of other
 *   files, as {@link checkSideFiles}
 */
export function settle(path: string): void {
  checkSideFiles(path);
  if (namesOtherFiles(`${path}-journal`)) {
    throw new WorkbenchError(
      'corrupt-trace',
      `${path}-journal names other files, which no journal of a trace does: it was not changed. Move it away.`,
      { file: path },
    );
  }
  const db = new Database(path, { fileMustExist: true, timeout: 2000 });
  try {
    db.pragma('trusted_schema = OFF');
    db.pragma('schema_version');
  } finally {
    db.close();
  }
}

/** The end of a journal that belongs to a change of several databases: SQLite would look for those, and tidy up. */
const SUPER_JOURNAL_END = Buffer.from('d9d505f920a163d7', 'hex');

function namesOtherFiles(journal: string): boolean {
  if (whatIsAt(journal)?.isFile() !== true) return false;
  const descriptor = openSync(journal, 'r');
  try {
    const { size } = fstatSync(descriptor);
    const end = Buffer.alloc(SUPER_JOURNAL_END.length);
    if (size < end.length) return false;
    readSync(descriptor, end, 0, end.length, size - end.length);
    return end.equals(SUPER_JOURNAL_END);
  } finally {
    closeSync(descriptor);
  }
}
