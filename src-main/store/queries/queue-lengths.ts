/** `trace.queueLengths`: threads on each CPU's run queue. */
import type { QueueLengthColumns } from '#shared/api/contract.ts';
import { GrowingColumn } from '../growing-column.ts';
import { SERIES } from '../pyramid/series.ts';
import type { TraceDatabase } from '../trace-database.ts';
import { visitValueSteps } from '../value-steps.ts';
import type { QueryParams } from './params.ts';

export function queueLengths(
  trace: TraceDatabase,
  params: QueryParams<'trace.queueLengths'>,
): QueueLengthColumns {
  return trace.guard(() => {
    const cpuOffset = new Int32Array(params.cpus.length + 1);
    const time = new GrowingColumn(Float64Array);
    const length = new GrowingColumn(Int32Array);
    params.cpus.forEach((cpu, index) => {
      visitValueSteps(trace, SERIES.queueLength, cpu, params, (timeNs, value) => {
        time.push(timeNs);
        length.push(value);
      });
      cpuOffset[index + 1] = time.length;
    });
    return { cpuOffset, timeNs: time.take(), length: length.take() };
  });
}
