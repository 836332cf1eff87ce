/** Is this database a trace that this program can read? Looks at the header and the table definitions only. */
import type Database from 'better-sqlite3';
import { WorkbenchError } from '#shared/base/errors.ts';
import { CAUSE_NAMES } from '#shared/model/causes.ts';
import { KIND_NAMES } from '#shared/model/kinds.ts';
import { APPLICATION_ID, createTableSql, SCHEMA_VERSION, TABLES, type TableName } from '../format/schema.ts';
import { corrupt } from '../format/trace-errors.ts';
import { EARLIER_SCHEMAS } from '../format/earlier-schemas.ts';
import { checkedRows, rowsAsArrays } from './checked-rows.ts';

/**
 * Throws WorkbenchError (not-a-trace, newer-schema, older-schema, corrupt-trace) or SQLite's own error.
 *
 * Every table must have been made by the very statement that this program uses, so that no generated
 * column, virtual table or view can stand in for one: reading runs no code that the file brought along.
 */
export function checkTraceFile(db: Database.Database, file: string): void {
  const version = versionOf(db, file);
  if (version < SCHEMA_VERSION) {
    throw new WorkbenchError(
      'older-schema',
      `${file} was recorded by an earlier version of the workbench (schema ${version}; this one reads ${SCHEMA_VERSION}). Upgrade it: schedctl-workbench upgrade FILE -o NEW`,
      { file, found: String(version), expected: String(SCHEMA_VERSION) },
    );
  }
  checkTables(db, file, Object.fromEntries(TABLE_NAMES.map((table) => [table, createTableSql(table)])));
}

/**
 * Is this a trace of an earlier schema that can be upgraded? Returns its version.
 *
 * Throws as {@link checkTraceFile}; bad-request for a trace of this version.
 */
export function checkEarlierTrace(db: Database.Database, file: string): number {
  const version = versionOf(db, file);
  if (version === SCHEMA_VERSION) {
    throw new WorkbenchError('bad-request', `${file} does not need an upgrade: it has the current version.`, {
      file,
    });
  }
  const tables = EARLIER_SCHEMAS[version];
  if (tables === undefined) throw corrupt(file, `its schema version is ${version}`);
  checkTables(db, file, tables);
  return version;
}

const TABLE_NAMES = Object.keys(TABLES) as TableName[];

/** The schema version, at most this program's. Throws for what is no trace. */
function versionOf(db: Database.Database, file: string): number {
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
  return version;
}

/** @param tables the statement that must have made each */
function checkTables(db: Database.Database, file: string, tables: Readonly<Record<string, string>>): void {
  const schema = "SELECT name, sql FROM sqlite_schema WHERE type = 'table'";
  const made = new Map(checkedRows(rowsAsArrays(db), schema, ['any', 'any']));
  for (const [table, expected] of Object.entries(tables)) {
    const sql = made.get(table);
    if (sql === undefined) throw corrupt(file, `the table ${table} is missing`);
    if (sql !== expected) throw corrupt(file, `the table ${table} has an unknown definition`);
  }
  const trigger = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'trigger' LIMIT 1").pluck().get();
  if (trigger !== undefined) throw corrupt(file, 'it has a trigger, which no trace has');
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
  const sql = `SELECT id, name FROM ${table} ORDER BY id LIMIT 65536`;
  const rows = checkedRows(rowsAsArrays(db), sql, ['integer', 'text']);
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
