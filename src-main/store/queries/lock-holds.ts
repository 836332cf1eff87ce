/** Lock holds and waits of a trace, as derived from its events. */
import type { LwpId, Ns } from '#shared/base/brands.ts';
import { SYNC_KIND } from '#shared/model/enums.ts';
import type { TraceDatabase } from '../read/trace-database.ts';
import { checkedRow, checkedRows } from '../read/checked-rows.ts';

/** Objects without a holder: a wait for one is not a wait for another thread. */
const NOT_HELD: readonly number[] = [SYNC_KIND.condition, SYNC_KIND.semaphore];

export interface LockHold {
  readonly lwp: LwpId;
  readonly startNs: Ns;
  readonly endNs: Ns;
}

/** In order of release. */
export function lockHolds(trace: TraceDatabase): LockHold[] {
  return trace.guard(() =>
    checkedRows(trace, 'SELECT lwp, start_ns, end_ns FROM lock_hold ORDER BY id', [
      'integer',
      'integer',
      'integer',
    ]).map(([lwp, startNs, endNs]) => ({ lwp, startNs, endNs })),
  );
}

/** Nanoseconds that threads waited for locks that can be held, all together. */
export function lockWaitNs(trace: TraceDatabase): Ns {
  return trace.guard(() => {
    const sql =
      'SELECT total(w.end_ns - w.start_ns) FROM lock_wait w JOIN sync s ON s.id = w.sync WHERE s.kind NOT IN (?, ?)';
    return checkedRow(trace, sql, ['number'], ...NOT_HELD)![0];
  });
}

/** LWP ordinals with their numbers: thread ids in a trace from Linux. */
export function lwpNumbers(trace: TraceDatabase): ReadonlyMap<number, number> {
  return trace.guard(
    () => new Map(checkedRows(trace, 'SELECT id, lwp_number FROM lwp', ['integer', 'integer'])),
  );
}
