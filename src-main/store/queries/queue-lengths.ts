/** `trace.queueLengths`: threads on each CPU's run queue. */
import type { QueueLengthColumns } from '#shared/api/contract.ts';
import { SERIES } from '../levels/series.ts';
import type { TraceDatabase } from '../read/trace-database.ts';
import { valueSteps } from './value-steps.ts';
import type { QueryParams } from './params.ts';

export function queueLengths(
  trace: TraceDatabase,
  params: QueryParams<'trace.queueLengths'>,
): QueueLengthColumns {
  return trace.guard(() => {
    const { offset, timeNs, value } = valueSteps(trace, SERIES.queueLength, params.cpus, params);
    return { cpuOffset: offset, timeNs, length: value };
  });
}
