/**
 * Verification: replays a trace from the start, derives everything again and compares it with the file.
 *
 * Finds a changed bit in the events (the digests), in the keyframes (each is made again), in every derived table
 * (compared row by row), and in the facts and names (their digest); in all but the notes. Needs room in the temporary
 * directory for the derived tables.
 */
import { mkdtempSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { Seq } from '#shared/base/brands.ts';
import { InvariantError } from '#shared/base/assert.ts';
import { WorkbenchError } from '#shared/base/errors.ts';
import { createBatch } from '#shared/model/transition-batch.ts';
import type { CancelSignal } from '#shared/base/cancel.ts';
import { DETECTORS_VERSION } from '../../findings/detectors/index.ts';
import { FindingsPass } from '../../findings/pass.ts';
import { Rederivation } from './rederivation.ts';
import { columnNames, createTableSql, DERIVED_TABLES, PAGE_SIZE, type TableName } from '../format/schema.ts';
import { digestOfNames } from '../format/names-digest.ts';
import { definitionsOf } from '../read/definitions.ts';
import { checkedEventRow, EVENT_ROWS_SQL, putEventRow } from '../read/event-rows.ts';
import { TraceDatabase } from '../read/trace-database.ts';
import { createViewSql, VIEWS } from '../format/views.ts';
import { checkedRow, checkedRows, eachCheckedRow, rowsAsArrays } from '../read/checked-rows.ts';

export interface VerifyResult {
  readonly ok: boolean;
  readonly events: number;
  readonly keyframes: number;
  /** The first difference as a sentence, null where there is none. */
  readonly difference: string | null;
  /** Sequence of the row at which it shows, null where it belongs to none. */
  readonly sequence: Seq | null;
}

export interface VerifyOptions {
  readonly signal?: CancelSignal;
  /** Called now and then with the rows replayed so far. */
  readonly onProgress?: (events: number) => void;
}

const SLICE = 16_384;

const FINDING_TABLES: ReadonlySet<TableName> = new Set(['finding', 'finding_pass']);

/**
 * Verifies the file at `path`. Throws WorkbenchError where it cannot be opened at all, and write-failed where there is
 * no room for the derived tables; every other damage
 * is the result's `difference`.
 */
export function verifyTrace(path: string, options: VerifyOptions = {}): VerifyResult {
  const trace = TraceDatabase.open(path);
  try {
    const scratch = openScratch(path);
    try {
      return new Verification(trace, scratch, options).run();
    } finally {
      scratch.close();
    }
  } finally {
    trace.close();
  }
}

/**
 * Opens the database for what is derived again: one without a name, of which nothing is left however the process ends.
 * Throws WorkbenchError write-failed.
 */
function openScratch(path: string): Database.Database {
  try {
    // SQLite would look for a place of its own, where the person expects no such file.
    rmdirSync(mkdtempSync(join(tmpdir(), 'sctrace-verify-')));
    const scratch = new Database('');
    scratch.pragma(`page_size = ${PAGE_SIZE}`);
    scratch.pragma('journal_mode = OFF');
    scratch.pragma('synchronous = OFF');
    return scratch;
  } catch (thrown) {
    throw notVerified(path, thrown, tmpdir());
  }
}

/** What is wrong with the folder for temporary files says nothing about the trace. */
function notVerified(path: string, thrown: unknown, folder: string): WorkbenchError {
  return new WorkbenchError(
    'write-failed',
    `${path} could not be verified: ${folder} is not writable (${(thrown as Error).message}). Free some space there, or set TMPDIR to another folder.`,
    { file: path },
    { cause: thrown },
  );
}

/** Failures of the scratch database, not of the trace, which is only read. */
function isOfScratch(thrown: unknown): boolean {
  return (
    thrown instanceof Database.SqliteError &&
    /^SQLITE_(FULL|IOERR_(WRITE|FSYNC|TRUNCATE|LOCK))/.test(thrown.code)
  );
}

/** Thrown at the first difference. */
class Difference extends Error {
  readonly sequence: Seq | null;
  constructor(message: string, sequence: Seq | null) {
    super(message);
    this.sequence = sequence;
  }
}

class Verification {
  private readonly trace: TraceDatabase;
  private readonly scratch: Database.Database;
  private readonly options: VerifyOptions;
  private keyframes = 0;

  constructor(trace: TraceDatabase, scratch: Database.Database, options: VerifyOptions) {
    this.trace = trace;
    this.scratch = scratch;
    this.options = options;
  }

  run(): VerifyResult {
    const events = this.trace.events;
    try {
      this.checkPages();
      this.compareNames();
      this.rederive();
      this.compareTables();
      return { ok: true, events, keyframes: this.keyframes, difference: null, sequence: null };
    } catch (thrown) {
      if (thrown instanceof WorkbenchError && thrown.code === 'cancelled') throw thrown;
      if (isOfScratch(thrown)) throw notVerified(this.trace.path, thrown, 'the folder for temporary files');
      const sequence = thrown instanceof Difference ? thrown.sequence : null;
      const expected =
        thrown instanceof Difference ||
        thrown instanceof InvariantError ||
        thrown instanceof WorkbenchError ||
        thrown instanceof Database.SqliteError;
      if (!expected) throw thrown;
      return { ok: false, events, keyframes: this.keyframes, difference: thrown.message, sequence };
    }
  }

  /** SQLite's own look at its pages. */
  private checkPages(): void {
    const found = this.trace.db.pragma('integrity_check(1)', { simple: true });
    if (found !== 'ok') throw new Difference(`SQLite finds the file damaged: ${String(found)}`, null);
  }

  /** What does not follow from the events: facts, names, and the views for other SQLite tools. */
  private compareNames(): void {
    const { db, meta } = this.trace;
    // Until a recording is closed, names are still being added.
    if (meta.closed && digestOfNames(db) !== meta.namesDigest) {
      throw new Difference(
        'the facts about the recording, or the names in it, are not those that were recorded',
        null,
      );
    }
    const views = "SELECT name, sql FROM sqlite_schema WHERE type = 'view'";
    const found = new Map(checkedRows(rowsAsArrays(db), views, ['any', 'any']));
    for (const [name, select] of Object.entries(VIEWS)) {
      if (found.get(name) !== createViewSql(name, select)) {
        throw new Difference(`the view ${name} is not the one that was recorded`, null);
      }
    }
  }

  private rederive(): void {
    const { trace, scratch } = this;
    scratch.exec('BEGIN');
    for (const table of DERIVED_TABLES) scratch.exec(createTableSql(table));
    const limits = trace.subjectLimits;
    const { columns } = createBatch(1);
    const findings = this.hasOurFindings ? new FindingsPass(trace.meta) : null;
    const derived = new Rederivation(scratch, limits, findings);
    derived.define(definitionsOf(trace));
    const rows = trace.db.prepare(EVENT_ROWS_SQL).raw();
    const keyframes = new Map(
      checkedRows(trace, 'SELECT seq, state_digest, event_digest FROM keyframe', [
        'integer',
        'any',
        'any',
      ]).map(([seq, state, event]) => [seq, { state, event }]),
    );
    const { events, digest, closed, durationNs } = trace.meta;
    for (let first = 1; first <= events; first += SLICE) {
      if (this.options.signal?.aborted === true) throw new WorkbenchError('cancelled', 'Cancelled.');
      const slice = rows.all(first, Math.min(events, first + SLICE - 1));
      let expected = first;
      for (const read of slice) {
        const seq = sequenceOf(read);
        if (seq !== expected) throw new Difference(`event ${expected} is missing`, expected);
        expected++;
        try {
          putEventRow(columns, 0, checkedEventRow(read, limits));
          derived.add(columns, 0);
        } catch (thrown) {
          if (thrown instanceof InvariantError) {
            throw new Difference(`event ${seq} is impossible: ${thrown.message}`, seq);
          }
          throw thrown;
        }
        const keyframe = keyframes.get(seq);
        if (keyframe !== undefined) this.compareKeyframe(seq, keyframe, derived);
      }
      if (expected <= Math.min(events, first + SLICE - 1)) {
        throw new Difference(`event ${expected} is missing`, expected);
      }
      this.options.onProgress?.(expected - 1);
    }
    const [more] = checkedRow(trace, 'SELECT coalesce(max(seq), 0) FROM event', ['integer'])!;
    if (more !== events) {
      throw new Difference(`the file has ${more} events and says ${events}`, null);
    }
    if (derived.router.nowNs !== durationNs) {
      throw new Difference(
        `the last event is at ${derived.router.nowNs} ns, the file says ${durationNs}`,
        events,
      );
    }
    if (derived.digestHex() !== digest) {
      throw new Difference(
        `the events have digest ${derived.digestHex()}, the file says ${digest}; the change is after the last keyframe`,
        null,
      );
    }
    if (closed) derived.finish();
    derived.flush();
    scratch.exec('COMMIT');
  }

  private compareKeyframe(
    seq: Seq,
    keyframe: { readonly state: unknown; readonly event: unknown },
    derived: Rederivation,
  ): void {
    this.keyframes++;
    if (derived.digestHex() !== keyframe.event) {
      throw new Difference(`the events up to ${seq} are not those that were recorded`, seq);
    }
    if (derived.router.state.digest() !== keyframe.state) {
      throw new Difference(`the machine after event ${seq} is not the one that was recorded`, seq);
    }
  }

  private compareTables(): void {
    for (const table of DERIVED_TABLES) {
      if (!this.hasOurFindings && FINDING_TABLES.has(table)) continue;
      this.compareTable(table);
    }
  }

  /**
   * Findings of other detectors, earlier or later ones, cannot be made again; nor is any made before a recording ends.
   */
  private get hasOurFindings(): boolean {
    const { db, meta } = this.trace;
    if (!meta.closed) return false;
    return db.prepare('SELECT version FROM finding_pass').pluck().get() === DETECTORS_VERSION;
  }

  private compareTable(table: TableName): void {
    const sql = `SELECT * FROM ${table} ORDER BY 1`;
    const names = columnNames(table);
    const anything = names.map(() => 'any' as const);
    const ours = eachCheckedRow(rowsAsArrays(this.scratch), sql, anything);
    const theirs = eachCheckedRow(this.trace, sql, anything);
    const sequenceColumn = names.indexOf('seq');
    try {
      for (;;) {
        const mine = ours.next();
        const other = theirs.next();
        if (mine.done === true && other.done === true) return;
        if (mine.done === true || other.done === true) {
          throw new Difference(
            `the table ${table} has ${mine.done ? 'more' : 'fewer'} rows than follow from the events`,
            null,
          );
        }
        const column = firstDifference(mine.value, other.value);
        if (column >= 0) {
          throw new Difference(
            `the table ${table} differs from what follows from the events: ${names[0]} ${String(mine.value[0])}, column ${names[column]}`,
            sequenceColumn >= 0 ? Number(mine.value[sequenceColumn]) : null,
          );
        }
      }
    } finally {
      ours.return();
      theirs.return();
    }
  }
}

/** Of a row of the event table, NaN where it is none. */
const sequenceOf = (row: unknown): Seq => (Array.isArray(row) ? Number(row[0]) : NaN);

function firstDifference(a: readonly unknown[], b: readonly unknown[]): number {
  for (let i = 0; i < a.length; i++) {
    const x = a[i];
    const y = b[i];
    const same =
      x instanceof Uint8Array && y instanceof Uint8Array ? Buffer.compare(x, y) === 0 : Object.is(x, y);
    if (!same) return i;
  }
  return -1;
}
