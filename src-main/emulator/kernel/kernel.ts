/**
 * The emulated kernel, put together: processes and LWPs, scheduling classes, dispatcher, clock; and the places
 * where a thread enters or leaves the kernel.
 *
 * Every function acts on the CPU `machine.cpuNow` and the thread `machine.curthread`, as kernel code does.
 * Functions that may switch threads say so; after them curthread may be another.
 *
 * Hot: preempt, the sleeps and the wake-ups allocate nothing.
 */
import { WorkbenchError } from '#shared/base/errors.ts';
import { NONE } from '#shared/base/none.ts';
import { CAUSE } from '#shared/model/causes.ts';
import { CID, OFF_CPU_REASON, TS, TS_FLAGS } from '#shared/model/enums.ts';
import { KIND } from '#shared/model/kinds.ts';
import { sleepQueueId } from '#shared/model/queues.ts';
import { NOCHANGE, type ClassParms, type ClassTimeout } from './disp/class-ops.ts';
import { classSchedctl } from './disp/class-schedctl.ts';
import { SchedulingClasses, type ClassesServices } from './disp/classes.ts';
import { aston, cpu_surrender } from './disp/cpu-resched.ts';
import {
  DispContext,
  LWP_SYS,
  LWP_USER,
  TS_RUNQMATCH,
  type CpuSignals,
  type SwitchHooks,
} from './disp/disp-context.ts';
import { idle } from './disp/idle.ts';
import { preempt } from './disp/preempt.ts';
import { RT_KY, RT_NOCHANGE } from './disp/rt-parms.ts';
import { dispdeq, setbackdq, setfrontdq } from './disp/run-queues.ts';
import { swtch, swtch_from_zombie } from './disp/swtch.ts';
import { thread_change_pri, THREAD_CHANGE_PRI, type ThreadServices } from './disp/thread.ts';
import type { TsDptbl } from './disp/ts-dptbl.ts';
import { IA_INTERACTIVE_OFF, IA_SET_INTERACTIVE } from './disp/upri-parms.ts';
import { createKernelContext, type KernelContext } from './context/kernel-context.ts';
import type { Machine } from '../machine.ts';
import type { ClassChangePlan, ClassPlan } from '../plan.ts';
import { SignalState, type SignalContext } from './proc/signal-context.ts';
import { sigtoproc } from './proc/sigpost.ts';
import { KernelPanic } from '../assert-kernel.ts';
import { lwp_create, lwp_exit, proc_create, proc_exit } from './proc/process.ts';
import { schedctl, schedctl_init } from './schedctl/schedctl.ts';

/** The kernel itself asks, when a scenario starts an LWP: everything is allowed. */
const KERNEL_CRED = null;
const NS_PER_S = 1_000_000_000;
/** Lists of a class's threads: TS_LISTS. */
const CLASS_LISTS = 16;

/** What the kernel asks at the places where a thread may be told to do something else. */
export interface ReturnHooks {
  /** The current thread is about to return to user mode with t_sig_check set. May switch. */
  checkSignals(): void;
}

export interface KernelOptions {
  readonly cpus: number;
  readonly hz: number;
  readonly ts_dptbl: TsDptbl;
}

/** A pending timeout(9F). */
interface Callout {
  readonly tick: number;
  readonly handler: ClassTimeout;
}

export class Kernel {
  readonly machine: Machine;
  readonly context: KernelContext;
  readonly disp: DispContext;
  readonly classes: SchedulingClasses;
  /** Nanoseconds of a clock tick. */
  readonly tickNs: number;
  readonly signals: SignalContext;
  private readonly hooks: CpuSignals & SwitchHooks & ReturnHooks;
  private readonly pids: number[] = [];
  /** Threads of each process, in order of creation. */
  private readonly threadsOf: number[][] = [];
  private callouts: Callout[] = [];

