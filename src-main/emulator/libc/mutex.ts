/**
 * Mutexes of libc: those that park at once, and adaptive ones that first spin as long as the owner is on a CPU.
 *
 * A released mutex belongs to nobody until somebody takes it: who is woken may find that another was faster,
 * and parks again.
 *
 * Hot: allocates nothing.
 */
import { NONE } from '#shared/base/brand.ts';
import { CAUSE } from '#shared/model/causes.ts';
import { SC, SC_FLGS } from '#shared/model/enums.ts';
import { KIND } from '#shared/model/kinds.ts';
import { user_load, user_store } from '../proc/user-schedctl.ts';
import { systemCall, type UserContext } from '../user/user-context.ts';
import { SYSCALL } from '../user/user-threads.ts';
import { beginWait, grantToSpinner, ownerOf, release, spin, takeAfterWait, takeFree } from './lock-common.ts';
import { hasStructure, setup_schedctl } from './schedctl-calls.ts';

/** How far an acquisition has got. */
const PHASE = { start: 0, adaptive: 1, park: 2, parked: 3 } as const;

/** One step towards the mutex for the current LWP; `spinNs` 0: it does not spin. True when it has the mutex. */
export function mutexLock(u: UserContext, t: number, lock: number, spinNs: number): boolean {
  const { threads } = u;
  if (threads.phase[t] === PHASE.start) {
    if (ownerOf(u, lock) === NONE) {
      takeFree(u, t, lock);
      return true;
    }
    beginWait(u, t, lock);
    threads.spinLeftNs[t] = spinNs;
    threads.phase[t] = spinNs > 0 && u.kernel.cpus.ncpus > 1 ? PHASE.adaptive : PHASE.park;
  }
  if (threads.phase[t] === PHASE.parked) {
    u.waiting.remove(t); // still on the queue after a spurious wake-up
    threads.phase[t] = PHASE.park;
  }
  if (ownerOf(u, lock) === NONE) {
    takeAfterWait(u, t, lock);
    return true;
  }
  if (threads.phase[t] === PHASE.adaptive) {
    if (!setup_schedctl(u, t)) return false;
    if (threads.spinLeftNs[t]! > 0 && ownerIsOnCpu(u, lock)) {
      u.machine.set(KIND.user_spin, t, 1, CAUSE.spin);
      spin(u, t, lock);
      return false;
    }
    u.machine.set(KIND.user_spin, t, 0, CAUSE.spin);
    threads.phase[t] = PHASE.park;
  }
  park(u, t, lock);
  return false;
}

/** The current LWP releases the mutex; the first of those that park for it is woken. */
export function mutexUnlock(u: UserContext, t: number, lock: number): void {
  release(u, t, lock);
  if (!grantToSpinner(u, lock)) {
    const waiter = u.waiting.dequeue(lock);
    if (waiter !== NONE) {
      systemCall(u, t, SYSCALL.lwp_unpark, waiter);
      return;
    }
  }
  u.threads.userNs[t] = u.costs.lockNs;
}

/** `t` has left its CPU: who spins for a mutex that it holds has no reason to go on. */
export function ownerLeftCpu(u: UserContext, t: number): void {
  const { machine, threads } = u;
  if (threads.adaptiveHeld[t] === 0) return;
  for (let cpu = 0; cpu < threads.spinsFor.length; cpu++) {
    const lock = threads.spinsFor[cpu]!;
    if (lock === NONE || ownerOf(u, lock) !== t || threads.adaptiveHeld[t] === 0) continue;
    u.cpuTime.interruptSpin(cpu, machine.get(KIND.cpu_dispthread, cpu));
  }
}

/** libc's queue, the parking flag, lwp_park(). */
function park(u: UserContext, t: number, lock: number): void {
  if (!setup_schedctl(u, t)) return;
  const k = u.kernel.context;
  u.waiting.enqueue(lock, t);
  if (hasStructure(u, t)) {
    const flags = user_load(k, t, KIND.sc_flgs) | SC_FLGS.SC_PARK_FLG;
    user_store(k, t, KIND.sc_flgs, flags, CAUSE.lock_wait);
  }
  u.threads.phase[t] = PHASE.parked;
  systemCall(u, t, SYSCALL.lwp_park, lock);
}

/** What libc reads through the owner's shared structure. */
function ownerIsOnCpu(u: UserContext, lock: number): boolean {
  const slot = u.machine.get(KIND.t_schedctl, ownerOf(u, lock));
  return slot !== NONE && u.machine.get(KIND.sc_state, slot) === SC.SC_ONPROC;
}
