/** Lock holds and waits of a trace, as derived from its events. */
import { SYNC_KIND } from '#shared/model/enums.ts';
import type { TraceDatabase } from '../read/trace-database.ts';

/** Objects that nobody holds: waiting for them is no waiting for a holder. */
const NOT_HELD: readonly number[] = [SYNC_KIND.condition, SYNC_KIND.semaphore];

export interface LockHold {
  readonly lwp: number;
  readonly startNs: number;
  readonly endNs: number;
}

/** In order of release. */
export function lockHolds(trace: TraceDatabase): LockHold[] {
  return trace.guard(() =>
    (
      trace.prepare('SELECT lwp, start_ns, end_ns FROM lock_hold ORDER BY id').all() as [
        number,
        number,
        number,
      ][]
    ).map(([lwp, startNs, endNs]) => ({ lwp, startNs, endNs })),
  );
}

/** Nanoseconds that threads waited for locks that can be held, all together. */
export function lockWaitNs(trace: TraceDatabase): number {
  return trace.guard(() => {
    const [sum] = trace
      .prepare(
        'SELECT total(w.end_ns - w.start_ns) FROM lock_wait w JOIN sync s ON s.id = w.sync WHERE s.kind NOT IN (?, ?)',
      )
      .get(...NOT_HELD) as [number];
    return sum;
  });
}

/** LWP ordinals with their numbers: thread ids in a trace from Linux. */
export function lwpNumbers(trace: TraceDatabase): ReadonlyMap<number, number> {
  return trace.guard(
    () => new Map(trace.prepare('SELECT id, lwp_number FROM lwp').all() as [number, number][]),
  );
}
