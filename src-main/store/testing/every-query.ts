/** For tests of what all queries have in common. */
import type { QueryName } from '#shared/api/contract.ts';
import { requestSamples } from '#shared/api/testing/request-samples.ts';
import { QUERIES } from '../queries/index.ts';
import type { TraceDatabase } from '../read/trace-database.ts';

export const QUERY_NAMES = Object.keys(QUERIES) as QueryName[];

/** Asks a query all its samples, which are for a trace of some 30,000 events over 60 ms. Throws what it throws. */
export function ask(trace: TraceDatabase, name: QueryName): void {
  const query = QUERIES[name] as (trace: TraceDatabase, params: unknown) => unknown;
  for (const params of requestSamples[name]) query(trace, params);
}
