/**
 * How processes and LWPs come and go while a scenario runs: lwp_create, fork, exec, exit, waitid (lwp.c, fork.c,
 * exec.c, exit.c), with what user level has to forget on the way.
 *
 * fork, exec and exit first bring the other LWPs of the process to rest (holdlwps, exitlwps): running LWPs enter
 * the kernel and stop or end there; sleeping LWPs stay asleep for a fork and are woken for exec and exit. The LWP that
 * asked sleeps meanwhile; its system call then takes effect a second time.
 */
import type { CauseId, LwpId, ProcessId } from '#shared/base/brands.ts';
import { NONE } from '#shared/base/none.ts';
import { CAUSE } from '#shared/model/causes.ts';
import { OFF_CPU_REASON, TS } from '#shared/model/enums.ts';
import { KIND } from '#shared/model/kinds.ts';
import { ECHILD, EINTR } from '../errno.ts';
import { withRoom } from '../growable.ts';
import { adaptiveOwnerGone } from '../libc/mutex.ts';
import type { Machine } from '../machine.ts';
import type { ClassChangePlan, ProcessStepPlan, ScenarioPlan, SignalPlan, TargetPlan } from '../plan.ts';
import { copyLwp, newproc } from '../kernel/proc/fork.ts';
import { exec, exec_finish_sigblock, lwp_create } from '../kernel/proc/process.ts';
import { sigtoproc } from '../kernel/proc/sigpost.ts';
import { SIG_IGN, sigHandler } from '../kernel/proc/signal-context.ts';
import { SIGCANCEL, SIGCHLD, sigassign, sigismember, SIGKILL, sigread } from '../kernel/context/sigset.ts';
import type { CompiledPrograms } from '../user/program.ts';
import type { UserContext } from '../threads/user-context.ts';
import { SYSCALL } from '../threads/user-threads.ts';
import { ForkCopies } from './fork-copies.ts';
import type { Kernel } from '../kernel/kernel.ts';

/** LWPs that a run may create; the ids of a trace go further, but no machine does. */
const MAX_CREATED = 1 << 20;

/** What an LWP does next that sleeps in a system call, or has stopped there. */
const SLEEPING: ReadonlySet<number> = new Set([
  SYSCALL.nanosleep_return,
  SYSCALL.lwp_park_return,
  SYSCALL.waitid_return,
  SYSCALL.read_return,
  SYSCALL.sigsuspend_return,
  SYSCALL.sigtimedwait_return,
  SYSCALL.pollsys_return,
]);

export interface LwpFacts {
  readonly name: string;
  readonly process: ProcessId;
  /** LWP number within its process, from 1. */
  readonly number: number;
}

/** The other LWPs of a process are to stop (fork), to stay stopped until a vfork child lets go, or to end. */
interface Hold {
  readonly by: number;
  readonly mode: 'fork' | 'forkall' | 'vfork' | 'exit';
  /** LWPs that have not come to rest yet. */
  left: number;
}

interface ProcessFacts {
  readonly name: string;
  readonly pid: number;
  /** NONE where no process will ask for its exit status. */
  parent: number;
  /** Living children; and those that have ended and not been waited for. */
  readonly children: Set<number>;
  zombies: number;
  /** LWPs that the scenario starts later, and arrivals that go on: the process does not end before. */
  unstarted: number;
  lwpsSoFar: number;
  /** LWP created last, by name; those that are gone included. */
  readonly lwpsByName: Map<string, number>;
  hold: Hold | null;
  /** LWP that sleeps in vfork() until this process lets go of its address space. */
  vforkParent: number;
  /** Program that handles a signal, by signal. */
  handlers: ReadonlyMap<number, number>;
}