  constructor(machine: Machine, options: KernelOptions, hooks: CpuSignals & SwitchHooks & ReturnHooks) {
    this.machine = machine;
    this.hooks = hooks;
    this.tickNs = NS_PER_S / options.hz;
    this.context = createKernelContext(machine);
    schedctl_init(this.context);
    this.disp = new DispContext(machine, options.cpus, this.context.ctx, hooks, {
      CL_PREEMPT: (t) => {
        machine.set(KIND.off_cpu_reason, t, OFF_CPU_REASON.preempted, CAUSE.preempt);
        this.classes.of(t).cl_preempt(t);
      },
      forEachThread: (visit) => {
        for (const threads of this.threadsOf) threads.forEach(visit);
      },
      start_cpus: () => {
        for (let cpu = 0; cpu < options.cpus; cpu++) {
          const idles = machine.get(KIND.cpu_dispthread, cpu) === NONE;
          if (idles && !this.disp.isOffline(cpu)) hooks.poke_cpu(cpu);
        }
      },
      fss_changepset: (t, part) => this.classes.fss.fss_changepset(t, part),
    });
    this.classes = new SchedulingClasses(this.services(options.hz), options);
    this.signals = {
      k: this.context,
      signals: new SignalState(),
      services: {
        threadsOf: (p) => this.threadsOf[p]!,
        setrun: (t) => this.setrun(t),
        wakeup: (t) => this.wakeupFrom(t, CAUSE.lwp_unpark),
        aston: (t) => this.aston(t),
      },
    };
  }

  /** A process without LWPs appears. */
  createProcess(p: number, pid: number, name: string): void {
    this.addProcess(p, pid, name);
    proc_create(this.context, p, CAUSE.setup);
  }

  /** Names a process that fork makes. */
  addProcess(p: number, pid: number, name: string): void {
    this.machine.define({ table: 'process', id: p, pid, name });
    this.pids[p] = pid;
    this.threadsOf[p] = [];
    this.signals.signals.ensureProcess(p);
  }

  /** The threads of a process in order of creation. */
  threads(p: number): readonly number[] {
    return this.threadsOf[p]!;
  }

  /**
   * An LWP appears in process `p`, enters its class and becomes runnable on `cpu` or, unbound, wherever in its
   * processor set the dispatcher thinks best. No LWP is current.
   */
  startLwp(t: number, p: number, klass: ClassPlan, cpu: number, bound: boolean, part = 0): void {
    const { disp, machine } = this;
    lwp_create(this.context, t, p, CAUSE.lwp_create);
    disp.ensureLwp(t);
    this.signals.signals.ensureLwp(t);
    this.threadsOf[p]!.push(t);
    this.stampCreation(t);
    machine.set(KIND.t_cpu, t, this.placeOf(cpu, bound, part), CAUSE.lwp_create);
    machine.set(KIND.t_cpupart, t, part, CAUSE.lwp_create);
    if (bound) {
      disp.t_bind_cpu[t] = cpu;
      machine.set(KIND.t_bound_cpu, t, cpu, CAUSE.lwp_create);
    }
    const error = this.classes.enterclass(t, cidOf(klass), parmsOf(klass), KERNEL_CRED);
    if (error !== 0) {
      throw new WorkbenchError(
        'scenario-rule',
        `the class ${klass.name} refuses its parameters (error ${error})`,
      );
    }
    this.setRest(t, klass);
    machine.set(KIND.off_cpu_reason, t, OFF_CPU_REASON.created, CAUSE.lwp_create);
    this.classes.of(t).cl_setrun(t);
  }

  /**
   * priocntl() with PC_SETPARMS: `t`, wherever it is, goes to a class, or gets other parameters of its own. Who asks is
   * privileged.
   */
  priocntl(t: number, change: ClassChangePlan): void {
    const { classes, machine } = this;
    const parms = changedParmsOf(change);
    const cid = CID[change.name];
    const error =
      machine.get(KIND.t_cid, t) === cid
        ? classes.parmsset(t, parms, KERNEL_CRED)
        : classes.enterclass(t, cid, parms, KERNEL_CRED);
    if (error !== 0) {
      throw new WorkbenchError(
        'scenario-rule',
        `the class ${change.name} refuses its parameters (error ${error})`,
      );
    }
    this.setRest(t, change);
  }

