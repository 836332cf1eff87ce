/**
 * Cancellation in libc (cancel.c): what it knows of it, and what it tells the kernel through sc_flgs.
 *
 * Hot: set_parking_flag runs around every lwp_park() and allocates nothing.
 */
import { NONE } from '#shared/base/none.ts';
import { CAUSE } from '#shared/model/causes.ts';
import { SC_FLGS } from '#shared/model/enums.ts';
import { KIND } from '#shared/model/kinds.ts';
import { user_load, user_store } from '../kernel/proc/user-schedctl.ts';
import { systemCall, type UserContext } from '../threads/user-context.ts';
import { CANCEL, SYSCALL } from '../threads/user-threads.ts';
import { hasStructure, setup_schedctl } from './schedctl-calls.ts';

const { SC_PARK_FLG, SC_CANCEL_FLG } = SC_FLGS;
/** `argument` of {@link SYSCALL.kill} from here on: SIGCANCEL for LWP `argument - CANCEL_BASE`. */
export const CANCEL_BASE = 1 << 30;

/**
 * pthread_cancel() of LWP `target` by the current LWP. A second request is none; one that is disabled is only noted, so
 * that nothing is interrupted.
 */
export function pthread_cancel(u: UserContext, t: number, target: number): void {
  const { cancel } = u.threads;
  if (target === NONE || u.machine.state.read(KIND.lwp_alive, target) === 0) return;
  if ((cancel[target]! & CANCEL.pending) !== 0) return;
  if (target === t) {
    cancel[t]! |= CANCEL.pending;
    systemCall(u, t, SYSCALL.set_cancel_flag);
  } else if ((cancel[target]! & CANCEL.disabled) !== 0) cancel[target]! |= CANCEL.pending;
  else systemCall(u, t, SYSCALL.kill, CANCEL_BASE + target);
}

/** pthread_setcancelstate() of the current LWP. False while the shared structure is being set up: come back. */
export function pthread_setcancelstate(u: UserContext, t: number, enable: boolean): boolean {
  const { cancel } = u.threads;
  if (enable) cancel[t]! &= ~CANCEL.disabled;
  else cancel[t]! |= CANCEL.disabled;
  if (cancel[t] === CANCEL.pending && !setup_schedctl(u, t)) return false;
  set_cancel_pending_flag(u, t);
  return true;
}

/** set_cancel_pending_flag(): tells the kernel whether a cancellation is pending that may be acted on. */
export function set_cancel_pending_flag(u: UserContext, t: number): void {
  if (!hasStructure(u, t)) return;
  const k = u.kernel.context;
  const flags = user_load(k, t, KIND.sc_flgs) & ~SC_CANCEL_FLG;
  user_store(k, t, KIND.sc_flgs, flags | pendingFlag(u, t), CAUSE.cancel);
}

/**
 * set_parking_flag(): tells the kernel that the current LWP means to park, or no longer does. While it does, a pending
 * cancellation does not keep it from parking.
 */
export function set_parking_flag(u: UserContext, t: number, park: boolean, cause: number): void {
  if (!hasStructure(u, t)) return;
  const k = u.kernel.context;
  const flags = user_load(k, t, KIND.sc_flgs) & ~(SC_PARK_FLG | SC_CANCEL_FLG);
  user_store(k, t, KIND.sc_flgs, flags | (park ? SC_PARK_FLG : pendingFlag(u, t)), cause);
}

function pendingFlag(u: UserContext, t: number): number {
  return u.threads.cancel[t] === CANCEL.pending ? SC_CANCEL_FLG : 0;
}
