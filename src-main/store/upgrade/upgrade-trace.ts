/**
 * A trace of an earlier schema as one of this one: a new file, in which everything that follows from the rows is
 * derived anew. The original is only read.
 */
import { dirname, resolve } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import Database from 'better-sqlite3';
import type { CancelSignal } from '#shared/base/cancel.ts';
import { WorkbenchError } from '#shared/base/errors.ts';
import { PAGE_KIND } from '#shared/model/enums.ts';
import {
  BATCH_ROWS,
  createBatch,
  type Definition,
  type TransitionBatch,
} from '#shared/model/transition-batch.ts';
import { makeFolder } from '../../files/make-folder.ts';
import { checkOutputFile, giveName, temporaryName } from '../../files/output-name.ts';
import { checkEarlierTrace } from '../read/check-file.ts';
import { connectForReading } from '../read/connect.ts';
import { checkedEventRow, EVENT_ROWS_SQL, putEventRow } from '../read/event-rows.ts';
import { checkIds, subjectLimits } from '../read/subject-limits.ts';
import type { EventRow } from '../read/event-search.ts';
import { metaToSql, type TraceMeta } from '../format/meta.ts';
import { digestOfNames, NAMES_DIGEST } from '../format/names-digest.ts';
import { refuseLongName, removeTrace } from '../write/new-trace.ts';
import { readMeta } from '../read/read-meta.ts';
import { clearSideFiles } from '../read/side-files.ts';
import { asTraceError, asWriteError, corrupt } from '../format/trace-errors.ts';
import { TraceWriter } from '../write/trace-writer.ts';
import { checkedRows, eachCheckedRow, rowsAsArrays } from '../read/checked-rows.ts';

export interface UpgradeOptions {
  /** The person asked for what is at the name to be replaced. */
  readonly replace?: boolean;
  readonly signal?: CancelSignal;
  /** Called now and then with the rows done so far, and all. */
  readonly onProgress?: (events: number, all: number) => void;
}

export interface Upgraded {
  readonly path: string;
  /** Schema of the original. */
  readonly fromVersion: number;
  readonly events: number;
}

/**
 * Writes `to`, which is never there half, and is replaced only where that was asked for. The thread can do other things
 * meanwhile, such as hear that somebody cancels.
 *
 * Throws WorkbenchError: what opening a trace throws; bad-request for one of this version; cancelled, disk-full,
 * write-failed.
 */
export async function upgradeTrace(
  from: string,
  to: string,
  options: UpgradeOptions = {},
): Promise<Upgraded> {
  const source = resolve(from);
  const target = resolve(to);
  const rules = { replace: options.replace, sources: [source] };
  checkOutputFile(target, rules);
  refuseLongName(target);
  const db = connectForReading(source);
  const making = temporaryName(target);
  try {
    const fromVersion = checkEarlierTrace(db, source);
    checkOf(source, () => checkIds(db));
    const meta = readMeta(db, source);
    makeFolder(dirname(target));
    await copyEvents(db, { file: source, fromVersion, meta }, making, options);
    copyRest(db, meta, making);
    clearSideFiles(target, rules);
    giveName(making, target, rules);
    return { path: target, fromVersion, events: meta.events };
  } catch (thrown) {
    if (thrown instanceof Database.SqliteError) throw asTraceError(thrown, source);
    throw asWriteError(named(thrown, making, target), target, false);
  } finally {
    db.close();
    removeTrace(making);
  }
}

/** What is said about the file in the making is said about the one that it is to be: the other is gone by then. */
function named(thrown: unknown, making: string, target: string): unknown {
  if (!(thrown instanceof WorkbenchError)) return thrown;
  const { code, message, context, cause } = thrown;
  const file = context.file?.startsWith(making) === true ? target : context.file;
  const plain = message.replaceAll(`${making}.part`, target).replaceAll(making, target);
  return new WorkbenchError(code, plain, { ...context, ...(file === undefined ? {} : { file }) }, { cause });
}

/** What is upgraded. */
interface Earlier {
  readonly file: string;
  readonly fromVersion: number;
  readonly meta: TraceMeta;
}

async function copyEvents(
  db: Database.Database,
  { file, fromVersion, meta }: Earlier,
  making: string,
  options: UpgradeOptions,
): Promise<void> {
  const { source, sourceDetail, tickNs, clock, scenario, warnings } = meta;
  const writer = new TraceWriter(making, { source, sourceDetail, tickNs, clock, scenario, warnings });
  try {
    const batch = createBatch(BATCH_ROWS);
    // Not push(...): there may be more than a call has arguments.
    for (const definition of definitions(db, fromVersion)) batch.definitions.push(definition);
    const rows = rowsAsArrays(db).prepare(EVENT_ROWS_SQL);
    const limits = subjectLimits(db);
    for (let first = 1; first <= meta.events; first += BATCH_ROWS) {
      await setImmediate();
      if (options.signal?.aborted === true) {
        throw new WorkbenchError(
          'cancelled',
          'The upgrade was cancelled: nothing was written, nothing changed.',
        );
      }
      const last = Math.min(meta.events, first + BATCH_ROWS - 1);
      const read = rows.all(first, last);
      fill(
        batch,
        checkOf(file, () => read.map((row) => checkedEventRow(row, limits))),
      );
      if (batch.length !== last - first + 1) throw corrupt(file, `events ${first} to ${last} have gaps`);
      writer.write(batch);
      batch.definitions.length = 0;
      options.onProgress?.(last, meta.events);
    }
    if (batch.definitions.length > 0) writer.write({ ...batch, length: 0 });
    const { digest } = writer.finish({ incompleteReason: meta.incompleteReason });
    if (digest !== meta.digest) {
      throw corrupt(file, `its events have digest ${digest} and it says ${meta.digest}`);
    }
  } catch (thrown) {
    writer.abandon();
    removeTrace(writer.partPath);
    throw thrown;
  }
}