/** What only the engine can do. */
export interface LivesHost {
  /** Makes room for the events of an LWP. */
  ensureEvents(t: number): void;
  cancelTimer(t: number): void;
  /** Nothing of a process that is still to come will come; returns how many LWPs and arrivals that were. */
  cancelUnstarted(p: number): number;
  /** Forgets the handlers that an LWP is in. */
  dropFrames(t: number): void;
  /** The copy `ct` of an LWP is in the same handlers as `pt`. */
  copyFrames(pt: number, ct: number): void;
  /** LWP `t`, which is `of` or begins as its copy, has the mask of `of` from before a signal was put off. */
  restoreMask(of: number, t: number): void;
}

export class Lives {
  readonly lwps: LwpFacts[] = [];
  readonly processes: ProcessFacts[] = [];
  /** LWPs and arrivals that are still there or still to come: with none the run is over. */
  left = 0;
  /** The LWP of the plan that is being started, for error messages. */
  starting: { readonly name: string; readonly line: number } | null = null;
  private readonly u: UserContext;
  private readonly kernel: Kernel;
  private readonly machine: Machine;
  private readonly code: CompiledPrograms;
  private readonly host: LivesHost;
  /** LWP created last, by name. */
  private readonly named = new Map<string, number>();
  /** LWPs that somebody's hold waits for. */
  private expected = new Uint8Array(0);
  private lastPid = 0;
  private readonly copies: ForkCopies;
  private readonly waitsForChild = new Set<number>();

  constructor(u: UserContext, code: CompiledPrograms, plan: ScenarioPlan, host: LivesHost) {
    this.u = u;
    this.kernel = u.kernel;
    this.machine = u.machine;
    this.code = code;
    this.host = host;
    this.copies = new ForkCopies(u, {
      copyFrames: (pt, ct) => host.copyFrames(pt, ct),
      addAbsent: (pt, p) => this.addAbsent(pt, p),
    });
    this.expected = new Uint8Array(plan.lwps.length);
    plan.lwps.forEach(({ name, process, lwpNumber }) => {
      this.lwps.push({ name, process, number: lwpNumber });
    });
    for (const { name, pid } of plan.processes) {
      this.processes.push(newProcess(name, pid, NONE, new Map()));
      this.lastPid = Math.max(this.lastPid, pid);
    }
  }

  /** What a process does with signals; libc has a handler of its own for SIGCANCEL. */
  setSignals(p: number, plans: readonly SignalPlan[]): void {
    const { signals } = this.kernel.signals;
    const handlers = new Map<number, number>();
    for (const { signal, handler } of plans) {
      if (handler !== null) handlers.set(signal, handler);
      signals.setAction(p, signal, handler === null ? SIG_IGN : sigHandler());
    }
    signals.setAction(p, SIGCANCEL, sigHandler());
    this.processes[p]!.handlers = handlers;
  }

  /** An LWP of the plan appears, or one of an arrival. Its names are in the trace afterwards. */
  announce(t: number): void {
    const { name, process, number } = this.lwps[t]!;
    const facts = this.processes[process]!;
    facts.lwpsSoFar = Math.max(facts.lwpsSoFar, number);
    this.named.set(name, t);
    facts.lwpsByName.set(name, t);
    this.machine.define({ table: 'lwp', id: t, process, lwpNumber: number, name });
  }

  /**
   * A further LWP, announced, with room everywhere; it runs `program`.
   *
   * @param number its number in its process, the next one where none is given
   */
  addLwp(name: string, process: ProcessId, program: number, number?: number): LwpId {
    const t = this.addNamed(name, process, number ?? this.processes[process]!.lwpsSoFar + 1);
    this.u.threads.pc[t] = this.code.entry[program]!;
    this.left++;
    this.announce(t);
    return t;
  }

  /** An LWP that is not in the child because fork1 did not copy it, but is what the child's memory has as an owner. */
  private addAbsent(pt: number, process: ProcessId): number {
    const { name, number } = this.lwps[pt]!;
    const t = this.addNamed(name, process, number);
    this.kernel.context.procs.addLwp(t, process);
    this.machine.define({ table: 'lwp', id: t, process, lwpNumber: number, name });
    return t;
  }

