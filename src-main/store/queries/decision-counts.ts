/** `trace.decisionCounts`: decisions of preemption control, by outcome. */
import type { CountMatrix } from '#shared/api/contract.ts';
import { DECISION } from '#shared/model/enums.ts';
import { countMatrix } from './count-matrix.ts';
import { SERIES } from '../levels/series.ts';
import type { TraceDatabase } from '../read/trace-database.ts';
import type { QueryParams } from './params.ts';

/** One row for each value of DECISION, whether it occurs or not, in the order of their numbers. */
export function decisionCounts(
  trace: TraceDatabase,
  params: QueryParams<'trace.decisionCounts'>,
): CountMatrix {
  return trace.guard(() => countMatrix(trace, SERIES.decisionCounts, Object.values(DECISION), params));
}
