/** `trace.stepFiltered`: the next or previous row that a filter lets through. */
import type { StepTarget } from '#shared/api/contract.ts';
import { searchEvents } from '../read/event-search.ts';
import type { TraceDatabase } from '../read/trace-database.ts';
import type { QueryParams } from './params.ts';

/** The nearest matching row after (`next`) or before `fromSequence`, or null where there is none. */
export function stepFiltered(
  trace: TraceDatabase,
  params: QueryParams<'trace.stepFiltered'>,
): StepTarget | null {
  return trace.guard(() => {
    const from = params.fromSequence + (params.direction === 'next' ? 1 : -1);
    const [row] = searchEvents(trace, from, params.direction, 1, params.filter);
    return row === undefined ? null : { sequence: row[0], timeNs: row[1] };
  });
}
