/**
 * Semaphores of libc (sema_wait(3C), sema_post(3C)) between threads of a process: a count, and a queue of those
 * that park because it is 0. Whoever comes first after a post takes it; who was woken may find it gone and parks
 * again.
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
import { no_preempt, preempt } from './no-preempt.ts';
import { setup_schedctl } from './schedctl-calls.ts';

/** How far a wait has got. */
const WAIT = {
  start: 0,
  /** Has the lock of the queue. */
  queued: 1,
  /** On the queue, parking flag set. */
  parking: 2,
  /** Back from lwp_park(). */
  parked: 3,
  /** Cancelled; another waiter has been woken in its stead. */
  cancelled: 4,
} as const;

/** How far a post has got. */
const POST = { start: 0, queued: 1, woken: 2 } as const;

/**
 * One step of sema_wait() for the current LWP, which is a cancellation point. True when it has taken one off the count.
 */
export function semaWait(u: UserContext, t: number, sema: number): boolean {
  const { machine, threads } = u;
  const { phase } = threads;
  const isCancelled = threads.cancel[t] === CANCEL.pending;
  if (phase[t] === WAIT.parked) {
    set_parking_flag(u, t, false, CAUSE.sema_wait);
    if (isCancelled && u.kernel.context.procs.errno(t) === EINTR) return leave(u, t, sema);
    phase[t] = WAIT.start;
  } else if (phase[t] === WAIT.cancelled || (phase[t] === WAIT.start && isCancelled)) {
    systemCall(u, t, SYSCALL.exit);
    return false;
  }
  if (phase[t] === WAIT.start) {
    if (!setup_schedctl(u, t)) return false;
    no_preempt(u, t);
    threads.userNs[t] = u.costs.lockNs;
    phase[t] = WAIT.queued;
    return false;
  }
  if (phase[t] === WAIT.queued) {
    const count = machine.get(KIND.sync_count, sema);
    if (count > 0) {
      machine.set(KIND.sync_count, sema, count - 1, CAUSE.sema_wait);
      endWait(u, t, sema);
      preempt(u, t);
      return true;
    }
    beginWait(u, t, sema);
    set_parking_flag(u, t, true, CAUSE.sema_wait);
    phase[t] = WAIT.parking;
    if (preempt(u, t)) return false;
  }
  if (isCancelled) set_parking_flag(u, t, false, CAUSE.sema_wait);
  phase[t] = WAIT.parked;
  systemCall(u, t, SYSCALL.lwp_park, sema);
  return false;
}

/** One step of sema_post() for the current LWP. True when it is done. */
export function semaPost(u: UserContext, t: number, sema: number): boolean {
  const { machine, threads } = u;
  const { phase } = threads;
  if (phase[t] === POST.start) {
    if (!setup_schedctl(u, t)) return false;
    no_preempt(u, t);
    threads.userNs[t] = u.costs.lockNs;
    phase[t] = POST.queued;
    return false;
  }
  if (phase[t] === POST.queued) {
    machine.set(KIND.sync_count, sema, machine.get(KIND.sync_count, sema) + 1, CAUSE.sema_post);
    const waiter = u.objects.waiting.dequeue(sema);
    if (waiter !== NONE) {
      phase[t] = POST.woken;
      systemCall(u, t, SYSCALL.lwp_unpark, waiter);
      return false;
    }
  }
  preempt(u, t);
  return true;
}

/** The current LWP has been cancelled while it waited. A post that has woken it is for the next. */
function leave(u: UserContext, t: number, sema: number): false {
  endWait(u, t, sema);
  u.threads.phase[t] = WAIT.cancelled;
  const next = u.machine.get(KIND.sync_count, sema) > 0 ? u.objects.waiting.dequeue(sema) : NONE;
  if (next === NONE) systemCall(u, t, SYSCALL.exit);
  else systemCall(u, t, SYSCALL.lwp_unpark, next);
  return false;
}

function beginWait(u: UserContext, t: number, sema: number): void {
  const { machine } = u;
  if (!u.objects.waiting.isQueued(t)) u.objects.waiting.enqueue(sema, t);
  if (machine.get(KIND.t_wchan, t) === sema) return;
  machine.set(KIND.t_wchan, t, sema, CAUSE.sema_wait);
  machine.set(KIND.sync_waiters, sema, machine.get(KIND.sync_waiters, sema) + 1, CAUSE.sema_wait);
}

function endWait(u: UserContext, t: number, sema: number): void {
  const { machine } = u;
  if (machine.get(KIND.t_wchan, t) !== sema) return;
  // A spurious wake-up may leave it on the queue.
  u.objects.waiting.remove(t);
  machine.set(KIND.t_wchan, t, NONE, CAUSE.sema_wait);
  machine.set(KIND.sync_waiters, sema, machine.get(KIND.sync_waiters, sema) - 1, CAUSE.sema_wait);
}
