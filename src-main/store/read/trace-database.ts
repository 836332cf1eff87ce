/**
 * An open trace file, for reading. Everything in it is taken for hostile until checked: only base tables
 * are read, with statements of our own; triggers and views of the file are never run.
 */
import { resolve } from 'node:path';
import type Database from 'better-sqlite3';
import type { Ns } from '#shared/base/brands.ts';
import { debugLog } from '#main/debug/debug-log.ts';
import type { SubjectLimits } from '#shared/model/machine-state.ts';
import { checkTraceFile } from './check-file.ts';
import { connectForReading } from './connect.ts';
import { readMeta } from './read-meta.ts';
import { checkIds, subjectLimits } from './subject-limits.ts';
import { asTraceError } from '../format/trace-errors.ts';
import type { TraceMeta } from '../format/meta.ts';

const debug = debugLog('store');

type Statement = Database.Statement<unknown[]>;

export class TraceDatabase {
  readonly path: string;
  readonly db: Database.Database;
  private metaNow: TraceMeta;
  private readonly statements = new Map<string, Statement>();
  private readonly cells = new Map<string, unknown>();
  private readonly lasting = new Map<string, unknown>();
  private version: number;

  private constructor(path: string, db: Database.Database, meta: TraceMeta) {
    this.path = path;
    this.db = db;
    this.metaNow = meta;
    this.version = this.dataVersion();
  }

  /**
   * Opens a finished trace, or one that is being recorded or was cut off (`NAME.sctrace.part`).
   *
   * Throws WorkbenchError: not-found, unreadable, not-a-trace, newer-schema, older-schema, corrupt-trace.
   */
  static open(path: string): TraceDatabase {
    const file = resolve(path);
    const db = connectForReading(file);
    try {
      checkTraceFile(db, path);
      checkIds(db);
      const opened = new TraceDatabase(path, db, readMeta(db, path));
      debug('opened file', () => ({
        path: file,
        events: opened.metaNow.events,
        closed: opened.metaNow.closed,
      }));
      return opened;
    } catch (thrown) {
      db.close();
      throw asTraceError(thrown, path);
    }
  }

  get meta(): TraceMeta {
    this.refresh();
    return this.metaNow;
  }

  /** Rows of the event table. */
  get events(): number {
    return this.meta.events;
  }

  /** Time of the last row. */
  get durationNs(): Ns {
    return this.meta.durationNs;
  }

  /** A prepared statement that returns rows as arrays, made once for each text. */
  prepare(sql: string): Statement {
    let statement = this.statements.get(sql);
    if (statement === undefined) {
      statement = this.db.prepare(sql).raw();
      this.statements.set(sql, statement);
    }
    return statement;
  }

  /** Texts of all statements prepared so far, for tests that look at their plans. */
  get preparedSql(): readonly string[] {
    return [...this.statements.keys()];
  }

  /** How many LWPs, CPUs, ... the trace can name. */
  get subjectLimits(): SubjectLimits {
    return this.cached('subjectLimits', () => subjectLimits(this.db));
  }

  /** A value that is kept with the open file until the file changes. */
  cached<T>(key: string, make: () => T): T {
    this.refresh();
    if (!this.cells.has(key)) this.cells.set(key, make());
    return this.cells.get(key) as T;
  }

  /** A value that is kept with the open file until it is closed, whatever is added to the file. */
  kept<T>(key: string, make: () => T): T {
    if (!this.lasting.has(key)) this.lasting.set(key, make());
    return this.lasting.get(key) as T;
  }

  /**
   * Runs `read`, turning SQLite's errors into WorkbenchError that name the file. All that it reads of a
   * running recording is as of one commit.
   */
  guard<T>(read: () => T): T {
    const snapshot = !this.metaNow.closed && !this.db.inTransaction;
    try {
      if (snapshot) this.db.exec('BEGIN');
      return read();
    } catch (thrown) {
      throw asTraceError(thrown, this.path);
    } finally {
      if (snapshot && this.db.inTransaction) this.db.exec('COMMIT');
    }
  }

  close(): void {
    this.statements.clear();
    this.cells.clear();
    this.lasting.clear();
    debug('closes file', () => ({ path: this.path }));
    this.db.close();
  }

  /** A running recording grows: notices a commit of the writer. */
  private refresh(): void {
    if (this.metaNow.closed) return;
    const version = this.dataVersion();
    if (version === this.version) return;
    this.version = version;
    this.cells.clear();
    this.metaNow = readMeta(this.db, this.path);
  }

  private dataVersion(): number {
    return Number(this.db.pragma('data_version', { simple: true }));
  }
}
