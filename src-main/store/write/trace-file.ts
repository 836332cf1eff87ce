/**
 * A trace file being written: takes batches of transitions with what follows from them (derive/derivation.ts).
 *
 * The file is written as `NAME.part` beside its final name, in WAL mode, and renamed when it has become what was asked
 * for. What ends before that stays `NAME.part`: one that was cancelled or failed as a closed file, one that was
 * cut off with its write-ahead log. Both open like any trace, from the moment that the name is there: the file gets it
 * as a trace without events (new-trace.ts). So nothing incomplete ever has the final name, and a trace that is there
 * already is replaced by a complete one only, and only where that was asked for (files/output-name.ts).
 *
 * Durability: `synchronous = NORMAL`. A killed process loses what was not committed, at most a second; a
 * power cut may also lose the last commits, but never damages the file.
 */
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import type Database from 'better-sqlite3';
import type { Ns } from '#shared/base/brands.ts';
import { debugLog } from '#main/debug/debug-log.ts';
import { Digest } from '#shared/base/digest.ts';
import { WorkbenchError } from '#shared/base/errors.ts';
import type { Definition, TransitionBatch } from '#shared/model/transition-batch.ts';
import { checkOutputFile, giveName, type OutputRules } from '../../files/output-name.ts';
import type { DerivedBatch } from '../derive/derived-batch.ts';
import { BatchInserter } from './batch-inserter.ts';
import { digestOfNames } from '../format/names-digest.ts';
import { metaToSql, type CommitFacts, type SourceMeta, type TraceMeta } from '../format/meta.ts';
import { MultiRowInsert } from './multi-row-insert.ts';
import { claimPartName, createPart, refuseLongName, removeTrace } from './new-trace.ts';
import { columnNames } from '../format/schema.ts';
import { clearSideFiles } from '../read/side-files.ts';
import { TraceDatabase } from '../read/trace-database.ts';
import { asWriteError } from '../format/trace-errors.ts';

const debug = debugLog('store');

export interface TraceFileOptions extends OutputRules {
  /** The recording stops with `disk-full` when the file would become larger. */
  readonly maxBytes?: number;
  /** Name and version of the program. */
  readonly recordedBy?: string;
}

const CUT_OFF = 'The recording was cut off.';

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
  readonly durationNs: Ns;
  readonly digest: string;
  readonly bytes: number;
}

export class TraceFile {
  /** Final name. */
  readonly path: string;
  /** Name while recording. */
  readonly partPath: string;
  private readonly rules: OutputRules;
  private readonly db: Database.Database;
  private readonly derived: BatchInserter;
  private readonly insertEvent: MultiRowInsert;
  private readonly insertDefinition: Record<Definition['table'], Database.Statement<unknown[]>>;
  private readonly insertMeta: Database.Statement<unknown[]>;
  private facts: CommitFacts = { events: 0, durationNs: 0, digest: new Digest().hex(), hasSchedctl: false };

  /**
   * Begins a trace that will be at `path`. What is there, and what an earlier recording under this name left behind
   * unfinished, is replaced only where `options` say so.
   *
   * Throws WorkbenchError: usage, write-failed (what is there may not be replaced), unreadable (no such directory, not
   * writable), busy (being recorded to right now), disk-full.
   */
  constructor(path: string, source: SourceMeta, options: TraceFileOptions = {}) {
    this.path = resolve(path);
    this.rules = { replace: options.replace, sources: options.sources };
    refuseLongName(this.path);
    checkOutputFile(this.path, this.rules);
    clearSideFiles(this.path, this.rules);
    this.partPath = claimPartName(this.path, this.rules);
    debug('begins file', () => ({ path: this.partPath, source: source.source }));
    this.db = createPart(this.partPath, source, options);
    try {
      this.db.exec('BEGIN IMMEDIATE');
      const names = columnNames('event');
      this.insertEvent = new MultiRowInsert(this.db, 'event', names.slice(1));
      this.insertDefinition = {
        cpu: upsert(this.db, 'cpu'),
        process: upsert(this.db, 'process'),
        lwp: upsert(this.db, 'lwp'),
        page: upsert(this.db, 'page'),
        sync: upsert(this.db, 'sync'),
        syscall: upsert(this.db, 'syscall'),
      };
      this.insertMeta = this.db.prepare('INSERT OR REPLACE INTO meta VALUES (?, ?)');
      this.derived = new BatchInserter(this.db);
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
      this.flush(facts);
      if (facts.events > 0) this.writeMeta({ incompleteReason: CUT_OFF });
      this.db.exec('COMMIT');
      this.facts = facts;
      debug('commit', () => ({ events: facts.events, timeNs: facts.durationNs, bytes: this.bytes }));
      this.db.exec('BEGIN IMMEDIATE');
    } catch (thrown) {
      throw this.writeError(thrown);
    }
  }

