/** `trace.lockWaiters`: LWPs that wait for each synchronisation object, spinning or asleep. */
import type { LockWaiterColumns } from '#shared/api/contract.ts';
import { SERIES } from '../levels/series.ts';
import type { TraceDatabase } from '../read/trace-database.ts';
import { valueSteps } from './value-steps.ts';
import type { QueryParams } from './params.ts';

export function lockWaiters(
  trace: TraceDatabase,
  params: QueryParams<'trace.lockWaiters'>,
): LockWaiterColumns {
  return trace.guard(() => {
    const { offset, timeNs, value } = valueSteps(trace, SERIES.lockWaiters, params.syncs, params);
    return { syncOffset: offset, timeNs, waiters: value };
  });
}
