/**
 * The tables that an upgrade reads, as earlier versions of the schema defined them, word for word.
 *
 * An upgrade reads the events (rows, names, facts) and what people added; it derives everything else again.
 * When one of these tables changes, add its previous statement here.
 */

/** Tables that an upgrade reads. */
export type SourceTable =
  'meta' | 'event' | 'cpu' | 'process' | 'lwp' | 'page' | 'sync' | 'kind' | 'cause' | 'note';

/** The statements of a version; `syscall` came with version 4. */
export type EarlierTables = Readonly<Record<SourceTable, string> & { syscall?: string }>;

const SCHEMA_1: EarlierTables = {
  meta: 'CREATE TABLE meta (key TEXT PRIMARY KEY, value ANY) STRICT, WITHOUT ROWID',
  event:
    'CREATE TABLE event (seq INTEGER PRIMARY KEY, time_ns INTEGER NOT NULL, kind INTEGER NOT NULL, cpu INTEGER NOT NULL, lwp INTEGER NOT NULL, object INTEGER NOT NULL, cause INTEGER NOT NULL, old INTEGER NOT NULL, new INTEGER NOT NULL) STRICT',
  cpu: 'CREATE TABLE cpu (id INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT',
  process: 'CREATE TABLE process (id INTEGER PRIMARY KEY, pid INTEGER NOT NULL, name TEXT NOT NULL) STRICT',
  lwp: 'CREATE TABLE lwp (id INTEGER PRIMARY KEY, process INTEGER NOT NULL, lwp_number INTEGER NOT NULL, name TEXT NOT NULL) STRICT',
  page: 'CREATE TABLE page (id INTEGER PRIMARY KEY, process INTEGER NOT NULL, address INTEGER NOT NULL) STRICT',
  sync: 'CREATE TABLE sync (id INTEGER PRIMARY KEY, process INTEGER NOT NULL, kind INTEGER NOT NULL, name TEXT NOT NULL) STRICT',
  kind: 'CREATE TABLE kind (id INTEGER PRIMARY KEY, name TEXT NOT NULL, subject TEXT NOT NULL, format TEXT NOT NULL, about TEXT NOT NULL) STRICT',
  cause:
    'CREATE TABLE cause (id INTEGER PRIMARY KEY, name TEXT NOT NULL, written_by TEXT NOT NULL, about TEXT NOT NULL) STRICT',
  note: 'CREATE TABLE note (id INTEGER PRIMARY KEY, kind TEXT NOT NULL, start_ns INTEGER, end_ns INTEGER, content TEXT NOT NULL, created_ms INTEGER NOT NULL) STRICT',
};

const SCHEMA_4: EarlierTables = {
  ...SCHEMA_1,
  page: 'CREATE TABLE page (id INTEGER PRIMARY KEY, process INTEGER NOT NULL, address INTEGER, kind INTEGER NOT NULL) STRICT',
  syscall: 'CREATE TABLE syscall (id INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT',
};

/** By version, all that can be upgraded. */
export const EARLIER_SCHEMAS: Readonly<Record<number, EarlierTables>> = {
  1: SCHEMA_1,
  // Sums were added.
  2: SCHEMA_1,
  // Lanes became tiles.
  3: SCHEMA_1,
  // Points became tiles; pages have a kind, and system calls have names.
  4: SCHEMA_4,
};
