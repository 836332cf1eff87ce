/**
 * Instructions about processes, LWPs, signals and cancellation; most are system calls.
 *
 * Hot: allocates nothing itself; creating an LWP does.
 */
import { NONE } from '#shared/base/none.ts';
import { CAUSE } from '#shared/model/causes.ts';
import { KIND } from '#shared/model/kinds.ts';
import { pthread_cancel, pthread_setcancelstate } from '../libc/cancellation.ts';
import { hasStructure, setup_schedctl } from '../libc/schedctl-calls.ts';
import { user_load_at, user_store } from '../kernel/proc/user-schedctl.ts';
import { OP, type CompiledPrograms } from './program.ts';
import { systemCall, type UserContext } from '../threads/user-context.ts';
import { CANCEL, SYSCALL } from '../threads/user-threads.ts';

/** `argument` of {@link SYSCALL.lwp_sigmask}: all signals, instead of a request. */
export const ALL_SIGNALS = -1;

/** Runs an instruction of the current LWP that interpreter.ts does not know. */
export function processStep(u: UserContext, code: CompiledPrograms, t: number, op: number, a: number): void {
  const { threads } = u;
  const next = threads.pc[t]! + 1;
  switch (op) {
    case OP.spawn:
      call(u, t, SYSCALL.lwp_create, a, next);
      break;
    case OP.fork:
      call(u, t, SYSCALL.fork, a, next);
      break;
    case OP.exec:
      systemCall(u, t, SYSCALL.exec, a);
      break;
    case OP.exit_process:
      systemCall(u, t, SYSCALL.exit_process);
      break;
    case OP.wait_child:
      slowCall(u, t, SYSCALL.waitid, 0, next);
      break;
    case OP.await:
      slowCall(u, t, SYSCALL.read, a, next);
      break;
    case OP.send:
      call(u, t, SYSCALL.kill, a, next);
      break;
    case OP.sigsuspend:
      slowCall(u, t, SYSCALL.sigsuspend, a, next);
      break;
    case OP.sigtimedwait:
      slowCall(u, t, SYSCALL.sigtimedwait, a, next);
      break;
    case OP.poll:
      slowCall(u, t, SYSCALL.pollsys, a, next);
      break;
    case OP.proc:
      call(u, t, SYSCALL.proc, a, next);
      break;
    case OP.newtask:
      call(u, t, SYSCALL.settaskid, a, next);
      break;
    case OP.priocntl:
      call(u, t, SYSCALL.priocntl, a, next);
      break;
    case OP.page_fault: {
      // No system call, but it is in the kernel in the same way, and for about as long.
      const ns = u.random.duration(threads.stream[t]!, code.durations[a]!);
      call(u, t, SYSCALL.pagefault, ns, next);
      break;
    }
    case OP.sigmask:
      call(u, t, SYSCALL.lwp_sigmask, a, next);
      break;
    case OP.sigblock:
      block_all_signals(u, t, next);
      break;
    case OP.sigreturn:
      systemCall(u, t, SYSCALL.setcontext);
      break;
    case OP.cancel:
      threads.pc[t] = next;
      pthread_cancel(u, t, u.lwpNamed(code.names[a]!));
      break;
    case OP.cancel_disable:
    case OP.cancel_enable:
      if (pthread_setcancelstate(u, t, op === OP.cancel_enable)) threads.pc[t] = next;
      break;
    case OP.look_at:
      lookAt(u, t, code.names[a]!);
      threads.pc[t] = next;
      break;
    default:
      throw new Error(`no such instruction: ${op}`);
  }
}

/**
 * The current LWP is back from a system call that is a cancellation point: where a cancellation is pending and allowed
 * it ends, else it goes on at `next`.
 */
export function cancellationPoint(u: UserContext, t: number, next: number): void {
  const { threads } = u;
  threads.phase[t] = 0;
  if (threads.cancel[t] === CANCEL.pending) systemCall(u, t, SYSCALL.exit);
  else threads.pc[t] = next;
}

/** A system call that does not sleep, or that a cancellation does not end. */
function call(u: UserContext, t: number, number: number, argument: number, next: number): void {
  u.threads.pc[t] = next;
  systemCall(u, t, number, argument);
}

/** A system call that may sleep, and is a cancellation point. */
function slowCall(u: UserContext, t: number, number: number, argument: number, next: number): void {
  if (u.threads.phase[t] === 0) {
    u.threads.phase[t] = 1;
    systemCall(u, t, number, argument);
  } else cancellationPoint(u, t, next);
}

/** block_all_signals() of libc: a store, where there is a shared structure, instead of a system call. */
function block_all_signals(u: UserContext, t: number, next: number): void {
  if (!setup_schedctl(u, t)) return;
  u.threads.pc[t] = next;
  if (!hasStructure(u, t)) {
    systemCall(u, t, SYSCALL.lwp_sigmask, ALL_SIGNALS);
    return;
  }
  user_store(u.kernel.context, t, KIND.sc_sigblock, 1, CAUSE.block_all_signals);
  u.threads.userNs[t] = u.costs.storeNs;
}

/** Reads sc_state of an LWP of the same process as libc does, and makes a mark of it; -1 where nothing can be read. */
function lookAt(u: UserContext, t: number, name: string): void {
  const { threads } = u;
  const other = u.lwpNamed(name);
  const address = other === NONE ? 0 : threads.scAddress[other]!;
  const state = address === 0 ? -1 : user_load_at(u.kernel.context, t, address, KIND.sc_state);
  u.machine.mark(t, Math.max(-1, state), CAUSE.user_store);
  threads.userNs[t] = u.costs.storeNs;
}
