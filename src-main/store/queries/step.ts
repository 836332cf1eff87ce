/** `trace.step`: the next or previous event, decision or context switch. */
import type { StepTarget } from '#shared/api/contract.ts';
import { KIND } from '#shared/model/kinds.ts';
import { searchEvents, type EventQuery } from '../read/event-search.ts';
import type { TraceDatabase } from '../read/trace-database.ts';
import type { QueryParams } from './params.ts';

/**
 * The nearest row after (`next`) or before `fromSequence`, or null where there is none. With `lwp`: rows
 * about that LWP; for switches, those to or from it.
 */
export function step(trace: TraceDatabase, params: QueryParams<'trace.step'>): StepTarget | null {
  return trace.guard(() => {
    const next = params.direction === 'next';
    const from = params.fromSequence + (next ? 1 : -1);
    const [row] = searchEvents(trace, from, params.direction, 1, wanted(params));
    return row === undefined ? null : { sequence: row[0], timeNs: row[1] };
  });
}

function wanted(params: QueryParams<'trace.step'>): EventQuery {
  const lwps = params.lwp === undefined ? undefined : [params.lwp];
  switch (params.what) {
    case 'event':
      return { lwps };
    case 'decision':
      return { kinds: [KIND.decision], lwps };
    case 'switch':
      return { kinds: [KIND.cpu_dispthread], switchedLwp: params.lwp };
  }
}
