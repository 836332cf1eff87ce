/** What goes wrong with trace files, as sentences for people. */
import Database from 'better-sqlite3';
import { InvariantError } from '#shared/base/assert.ts';
import { WorkbenchError } from '#shared/base/errors.ts';

/** What SQLite's complaints about a file mean to its owner. */
export function asTraceError(thrown: unknown, file: string): unknown {
  if (thrown instanceof WorkbenchError) return thrown;
  const code = thrown instanceof Database.SqliteError ? thrown.code : '';
  if (code.startsWith('SQLITE_NOTADB')) {
    return new WorkbenchError(
      'not-a-trace',
      `${file} is not a trace: it is not a SQLite database. Import other formats instead.`,
      { file },
      { cause: thrown },
    );
  }
  if (
    code.startsWith('SQLITE_CORRUPT') ||
    code.startsWith('SQLITE_SCHEMA') ||
    code.startsWith('SQLITE_FORMAT')
  ) {
    return corrupt(file, (thrown as Error).message, thrown);
  }
  if (
    code.startsWith('SQLITE_IOERR') ||
    code.startsWith('SQLITE_CANTOPEN') ||
    code.startsWith('SQLITE_PERM')
  ) {
    return new WorkbenchError(
      'unreadable',
      `${file} cannot be read (${(thrown as Error).message}). Check that it is a file that you may read.`,
      { file },
      { cause: thrown },
    );
  }
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED')) {
    return new WorkbenchError('busy', `${file} is locked by another program. Try again when it is done.`, {
      file,
    });
  }
  if (thrown instanceof InvariantError) return corrupt(file, thrown.message, thrown);
  if (code.startsWith('SQLITE_')) return corrupt(file, (thrown as Error).message, thrown);
  return thrown;
}

/** The error for a file that contradicts itself. */
export function corrupt(file: string, what: string, cause?: unknown): WorkbenchError {
  return new WorkbenchError(
    'corrupt-trace',
    `${file} is damaged (${what}). Record or import it again, or take it from a backup.`,
    { file, found: what },
    { cause },
  );
}

/** What SQLite's complaints mean while a note is saved: a finished trace that stays as it is. */
export function asNoteError(thrown: unknown, file: string): unknown {
  const isSystem = thrown instanceof Database.SqliteError;
  if (thrown instanceof WorkbenchError || !isSystem) return thrown;
  return isDiskFull(thrown)
    ? new WorkbenchError(
        'disk-full',
        `The disk is full: the note was not saved in ${file}. Make room and save it again.`,
        { file },
        { cause: thrown },
      )
    : new WorkbenchError(
        'write-failed',
        `The note was not saved in ${file} (${thrown.message}).`,
        { file },
        { cause: thrown },
      );
}

/**
 * What SQLite's complaints mean while a trace is being written.
 *
 * @param isKept whether `file` holds what was recorded until then, or nothing and is gone
 */
export function asWriteError(thrown: unknown, file: string, isKept: boolean): unknown {
  const code = (thrown as { code?: unknown } | null)?.code;
  const expected =
    thrown instanceof Error && (thrown instanceof Database.SqliteError || typeof code === 'string');
  if (thrown instanceof WorkbenchError || !expected) return thrown;
  if (code === 'SQLITE_MISMATCH' || String(code).startsWith('SQLITE_CONSTRAINT')) {
    // Nothing is wrong with the disk: a value that no column of a trace holds should not have come this far.
    return new WorkbenchError(
      'internal',
      `A trace cannot hold a value (${thrown.message}). This is a defect of the program.`,
      { file },
      { cause: thrown },
    );
  }
  const kept = isKept ? ` The recording up to then is kept in ${file}.` : '';
  if (isDiskFull(thrown)) {
    const stopped = isKept ? 'the recording stopped.' : `${file} cannot be recorded.`;
    return new WorkbenchError(
      'disk-full',
      `The disk is full: ${stopped}${kept} Make room, or record to another disk.`,
      { file },
      { cause: thrown },
    );
  }
  return new WorkbenchError(
    'write-failed',
    `Writing ${file} failed (${thrown.message}): the recording stopped.${kept}`,
    { file },
    { cause: thrown },
  );
}

export function isDiskFull(thrown: unknown): boolean {
  const code = String((thrown as { code?: unknown } | null)?.code);
  return code.startsWith('SQLITE_FULL') || code === 'ENOSPC' || code === 'EDQUOT';
}
