/**
 * A trace file being written: takes batches of transitions with what follows from them (derive/derivation.ts).
 *
 * The file is written as `NAME.part` beside its final name, in WAL mode, and renamed when it has become what was asked
 * for. What ends before that stays `NAME.part`: one that was cancelled or failed as a closed file, one that was
 * cut off with its write-ahead log. Both open like any trace. So nothing incomplete ever has the final name, and
 * a trace that is there already is replaced by a complete one only.
 *
 * Durability: `synchronous = NORMAL`. A killed process loses what was not committed, at most a second; a
 * power cut may also lose the last commits, but never damages the file.
 */
import { renameSync, rmSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import Database from 'better-sqlite3';
import { Digest } from '#shared/base/digest.ts';
import { WorkbenchError } from '#shared/base/errors.ts';
import { CAUSE_NAMES, CAUSE_SPECS } from '#shared/model/causes.ts';
import { DECISION, LANE_STATE, SYNC_KIND, WINDOW_END, WITHOUT_NOPREEMPT } from '#shared/model/enums.ts';
import { KIND_NAMES, KIND_SPECS } from '#shared/model/kinds.ts';
import type { Definition, TransitionBatch } from '#shared/model/transition-batch.ts';
import type { DerivedBatch } from './derive/derived-batch.ts';
import { DerivedTables } from './derived-tables.ts';
import { digestOfNames } from './names-digest.ts';
import { metaToSql, type CommitFacts, type SourceMeta, type TraceMeta } from './meta.ts';
import { MultiRowInsert } from './multi-row-insert.ts';
import {
  APPLICATION_ID,
  columnNames,
  createTableSql,
  PAGE_SIZE,
  SCHEMA_VERSION,
  TABLES,
  type TableName,
} from './schema.ts';
import { asWriteError, isDiskFull } from './trace-errors.ts';
import { createViewSql, VIEWS } from './views.ts';

/** Pages in the write-ahead log before it is copied into the file. */
const CHECKPOINT_PAGES = 4096;

export interface TraceFileOptions {
  /** The recording stops with `disk-full` when the file would become larger. */
  readonly maxBytes?: number;
  /** Name and version of the program. */
  readonly recordedBy?: string;
}

export interface FinishOptions {
  /** Why the trace is incomplete, as a sentence; null for a complete one. */
  readonly incompleteReason: string | null;
  /** The recording was broken off: the file is closed under its `.part` name. */
  readonly brokenOff?: boolean;
  readonly warnings?: readonly string[];
  /** What the source turned out to be, where that was not known at the start. */
  readonly source?: Partial<SourceMeta>;
}

export interface WrittenTrace {
  readonly path: string;
  readonly events: number;
  readonly durationNs: number;
  readonly digest: string;
  readonly bytes: number;
}

export class TraceFile {
  /** Final name. */
  readonly path: string;
  /** Name while recording. */
  readonly partPath: string;
  private readonly db: Database.Database;
  private readonly derived: DerivedTables;
  private readonly insertEvent: MultiRowInsert;
  private readonly insertDefinition: Record<Definition['table'], Database.Statement<unknown[]>>;
  private readonly insertMeta: Database.Statement<unknown[]>;
  private facts: CommitFacts = { events: 0, durationNs: 0, digest: new Digest().hex(), hasSchedctl: false };

  /**
   * Begins a trace that will be at `path`. What an earlier recording under this name left behind unfinished
   * is replaced.
   *
   * Throws WorkbenchError: unreadable (no such directory, not writable), busy (being recorded to right now).
   */
  constructor(path: string, source: SourceMeta, options: TraceFileOptions = {}) {
    this.path = resolve(path);
    this.partPath = `${this.path}.part`;
    refuseFolder(this.path);
    this.db = createFile(this.partPath, options.maxBytes);
    try {
      this.db.exec('BEGIN IMMEDIATE');
      for (const table of Object.keys(TABLES) as TableName[]) this.db.exec(createTableSql(table));
      for (const [name, select] of Object.entries(VIEWS)) this.db.exec(createViewSql(name, select));
      writeVocabulary(this.db);
      const names = columnNames('event');
      this.insertEvent = new MultiRowInsert(this.db, 'event', names.slice(1));
      this.insertDefinition = {
        cpu: upsert(this.db, 'cpu'),
        process: upsert(this.db, 'process'),
        lwp: upsert(this.db, 'lwp'),
        page: upsert(this.db, 'page'),
        sync: upsert(this.db, 'sync'),
      };
      this.insertMeta = this.db.prepare('INSERT OR REPLACE INTO meta VALUES (?, ?)');
      this.derived = new DerivedTables(this.db);
      this.writeMeta({
        ...source,
        warnings: source.warnings ?? [],
        complete: false,
        incompleteReason: 'The recording was cut off.',
        closed: false,
        recordedBy: options.recordedBy ?? 'schedctl-workbench',
        recordedAtMs: Date.now(),
      });
      this.commit(this.facts);
    } catch (thrown) {
      this.discard();
      throw this.writeError(thrown);
    }
  }

  /** Rows that are safe in the file. */
  get eventsCommitted(): number {
    return this.facts.events;
  }

  /** Size of the file and its write-ahead log, in bytes. */
  get bytes(): number {
    let bytes = 0;
    for (const file of [this.partPath, `${this.partPath}-wal`]) {
      bytes += statSync(file, { throwIfNoEntry: false })?.size ?? 0;
    }
    return bytes;
  }

  /**
   * Takes the rows and definitions of a batch, and what was derived from them; both may be reused afterwards.
   *
   * Throws WorkbenchError: disk-full, write-failed. After an error only {@link abandon} and {@link discard} may follow.
   */
  write(batch: TransitionBatch, derived: DerivedBatch): void {
    try {
      for (const definition of batch.definitions) this.define(definition);
      const { timeNs, kind, cpu, lwp, object, cause, oldValue, newValue } = batch.columns;
      this.insertEvent.writeColumns(
        [timeNs, kind, cpu, lwp, object, cause, oldValue, newValue],
        batch.length,
      );
    } catch (thrown) {
      throw this.writeError(thrown);
    }
    this.writeDerived(derived);
  }

  /** Takes what was derived alone. */
  writeDerived(derived: DerivedBatch): void {
    try {
      this.derived.write(derived);
    } catch (thrown) {
      throw this.writeError(thrown);
    }
  }

  /**
   * Makes everything so far safe against the end of this process.
   *
   * @param facts about all rows so far, of which everything that follows must have been written (Derivation.flush)
   */
  commit(facts: CommitFacts): void {
    try {
      this.insertEvent.flush();
      this.derived.flush();
      this.writeMeta(facts);
      this.db.exec('COMMIT');
      this.facts = facts;
      this.db.exec('BEGIN IMMEDIATE');
    } catch (thrown) {
      throw this.writeError(thrown);
    }
  }

  /** Ends the trace: one file without side files, under its final name unless broken off. Throws like {@link write}. */
  finish(facts: CommitFacts, options: FinishOptions): WrittenTrace {
    try {
      this.writeMeta({
        ...options.source,
        complete: options.incompleteReason === null,
        incompleteReason: options.incompleteReason,
        closed: true,
        ...(options.warnings === undefined ? {} : { warnings: options.warnings }),
      });
      this.commit(facts);
      this.writeMeta({ namesDigest: digestOfNames(this.db) });
      this.db.exec('COMMIT');
      this.db.pragma('wal_checkpoint(TRUNCATE)');
      this.db.pragma('journal_mode = DELETE');
      this.db.close();
      const path = options.brokenOff === true ? this.partPath : this.path;
      if (path !== this.partPath) renameSync(this.partPath, path);
      return {
        path,
        events: facts.events,
        durationNs: facts.durationNs,
        digest: facts.digest,
        bytes: statSync(path).size,
      };
    } catch (thrown) {
      this.abandon();
      throw this.writeError(thrown);
    }
  }

  /**
   * Lets go of the file after a failed write. What was committed stays under the `.part` name and is not
   * touched again: there may be no room for anything else. A file without a single row is removed.
   */
  abandon(): void {
    if (this.db.open) {
      if (this.db.inTransaction) this.db.exec('ROLLBACK');
      this.db.close();
    }
    if (this.facts.events === 0) removeFile(this.partPath);
  }

  /** Gives the recording up: removes the file. */
  discard(): void {
    this.db.close();
    removeFile(this.partPath);
  }

  private define(definition: Definition): void {
    const insert = this.insertDefinition[definition.table];
    switch (definition.table) {
      case 'cpu':
        insert.run(definition.id, definition.name);
        break;
      case 'process':
        insert.run(definition.id, definition.pid, definition.name);
        break;
      case 'lwp':
        insert.run(definition.id, definition.process, definition.lwpNumber, definition.name);
        break;
      case 'page':
        insert.run(definition.id, definition.process, definition.address);
        break;
      case 'sync':
        insert.run(definition.id, definition.process, definition.kind, definition.name);
        break;
    }
  }

  private writeError(thrown: unknown): unknown {
    return asWriteError(thrown, this.partPath, this.facts.events > 0);
  }

  private writeMeta(facts: Partial<TraceMeta>): void {
    for (const [key, value] of Object.entries(facts)) {
      this.insertMeta.run(key, metaToSql(value));
    }
  }
}

/** Told before an hour of recording is lost to it. */
function refuseFolder(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) return;
  throw new WorkbenchError('unreadable', `${path} is a folder. Give the trace a name in it.`, { file: path });
}

