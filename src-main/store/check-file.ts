/** Is this database a trace that this program can read? Looks at the header and the table definitions only. */
import type Database from 'better-sqlite3';
import { WorkbenchError } from '#shared/base/errors.ts';
import { CAUSE_NAMES } from '#shared/model/causes.ts';
import { KIND_NAMES } from '#shared/model/kinds.ts';
import { APPLICATION_ID, createTableSql, SCHEMA_VERSION, TABLES, type TableName } from './schema.ts';
import { corrupt } from './trace-errors.ts';

/**
 * Throws WorkbenchError (not-a-trace, newer-schema, corrupt-trace) or SQLite's own error.
 *
 * Every table must have been made by the very statement that this program uses, so that no generated
 * column, virtual table or view can stand in for one: reading runs no code that the file brought along.
 */
export function checkTraceFile(db: Database.Database, file: string): void {
  const applicationId = db.pragma('application_id', { simple: true });
  if (applicationId !== APPLICATION_ID) {
    throw new WorkbenchError(
      'not-a-trace',
      `${file} is a SQLite database, but not a trace: its application id is ${String(applicationId)}.`,
      { file, found: String(applicationId), expected: String(APPLICATION_ID) },
    );
  }
  const version = Number(db.pragma('user_version', { simple: true }));
  if (version > SCHEMA_VERSION) {
    throw new WorkbenchError(
      'newer-schema',
      `${file} was recorded by a newer version of the workbench (schema ${version}; this one reads up to ${SCHEMA_VERSION}). Update the workbench to open it.`,
      { file, found: String(version), expected: String(SCHEMA_VERSION) },
    );
  }
  if (version < 1) throw corrupt(file, `its schema version is ${version}`);

  const made = new Map<string, string>();
  const schema = db.prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'table'").raw();
  for (const row of schema.iterate() as Iterable<[string, string]>) made.set(row[0], row[1]);
  for (const table of Object.keys(TABLES) as TableName[]) {
    const sql = made.get(table);
    if (sql === undefined) throw corrupt(file, `the table ${table} is missing`);
    if (sql !== createTableSql(table)) throw corrupt(file, `the table ${table} has a definition of its own`);
  }
  const trigger = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'trigger' LIMIT 1").pluck().get();
  if (trigger !== undefined) throw corrupt(file, 'it brings a trigger along, which no trace has');
  checkVocabulary(db, file, 'kind', KIND_NAMES);
  checkVocabulary(db, file, 'cause', CAUSE_NAMES);
}

/** Ids are positions in lists that only ever grow: the file's list must be the beginning of ours. */
function checkVocabulary(
  db: Database.Database,
  file: string,
  table: 'kind' | 'cause',
  names: readonly string[],
): void {
  const rows = db.prepare(`SELECT id, name FROM ${table} ORDER BY id LIMIT 65536`).raw().all() as [
    number,
    string,
  ][];
  for (const [id, name] of rows) {
    if (names[id] === name) continue;
    throw new WorkbenchError(
      'newer-schema',
      `${file} was recorded with a ${table} "${name}" (${id}) that this version of the workbench does not know. Update the workbench to open it.`,
      { file, found: name, expected: names[id] ?? `at most ${names.length - 1}` },
    );
  }
  if (rows.length === 0) throw corrupt(file, `the table ${table} is empty`);
}
