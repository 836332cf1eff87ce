/**
 * Notes in a trace file: what people added to it. The only thing in a finished file that ever changes, and only through
 * a connection that is opened for one note and closed again; the table is left out of digests and of verification.
 */
import { resolve } from 'node:path';
import Database from 'better-sqlite3';
import { note as noteSchema, type Note, type NoteDraft } from '#shared/api/notes.ts';
import { WorkbenchError } from '#shared/base/errors.ts';
import { checkTraceFile } from '../read/check-file.ts';
import { checkSideFiles } from '../read/side-files.ts';
import type { TraceDatabase } from '../read/trace-database.ts';
import { asNoteError, asTraceError } from '../format/trace-errors.ts';
import { checkedRow, checkedRows, rowsAsArrays } from '../read/checked-rows.ts';

/** More are no notes of people. */
const MOST_NOTES = 10_000;
/** Whatever another program may have written: each note is looked at as a whole. */
const NOTE = ['any', 'any', 'any', 'any', 'any', 'any'] as const;
const LIST = `SELECT id, kind, start_ns, end_ns, content, created_ms FROM note ORDER BY id LIMIT ${MOST_NOTES}`;
/** Another window saving its note takes milliseconds. */
const BUSY_MS = 2000;

/**
 * The notes in the file, in order of making. Rows that are no notes (another program may have written them) are left
 * out.
 */
export function notesInTrace(trace: TraceDatabase): Note[] {
  return trace.guard(() =>
    checkedRows(trace, LIST, NOTE).flatMap(([id, kind, startNs, endNs, content, createdAtMs]) => {
      const parsed = noteSchema.safeParse({
        id: noteId(Number(id)),
        place: 'trace',
        kind,
        startNs,
        endNs,
        content: parseJson(content),
        createdAtMs,
      });
      return parsed.success ? [parsed.data] : [];
    }),
  );
}

/**
 * Adds a note to the file, or replaces the one with the same id.
 *
 * Null where the file cannot be written: a read-only medium, a recording that is still going on, one that was cut off.
 * Throws WorkbenchError: disk-full, write-failed; bad-request where the note to be replaced is gone, or there are too
 * many.
 */
export function saveNoteInTrace(trace: TraceDatabase, draft: NoteDraft): Note | null {
  return writing(trace, (db) => {
    const createdAtMs = Date.now();
    const content = JSON.stringify(draft.content);
    const { kind, startNs, endNs } = draft;
    if (draft.id === undefined) {
      const count = checkedRow(rowsAsArrays(db), 'SELECT count(*) FROM note', ['integer'])![0];
      if (count >= MOST_NOTES) {
        throw new WorkbenchError('bad-request', `A trace has room for ${MOST_NOTES} notes: delete some.`);
      }
      const { lastInsertRowid } = db
        .prepare('INSERT INTO note (kind, start_ns, end_ns, content, created_ms) VALUES (?, ?, ?, ?, ?)')
        .run(kind, startNs, endNs, content, createdAtMs);
      return { ...draft, id: noteId(Number(lastInsertRowid)), place: 'trace', createdAtMs };
    }
    const row = db
      .prepare(
        'UPDATE note SET kind = ?, start_ns = ?, end_ns = ?, content = ? WHERE id = ? RETURNING created_ms',
      )
      .pluck()
      .get(kind, startNs, endNs, content, rowOf(draft.id));
    if (row === undefined) throw gone();
    return { ...draft, id: draft.id, place: 'trace', createdAtMs: Number(row) };
  });
}

/** Takes a note out of the file; false where the file cannot be written. One that is gone already is no error. */
export function deleteNoteInTrace(trace: TraceDatabase, id: string): boolean {
  return (
    writing(trace, (db) => {
      db.prepare('DELETE FROM note WHERE id = ?').run(rowOf(id));
      return true;
    }) ?? false
  );
}

/** The error for a note that was deleted meanwhile. */
function gone(): WorkbenchError {
  return new WorkbenchError('bad-request', 'This note has since been deleted.');
}

const noteId = (row: number): string => `trace-${row}`;
const rowOf = (id: string): number => Number(/^trace-(\d{1,15})$/.exec(id)?.[1] ?? -1);

/** Runs `write` in a transaction on a connection of its own; null where the file cannot be written. */
function writing<T>(trace: TraceDatabase, write: (db: Database.Database) => T): T | null {
  // A writer holds its file for as long as it records; one that was cut off is left as it is.
  if (!trace.meta.closed) return null;
  const file = resolve(trace.path);
  let db: Database.Database | null = null;
  try {
    checkSideFiles(file);
    db = new Database(file, { fileMustExist: true, timeout: BUSY_MS });
    db.pragma('trusted_schema = OFF');
    // The file may have been replaced since it was opened.
    checkTraceFile(db, file);
    db.pragma('synchronous = FULL');
    db.exec('BEGIN IMMEDIATE');
    const result = write(db);
    db.exec('COMMIT');
    return result;
  } catch (thrown) {
    if (isReadOnly(thrown)) return null;
    if (thrown instanceof Database.SqliteError && thrown.code.startsWith('SQLITE_BUSY')) {
      throw asTraceError(thrown, file);
    }
    throw asNoteError(thrown, file);
  } finally {
    if (db?.inTransaction === true) db.exec('ROLLBACK');
    db?.close();
  }
}

/** Read-only file, folder or medium: there a journal cannot be made either. */
function isReadOnly(thrown: unknown): boolean {
  if (!(thrown instanceof Database.SqliteError)) return false;
  return thrown.code.startsWith('SQLITE_READONLY') || thrown.code.startsWith('SQLITE_CANTOPEN');
}

function parseJson(text: unknown): unknown {
  try {
    return typeof text === 'string' ? JSON.parse(text) : undefined;
  } catch {
    return undefined;
  }
}
