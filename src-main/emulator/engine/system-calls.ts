/**
 * The effects of system calls: which function does what user code has entered the kernel for.
 *
 * Hot: allocates nothing itself.
 */
import { KIND } from '#shared/model/kinds.ts';
import { CANCEL_BASE } from '../libc/cancellation.ts';
import { lwp_sigmask } from '../kernel/proc/sigmask.ts';
import { FILLSET, SIGCANCEL } from '../kernel/context/sigset.ts';
import { ALL_SIGNALS } from '../user/process-steps.ts';
import type { CompiledPrograms, RequestPlan } from '../user/program.ts';
import type { UserContext } from '../threads/user-context.ts';
import { SYSCALL } from '../threads/user-threads.ts';
import type { Lives } from './lives.ts';
import type { Projects } from './projects.ts';
import type { SignalWaits } from './signal-waits.ts';
import type { Sleeps } from './sleeps.ts';
import type { UserSignals } from './user-signals.ts';

export interface SystemCallServices {
  readonly lives: Lives;
  readonly sleeps: Sleeps;
  readonly waits: SignalWaits;
  readonly signals: UserSignals;
  readonly projects: Projects;
  /** Synchronisation object of a source of wake-ups. */
  syncOf(source: number): number;
}

export class SystemCalls {
  private readonly u: UserContext;
  private readonly code: CompiledPrograms;
  private readonly services: SystemCallServices;

  constructor(u: UserContext, code: CompiledPrograms, services: SystemCallServices) {
    this.u = u;
    this.code = code;
    this.services = services;
  }

  /** The effect of the system call that the current thread is in. May switch. */
  takeEffect(t: number): void {
    const { kernel, machine, threads } = this.u;
    const { lives, sleeps, waits, signals, projects } = this.services;
    const call = threads.syscall[t];
    threads.syscall[t] = SYSCALL.none;
    const argument = threads.syscallArg[t]!;
    // Its process ends, or execs: it gets no further.
    if (machine.get(KIND.t_sig_check, t) !== 0 && lives.wanted(t) === 'exit') {
      lives.exitLwp(t);
      return;
    }
    switch (call) {
      case SYSCALL.schedctl:
        this.u.askForStructure(t);
        break;
      case SYSCALL.yield:
        kernel.yield();
        break;
      case SYSCALL.nanosleep:
        sleeps.nanosleep(t, argument);
        break;
      case SYSCALL.nanosleep_return:
        sleeps.nanosleepReturn(t);
        break;
      case SYSCALL.lwp_park:
        sleeps.park(t);
        break;
      case SYSCALL.lwp_park_return:
        sleeps.parkReturn(t);
        break;
      case SYSCALL.lwp_unpark:
        sleeps.unpark(argument);
        break;
      case SYSCALL.exit:
        lives.exitLwp(t);
        break;
      case SYSCALL.exit_process:
        lives.exitProcess(t);
        break;
      case SYSCALL.lwp_create:
        lives.spawn(t, this.request(argument, 'spawn'));
        break;
      case SYSCALL.fork:
        lives.fork(t, this.request(argument, 'fork'));
        break;
      case SYSCALL.vfork_return:
        lives.vforkReturn(t);
        break;
      case SYSCALL.exec:
        lives.exec(t, argument);
        break;
      case SYSCALL.waitid:
        sleeps.waitChild(t);
        break;
      case SYSCALL.waitid_return:
        sleeps.waitChildReturn(t);
        break;
      case SYSCALL.read:
        sleeps.read(t, this.services.syncOf(argument));
        break;
      case SYSCALL.read_return:
        sleeps.readReturn(t, this.services.syncOf(argument));
        break;
      case SYSCALL.kill:
        this.kill(argument);
        break;
      case SYSCALL.lwp_sigmask:
        this.setMask(argument);
        break;
      case SYSCALL.sigsuspend:
        waits.sigsuspend(t, this.request(argument, 'sigsuspend'));
        break;
      case SYSCALL.sigsuspend_return:
        waits.sigsuspendReturn(t);
        break;
      case SYSCALL.sigtimedwait:
        waits.sigtimedwait(t, this.request(argument, 'sigtimedwait'));
        break;
      case SYSCALL.sigtimedwait_return:
        waits.sigtimedwaitReturn(t, this.request(argument, 'sigtimedwait'));
        break;
      case SYSCALL.pollsys: {
        const request = this.request(argument, 'poll');
        waits.pollsys(t, this.services.syncOf(request.source), request);
        break;
      }
      case SYSCALL.pollsys_return:
        waits.pollsysReturn(t, this.services.syncOf(this.request(argument, 'poll').source));
        break;
      case SYSCALL.proc:
        signals.proc(this.request(argument, 'proc'));
        break;
      case SYSCALL.settaskid:
        projects.settaskid(kernel.context.procs.ttoproc(t), argument);
        break;
      case SYSCALL.priocntl: {
        const { change, target } = this.request(argument, 'priocntl');
        lives.priocntl(change, target);
        break;
      }
      case SYSCALL.pagefault:
        sleeps.pagefault(t, argument);
        break;
      case SYSCALL.pagefault_return:
        sleeps.pagefaultReturn(t);
        break;
      case SYSCALL.setcontext:
        signals.handlerReturns(t);
        break;
      case SYSCALL.set_cancel_flag:
        signals.setCancelFlag(t);
        break;
      default:
    }
  }

  private kill(argument: number): void {
    const { signals } = this.services;
    if (argument >= CANCEL_BASE) {
      signals.sendToLwp(argument - CANCEL_BASE, SIGCANCEL);
      return;
    }
    const { signal, target } = this.request(argument, 'send');
    signals.send(signal, target);
  }

  private setMask(argument: number): void {
    const c = this.u.kernel.signals;
    if (argument === ALL_SIGNALS) {
      lwp_sigmask(c, 'SIG_SETMASK', FILLSET);
      return;
    }
    const { how, set } = this.request(argument, 'sigmask');
    lwp_sigmask(c, how, set);
  }

  /** The request of a step, which is of the kind that the system call is for. */
  private request<Op extends RequestPlan['op']>(index: number, op: Op): Extract<RequestPlan, { op: Op }> {
    const request = this.code.requests[index]!;
    if (request.op !== op) throw new Error(`request ${index} is not a ${op}`);
    return request as Extract<RequestPlan, { op: Op }>;
  }
}