  private addNamed(name: string, process: ProcessId, number: number): number {
    const { u } = this;
    const t = this.lwps.length;
    if (t >= MAX_CREATED) u.violation(this.machine.curthread, `creates more than ${MAX_CREATED} LWPs`);
    this.lwps.push({ name, process, number });
    u.threads.ensure(t);
    u.threads.stream[t] = u.random.add();
    u.objects.waiting.ensureLwp(t);
    this.expected = withRoom(this.expected, t, 0);
    this.host.ensureEvents(t);
    this.machine.ensure('lwp', t);
    return t;
  }

  /**
   * The LWP of that name that was created last, in the process of the current LWP if there is one; NONE where there
   * has been none.
   */
  lwpNamed(name: string): number {
    const { curthread } = this.machine;
    const own = curthread === NONE ? undefined : this.processOf(curthread).lwpsByName.get(name);
    return own ?? this.named.get(name) ?? NONE;
  }

  /** The living process of that name that was created last, NONE where there is none. */
  processNamed(name: string): number {
    for (let p = this.processes.length - 1; p >= 0; p--) {
      if (this.processes[p]!.name === name && this.machine.get(KIND.p_alive, p) !== 0) return p;
    }
    return NONE;
  }

  private processOf(t: number): ProcessFacts {
    return this.processes[this.lwps[t]!.process]!;
  }

  /** lwp_create() by the current LWP. */
  spawn(t: number, request: Extract<ProcessStepPlan, { op: 'spawn' }>): void {
    const { kernel, machine } = this;
    if (this.isHeld(t, SYSCALL.lwp_create)) return;
    const p = this.lwps[t]!.process;
    const k = kernel.context;
    for (let copy = 0; copy < request.count; copy++) {
      const name = request.count === 1 ? request.name : `${request.name} ${copy}`;
      const ct = this.addLwp(name, p, request.program);
      lwp_create(k, ct, p, CAUSE.lwp_create);
      for (const kind of [KIND.t_pri, KIND.t_cpri]) {
        machine.set(kind, ct, machine.get(kind, t), CAUSE.lwp_create);
      }
      sigassign(machine, KIND.t_hold0, ct, sigread(machine, KIND.t_hold0, t), CAUSE.lwp_create);
      kernel.inherit(t, ct, p);
      kernel.setrun(ct);
    }
  }

  /** fork1(), forkall() or vfork() by the current LWP. Switches. */
  fork(t: number, request: Extract<ProcessStepPlan, { op: 'fork' }>): void {
    const { kernel, machine } = this;
    const { threads } = this.u;
    const p = this.lwps[t]!.process;
    const parent = this.processes[p]!;
    if (parent.hold?.mode === 'forkall' && parent.hold.by !== t) {
      // As in holdlwps(): it fails, where it would wait for a fork1().
      kernel.context.procs.set_errno(t, EINTR);
      return;
    }
    if (this.isHeld(t, SYSCALL.fork)) return;
    const isForkall = request.kind === 'forkall';
    if (isForkall ? !this.holdForFork(t) : !this.hold(t, 'fork', SYSCALL.fork, CAUSE.cfork)) return;
    const cp = this.processes.length;
    const { handlers } = parent;
    const pid = ++this.lastPid;
    this.processes.push(newProcess(request.name, pid, p, handlers));
    parent.children.add(cp);
    kernel.addProcess(cp, pid, request.name);
    newproc(kernel.context, cp, request.kind);
    kernel.signals.signals.copyActions(p, cp);

    this.processes[cp]!.lwpsSoFar = parent.lwpsSoFar;
    const copies = new Map<number, number>();
    const ct = this.copy(t, cp, request.program, request.name);
    copies.set(t, ct);
    this.host.restoreMask(t, ct);
    if (isForkall) {
      for (const other of [...kernel.threads(p)]) {
        if (other === t) continue;
        const copy = this.copy(other, cp, request.siblings ?? request.program, this.lwps[other]!.name);
        copies.set(other, copy);
        if (request.siblings !== null) this.host.restoreMask(other, copy);
      }
    }
    if (request.kind !== 'vfork') {
      this.copies.copyObjects(p, cp, copies, request.siblings === null);
      if (request.siblings === null) {
        for (const [pt, copy] of copies) if (pt !== t) this.copies.goOnWhere(pt, copy, cp);
      }
    }
    if (request.kind === 'vfork') {
      // The parent waits as a whole, until the child lets go of its address space.
      parent.hold = { by: t, mode: 'vfork', left: 0 };
      this.processes[cp]!.vforkParent = t;
      kernel.continuelwps(cp);
      threads.syscall[t] = SYSCALL.vfork_return;
      kernel.sleep(OFF_CPU_REASON.io, CAUSE.cfork);
      return;
    }
    parent.hold = null;
    machine.set(KIND.off_cpu_reason, t, OFF_CPU_REASON.yielded, CAUSE.cfork);
    kernel.classes.forkret(t, ct);
  }

