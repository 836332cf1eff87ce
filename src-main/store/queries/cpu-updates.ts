/** `trace.cpuUpdates`: stores into sc_cpu, by the CPU stored. */
import type { CountMatrix } from '#shared/api/contract.ts';
import { countedObjects, countMatrix } from './count-matrix.ts';
import { SERIES } from '../levels/series.ts';
import type { TraceDatabase } from '../read/trace-database.ts';
import type { QueryParams } from './params.ts';

export function cpuUpdates(trace: TraceDatabase, params: QueryParams<'trace.cpuUpdates'>): CountMatrix {
  return trace.guard(() =>
    countMatrix(trace, SERIES.cpuUpdateCounts, countedObjects(trace, SERIES.cpuUpdateCounts), params),
  );
}