/** What is wrong with the source is said about the source. */
function checkOf<T>(file: string, check: () => T): T {
  try {
    return check();
  } catch (thrown) {
    throw asTraceError(thrown, file);
  }
}

function fill(batch: TransitionBatch, rows: readonly EventRow[]): void {
  rows.forEach((row, at) => putEventRow(batch.columns, at, row));
  batch.length = rows.length;
}

type SyncKind = Extract<Definition, { table: 'sync' }>['kind'];

type PageKind = Extract<Definition, { table: 'page' }>['kind'];

/** Of slots whose page has a kind. */
const WITH_PAGE_KINDS = 4;

function definitions(db: Database.Database, fromVersion: number): Definition[] {
  const source = rowsAsArrays(db);
  const hasKinds = fromVersion >= WITH_PAGE_KINDS;
  // An address of 0 was that of rseq areas, and of slots whose address DTrace did not tell.
  const pages = hasKinds
    ? 'SELECT id, process, address, kind FROM page ORDER BY id'
    : `SELECT id, process, nullif(address, 0),
        CASE WHEN address = 0 AND (SELECT value FROM meta WHERE key = 'source') <> 'dtrace'
          THEN ${PAGE_KIND.rseq} ELSE ${PAGE_KIND.schedctl} END FROM page ORDER BY id`;
  return [
    ...checkedRows(source, 'SELECT id, name FROM cpu ORDER BY id', ['integer', 'text']).map(([id, name]) => ({
      table: 'cpu' as const,
      id,
      name,
    })),
    ...checkedRows(source, 'SELECT id, pid, name FROM process ORDER BY id', [
      'integer',
      'integer',
      'text',
    ]).map(([id, pid, name]) => ({ table: 'process' as const, id, pid, name })),
    ...checkedRows(source, 'SELECT id, process, lwp_number, name FROM lwp ORDER BY id', [
      'integer',
      'integer',
      'integer',
      'text',
    ]).map(([id, process, lwpNumber, name]) => ({ table: 'lwp' as const, id, process, lwpNumber, name })),
    ...checkedRows(source, pages, ['integer', 'integer', 'integerOrNull', 'integer']).map(
      ([id, process, address, kind]) => ({
        table: 'page' as const,
        id,
        process,
        address,
        kind: kind as PageKind,
      }),
    ),
    ...checkedRows(source, 'SELECT id, process, kind, name FROM sync ORDER BY id', [
      'integer',
      'integer',
      'integer',
      'text',
    ]).map(([id, process, kind, name]) => ({
      table: 'sync' as const,
      id,
      process,
      kind: kind as SyncKind,
      name,
    })),
    ...(hasKinds
      ? checkedRows(source, 'SELECT id, name FROM syscall ORDER BY id', ['integer', 'text']).map(
          ([id, name]) => ({ table: 'syscall' as const, id, name }),
        )
      : []),
  ];
}

/**
 * Facts that the events do not give and a new recording would not have: of the last three, traces of the first versions
 * know nothing.
 */
const KEPT_FACTS = ['recordedBy', 'recordedAtMs', 'clockUnit', 'clockOrigin', 'plannedNs'] as const;

const NOTES = 'SELECT id, kind, start_ns, end_ns, content, created_ms FROM note';

/** Of which clock the times are, when and by what it was recorded, and what people added. */
function copyRest(db: Database.Database, meta: TraceMeta, making: string): void {
  const made = new Database(making);
  try {
    made.exec('BEGIN');
    const setMeta = made.prepare('INSERT OR REPLACE INTO meta VALUES (?, ?)');
    const hasFact = db.prepare('SELECT 1 FROM meta WHERE key = ?');
    for (const key of KEPT_FACTS) if (hasFact.get(key) !== undefined) setMeta.run(key, metaToSql(meta[key]));
    const addNote = made.prepare('INSERT INTO note VALUES (?, ?, ?, ?, ?, ?)');
    const anything = ['any', 'any', 'any', 'any', 'any', 'any'] as const;
    for (const note of eachCheckedRow(rowsAsArrays(db), NOTES, anything)) addNote.run(...note);
    setMeta.run(NAMES_DIGEST, digestOfNames(made));
    made.exec('COMMIT');
  } finally {
    made.close();
  }
}