  /** The child has let go of the address space: the other LWPs go on, too. */
  vforkReturn(t: number): void {
    const p = this.lwps[t]!.process;
    this.processes[p]!.hold = null;
    this.kernel.continuelwps(p);
  }

  /** forklwp(): LWP `pt` of the current process appears in `cp`, stopped. */
  private copy(pt: number, cp: number, program: number, name: string): number {
    const k = this.kernel.context;
    const ct = this.addLwp(name, cp, program, this.lwps[pt]!.number);
    copyLwp(k, pt, ct, cp);
    this.kernel.inherit(pt, ct, cp);
    k.ctx.forkctx(pt, ct);
    return ct;
  }

  /** exec of a program by the current LWP, which is the only one of its process afterwards. May switch. */
  exec(t: number, program: number): void {
    const { kernel } = this;
    if (this.isHeld(t, SYSCALL.exec)) return;
    const p = this.lwps[t]!.process;
    const process = this.processes[p]!;
    exec_finish_sigblock(kernel.context);
    this.forgetUnstarted(p);
    if (!this.hold(t, 'exit', SYSCALL.exec, CAUSE.exec)) return;
    process.hold = null;
    exec(kernel.context);
    kernel.signals.signals.resetHandlers(p);
    this.setSignals(p, []);
    this.host.restoreMask(t, t);
    this.forgetUserLevel(t);
    this.machine.set(KIND.ul_preempt, t, 0, CAUSE.exec);
    this.u.threads.restart(t);
    this.u.threads.pc[t] = this.code.entry[program]!;
    this.letVforkParentGo(process);
  }

  /** exit() of the current process. Switches. */
  exitProcess(t: number): void {
    if (this.isHeld(t, SYSCALL.exit_process)) return;
    this.forgetUnstarted(this.lwps[t]!.process);
    if (this.hold(t, 'exit', SYSCALL.exit_process, CAUSE.proc_exit)) this.exitLwp(t);
  }

  /** The current LWP ends, and with the last one its process. Switches. */
  exitLwp(t: number): void {
    const { machine } = this;
    const p = this.lwps[t]!.process;
    const isLast = machine.get(KIND.p_lwpcnt, p) === 1 && this.processes[p]!.unstarted === 0;
    this.forgetUserLevel(t);
    adaptiveOwnerGone(this.u, t);
    this.left--;
    this.kernel.exitLwp(isLast, () => {
      this.atRest(t);
      if (isLast) this.processGone(p);
    });
  }

  /** The live LWPs that a target means, the current one for itself. A copy: their class or place may be changed. */
  threadsOf(target: TargetPlan): number[] {
    const { kernel, machine } = this;
    if (target.kind === 'process') {
      const p = this.processNamed(target.name);
      return p === NONE ? [] : [...kernel.threads(p)];
    }
    const t = target.kind === 'lwp' ? this.lwpNamed(target.name) : machine.curthread;
    return t !== NONE && machine.state.read(KIND.lwp_alive, t) !== 0 ? [t] : [];
  }

