/** `trace.eventsBySequence`: rows by their sequences, in the order asked for. Sequences that do not exist are left out. */
import type { EventColumns } from '#shared/api/contract.ts';
import { EVENT_SEARCH_SQL, eventColumns, type EventRow } from '../read/event-search.ts';
import type { TraceDatabase } from '../read/trace-database.ts';
import type { QueryParams } from './params.ts';

export function eventsBySequence(
  trace: TraceDatabase,
  params: QueryParams<'trace.eventsBySequence'>,
): EventColumns {
  return trace.guard(() => {
    const statement = trace.prepare(EVENT_SEARCH_SQL.bySequence);
    const rows: EventRow[] = [];
    for (const sequence of params.sequences) {
      const row = statement.get(sequence) as EventRow | undefined;
      if (row !== undefined) rows.push(row);
    }
    return eventColumns(rows);
  });
}