  /** Ends the trace: one file without side files, under its final name unless broken off. Throws like {@link write}. */
  finish(facts: CommitFacts, options: FinishOptions): WrittenTrace {
    try {
      this.flush(facts);
      this.writeMeta({
        ...options.source,
        complete: options.incompleteReason === null,
        incompleteReason: options.incompleteReason,
        closed: true,
        ...(options.warnings === undefined ? {} : { warnings: options.warnings }),
      });
      // One commit: a trace that says that it is closed has the digest that goes with it.
      this.writeMeta({ namesDigest: digestOfNames(this.db) });
      this.db.exec('COMMIT');
      this.facts = facts;
      this.db.pragma('wal_checkpoint(TRUNCATE)');
      this.db.pragma('journal_mode = DELETE');
      this.db.close();
      this.checkOpens();
      const path = options.brokenOff === true ? this.partPath : this.path;
      if (path !== this.partPath) {
        this.giveFinalName();
      }
      debug('finished file', () => ({ path, events: facts.events, digest: facts.digest }));
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
    if (this.facts.events === 0) removeTrace(this.partPath);
  }

  /** Gives the recording up: removes the file. */
  discard(): void {
    this.db.close();
    removeTrace(this.partPath);
  }

  private flush(facts: CommitFacts): void {
    this.insertEvent.flush();
    this.derived.flush();
    this.writeMeta(facts);
  }

  private define(definition: Definition): void {
    const insert = this.insertDefinition[definition.table];
    switch (definition.table) {
      case 'cpu':
      case 'syscall':
        insert.run(definition.id, definition.name);
        break;
      case 'process':
        insert.run(definition.id, definition.pid, definition.name);
        break;
      case 'lwp':
        insert.run(definition.id, definition.process, definition.lwpNumber, definition.name);
        break;
      case 'page':
        insert.run(definition.id, definition.process, definition.address, definition.kind);
        break;
      case 'sync':
        insert.run(definition.id, definition.process, definition.kind, definition.name);
        break;
    }
  }

  private writeError(thrown: unknown): unknown {
    return asWriteError(thrown, this.partPath, this.facts.events > 0);
  }

  /** Throws WorkbenchError where it has been taken meanwhile: the whole trace is kept under the name that it has. */
  private giveFinalName(): void {
    try {
      clearSideFiles(this.path, this.rules);
      giveName(this.partPath, this.path, this.rules);
    } catch (thrown) {
      if (!(thrown instanceof WorkbenchError)) throw thrown;
      const { code, message, context } = thrown;
      throw new WorkbenchError(code, `${message} The whole trace is kept in ${this.partPath}.`, context);
    }
  }

  /** What has the final name opens: whatever else went wrong, it is said here and the name is not given. */
  private checkOpens(): void {
    try {
      TraceDatabase.open(this.partPath).close();
    } catch (thrown) {
      throw new WorkbenchError(
        'internal',
        `What was recorded does not open again: ${(thrown as Error).message} This is a defect of the program.`,
        { file: this.partPath },
        { cause: thrown },
      );
    }
  }

  private writeMeta(facts: Partial<TraceMeta>): void {
    for (const [key, value] of Object.entries(facts)) {
      this.insertMeta.run(key, metaToSql(value));
    }
  }
}

function upsert(db: Database.Database, table: Definition['table']): Database.Statement<unknown[]> {
  const names = columnNames(table);
  const values = names.map(() => '?').join(', ');
  const updates = names.slice(1).map((name) => `${name} = excluded.${name}`);
  return db.prepare(
    `INSERT INTO ${table} VALUES (${values}) ON CONFLICT (id) DO UPDATE SET ${updates.join(', ')}`,
  );
}