  /** priocntl() of the LWPs that are meant; everybody may. */
  priocntl(change: ClassChangePlan, target: TargetPlan): void {
    for (const t of this.threadsOf(target)) this.kernel.priocntl(t, change);
  }

  /** waitid() by the current LWP: 0 with a child that has ended, ECHILD with none at all, null: it has to wait. */
  reap(t: number): number | null {
    const process = this.processOf(t);
    if (process.zombies > 0) {
      process.zombies--;
      return 0;
    }
    return process.children.size === 0 ? ECHILD : null;
  }

  /** The LWP is about to sleep in waitid(), or no longer. */
  setWaitsForChild(t: number, waits: boolean): void {
    if (waits) this.waitsForChild.add(t);
    else this.waitsForChild.delete(t);
  }

  /**
   * What the hold on its process wants of the current LWP, which is not the one that asked for it: to stop, to end,
   * or nothing.
   */
  wanted(t: number): 'stop' | 'exit' | null {
    const { hold } = this.processOf(t);
    if (hold === null || hold.by === t) return null;
    return hold.mode === 'exit' ? 'exit' : 'stop';
  }

  /** `t` has stopped, ended or gone to sleep: whoever waits for that goes on. */
  atRest(t: number): void {
    if (this.expected[t] === 0) return;
    this.expected[t] = 0;
    const { hold } = this.processOf(t);
    if (hold === null || --hold.left > 0) return;
    if (this.machine.get(KIND.t_state, hold.by) === TS.SLEEP) this.kernel.wakeup(hold.by, CAUSE.continue);
  }

  /** The current LWP stops, as the hold on its process wants. Switches. */
  stopForHold(t: number): void {
    this.atRest(t);
    this.kernel.stop(CAUSE.stop);
  }

  /** True where somebody else holds the process: the current LWP has stopped, to ask again, or has ended. */
  private isHeld(t: number, again: number): boolean {
    const wanted = this.wanted(t);
    if (wanted === null) return false;
    if (wanted === 'exit') this.exitLwp(t);
    else {
      this.u.threads.syscall[t] = again;
      this.stopForHold(t);
    }
    return true;
  }

  /**
   * holdlwps(), exitlwps(): true when every other LWP has come to rest. Until then the current LWP sleeps, and its
   * system call `again` takes effect a second time.
   */
  private hold(t: number, mode: 'fork' | 'exit', again: number, cause: CauseId): boolean {
    const { kernel, machine } = this;
    const p = this.lwps[t]!.process;
    const process = this.processes[p]!;
    if (process.hold === null) {
      const hold: Hold = { by: t, mode, left: 0 };
      process.hold = hold;
      for (const other of kernel.threads(p)) {
        if (other === t) continue;
        machine.set(KIND.t_sig_check, other, 1, cause);
        const state = machine.get(KIND.t_state, other);
        const rests = state === TS.SLEEP || state === TS.STOPPED;
        if (mode === 'fork' && rests) continue;
        this.expected[other] = 1;
        hold.left++;
        if (state === TS.STOPPED || (rests && kernel.signals.signals.isWakeable(other))) kernel.setrun(other);
        else if (!rests) kernel.aston(other);
      }
    }
    if (process.hold.left === 0) return true;
    this.u.threads.syscall[t] = again;
    kernel.sleep(OFF_CPU_REASON.io, cause);
    return false;
  }