  /** What a class does not take when it is entered: RT's signal takes a key of its own, and IA begins interactive. */
  private setRest(t: number, { name, interactive, quantumSignal }: ClassChangePlan): void {
    if (name === 'RT' && quantumSignal !== undefined) {
      this.classes.vaparmsset(t, [[RT_KY.tqsig, quantumSignal]], KERNEL_CRED);
    }
    const isOn = (this.machine.get(KIND.ts_flags, t) & TS_FLAGS.TSIASET) !== 0;
    if (name === 'IA' && interactive !== undefined && interactive !== isOn) {
      const mode = interactive ? IA_SET_INTERACTIVE : IA_INTERACTIVE_OFF;
      this.classes.parmsset(t, { uprilim: NOCHANGE, upri: NOCHANGE, mode }, KERNEL_CRED);
    }
  }

  /** Where a new LWP is said to have run last: on `cpu`, unless that is not online or not of its processor set. */
  private placeOf(cpu: number, bound: boolean, part: number): number {
    const { machine } = this;
    if (machine.get(KIND.cpu_part, cpu) === part && machine.get(KIND.cpu_online, cpu) !== 0) return cpu;
    const other = bound ? NONE : this.disp.cpus.first(part);
    if (other !== NONE) return other;
    throw new WorkbenchError(
      'scenario-rule',
      bound
        ? `an LWP is bound to CPU ${cpu}, which is offline or in another processor set`
        : `an LWP belongs to a processor set without CPUs`,
    );
  }

  /** thread_create() stamps t_stime. It leaves t_disp_time 0: a new thread has never left a CPU. */
  private stampCreation(t: number): void {
    this.machine.set(KIND.t_stime, t, this.machine.get(KIND.lbolt, 0), CAUSE.lwp_create);
  }

  /**
   * LWP `ct`, which lwp_create() or forklwp() has made, stopped, gets its class and place from `pt`: CL_FORK.
   * It is set running by {@link setrun} or by CL_FORKRET.
   */
  inherit(pt: number, ct: number, p: number): void {
    const { disp, machine } = this;
    disp.ensureLwp(ct);
    disp.t_bind_cpu[ct] = disp.t_bind_cpu[pt]!;
    disp.t_bindflag[ct] = disp.t_bindflag[pt]!;
    this.signals.signals.ensureLwp(ct);
    this.threadsOf[p]!.push(ct);
    this.stampCreation(ct);
    for (const kind of [KIND.t_cpu, KIND.t_bound_cpu, KIND.t_cpupart]) {
      machine.set(kind, ct, machine.get(kind, pt), CAUSE.lwp_create);
    }
    machine.set(KIND.off_cpu_reason, ct, OFF_CPU_REASON.created, CAUSE.lwp_create);
    const error = this.classes.fork(pt, ct);
    if (error !== 0) throw new KernelPanic('cfork', `CL_FORK failed with error ${error}`);
  }

  /**
   * The current LWP ends, and with the last one of a process the process. Switches.
   *
   * @param gone runs when it is gone but has not left its CPU yet
   */
  exitLwp(isLast: boolean, gone: () => void): void {
    const { machine } = this;
    const t = machine.curthread;
    const cause = isLast ? CAUSE.proc_exit : CAUSE.lwp_exit;
    const ops = this.classes.of(t);
    ops.cl_exit(t);
    if (isLast) proc_exit(this.context);
    else lwp_exit(this.context, t);
    this.classes.exitclass(t);
    this.signals.signals.removeLwp(t);
    const threads = this.threadsOf[this.context.procs.ttoproc(t)]!;
    threads.splice(threads.indexOf(t), 1);
    gone();
    machine.set(KIND.off_cpu_reason, t, OFF_CPU_REASON.exited, cause);
    machine.set(KIND.t_state, t, TS.ZOMB, cause);
    swtch_from_zombie(this.disp);
  }

