/**
 * Mutexes of libc: those that park at once, and adaptive ones that first spin as long as the owner is on a CPU.
 *
 * A released mutex has no owner until an LWP takes it: a woken LWP may find it already taken,
 * and parks again. The queue of waiters has a lock of its own, which libc holds under no_preempt(); it is never
 * contended here.
 *
 * Hot: allocates nothing.
 */
import { NONE } from '#shared/base/none.ts';
import { CAUSE } from '#shared/model/causes.ts';
import { SC } from '#shared/model/enums.ts';
import { KIND } from '#shared/model/kinds.ts';
import { user_load_at } from '../kernel/proc/user-schedctl.ts';
import { systemCall, type UserContext } from '../threads/user-context.ts';
import { SYSCALL } from '../threads/user-threads.ts';
import { set_parking_flag } from './cancellation.ts';
import { beginWait, grantToSpinner, ownerOf, release, spin, takeAfterWait, takeFree } from './lock-common.ts';
import { no_preempt, preempt } from './no-preempt.ts';
import { setup_schedctl } from './schedctl-calls.ts';

/** How far an acquisition has got. */
const LOCK = {
  start: 0,
  /** Spins, or is about to. */
  adaptive: 1,
  /** About to take the lock of the queue. */
  queueLock: 2,
  /** Has the lock of the queue. */
  queued: 3,
  /** On the queue, parking flag set. */
  parking: 4,
  /** Back from lwp_park(). */
  parked: 5,
} as const;

/** Where the acquisition of an LWP goes on that has been put on the queue by a signal to a condition variable. */
export const MUTEX_WAIT_GOES_ON = LOCK.parked;

/** How far a release has got. */
const UNLOCK = {
  start: 0,
  /** Has the lock of the queue. */
  queued: 1,
  /** Has woken the first waiter. */
  woken: 2,
} as const;

/** One step towards the mutex for the current LWP; `spinNs` 0: it does not spin. True when it has the mutex. */
export function mutexLock(u: UserContext, t: number, lock: number, spinNs: number): boolean {
  const { phase, spinLeftNs } = u.threads;
  if (phase[t] === LOCK.start) {
    if (ownerOf(u, lock) === NONE) {
      takeFree(u, t, lock);
      return true;
    }
    beginWait(u, t, lock);
    spinLeftNs[t] = spinNs;
    phase[t] = spinNs > 0 && u.kernel.disp.cpus.ncpus > 1 ? LOCK.adaptive : LOCK.queueLock;
  }
  if (phase[t] === LOCK.adaptive) {
    if (ownerOf(u, lock) === NONE) {
      takeAfterWait(u, t, lock);
      return true;
    }
    if (!setup_schedctl(u, t)) return false;
    if (spinLeftNs[t]! > 0 && ownerIsOnCpu(u, lock)) {
      u.machine.set(KIND.user_spin, t, 1, CAUSE.spin);
      spin(u, t, lock);
      return false;
    }
    u.machine.set(KIND.user_spin, t, 0, CAUSE.spin);
    phase[t] = LOCK.queueLock;
  }
  if (phase[t] === LOCK.parked) {
    set_parking_flag(u, t, false, CAUSE.lock_wait);
    phase[t] = LOCK.queueLock;
  }
  if (phase[t] === LOCK.queueLock) {
    if (!setup_schedctl(u, t)) return false;
    no_preempt(u, t);
    u.threads.userNs[t] = u.costs.lockNs;
    phase[t] = LOCK.queued;
    return false;
  }
  if (phase[t] === LOCK.queued) {
    if (ownerOf(u, lock) === NONE) {
      u.objects.waiting.remove(t);
      takeAfterWait(u, t, lock);
      // A yield that is due now is made with the mutex held.
      preempt(u, t);
      return true;
    }
    // Still on the queue after a spurious wake-up.
    if (!u.objects.waiting.isQueued(t)) u.objects.waiting.enqueue(lock, t);
    set_parking_flag(u, t, true, CAUSE.lock_wait);
    phase[t] = LOCK.parking;
    if (preempt(u, t)) return false;
  }
  phase[t] = LOCK.parked;
  systemCall(u, t, SYSCALL.lwp_park, lock);
  return false;
}

/**
 * One step of the release for the current LWP: the first of those that park for the mutex is woken, promptly,
 * that is without being preempted in between. True when it is done.
 */
export function mutexUnlock(u: UserContext, t: number, lock: number): boolean {
  const { phase, userNs } = u.threads;
  switch (phase[t]) {
    case UNLOCK.start:
      release(u, t, lock);
      userNs[t] = u.costs.lockNs;
      if (grantToSpinner(u, lock) || u.objects.waiting.isEmpty(lock)) return true;
      if (!setup_schedctl(u, t)) {
        phase[t] = UNLOCK.queued;
        return false;
      }
      no_preempt(u, t);
      phase[t] = UNLOCK.queued;
      return false;
    case UNLOCK.queued: {
      // Set up between the two: the first time that this LWP needs its structure.
      if (u.machine.get(KIND.ul_preempt, t) === 0) no_preempt(u, t);
      const waiter = u.objects.waiting.dequeue(lock);
      phase[t] = UNLOCK.woken;
      if (waiter !== NONE) {
        systemCall(u, t, SYSCALL.lwp_unpark, waiter);
        return false;
      }
      preempt(u, t);
      return true;
    }
    default:
      preempt(u, t);
      return true;
  }
}

/**
 * `t` has left its CPU: who spins for a mutex that it holds has no reason to go on; nor has who takes `t` for the
 * owner, because `t` has the slot of an owner that is gone.
 */
export function ownerLeftCpu(u: UserContext, t: number): void {
  const { machine, threads } = u;
  if (threads.adaptiveHeld[t] === 0 && threads.orphanedMutexes === 0) return;
  for (let cpu = 0; cpu < threads.spinsFor.length; cpu++) {
    const lock = threads.spinsFor[cpu]!;
    if (lock === NONE) continue;
    const owner = ownerOf(u, lock);
    if (owner !== t && (owner === NONE || threads.scAddress[owner] !== threads.scAddress[t])) continue;
    u.cpuTime.interruptSpin(cpu, machine.get(KIND.cpu_dispthread, cpu));
  }
}

/**
 * `t` is about to end. Who waits for a mutex that it holds goes on to read its structure, whoever has the slot then.
 */
export function adaptiveOwnerGone(u: UserContext, t: number): void {
  u.threads.orphanedMutexes += u.threads.adaptiveHeld[t]!;
}

/**
 * What libc reads through the owner's shared structure: by its address, which stays readable, and may come to be
 * another LWP's, when the owner is gone. The owner of another process is looked at directly.
 */
function ownerIsOnCpu(u: UserContext, lock: number): boolean {
  const { machine, threads } = u;
  const k = u.kernel.context;
  const owner = ownerOf(u, lock);
  const t = machine.curthread;
  if (k.procs.ttoproc(owner) === k.procs.ttoproc(t)) {
    const address = threads.scAddress[owner]!;
    return address !== 0 && user_load_at(k, t, address, KIND.sc_state) === SC.SC_ONPROC;
  }
  const slot = machine.get(KIND.t_schedctl, owner);
  return slot !== NONE && machine.get(KIND.sc_state, slot) === SC.SC_ONPROC;
}