function createFile(path: string, maxBytes: number | undefined): Database.Database {
  if (isBeingRecorded(path)) {
    throw new WorkbenchError('busy', `${path} is being recorded to by another run.`, { file: path });
  }
  let db: Database.Database | null = null;
  try {
    removeFile(path);
    db = new Database(path);
    db.pragma(`page_size = ${PAGE_SIZE}`);
    db.pragma('journal_mode = WAL');
    db.pragma('synchronous = NORMAL');
    db.pragma(`wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
    db.pragma('cache_size = -4096');
    db.pragma(`application_id = ${APPLICATION_ID}`);
    db.pragma(`user_version = ${SCHEMA_VERSION}`);
    if (maxBytes !== undefined)
      db.pragma(`max_page_count = ${Math.max(1, Math.floor(maxBytes / PAGE_SIZE))}`);
    return db;
  } catch (thrown) {
    if (db !== null) {
      db.close();
      removeFile(path);
    }
    if (isDiskFull(thrown)) throw asWriteError(thrown, path, false);
    throw new WorkbenchError(
      'unreadable',
      `${path} cannot be written (${(thrown as Error).message}). Check that ${dirname(path)} is a directory that you may write to.`,
      { file: path },
      { cause: thrown },
    );
  }
}

/** A writer holds a write transaction for as long as it lives. */
function isBeingRecorded(path: string): boolean {
  if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true) return false;
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

function removeFile(path: string): void {
  for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(path + suffix, { force: true });
}

function upsert(db: Database.Database, table: Definition['table']): Database.Statement<unknown[]> {
  const names = columnNames(table);
  const values = names.map(() => '?').join(', ');
  const updates = names.slice(1).map((name) => `${name} = excluded.${name}`);
  return db.prepare(
    `INSERT INTO ${table} VALUES (${values}) ON CONFLICT (id) DO UPDATE SET ${updates.join(', ')}`,
  );
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
    sync_kind: SYNC_KIND,
  };
  for (const [domain, table] of Object.entries(domains)) {
    for (const [name, value] of Object.entries(table)) code.run(domain, value, name);
  }
}
