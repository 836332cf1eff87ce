/**
 * `trace.eventsBySequence`: rows by their sequences, in the order asked for. Sequences that do not exist are left out.
 */
import type { EventColumns } from '#shared/api/contract.ts';
import { EVENT_SEARCH_SQL, EVENT_TYPES, eventColumns, type EventRow } from '../read/event-search.ts';
import type { TraceDatabase } from '../read/trace-database.ts';
import type { QueryParams } from './params.ts';
import { checkedRow } from '../read/checked-rows.ts';

export function eventsBySequence(
  trace: TraceDatabase,
  params: QueryParams<'trace.eventsBySequence'>,
): EventColumns {
  return trace.guard(() => {
    const rows: EventRow[] = [];
    for (const sequence of params.sequences) {
      const row = checkedRow(trace, EVENT_SEARCH_SQL.bySequence, EVENT_TYPES, sequence);
      if (row !== undefined) rows.push(row);
    }
    return eventColumns(rows);
  });
}
