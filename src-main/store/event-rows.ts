/** Rows of the event table as they stand, for whoever goes through a stretch of them. */
import { InvariantError } from '#shared/base/assert.ts';
import type { EventRow } from './event-search.ts';
import type { TraceDatabase } from './trace-database.ts';

export const EVENT_ROWS_SQL =
  'SELECT seq, time_ns, kind, cpu, lwp, object, cause, old, new FROM event WHERE seq BETWEEN ? AND ? ORDER BY seq';

/** Rows `first` to `last`, both included. Throws WorkbenchError corrupt-trace where one is missing. */
export function eventRows(trace: TraceDatabase, first: number, last: number): EventRow[] {
  return trace.guard(() => {
    const rows = trace.prepare(EVENT_ROWS_SQL).all(first, last) as EventRow[];
    if (rows.length !== last - first + 1) throw new InvariantError(`events ${first} to ${last} have gaps`);
    return rows;
  });
}
