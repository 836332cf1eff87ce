/**
 * Condition variables of libc (cond_wait(3C), cond_timedwait, cond_signal, cond_broadcast) between threads of a
 * process.
 *
 * A waiter gives its mutex up and parks, all under one no_preempt(). A signal takes the first waiter off the
 * queue; where the signalling LWP holds the waiter's mutex, waking it would be in vain: it is moved to the queue
 * of the mutex instead, and the unlock wakes it. Back from the wait, an LWP takes the mutex as anybody does: that
 * is an instruction of its own.
 *
 * libc hands the LWP that waits for the mutex to lwp_park(), which wakes it on the way; here it is an
 * lwp_unpark() before, as libc does where a yield is due.
 *
 * Hot: allocates nothing.
 */
import { NONE } from '#shared/base/none.ts';
import { CAUSE } from '#shared/model/causes.ts';
import { KIND } from '#shared/model/kinds.ts';
import { systemCall, type UserContext } from '../user/user-context.ts';
import { SYSCALL } from '../user/user-threads.ts';
import { grantToSpinner, ownerOf, release } from './lock-common.ts';
import { MUTEX_WAIT_GOES_ON, setParkingFlag } from './mutex.ts';
import { no_preempt, preempt } from './no-preempt.ts';
import { setup_schedctl } from './schedctl-calls.ts';

/** How far a wait has got. */
const WAIT = {
  start: 0,
  /** On the queue of the condition, mutex given up. */
  queued: 1,
  /** About to park. */
  parking: 2,
  /** Back from lwp_park(). */
  parked: 3,
} as const;

/** How far a signal has got. */
const SIGNAL = { start: 0, queued: 1, woken: 2 } as const;

/**
 * One step of cond_wait() or cond_timedwait() for the current LWP, up to where it takes the mutex again.
 *
 * @param untilNs time at which the wait ends, 0 for cond_wait(); looked at once, when the wait begins
 * @returns whether the wait is over; then the phase is where the acquisition of the mutex goes on
 */
export function condWait(u: UserContext, t: number, cond: number, mutex: number, untilNs: number): boolean {
  const { machine, threads } = u;
  const { phase } = threads;
  switch (phase[t]) {
    case WAIT.start: {
      if (ownerOf(u, mutex) !== t) {
        u.violation(
          t,
          `waits for "${u.locks[cond]!.name}" with "${u.locks[mutex]!.name}", which it does not hold`,
        );
      }
      if (!setup_schedctl(u, t)) return false;
      no_preempt(u, t);
      u.waiting.enqueue(cond, t);
      threads.cvmutex[t] = mutex;
      threads.parkUntilNs[t] = untilNs;
      machine.set(KIND.t_wchan, t, cond, CAUSE.cond_wait);
      addWaiters(u, cond, 1, CAUSE.cond_wait);
      release(u, t, mutex);
      setParkingFlag(u, t, true);
      phase[t] = WAIT.queued;
      const next = grantToSpinner(u, mutex) ? NONE : u.waiting.dequeue(mutex);
      if (next === NONE) threads.userNs[t] = u.costs.lockNs;
      else systemCall(u, t, SYSCALL.lwp_unpark, next);
      return false;
    }
    case WAIT.queued:
      phase[t] = WAIT.parking;
      if (preempt(u, t)) return false;
      break;
    case WAIT.parked:
      setParkingFlag(u, t, false);
      threads.parkUntilNs[t] = 0;
      if (machine.get(KIND.t_wchan, t) === mutex) {
        // A signal has moved it to the queue of the mutex.
        phase[t] = MUTEX_WAIT_GOES_ON;
        return true;
      }
      if (machine.get(KIND.t_wchan, t) === cond) {
        // Nobody has signalled: the time is up, or the wake-up was spurious.
        u.waiting.remove(t);
        machine.set(KIND.t_wchan, t, NONE, CAUSE.cond_wait);
        addWaiters(u, cond, -1, CAUSE.cond_wait);
      }
      phase[t] = 0;
      return true;
    default:
  }
  phase[t] = WAIT.parked;
  systemCall(u, t, SYSCALL.lwp_park, cond);
  return false;
}

/** One step of cond_signal(), or of cond_broadcast() with `all`, for the current LWP. True when it is done. */
export function condSignal(u: UserContext, t: number, cond: number, all: boolean): boolean {
  const { threads } = u;
  const { phase } = threads;
  if (phase[t] === SIGNAL.start) {
    threads.userNs[t] = u.costs.lockNs;
    // cond_waiters_user: without waiters not even the queue is locked.
    if (u.waiting.isEmpty(cond)) return true;
    if (!setup_schedctl(u, t)) return false;
    no_preempt(u, t);
    phase[t] = SIGNAL.queued;
    return false;
  }
  while (phase[t] === SIGNAL.queued || all) {
    const waiter = u.waiting.dequeue(cond);
    if (waiter === NONE) break;
    phase[t] = SIGNAL.woken;
    if (signalled(u, t, cond, waiter)) return false;
    if (!all) break;
  }
  preempt(u, t);
  return true;
}

/** A waiter that has been taken off the queue goes on: woken (true, by a system call), or for its mutex. */
function signalled(u: UserContext, t: number, cond: number, waiter: number): boolean {
  const { machine, threads } = u;
  const mutex = threads.cvmutex[waiter]!;
  addWaiters(u, cond, -1, CAUSE.cond_signal);
  if (ownerOf(u, mutex) !== t) {
    machine.set(KIND.t_wchan, waiter, NONE, CAUSE.cond_signal);
    systemCall(u, t, SYSCALL.lwp_unpark, waiter);
    return true;
  }
  machine.set(KIND.t_wchan, waiter, mutex, CAUSE.cond_signal);
  addWaiters(u, mutex, 1, CAUSE.cond_signal);
  u.waiting.enqueue(mutex, waiter);
  return false;
}

function addWaiters(u: UserContext, sync: number, more: number, cause: number): void {
  const { machine } = u;
  machine.set(KIND.sync_waiters, sync, machine.get(KIND.sync_waiters, sync) + more, cause);
}
