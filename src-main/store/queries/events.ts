/** `trace.events`: rows around a sequence or time. */
import type { EventColumns } from '#shared/api/contract.ts';
import { eventColumns, searchEvents } from '../read/event-search.ts';
import { lastSequenceAt } from '../read/sequence-at.ts';
import type { TraceDatabase } from '../read/trace-database.ts';
import type { QueryParams } from './params.ts';

/**
 * `before` rows that match and precede the anchor, then `after` rows that match from the anchor on, in order.
 *
 * The anchor is `sequence`; or the first row at or after `timeNs`; or the first row.
 */
export function events(trace: TraceDatabase, params: QueryParams<'trace.events'>): EventColumns {
  return trace.guard(() => {
    const anchor =
      params.sequence ?? (params.timeNs === undefined ? 1 : lastSequenceAt(trace, params.timeNs - 1) + 1);
    const before = searchEvents(trace, anchor - 1, 'previous', params.before, params.filter);
    const after = searchEvents(trace, anchor, 'next', params.after, params.filter);
    return eventColumns([...before.reverse(), ...after]);
  });
}
