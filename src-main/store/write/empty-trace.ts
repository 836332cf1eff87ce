/**
 * A trace without events: all tables, the meanings of the numbers in them, the source of the recording. It is made in
 * memory, so that a file is a trace from the moment that it has its name.
 */
import Database from 'better-sqlite3';
import { CAUSE_NAMES, CAUSE_SPECS } from '#shared/model/causes.ts';
import {
  DECISION,
  LANE_STATE,
  PAGE_KIND,
  SYNC_KIND,
  WINDOW_END,
  WITHOUT_NOPREEMPT,
} from '#shared/model/enums.ts';
import { KIND_NAMES, KIND_SPECS } from '#shared/model/kinds.ts';
import { Derivation } from '../derive/derivation.ts';
import { BatchInserter } from './batch-inserter.ts';
import { metaToSql, type SourceMeta, type TraceMeta } from '../format/meta.ts';
import {
  APPLICATION_ID,
  createTableSql,
  PAGE_SIZE,
  SCHEMA_VERSION,
  TABLES,
  type TableName,
  WITH_LOG,
  WRITE_VERSION_AT,
} from '../format/schema.ts';
import { createViewSql, VIEWS } from '../format/views.ts';

/**
 * The bytes of the file. It says that it has a write-ahead log from its first moment on: a window that opens it just
 * then would keep a writer from changing that.
 *
 * @param recordedBy name and version of the program */
export function emptyTrace(source: SourceMeta, recordedBy: string): Uint8Array {
  const db = new Database(':memory:');
  try {
    db.pragma(`page_size = ${PAGE_SIZE}`);
    db.pragma(`application_id = ${APPLICATION_ID}`);
    db.pragma(`user_version = ${SCHEMA_VERSION}`);
    db.exec('BEGIN');
    for (const table of Object.keys(TABLES) as TableName[]) db.exec(createTableSql(table));
    for (const [name, select] of Object.entries(VIEWS)) db.exec(createViewSql(name, select));
    writeVocabulary(db);
    const derivation = new Derivation();
    const facts = derivation.flush();
    const derived = new BatchInserter(db);
    derived.write(derivation.take());
    derived.flush();
    writeFacts(db, {
      ...source,
      ...facts,
      warnings: source.warnings ?? [],
      complete: false,
      incompleteReason: 'The recording was cut off before its first events were saved.',
      closed: false,
      recordedBy,
      recordedAtMs: Date.now(),
    });
    db.exec('COMMIT');
    const image = db.serialize();
    image.fill(WITH_LOG, WRITE_VERSION_AT, WRITE_VERSION_AT + 2);
    return image;
  } finally {
    db.close();
  }
}

function writeFacts(db: Database.Database, facts: Partial<TraceMeta>): void {
  const insert = db.prepare('INSERT INTO meta VALUES (?, ?)');
  for (const [key, value] of Object.entries(facts)) insert.run(key, metaToSql(value));
}

/** The tables that name ids and codes, so that the file can be read without this program. */
function writeVocabulary(db: Database.Database): void {
  const kind = db.prepare('INSERT INTO kind VALUES (?, ?, ?, ?, ?)');
  KIND_SPECS.forEach((spec, id) => kind.run(id, KIND_NAMES[id], spec.subject, spec.format, spec.about));
  const cause = db.prepare('INSERT INTO cause VALUES (?, ?, ?, ?)');
  CAUSE_SPECS.forEach((spec, id) => cause.run(id, CAUSE_NAMES[id], spec.by, spec.about));
  const code = db.prepare('INSERT INTO code VALUES (?, ?, ?)');
  const domains = {
    lane_state: LANE_STATE,
    decision: DECISION,
    without_nopreempt: WITHOUT_NOPREEMPT,
    window_end: WINDOW_END,
    page_kind: PAGE_KIND,
    sync_kind: SYNC_KIND,
  };
  for (const [domain, table] of Object.entries(domains)) {
    for (const [name, value] of Object.entries(table)) code.run(domain, value, name);
  }
}
