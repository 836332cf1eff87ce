/**
 * Queue locks as libc has them for its own queues (queue_lock(), queue_unlock()): spin locks that are held, and
 * waited for, under no_preempt().
 *
 * Hot: allocates nothing.
 */
import { NONE } from '#shared/base/none.ts';
import { CAUSE } from '#shared/model/causes.ts';
import { KIND } from '#shared/model/kinds.ts';
import type { UserContext } from '../threads/user-context.ts';
import { beginWait, grantToSpinner, ownerOf, release, spin, takeAfterWait, takeFree } from './lock-common.ts';
import { no_preempt, preempt } from './no-preempt.ts';
import { setup_schedctl } from './schedctl-calls.ts';

/** How far an acquisition has got. */
const PHASE = { start: 0, spinning: 1 } as const;

/** One step towards the lock for the current LWP. True when it has the lock. */
export function queueLock(u: UserContext, t: number, lock: number): boolean {
  const { machine, threads } = u;
  if (threads.phase[t] === PHASE.start) {
    if (!setup_schedctl(u, t)) return false;
    no_preempt(u, t);
    if (ownerOf(u, lock) === NONE) {
      takeFree(u, t, lock);
      return true;
    }
    beginWait(u, t, lock);
    machine.set(KIND.user_spin, t, 1, CAUSE.spin);
    threads.spinLeftNs[t] = Infinity;
    threads.phase[t] = PHASE.spinning;
  }
  if (ownerOf(u, lock) === NONE) {
    takeAfterWait(u, t, lock);
    return true;
  }
  spin(u, t, lock);
  return false;
}

/** The current LWP releases the lock, and yields where the kernel has asked for it meanwhile. */
export function queueUnlock(u: UserContext, t: number, lock: number): void {
  release(u, t, lock);
  grantToSpinner(u, lock);
  u.threads.userNs[t] = u.costs.lockNs;
  preempt(u, t);
}