  /** The system call schedctl() of the current LWP. False when it failed: the LWP has no shared structure. */
  schedctl(): boolean {
    schedctl(this.context);
    return this.machine.get(KIND.t_schedctl, this.machine.curthread) !== NONE;
  }

  /** The system call yield(). Switches, unless the LWP is picked again. */
  yield(): void {
    const { machine } = this;
    const t = machine.curthread;
    machine.set(KIND.off_cpu_reason, t, OFF_CPU_REASON.yielded, CAUSE.yield);
    this.classes.of(t).cl_yield(t);
    swtch(this.disp);
  }

  /** The current LWP sleeps until {@link wakeup}. Switches. */
  sleep(reason: number, cause: number): void {
    this.block(reason, cause);
    swtch(this.disp);
  }

  /** The current LWP sleeps on the queue of a synchronisation object until {@link wakeupFrom}. Switches. */
  sleepOn(sync: number, reason: number, cause: number): void {
    this.blockOn(sync, reason, cause);
    swtch(this.disp);
  }

  /** The current LWP is asleep now; {@link swtch} is to follow. */
  block(reason: number, cause: number): void {
    const { machine } = this;
    const t = machine.curthread;
    this.classes.of(t).cl_sleep(t);
    machine.set(KIND.off_cpu_reason, t, reason, cause);
    machine.set(KIND.t_state, t, TS.SLEEP, cause);
  }

  /** The same on the queue of a synchronisation object. */
  blockOn(sync: number, reason: number, cause: number): void {
    const { machine } = this;
    const t = machine.curthread;
    const queue = sleepQueueId(sync);
    this.classes.of(t).cl_sleep(t);
    machine.enqueue(t, queue, machine.state.queueTail(queue), CAUSE.sleepq_insert);
    machine.set(KIND.off_cpu_reason, t, reason, cause);
    machine.set(KIND.t_state, t, TS.SLEEP, cause);
  }

  /** The current LWP stops until it is continued by {@link setrun}. Switches. */
  stop(cause: number): void {
    const { machine } = this;
    const t = machine.curthread;
    this.classes.of(t).cl_stop(t);
    machine.set(KIND.off_cpu_reason, t, OFF_CPU_REASON.stopped, cause);
    machine.set(KIND.t_state, t, TS.STOPPED, cause);
    swtch(this.disp);
  }

  /** Leaves the current LWP, which is asleep or runnable again already. */
  swtch(): void {
    swtch(this.disp);
  }

  /** setrun(): a thread that sleeps or is stopped becomes runnable without having been woken from what it waits for. */
  setrun(t: number): void {
    const { machine } = this;
    const state = machine.get(KIND.t_state, t);
    if (state === TS.SLEEP) {
      if (machine.get(KIND.t_queue, t) !== NONE) machine.dequeue(t, CAUSE.sleepq_unsleep);
    } else if (state !== TS.STOPPED) return;
    if (machine.get(KIND.off_cpu_reason, t) !== OFF_CPU_REASON.created) {
      machine.set(KIND.off_cpu_reason, t, OFF_CPU_REASON.woken, CAUSE.continue);
    }
    this.classes.of(t).cl_setrun(t);
  }

  /** Has a thread come by the kernel before it goes on in user mode: aston(), and a poke where it runs elsewhere. */
  aston(t: number): void {
    const { machine } = this;
    aston(this.disp, t, CAUSE.sigtoproc);
    const cpu = machine.get(KIND.t_cpu, t);
    if (machine.get(KIND.t_state, t) === TS.ONPROC && cpu !== machine.cpuNow) this.hooks.poke_cpu(cpu);
  }

  /** `t`, which sleeps, becomes runnable. */
  wakeup(t: number, cause: number): void {
    this.machine.set(KIND.off_cpu_reason, t, OFF_CPU_REASON.woken, cause);
    this.classes.of(t).cl_wakeup(t);
  }

