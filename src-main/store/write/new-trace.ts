/**
 * The file of a trace that is about to be recorded: the name that it has until it is complete, and how it comes to be.
 */
import { closeSync, fsyncSync, rmSync, writeSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import Database from 'better-sqlite3';
import { WorkbenchError } from '#shared/base/errors.ts';
import {
  giveName,
  isSource,
  newTemporary,
  SIDE_FILES,
  temporaryName,
  whatIsAt,
  type OutputRules,
} from '../../files/output-name.ts';
import { emptyTrace } from './empty-trace.ts';
import type { SourceMeta } from '../format/meta.ts';
import { PAGE_SIZE } from '../format/schema.ts';
import { asWriteError, isDiskFull } from '../format/trace-errors.ts';

/** Pages in the write-ahead log before it is copied into the file. */
const CHECKPOINT_PAGES = 4096;

/**
 * Bytes that the endings of a recording and of SQLite's files beside it take from a name, and from a path (its limit).
 */
const LONGEST_ENDING = '.part-journal'.length;
const MAX_NAME_BYTES = 255 - LONGEST_ENDING;
const MAX_PATH_BYTES = 510 - LONGEST_ENDING;

/**
 * Where a trace that is to be at `path` is until it is complete: `NAME.part`. Where that is what the run reads (a
 * recording that was cut off, to be finished by an export) it stays as it is, and the name is an unused one.
 *
 * @throws WorkbenchError 'write-failed' where the name is taken and may not be replaced; 'busy' where another run
 *   records to it
 */
export function claimPartName(path: string, rules: OutputRules): string {
  const part = `${path}.part`;
  const taken = ['', ...SIDE_FILES].map((ending) => part + ending).filter((file) => whatIsAt(file) !== null);
  const [first] = taken;
  if (first === undefined) return part;
  if (taken.some((file) => isSource(file, rules))) return temporaryName(path, 'part');
  const refused = (message: string): WorkbenchError =>
    new WorkbenchError('write-failed', message, { file: first });
  if (rules.replace !== true) {
    throw refused(
      `${first} is there already, of a recording that is running or was cut off: it opens like any trace, and ends as one by ` +
        'schedctl-workbench export. Give another name, or --force to replace it.',
    );
  }
  const special = taken.find((file) => whatIsAt(file)?.isFile() === false);
  if (special !== undefined)
    throw refused(`${special} is not a file: it was not changed. Give another name.`);
  if (isBeingRecorded(part)) {
    throw new WorkbenchError('busy', `${part} is being recorded to by another run.`, { file: part });
  }
  return part;
}

export interface PartOptions {
  /** What is there is replaced; {@link claimPartName} has looked at it. */
  readonly replace?: boolean | undefined;
  readonly maxBytes?: number;
  readonly recordedBy?: string;
}

/**
 * Makes the file `part`, a trace without events, and opens it for writing.
 *
 * @throws WorkbenchError 'unreadable' where there is no such folder or it may not be written to; 'disk-full';
 *   'write-failed' where the name has been taken meanwhile
 */
export function createPart(part: string, source: SourceMeta, options: PartOptions): Database.Database {
  let temporary: string | null = null;
  let isOurs = false;
  let db: Database.Database | null = null;
  try {
    const image = emptyTrace(source, options.recordedBy ?? 'schedctl-workbench');
    const made = newTemporary(part);
    temporary = made.path;
    try {
      for (let at = 0; at < image.length;) at += writeSync(made.descriptor, image, at);
      fsyncSync(made.descriptor);
    } finally {
      closeSync(made.descriptor);
    }
    if (options.replace === true) removeTrace(part);
    giveName(temporary, part);
    isOurs = true;
    db = new Database(part, { fileMustExist: true });
    // The file says WAL already; this makes its log.
    db.pragma('journal_mode = WAL');
    db.pragma('synchronous = NORMAL');
    db.pragma(`wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
    db.pragma('cache_size = -4096');
    if (options.maxBytes !== undefined) {
      db.pragma(`max_page_count = ${Math.max(1, Math.floor(options.maxBytes / PAGE_SIZE))}`);
    }
    return db;
  } catch (thrown) {
    db?.close();
    if (isOurs) removeTrace(part);
    else if (temporary !== null) rmSync(temporary, { force: true });
    if (thrown instanceof WorkbenchError) throw thrown;
    if (isDiskFull(thrown)) throw asWriteError(thrown, part, false);
    throw new WorkbenchError(
      'unreadable',
      `${part} cannot be written (${(thrown as Error).message}). Check that ${dirname(part)} is a directory that you may write to.`,
      { file: part },
      { cause: thrown },
    );
  }
}

/** Removes a trace of this run, or one that the person asked to be replaced, with what SQLite keeps beside it. */
export function removeTrace(path: string): void {
  for (const ending of ['', ...SIDE_FILES]) rmSync(path + ending, { force: true });
}

/** Throws WorkbenchError 'write-failed' for a name that leaves no room for what SQLite and a recording put after it. */
export function refuseLongName(path: string): void {
  const name = basename(path);
  const tooLong = (what: string, bytes: number, most: number): WorkbenchError =>
    new WorkbenchError(
      'write-failed',
      `The ${what} is too long for a trace: it has ${bytes} bytes, and there is room for ${most}. Give a shorter one.`,
      { file: path },
    );
  const nameBytes = Buffer.byteLength(name);
  if (nameBytes > MAX_NAME_BYTES) throw tooLong(`name ${name}`, nameBytes, MAX_NAME_BYTES);
  const pathBytes = Buffer.byteLength(path);
  if (pathBytes > MAX_PATH_BYTES) throw tooLong(`path ${path}`, pathBytes, MAX_PATH_BYTES);
}

/** A writer holds a write transaction for as long as it lives. */
function isBeingRecorded(path: string): boolean {
  if (whatIsAt(path)?.isFile() !== true) return false;
  let db: Database.Database | null = null;
  try {
    db = new Database(path, { timeout: 0 });
    db.exec('BEGIN IMMEDIATE');
    db.exec('ROLLBACK');
    return false;
  } catch (thrown) {
    return thrown instanceof Database.SqliteError && thrown.code.startsWith('SQLITE_BUSY');
  } finally {
    db?.close();
  }
}
