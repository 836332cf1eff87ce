/**
 * no_preempt() and preempt() of libc: preemption control for libc's own short critical sections, nested by a
 * counter.
 *
 * Hot: allocates nothing.
 */
import { CAUSE } from '#shared/model/causes.ts';
import { KIND } from '#shared/model/kinds.ts';
import { user_load, user_store } from '../kernel/proc/user-schedctl.ts';
import { systemCall, type UserContext } from '../threads/user-context.ts';
import { SYSCALL } from '../threads/user-threads.ts';
import { hasStructure } from './schedctl-calls.ts';

/** The current LWP, whose structure has been set up if that is possible, enters a critical section of libc. */
export function no_preempt(u: UserContext, t: number): void {
  const { machine, threads } = u;
  const depth = machine.get(KIND.ul_preempt, t);
  machine.set(KIND.ul_preempt, t, depth + 1, CAUSE.no_preempt);
  if (depth > 0 || !hasStructure(u, t)) return;
  // The program may have asked for itself.
  threads.savedNopreempt[t] = user_load(u.kernel.context, t, KIND.sc_nopreempt);
  user_store(u.kernel.context, t, KIND.sc_nopreempt, 1, CAUSE.no_preempt);
}

/**
 * The current LWP leaves a critical section of libc. With the outermost the program's own request stands again, a
 * signal that was put off is taken, and where there is no request but the kernel has asked for a yield, one is due:
 * true where there is either, which comes before anything else that the LWP does.
 */
export function preempt(u: UserContext, t: number): boolean {
  const { machine, threads } = u;
  const depth = machine.get(KIND.ul_preempt, t) - 1;
  machine.set(KIND.ul_preempt, t, depth, CAUSE.preempt_libc);
  if (depth > 0) return false;
  const isSignalled = threads.cursig[t] !== 0;
  if (isSignalled) {
    // As if it came back from the kernel, which is where signals are looked at.
    machine.set(KIND.t_sig_check, t, 1, CAUSE.preempt_libc);
    threads.inKernel[t] = 1;
  }
  if (!hasStructure(u, t)) return isSignalled;
  const saved = threads.savedNopreempt[t]!;
  user_store(u.kernel.context, t, KIND.sc_nopreempt, saved, CAUSE.preempt_libc);
  if (saved !== 0 || user_load(u.kernel.context, t, KIND.sc_yield) === 0) return isSignalled;
  systemCall(u, t, SYSCALL.yield);
  return true;
}