  /** The same for a thread on the sleep queue of a synchronisation object. */
  wakeupFrom(t: number, cause: number): void {
    if (this.machine.get(KIND.t_queue, t) !== NONE) this.machine.dequeue(t, CAUSE.sleepq_unsleep);
    this.wakeup(t, cause);
  }

  /**
   * The current thread is about to return to user mode (post_syscall(), the end of trap()): signals, then what the
   * class wants to be told, then preemption where it is due. May switch.
   */
  returnToUser(): void {
    const { disp, machine } = this;
    const t = machine.curthread;
    const cpu = machine.cpuNow;
    machine.set(KIND.t_astflag, t, 0, CAUSE.preempt);
    if (machine.get(KIND.t_sig_check, t) !== 0) {
      this.hooks.checkSignals();
      if (machine.curthread !== t) return;
    }
    if (machine.get(KIND.t_trapret, t) !== 0) {
      machine.set(KIND.t_trapret, t, 0, CAUSE.preempt);
      // post_syscall() and trap(): from here on it counts as in user mode.
      disp.lwp_state[t] = LWP_USER;
      this.classes.of(t).cl_trapret(t);
      disp.lwp_state[t] = LWP_SYS;
    }
    if (machine.get(KIND.cpu_runrun, cpu) !== 0) this.preempt();
  }

  /** The current thread loses its CPU to a better one, if there is any. May switch. */
  preempt(): void {
    preempt(this.disp);
  }

  /** kpreempt(): kernel code of the current thread is interrupted where cpu_kprunrun asks for it. May switch. */
  kpreempt(): void {
    if (this.machine.get(KIND.cpu_kprunrun, this.machine.cpuNow) !== 0) preempt(this.disp);
  }

  /**
   * An idle CPU looks for work: a turn of idle(), after which it is halted until it is poked, or until a thread may be
   * taken that may not yet. May switch.
   */
  idleLoop(): void {
    const { disp, hooks, machine } = this;
    const cpu = machine.cpuNow;
    // It comes from its pause thread, in which it has gone to another processor set: cpupart_move_cpu().
    if (machine.get(KIND.cpu_runrun, cpu) !== 0) swtch(disp);
    else if (idle(disp) !== 'switched') hooks.idles(cpu, disp.retryNs);
  }

  /**
   * The clock interrupt: time moves on, the class of every running thread is told, then timeouts that are due
   * run. Acts on all CPUs; no thread is current.
   */
  clock(): void {
    const { machine } = this;
    machine.cpuNow = NONE;
    machine.curthread = NONE;
    const tick = machine.get(KIND.lbolt, 0) + 1;
    machine.set(KIND.lbolt, 0, tick, CAUSE.clock);
    for (let cpu = 0; cpu < this.disp.cpus.ncpus; cpu++) {
      const t = machine.get(KIND.cpu_dispthread, cpu);
      if (t === NONE) continue;
      machine.cpuNow = cpu;
      this.classes.of(t).cl_tick(t);
    }
    machine.cpuNow = NONE;
    this.runCallouts(tick);
  }

  private runCallouts(tick: number): void {
    if (!this.callouts.some((callout) => callout.tick <= tick)) return;
    const due = this.callouts.filter((callout) => callout.tick <= tick);
    this.callouts = this.callouts.filter((callout) => callout.tick > tick);
    for (const { handler } of due) handler.run();
  }

