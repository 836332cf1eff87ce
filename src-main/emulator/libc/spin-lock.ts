/**
 * Spin locks of user code, plain or as PostgreSQL has them: after a while of spinning, sleep for a time that
 * grows from try to try, then spin again.
 *
 * Hot: allocates nothing.
 */
import { NONE } from '#shared/base/none.ts';
import { CAUSE } from '#shared/model/causes.ts';
import { KIND } from '#shared/model/kinds.ts';
import type { SpinThenDelayPlan } from '../plan.ts';
import { systemCall, type UserContext } from '../threads/user-context.ts';
import { SYSCALL } from '../threads/user-threads.ts';
import { beginWait, grantToSpinner, ownerOf, release, spin, takeAfterWait, takeFree } from './lock-common.ts';

/** How far an acquisition has got. */
const PHASE = { start: 0, spinning: 1, delayed: 2 } as const;

/** One step towards the lock for the current LWP. True when it has the lock. */
export function spinLock(u: UserContext, t: number, lock: number, delays: SpinThenDelayPlan | null): boolean {
  const { machine, threads } = u;
  if (threads.phase[t] === PHASE.start) {
    if (ownerOf(u, lock) === NONE) {
      takeFree(u, t, lock);
      return true;
    }
    beginWait(u, t, lock);
    threads.delayNs[t] = 0;
    beginSpin(u, t, delays);
  } else if (threads.phase[t] === PHASE.delayed) beginSpin(u, t, delays);

  if (ownerOf(u, lock) === NONE) {
    takeAfterWait(u, t, lock);
    return true;
  }
  if (threads.spinLeftNs[t]! > 0) {
    spin(u, t, lock);
    return false;
  }
  machine.set(KIND.user_spin, t, 0, CAUSE.spin);
  threads.phase[t] = PHASE.delayed;
  systemCall(u, t, SYSCALL.nanosleep, nextDelay(u, t, delays!));
  return false;
}

/** The current LWP releases the lock. */
export function spinUnlock(u: UserContext, t: number, lock: number): void {
  release(u, t, lock);
  grantToSpinner(u, lock);
  u.threads.userNs[t] = u.costs.lockNs;
}

function beginSpin(u: UserContext, t: number, delays: SpinThenDelayPlan | null): void {
  u.machine.set(KIND.user_spin, t, 1, CAUSE.spin);
  u.threads.spinLeftNs[t] = delays === null ? Infinity : delays.spinNs;
  u.threads.phase[t] = PHASE.spinning;
}

/** The first delay, then between one and two times the last; past the longest, the first again. */
function nextDelay(u: UserContext, t: number, delays: SpinThenDelayPlan): number {
  const last = u.threads.delayNs[t]!;
  let next = last === 0 ? delays.firstDelayNs : Math.round(last * (1 + u.random.unit(u.threads.stream[t]!)));
  if (next > delays.mostDelayNs) next = delays.firstDelayNs;
  u.threads.delayNs[t] = next;
  return next;
}
