/**
 * schedctl_init(3C), schedctl_start(3C), schedctl_stop(3C) and the lazy set-up that libc does for itself.
 *
 * Hot: start and stop run around every critical section and allocate nothing.
 */
import { NONE } from '#shared/base/none.ts';
import { CAUSE } from '#shared/model/causes.ts';
import { KIND } from '#shared/model/kinds.ts';
import { user_load, user_store } from '../kernel/proc/user-schedctl.ts';
import { systemCall, type UserContext } from '../threads/user-context.ts';
import { SYSCALL } from '../threads/user-threads.ts';

/**
 * Makes sure that LWP `t` has asked for its shared structure. False: the system call has been entered; come back
 * after it. True: it has one, or asking has failed for good ({@link hasStructure} tells).
 */
export function setup_schedctl(u: UserContext, t: number): boolean {
  if (hasStructure(u, t) || u.threads.schedctlFailed[t] !== 0) return true;
  // A vfork child runs in its parent's memory and never asks.
  if (u.machine.get(KIND.p_vfork, u.kernel.context.procs.ttoproc(t)) !== 0) return true;
  systemCall(u, t, SYSCALL.schedctl);
  return false;
}

/** Whether LWP `t` has a shared structure. */
export function hasStructure(u: UserContext, t: number): boolean {
  return u.machine.get(KIND.t_schedctl, t) !== NONE;
}

/** schedctl_start(): asks not to be preempted. Returns false while the set-up is under way. */
export function schedctl_start(u: UserContext, t: number): boolean {
  if (!setup_schedctl(u, t)) return false;
  if (hasStructure(u, t)) user_store(u.kernel.context, t, KIND.sc_nopreempt, 1, CAUSE.schedctl_start);
  u.threads.userNs[t] = u.costs.storeNs;
  return true;
}

/** schedctl_stop(): withdraws the request, and yields where the kernel has asked for it. */
export function schedctl_stop(u: UserContext, t: number): void {
  if (hasStructure(u, t)) {
    user_store(u.kernel.context, t, KIND.sc_nopreempt, 0, CAUSE.schedctl_stop);
    if (user_load(u.kernel.context, t, KIND.sc_yield) !== 0) {
      systemCall(u, t, SYSCALL.yield);
      return;
    }
  }
  u.threads.userNs[t] = u.costs.storeNs;
}
