/** `trace.history`: the rows that assigned one field of one object. */
import type { EventColumns } from '#shared/api/contract.ts';
import { KIND_SPECS } from '#shared/model/kinds.ts';
import { eventColumns, searchEvents, type EventQuery } from '../read/event-search.ts';
import { lastSequenceAt } from '../read/sequence-at.ts';
import type { TraceDatabase } from '../read/trace-database.ts';
import type { QueryParams } from './params.ts';

/** `before` of them that precede the anchor and `after` from it on, in order; the anchor as for `trace.events`. */
export function history(trace: TraceDatabase, params: QueryParams<'trace.history'>): EventColumns {
  return trace.guard(() => {
    const anchor =
      params.sequence ??
      (params.timeNs === undefined ? trace.events + 1 : lastSequenceAt(trace, params.timeNs - 1) + 1);
    const query = assignmentsOf(params.kind, params.subject);
    const before = searchEvents(trace, anchor - 1, 'previous', params.before, query);
    const after = searchEvents(trace, anchor, 'next', params.after, query);
    return eventColumns([...before.reverse(), ...after]);
  });
}

/** Where a kind keeps the id of its subject: see the table in kinds.ts. */
function assignmentsOf(kind: number, subject: number): EventQuery {
  switch (KIND_SPECS[kind]?.subject) {
    case 'lwp':
      return { kinds: [kind], lwps: [subject] };
    case 'cpu':
      return { kinds: [kind], cpus: [subject] };
    case 'machine':
      return { kinds: [kind] };
    default:
      return { kinds: [kind], objects: [subject] };
  }
}
