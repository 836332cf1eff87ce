/**
 * Runs programs: one instruction of the current LWP at a time.
 *
 * An instruction has its effect at once and says what time it takes; the next one runs when that time has passed
 * on a CPU.
 *
 * Hot: allocates nothing.
 */
import { assertNever } from '#shared/base/assert.ts';
import { CAUSE } from '#shared/model/causes.ts';
import { SYNC_KIND } from '#shared/model/enums.ts';
import { condSignal, condWait } from '../libc/condition.ts';
import { mutexLock, mutexUnlock } from '../libc/mutex.ts';
import { queueLock, queueUnlock } from '../libc/queue-lock.ts';
import { schedctl_start, schedctl_stop, setup_schedctl } from '../libc/schedctl-calls.ts';
import { semaPost, semaWait } from '../libc/semaphore.ts';
import { spinLock, spinUnlock } from '../libc/spin-lock.ts';
import { cancellationPoint, processStep } from './process-steps.ts';
import { OP, type CompiledPrograms } from './program.ts';
import { systemCall, type UserContext } from '../threads/user-context.ts';
import { SYSCALL } from '../threads/user-threads.ts';

/** Runs one instruction, or one phase of one, of the current LWP. */
export function step(u: UserContext, code: CompiledPrograms, t: number): void {
  const { threads } = u;
  const { pc } = threads;
  const at = pc[t]!;
  const a = code.a[at]!;
  switch (code.op[at]) {
    case OP.compute:
      threads.userNs[t] = u.random.duration(threads.stream[t]!, code.durations[a]!);
      pc[t] = at + 1;
      break;
    case OP.sleep:
      if (threads.phase[t] === 0) {
        threads.phase[t] = 1;
        systemCall(u, t, SYSCALL.nanosleep, u.random.duration(threads.stream[t]!, code.durations[a]!));
      } else cancellationPoint(u, t, at + 1);
      break;
    case OP.lock:
      if (lock(u, t, a)) {
        threads.phase[t] = 0;
        pc[t] = at + 1;
      }
      break;
    case OP.unlock:
      if (unlock(u, t, a)) {
        threads.phase[t] = 0;
        pc[t] = at + 1;
      }
      break;
    case OP.cond_wait: {
      const { condition, lock: mutex, timeout } = code.waits[a]!;
      const p = processOf(u, t);
      const untilNs =
        timeout === null || threads.phase[t] !== 0
          ? 0
          : u.machine.timeNs + u.random.duration(threads.stream[t]!, timeout);
      // The phase says where the next instruction, the lock, begins; it is passed over where the mutex is held.
      pc[t]! += condWait(u, t, u.objects.idOf(p, condition), u.objects.idOf(p, mutex), untilNs);
      break;
    }
    case OP.cond_cancel:
      if (threads.waitCancelled[t] === 0) pc[t] = at + 1;
      // As a cleanup handler does for who is cancelled in pthread_cond_wait().
      else if (unlock(u, t, code.waits[a]!.lock)) systemCall(u, t, SYSCALL.exit);
      break;
    case OP.signal:
    case OP.broadcast:
      if (condSignal(u, t, u.objects.idOf(processOf(u, t), a), code.op[at] === OP.broadcast)) {
        threads.phase[t] = 0;
        pc[t] = at + 1;
      }
      break;
    case OP.sema_wait:
      if (semaWait(u, t, u.objects.idOf(processOf(u, t), a))) {
        threads.phase[t] = 0;
        pc[t] = at + 1;
      }
      break;
    case OP.sema_post:
      if (semaPost(u, t, u.objects.idOf(processOf(u, t), a))) {
        threads.phase[t] = 0;
        pc[t] = at + 1;
      }
      break;
    case OP.schedctl_init:
      if (setup_schedctl(u, t)) pc[t] = at + 1;
      break;
    case OP.schedctl_exit:
      // libc keeps the structure until the LWP ends: the call is there for old programs.
      pc[t] = at + 1;
      break;
    case OP.schedctl_start:
      if (schedctl_start(u, t)) pc[t] = at + 1;
      break;
    case OP.schedctl_stop:
      pc[t] = at + 1;
      schedctl_stop(u, t);
      break;
    case OP.yield:
      pc[t] = at + 1;
      systemCall(u, t, SYSCALL.yield);
      break;
    case OP.mark:
      u.machine.mark(t, a, CAUSE.user_store);
      pc[t] = at + 1;
      break;
    case OP.jump:
      pc[t] = a;
      break;
    case OP.enterLoop:
      threads.counters[t * threads.depth + code.b[at]!] = code.counts[a]!;
      pc[t] = at + 1;
      break;
    case OP.repeat: {
      const counter = t * threads.depth + code.b[at]!;
      pc[t] = --threads.counters[counter]! > 0 ? a : at + 1;
      break;
    }
    case OP.branch:
      pc[t] = u.random.unit(threads.stream[t]!) < code.counts[code.b[at]!]! ? at + 1 : a;
      break;
    case OP.standstill:
      return u.violation(t, 'loops for ever and never blocks and never computes');
    case OP.exit:
      systemCall(u, t, SYSCALL.exit);
      break;
    default:
      processStep(u, code, t, code.op[at]!, a);
  }
}

function lock(u: UserContext, t: number, index: number): boolean {
  const plan = u.locks[index]!;
  const id = u.objects.idOf(processOf(u, t), index);
  switch (plan.kind) {
    case SYNC_KIND.spinlock:
      return spinLock(u, t, id, plan.spinThenDelay);
    case SYNC_KIND.mutex:
      return mutexLock(u, t, id, 0);
    case SYNC_KIND.adaptiveMutex:
      return mutexLock(u, t, id, plan.spinNs);
    case SYNC_KIND.queueLock:
      return queueLock(u, t, id);
    case SYNC_KIND.condition:
    case SYNC_KIND.semaphore:
      return u.violation(t, `locks "${plan.name}", which is not a lock`);
    default:
      return assertNever(plan, 'lock kind');
  }
}

function unlock(u: UserContext, t: number, index: number): boolean {
  const { kind } = u.locks[index]!;
  const id = u.objects.idOf(processOf(u, t), index);
  if (kind === SYNC_KIND.spinlock) spinUnlock(u, t, id);
  else if (kind === SYNC_KIND.queueLock) queueUnlock(u, t, id);
  else return mutexUnlock(u, t, id);
  return true;
}

function processOf(u: UserContext, t: number): number {
  return u.kernel.context.procs.ttoproc(t);
}