  /**
   * holdlwps(SHOLDFORK) by the current LWP: true when every other LWP is stopped at the return from the kernel, where
   * it can be copied. Sleepers come back from their system calls with EINTR on the way. Until then the current LWP
   * sleeps, and forkall() takes effect a second time; where the process stops meanwhile, it stops as well.
   */
  private holdForFork(t: number): boolean {
    const { kernel, machine } = this;
    const { signals } = kernel.signals;
    const p = this.lwps[t]!.process;
    const process = this.processes[p]!;
    const hold = process.hold ?? { by: t, mode: 'forkall' as const, left: 0 };
    process.hold = hold;
    const stops = signals.p_stopsig(p) !== 0 && !sigismember(machine, KIND.p_sig0, p, SIGKILL);
    signals.setHeldForFork(p, true);
    const others = kernel.threads(p).filter((other) => other !== t);
    for (const other of others) {
      if (this.expected[other] !== 0 || this.isCloneable(other)) continue;
      this.expected[other] = 1;
      hold.left++;
      machine.set(KIND.t_sig_check, other, 1, CAUSE.cfork);
      const state = machine.get(KIND.t_state, other);
      if (state === TS.STOPPED ? !stops : signals.isWakeable(other)) kernel.setrun(other);
      else kernel.aston(other);
    }
    if (hold.left > 0 && !stops) {
      this.u.threads.syscall[t] = SYSCALL.fork;
      kernel.sleep(OFF_CPU_REASON.io, CAUSE.cfork);
      return false;
    }
    signals.setHeldForFork(p, false);
    if (hold.left === 0) return true;
    for (const other of others) this.expected[other] = 0;
    process.hold = null;
    this.u.threads.syscall[t] = SYSCALL.fork;
    kernel.stop(CAUSE.stop);
    return false;
  }

  /**
   * Whether LWP `t` is stopped where it is about to return to user mode, and not inside of a system call that sleeps.
   */
  private isCloneable(t: number): boolean {
    return this.machine.get(KIND.t_state, t) === TS.STOPPED && !SLEEPING.has(this.u.threads.syscall[t]!);
  }

  /** The process is gone: its parent is told, its children have none any more. */
  private processGone(p: number): void {
    const { kernel, machine } = this;
    const process = this.processes[p]!;
    for (const child of process.children) this.processes[child]!.parent = NONE;
    process.children.clear();
    process.hold = null;
    this.letVforkParentGo(process);
    const { parent } = process;
    if (parent === NONE) return;
    const facts = this.processes[parent]!;
    facts.children.delete(p);
    facts.zombies++;
    sigtoproc(kernel.signals, parent, null, SIGCHLD);
    for (const t of kernel.threads(parent)) {
      if (this.waitsForChild.has(t) && machine.get(KIND.t_state, t) === TS.SLEEP) {
        kernel.wakeup(t, CAUSE.proc_exit);
      }
    }
  }

  private letVforkParentGo(process: ProcessFacts): void {
    if (process.vforkParent === NONE) return;
    this.kernel.wakeup(process.vforkParent, CAUSE.cfork);
    process.vforkParent = NONE;
  }

  private forgetUnstarted(p: number): void {
    const process = this.processes[p]!;
    if (process.unstarted === 0) return;
    this.left -= this.host.cancelUnstarted(p);
    process.unstarted = 0;
  }

  /** Whatever the LWP waited for in user mode, it does so no more. What it holds it takes along. */
  private forgetUserLevel(t: number): void {
    const { machine, u } = this;
    u.objects.waiting.remove(t);
    this.host.cancelTimer(t);
    this.host.dropFrames(t);
    this.waitsForChild.delete(t);
    machine.set(KIND.user_spin, t, 0, CAUSE.lwp_exit);
    const sync = machine.get(KIND.t_wchan, t);
    if (sync === NONE) return;
    machine.set(KIND.t_wchan, t, NONE, CAUSE.lwp_exit);
    machine.set(KIND.sync_waiters, sync, machine.get(KIND.sync_waiters, sync) - 1, CAUSE.lwp_exit);
  }
}

function newProcess(
  name: string,
  pid: number,
  parent: number,
  handlers: ReadonlyMap<number, number>,
): ProcessFacts {
  return {
    name,
    pid,
    parent,
    children: new Set(),
    zombies: 0,
    unstarted: 0,
    lwpsSoFar: 0,
    lwpsByName: new Map(),
    hold: null,
    vforkParent: NONE,
    handlers,
  };
}
