/** `trace.findEvents`: rows that a text describes. */
import type { EventColumns } from '#shared/api/contract.ts';
import { CAUSE_NAMES } from '#shared/model/causes.ts';
import { KIND_NAMES } from '#shared/model/kinds.ts';
import { checkedRows } from '../read/checked-rows.ts';
import { eventColumns, searchEvents, type EventTerm } from '../read/event-search.ts';
import type { TraceDatabase } from '../read/trace-database.ts';
import type { QueryParams } from './params.ts';

/**
 * Every word of the text must be in the name of the kind, of the cause, of the thread or of its process, upper and
 * lower case alike. Rows after (`next`) or before `fromSequence`, nearest first, as far as `filter` lets them through.
 */
export function findEvents(trace: TraceDatabase, params: QueryParams<'trace.findEvents'>): EventColumns {
  return trace.guard(() => {
    const words = params.text.toLowerCase().split(/\s+/).filter(Boolean);
    const terms = words.map((word) => termOf(trace, word));
    const isHopeless = terms.some((term) => !term.kinds.size && !term.causes.size && !term.lwps.size);
    if (terms.length === 0 || isHopeless) return eventColumns([]);
    const from = params.fromSequence + (params.direction === 'next' ? 1 : -1);
    const query = { ...params.filter, terms };
    return eventColumns(searchEvents(trace, from, params.direction, params.limit, query));
  });
}

function termOf(trace: TraceDatabase, word: string): EventTerm {
  const idsIn = (names: readonly string[]): Set<number> =>
    new Set(names.flatMap((name, id) => (name.toLowerCase().includes(word) ? [id] : [])));
  const lwps = checkedRows(
    trace,
    'SELECT l.id, l.name, p.name FROM lwp l LEFT JOIN process p ON p.id = l.process ORDER BY l.id',
    ['integer', 'text', 'textOrNull'],
  );
  return {
    kinds: idsIn(KIND_NAMES),
    causes: idsIn(CAUSE_NAMES),
    lwps: new Set(
      lwps.flatMap(([id, name, process]) =>
        name.toLowerCase().includes(word) || process?.toLowerCase().includes(word) === true ? [id] : [],
      ),
    ),
  };
}
