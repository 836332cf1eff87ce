/** How many LWPs, CPUs, ... a trace can name: as many as it has names for, and some. */
import type Database from 'better-sqlite3';
import type { SubjectLimits } from '#shared/model/machine-state.ts';
import { InvariantError } from '#shared/base/assert.ts';
import { SLOT_ID_STRIDE } from '#shared/model/kinds.ts';
import { checkedRow, rowsAsArrays } from './checked-rows.ts';

/** What has no name of its own: ids are numbered without gaps, but not every source names everything. */
const UNNAMED = 4096;
const UNNAMED_PAGES = 64;

/**
 * Room is made for every id up to the highest that is used, so a damaged row could cost gigabytes. A file with names
 * for millions is at least that large itself.
 */
export function subjectLimits(db: Database.Database): SubjectLimits {
  const named = (table: string, unnamed = UNNAMED): number => countOf(db, table) + unnamed;
  const pages = named('page', UNNAMED_PAGES);
  return {
    lwp: named('lwp'),
    cpu: named('cpu'),
    process: named('process'),
    sync: named('sync'),
    page: pages,
    slot: pages * SLOT_ID_STRIDE,
  };
}

/**
 * Looks at the ids of everything that has a name, when a file is opened. Throws InvariantError for one that no trace of
 * so many names has: nothing further on has to expect it.
 */
export function checkIds(db: Database.Database): void {
  for (const table of ['cpu', 'process', 'lwp', 'page', 'sync']) {
    const sql = `SELECT min(id), max(id) FROM ${table}`;
    const [least, most] = checkedRow(rowsAsArrays(db), sql, ['any', 'any'])!;
    if (least === null && most === null) continue;
    const isId = (id: unknown): id is number => Number.isSafeInteger(id) && (id as number) >= 0;
    const unnamed = table === 'page' ? UNNAMED_PAGES : UNNAMED;
    if (!isId(least)) throw new InvariantError(`impossible id ${String(least)} in the table ${table}`);
    // Counting looks at every page of the table: only where that could tell.
    if (isId(most) && (most < unnamed || most < countOf(db, table) + unnamed)) continue;
    throw new InvariantError(`impossible id ${String(most)} in the table ${table}`);
  }
}

const countOf = (db: Database.Database, table: string): number =>
  checkedRow(rowsAsArrays(db), `SELECT count(*) FROM ${table}`, ['integer'])![0];