  private services(hz: number): ClassesServices {
    const { disp, machine } = this;
    const { procs } = this.context;
    const threads: ThreadServices = {
      machine,
      setfrontdq: (t) => setfrontdq(disp, t),
      setbackdq: (t) => setbackdq(disp, t),
      dispdeq: (t) => dispdeq(disp, t),
      // libc's queues are first come, first served; no thread waits by dispatch priority.
      sleepq_requeue: () => undefined,
      waitq_requeue: () => undefined,
      probe: () => undefined,
      ...classSchedctl(this.context),
    };
    return {
      ...threads,
      hz,
      cpupartOf: (t) => machine.get(KIND.t_cpupart, t),
      cpu_surrender: (t) => cpu_surrender(disp, t),
      thread_change_pri: (t, pri, front) => thread_change_pri(threads, t, pri, front),
      THREAD_CHANGE_PRI: (t, pri, cause) => THREAD_CHANGE_PRI(threads, t, pri, cause),
      swtch: () => swtch(disp),
      ...classSchedctl(this.context),
      processOf: (t) => procs.ttoproc(t),
      forEachThread: (p, visit) => this.threadsOf[p]!.forEach(visit),
      // Every process of a scenario is a session and a process group of its own, without a terminal.
      forEachInGroup: (pgid, visit) => {
        const p = this.pids.indexOf(pgid);
        if (p >= 0) visit(p);
      },
      pidOf: (p) => this.pids[p]!,
      groupOf: (p) => this.pids[p]!,
      sessionOf: (p) => this.pids[p]!,
      processByPid: (pid) => this.pids.indexOf(pid),
      firstThread: (p) => this.threadsOf[p]![0] ?? NONE,
      hasTerminal: () => false,
      foregroundOf: () => 0,
      isBeingMade: () => false,
      continuelwps: (p) => this.continuelwps(p),
      p_lockHeld: () => true,
      pidlockHeld: () => true,
      hasLwp: () => true,
      isFree: (t) => machine.get(KIND.lwp_alive, t) === 0,
      sigtoproc: (p, t, signal) => sigtoproc(this.signals, p, t, signal),
      setRunqMatch: (t, match) => {
        disp.t_schedflag[t] = match ? TS_RUNQMATCH : 0;
      },
      swapper: null,
      lbolt: () => machine.get(KIND.lbolt, 0),
      timeout: (handler, ticks) => {
        this.callouts.push({ tick: machine.get(KIND.lbolt, 0) + ticks, handler });
      },
      listHash: (t) => t % CLASS_LISTS,
      probe: () => undefined,
    };
  }

  /** Sets the stopped LWPs of a process running. */
  continuelwps(p: number): void {
    const { machine } = this;
    for (const t of this.threadsOf[p]!) if (machine.get(KIND.t_state, t) === TS.STOPPED) this.setrun(t);
  }
}

function cidOf(klass: ClassPlan): number {
  return CID[klass.name];
}

function parmsOf(klass: ClassPlan): ClassParms {
  switch (klass.name) {
    case 'TS':
    case 'FSS':
      return { uprilim: klass.uprilim, upri: klass.upri };
    case 'IA':
      return { uprilim: klass.uprilim, upri: klass.upri, mode: klass.interactive ? 1 : 0 };
    case 'FX':
      return { uprilim: klass.uprilim, upri: klass.upri, ...quantumParms(klass.quantumNs) };
    case 'RT':
      return { pri: klass.pri, ...quantumParms(klass.quantumNs) };
  }
}

/** Parameters of which those that are not named stay as they are. */
function changedParmsOf(change: ClassChangePlan): ClassParms {
  const { name, upri = NOCHANGE, uprilim = NOCHANGE, pri = RT_NOCHANGE, quantumNs } = change;
  switch (name) {
    case 'TS':
    case 'FSS':
      return { uprilim, upri };
    case 'IA':
      return { uprilim, upri, mode: NOCHANGE };
    case 'FX':
      return { uprilim, upri, ...quantumParms(quantumNs ?? NOCHANGE) };
    case 'RT':
      return { pri, ...quantumParms(quantumNs ?? RT_NOCHANGE) };
  }
}

/** Quanta below 0 are the special values of priocntl, which go into the nanoseconds. */
function quantumParms(quantumNs: number): ClassParms {
  if (quantumNs < 0) return { tqsecs: 0, tqnsecs: quantumNs };
  return { tqsecs: Math.floor(quantumNs / NS_PER_S), tqnsecs: quantumNs % NS_PER_S };
}
