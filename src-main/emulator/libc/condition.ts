/**
 * Condition variables of libc (cond_wait(3C), cond_timedwait, cond_signal, cond_broadcast) between threads of a
 * process.
 *
 * A waiter gives its mutex up and parks, all under one no_preempt(). A signal takes the first waiter off the
 * queue; where the signalling LWP holds the waiter's mutex, waking it would be in vain: it is moved to the queue
 * of the mutex instead, and the unlock wakes it. Back from the wait, an LWP takes the mutex as anybody does: that
 * is an instruction of its own, and so is what follows from a cancellation.
 *
 * libc hands the LWP that waits for the mutex to lwp_park(), which wakes it on the way; here it is an
 * lwp_unpark() before, as libc does where a yield is due.
 *
 * Hot: allocates nothing.
 */
import { NONE } from '#shared/base/none.ts';
import { CAUSE } from '#shared/model/causes.ts';
import { KIND } from '#shared/model/kinds.ts';
import { EINTR } from '../errno.ts';
import { systemCall, type UserContext } from '../threads/user-context.ts';
import { CANCEL, SYSCALL } from '../threads/user-threads.ts';
import { set_parking_flag } from './cancellation.ts';
import { grantToSpinner, ownerOf, release } from './lock-common.ts';
import { MUTEX_WAIT_GOES_ON } from './mutex.ts';
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
  /** Was signalled, but interrupted as well: pass the signal to another waiter. */
  passOn: 4,
  passing: 5,
} as const;

/** What comes after a step of a wait. */
const COND_WAIT = {
  goesOn: 0,
  /** The mutex is to be taken again; the phase is where its acquisition goes on. */
  over: 1,
  /** Cancelled before it began: the mutex is still held. */
  cancelled: 2,
} as const;

/** How far a signal has got. */
const SIGNAL = { start: 0, queued: 1, woken: 2 } as const;

/**
 * One step of cond_wait() or cond_timedwait() for the current LWP, up to where it takes the mutex again. A signal, the
 * end of the time or a cancellation ends the wait; where the condition was signalled at the same time, the next waiter
 * gets that. Woken for nothing, the LWP parks again. What to do about a cancellation is said in
 * `threads.waitCancelled`.
 *
 * @param untilNs time at which the wait ends, 0 for cond_wait(); looked at once, when the wait begins
 * @returns one of {@link COND_WAIT}
 */
export function condWait(u: UserContext, t: number, cond: number, mutex: number, untilNs: number): number {
  const { machine, threads } = u;
  const { phase } = threads;
  switch (phase[t]) {
    case WAIT.start: {
      if (ownerOf(u, mutex) !== t) {
        u.violation(
          t,
          `waits for "${u.objects.planOf(cond).name}" with "${u.objects.planOf(mutex).name}", which it does not hold`,
        );
      }
      threads.waitCancelled[t] = 0;
      if (threads.cancel[t] === CANCEL.pending) {
        threads.waitCancelled[t] = 1;
        return COND_WAIT.cancelled;
      }
      if (!setup_schedctl(u, t)) return COND_WAIT.goesOn;
      no_preempt(u, t);
      u.objects.waiting.enqueue(cond, t);
      threads.cvmutex[t] = mutex;
      threads.parkUntilNs[t] = untilNs;
      machine.set(KIND.t_wchan, t, cond, CAUSE.cond_wait);
      addWaiters(u, cond, 1, CAUSE.cond_wait);
      release(u, t, mutex);
      set_parking_flag(u, t, true, CAUSE.cond_wait);
      phase[t] = WAIT.queued;
      const next = grantToSpinner(u, mutex) ? NONE : u.objects.waiting.dequeue(mutex);
      if (next === NONE) threads.userNs[t] = u.costs.lockNs;
      else systemCall(u, t, SYSCALL.lwp_unpark, next);
      return COND_WAIT.goesOn;
    }
    case WAIT.queued:
      phase[t] = WAIT.parking;
      if (preempt(u, t)) return COND_WAIT.goesOn;
      break;
    case WAIT.parking:
      break;
    case WAIT.parked:
      phase[t] = afterPark(u, t, cond);
      if (phase[t] === WAIT.parking) break;
      if (phase[t] === WAIT.passOn) return COND_WAIT.goesOn;
      phase[t] = afterWait(u, t, mutex);
      return COND_WAIT.over;
    case WAIT.passOn:
      no_preempt(u, t);
      threads.userNs[t] = u.costs.lockNs;
      phase[t] = WAIT.passing;
      return COND_WAIT.goesOn;
    default: {
      const waiter = u.objects.waiting.dequeue(cond);
      if (waiter !== NONE && signalled(u, t, cond, waiter)) return COND_WAIT.goesOn;
      preempt(u, t);
      phase[t] = afterWait(u, t, mutex);
      return COND_WAIT.over;
    }
  }
  // With a cancellation pending, lwp_park() is to return at once.
  if (threads.cancel[t] === CANCEL.pending) set_parking_flag(u, t, false, CAUSE.cond_wait);
  phase[t] = WAIT.parked;
  systemCall(u, t, SYSCALL.lwp_park, cond);
  return COND_WAIT.goesOn;
}

