/** How many LWPs, CPUs, ... a trace can name: as many as it has names for, and some. */
import type Database from 'better-sqlite3';
import type { SubjectLimits } from '#shared/model/machine-state.ts';
import { SLOT_ID_STRIDE } from '#shared/model/kinds.ts';

/** What has no name of its own: ids are numbered without gaps, but not every source names everything. */
const UNNAMED = 4096;
const UNNAMED_PAGES = 64;

/**
 * Room is made for every id up to the highest that is used, so a damaged row could cost gigabytes. A file with names for
 * millions is at least that large itself.
 */
export function subjectLimits(db: Database.Database): SubjectLimits {
  const named = (table: string, unnamed = UNNAMED): number =>
    (db.prepare(`SELECT count(*) FROM ${table}`).pluck().get() as number) + unnamed;
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