/** Back from lwp_park(): the phase in which the wait goes on; `parked` where it is over. */
function afterPark(u: UserContext, t: number, cond: number): number {
  const { machine, threads } = u;
  const error = u.kernel.context.procs.errno(t);
  set_parking_flag(u, t, false, CAUSE.cond_wait);
  const isSignalled = machine.get(KIND.t_wchan, t) !== cond;
  if (error === 0 && !isSignalled) {
    if (!u.objects.waiting.isQueued(t)) u.objects.waiting.enqueue(cond, t);
    set_parking_flag(u, t, true, CAUSE.cond_wait);
    return WAIT.parking;
  }
  threads.parkUntilNs[t] = 0;
  if (error === EINTR && threads.cancel[t] === CANCEL.pending) threads.waitCancelled[t] = 1;
  if (isSignalled && error !== 0 && !u.objects.waiting.isEmpty(cond)) return WAIT.passOn;
  if (!isSignalled) {
    u.objects.waiting.remove(t);
    machine.set(KIND.t_wchan, t, NONE, CAUSE.cond_wait);
    addWaiters(u, cond, -1, CAUSE.cond_wait);
  }
  return WAIT.parked;
}

/** Where the acquisition of the mutex goes on: from the start, or where a signal has put the LWP on its queue. */
function afterWait(u: UserContext, t: number, mutex: number): number {
  return u.machine.get(KIND.t_wchan, t) === mutex ? MUTEX_WAIT_GOES_ON : 0;
}

/** One step of cond_signal(), or of cond_broadcast() with `all`, for the current LWP. True when it is done. */
export function condSignal(u: UserContext, t: number, cond: number, all: boolean): boolean {
  const { threads } = u;
  const { phase } = threads;
  if (phase[t] === SIGNAL.start) {
    threads.userNs[t] = u.costs.lockNs;
    // cond_waiters_user: without waiters not even the queue is locked.
    if (u.objects.waiting.isEmpty(cond)) return true;
    if (!setup_schedctl(u, t)) return false;
    no_preempt(u, t);
    phase[t] = SIGNAL.queued;
    return false;
  }
  while (phase[t] === SIGNAL.queued || all) {
    const waiter = u.objects.waiting.dequeue(cond);
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
  // Who waits for a time is always woken (ul_cv_wake).
  if (ownerOf(u, mutex) !== t || threads.parkUntilNs[waiter] !== 0) {
    machine.set(KIND.t_wchan, waiter, NONE, CAUSE.cond_signal);
    systemCall(u, t, SYSCALL.lwp_unpark, waiter);
    return true;
  }
  machine.set(KIND.t_wchan, waiter, mutex, CAUSE.cond_signal);
  addWaiters(u, mutex, 1, CAUSE.cond_signal);
  u.objects.waiting.enqueue(mutex, waiter);
  return false;
}

function addWaiters(u: UserContext, sync: number, more: number, cause: number): void {
  const { machine } = u;
  machine.set(KIND.sync_waiters, sync, machine.get(KIND.sync_waiters, sync) + more, cause);
}
