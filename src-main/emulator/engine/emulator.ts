/**
 * The emulator: a plan, a seed and a probe in; transitions out.
 *
 * A deterministic machine of discrete events. It has no clock and does no I/O: whoever drives it calls
 * {@link Emulator.advance} until it is done, takes the batches that have filled in between, and may stop at any
 * time.
 *
 * Hot: allocates nothing per event.
 */
import type { CpuId, Ns } from '#shared/base/brands.ts';
import { NONE } from '#shared/base/none.ts';
import { WorkbenchError } from '#shared/base/errors.ts';
import { CID } from '#shared/model/enums.ts';
import { KIND } from '#shared/model/kinds.ts';
import type { CpuSignals, SwitchHooks } from '../kernel/disp/disp-context.ts';
import { TS_DPTBL_DEFAULT, TS_DPTBL_SERVER, type TsDptbl } from '../kernel/disp/ts-dptbl.ts';
import { ownerLeftCpu } from '../libc/mutex.ts';
import { SyncObjects } from '../threads/sync-objects.ts';
import { Machine } from '../machine.ts';
import type { DispatchTablePlan, ScenarioPlan } from '../plan.ts';
import type { TransitionProbe } from '#shared/model/transition-probe.ts';
import { step } from '../user/interpreter.ts';
import { CompiledPrograms } from '../user/program.ts';
import type { UserContext } from '../threads/user-context.ts';
import { SYSCALL, UserThreads } from '../threads/user-threads.ts';
import { CpuAttention } from './cpu-attention.ts';
import { CpuTime } from '../threads/cpu-time.ts';
import { EventQueue } from '../threads/event-queue.ts';
import { Kernel, type ReturnHooks } from '../kernel/kernel.ts';
import { Lives, type LivesHost } from './lives.ts';
import { OutsideWorld } from './outside-world.ts';
import { Projects } from './projects.ts';
import { RandomStreams } from '../threads/random.ts';
import { runError } from './run-error.ts';
import { SignalWaits } from './signal-waits.ts';
import { Sleeps } from './sleeps.ts';
import { SystemCalls } from './system-calls.ts';
import { UserSignals } from './user-signals.ts';

export interface EmulatorOptions {
  readonly probe: TransitionProbe;
  /** Instead of the plan's. */
  readonly seed?: number | undefined;
  readonly durationNs?: Ns | undefined;
}

/** Events between two looks at the probe, at most. */
const EVENTS_PER_ADVANCE = 8192;
/** Instructions of a thread, and events, that may happen at one time: with more, virtual time stands still. */
const MAX_INSTANT_INSTRUCTIONS = 100_000;
const MAX_INSTANT_EVENTS = 1_000_000;

export class Emulator implements CpuSignals, SwitchHooks, ReturnHooks, LivesHost {
  readonly machine: Machine;
  readonly plan: ScenarioPlan;
  readonly durationNs: Ns;
  readonly seed: number;
  private readonly cpus: number;
  private readonly kernel: Kernel;
  private readonly projects: Projects;
  private readonly events: EventQueue;
  private readonly threads: UserThreads;
  private readonly cpuTime: CpuTime;
  private readonly code: CompiledPrograms;
  private readonly user: UserContext;
  private readonly lives: Lives;
  private readonly sleeps: Sleeps;
  private readonly signals: UserSignals;
  private readonly outside: OutsideWorld;
  private readonly systemCalls: SystemCalls;
  /** Events are numbered: CPUs, the clock, the outside world, then the timers of LWPs. */
  private readonly tickEvent: number;
  private readonly outsideEvents: number;
  private readonly timerEvents: number;
  private readonly attention: CpuAttention;
  private ended = false;
  /** LWPs of the plan that have been created. */
  private readonly isStarted: Uint8Array;
  /** Events so far at the present time. */
  private instantEvents = 0;

  /** Sets the machine up; nothing has run yet. */
  constructor(plan: ScenarioPlan, options: EmulatorOptions) {
    this.plan = plan;
    this.durationNs = options.durationNs ?? plan.durationNs;
    this.seed = options.seed ?? plan.seed;
    this.cpus = plan.cpus;

    const lwps = plan.lwps.length;
    const { cpus } = this;
    this.machine = new Machine(options.probe);
    this.isStarted = new Uint8Array(lwps);
    this.attention = new CpuAttention(this.machine, cpus);
    this.code = new CompiledPrograms(plan.programs);
    this.threads = new UserThreads(lwps, cpus, this.code.depth);
    this.tickEvent = cpus;
    this.outsideEvents = cpus + 1;
    this.timerEvents = this.outsideEvents + OutsideWorld.eventsOf(plan);
    this.events = new EventQueue(this.timerEvents + lwps);
    this.cpuTime = new CpuTime(this.machine, this.threads, this.events, cpus);
    const ts_dptbl = dispatchTable(plan.dispatchTable);
    this.kernel = new Kernel(this.machine, { cpus, hz: plan.hz, ts_dptbl }, this);
    this.projects = new Projects(this.kernel, plan);
    this.attention.setDispatcher(this.kernel.disp);
    const random = new RandomStreams(this.seed, lwps + plan.locks.length);
    this.user = {
      machine: this.machine,
      kernel: this.kernel,
      threads: this.threads,
      cpuTime: this.cpuTime,
      costs: plan.costs,
      locks: plan.locks,
      objects: new SyncObjects(this.machine, random, plan, (p) => this.lives.processes[p]!.pid),
      random,
      lwpNamed: (name) => this.lives.lwpNamed(name),
      askForStructure: (t) => this.askForStructure(t),
      violation: (t, message) => this.violation(t, message),
    };
    this.lives = new Lives(this.user, this.code, plan, this);
    this.sleeps = new Sleeps(this.user, this.lives, {
      schedule: (t, timeNs) => this.events.schedule(this.timerEvents + t, timeNs),
      cancel: (t) => this.cancelTimer(t),
    });
    this.signals = new UserSignals(this.user, this.code, this.lives);
    const { lives, sleeps, signals, projects } = this;
    this.outside = new OutsideWorld(this.user, { lives, sleeps, signals, projects }, plan, {
      schedule: (event, timeNs) => this.events.schedule(this.outsideEvents + event, timeNs),
      cancel: (event) => this.events.cancel(this.outsideEvents + event),
    });
    this.systemCalls = new SystemCalls(this.user, this.code, {
      lives: this.lives,
      sleeps: this.sleeps,
      waits: new SignalWaits(this.user, this.sleeps),
      signals: this.signals,
      projects: this.projects,
      syncOf: (source) => this.outside.syncOf(source),
    });
    this.setUp();
  }

  /** Virtual time that has been emulated, ns. */
  get timeNs(): Ns {
    return this.machine.timeNs;
  }

  /**
   * Runs on until a batch of the probe has filled, a few thousand events have passed, or the end. The end is the
   * plan's duration, or when the last LWP has ended.
   *
   * Throws WorkbenchError `scenario-rule` where the scenario breaks a rule of the machine, with thread, time and
   * line; everything before is in the probe.
   *
   * @param maxEvents how many events at most; between two events the machine is consistent
   */
  advance(maxEvents: number = EVENTS_PER_ADVANCE): 'running' | 'done' {
    if (this.ended) return 'done';
    const { events, machine } = this;
    const { probe } = machine;
    try {
      for (let count = 0; count < maxEvents && !probe.hasFilled; count++) {
        const event = events.first;
        const timeNs = events.timeOf(event);
        if (timeNs > this.durationNs || this.lives.left === 0) {
          if (this.lives.left > 0) machine.timeNs = this.durationNs;
          this.ended = true;
          return 'done';
        }
        if (timeNs > machine.timeNs) this.instantEvents = 0;
        else if (++this.instantEvents > MAX_INSTANT_EVENTS) this.standsStill();
        machine.timeNs = timeNs;
        if (event < this.cpus) this.cpuEvent(event);
        else if (event >= this.timerEvents) this.timer(event - this.timerEvents);
        else if (event === this.tickEvent) this.tick();
        else {
          this.events.cancel(event);
          this.outside.happens(event - this.outsideEvents);
        }
        if (this.attention.isWanted) this.lookAtPoked();
      }
    } catch (error) {
      this.ended = true;
      throw this.explained(error);
    }
    return 'running';
  }

  // CpuSignals

  poke_cpu(cpu: CpuId): void {
    this.attention.poke_cpu(cpu);
  }

  disp_enq_thread(cpu: CpuId, bound: boolean): void {
    this.attention.disp_enq_thread(cpu, bound);
  }

  // SwitchHooks

  switchedOut(cpu: CpuId, t: number): void {
    this.cpuTime.stop(cpu, t);
    ownerLeftCpu(this.user, t);
  }

  switchedIn(cpu: CpuId, t: number): void {
    const { threads } = this;
    threads.inKernel[t] = 1;
    threads.kernelNs[t]! += this.plan.costs.contextSwitchNs;
    this.cpuTime.start(cpu, t);
    this.attention.switchedIn(cpu);
  }

  idles(cpu: CpuId, retryNs: Ns): void {
    this.attention.idle(cpu, retryNs !== Infinity);
    this.cpuTime.idle(cpu, retryNs);
  }

  // Events

  /** What the thread of a CPU needed has been worked off; or an idle CPU wants to look for work again. */
  private cpuEvent(cpu: CpuId): void {
    const { machine } = this;
    const t = machine.get(KIND.cpu_dispthread, cpu);
    machine.cpuNow = cpu;
    machine.curthread = t;
    if (t === NONE) {
      this.kernel.idleLoop();
      return;
    }
    this.cpuTime.account(cpu, t);
    this.goOn(cpu, t);
  }

  /** The current thread, in the kernel or in user mode, goes on until it needs time or leaves its CPU. */
  private goOn(cpu: CpuId, t: number): void {
    const { machine, threads } = this;
    for (let instructions = 0; ; instructions++) {
      if (threads.inKernel[t] !== 0) {
        if (threads.kernelNs[t]! > 0) break;
        if (threads.syscall[t] !== SYSCALL.none) {
          this.systemCalls.takeEffect(t);
          if (machine.curthread === t) this.kernel.kpreempt();
        } else {
          threads.inKernel[t] = 0;
          this.kernel.returnToUser();
        }
        if (machine.curthread !== t) return;
        continue;
      }
      if (threads.userNs[t]! > 0) break;
      step(this.user, this.code, t);
      if (instructions > MAX_INSTANT_INSTRUCTIONS) {
        this.violation(t, 'never blocks and never computes: virtual time stands still');
      }
    }
    this.cpuTime.start(cpu, t);
  }

  /** schedctl() for the current LWP. */
  private askForStructure(t: number): void {
    const { kernel, threads } = this;
    if (kernel.schedctl()) threads.scAddress[t] = kernel.context.procs.t_sc_uaddr(t);
    else threads.schedctlFailed[t] = 1;
  }

  // ReturnHooks

  checkSignals(): void {
    this.signals.check();
  }

  // LivesHost

  ensureEvents(t: number): void {
    this.events.ensure(this.timerEvents + t);
  }

  cancelTimer(t: number): void {
    this.events.cancel(this.timerEvents + t);
  }

  cancelUnstarted(p: number): number {
    let cancelled = this.outside.cancelArrivals(p);
    this.plan.lwps.forEach((lwp, t) => {
      if (lwp.process !== p || this.isStarted[t] !== 0) return;
      this.cancelTimer(t);
      cancelled++;
    });
    return cancelled;
  }

  dropFrames(t: number): void {
    this.signals.drop(t);
  }

  copyFrames(pt: number, ct: number): void {
    this.signals.copy(pt, ct);
  }

  restoreMask(of: number, t: number): void {
    this.signals.restoreMask(of, t);
  }

  /** The timer of an LWP: its start, or the end of its sleep. */
  private timer(t: number): void {
    const { machine } = this;
    this.cancelTimer(t);
    machine.curthread = NONE;
    if (t >= this.isStarted.length || this.isStarted[t] !== 0) {
      const cpu = machine.get(KIND.t_cpu, t);
      machine.cpuNow = cpu;
      this.sleeps.timeout(t);
      this.returnFromInterrupt(cpu);
      return;
    }
    const plan = this.plan.lwps[t]!;
    const { process } = plan;
    this.isStarted[t] = 1;
    machine.cpuNow = NONE;
    this.lives.announce(t);
    this.lives.processes[process]!.unstarted--;
    const bound = plan.boundCpu !== NONE;
    this.threads.pc[t] = this.code.entry[plan.program]!;
    const cpu = bound ? plan.boundCpu : t % this.cpus;
    this.lives.starting = plan;
    this.kernel.startLwp(t, process, plan.class, cpu, bound, plan.part ?? 0);
    this.lives.starting = null;
  }

  private tick(): void {
    const { machine } = this;
    this.kernel.clock();
    for (let cpu = 0; cpu < this.cpus; cpu++) this.returnFromInterrupt(cpu);
    const next = machine.get(KIND.lbolt, 0) + 1;
    this.events.schedule(this.tickEvent, Math.round(next * this.kernel.tickNs));
  }

  /** A CPU acts on its flags, and its thread on an AST, when an interrupt returns: no other CPU pokes it for that. */
  private returnFromInterrupt(cpu: CpuId): void {
    const { machine } = this;
    const t = machine.get(KIND.cpu_dispthread, cpu);
    if (t === NONE) return;
    const flags =
      machine.get(KIND.cpu_runrun, cpu) |
      machine.get(KIND.cpu_kprunrun, cpu) |
      machine.get(KIND.t_astflag, t);
    if (flags !== 0) this.attention.poke_cpu(cpu);
  }

  /** Lets every CPU that was poked, or returns from an interrupt, act on its flags. */
  private lookAtPoked(): void {
    const { machine, threads } = this;
    while (this.attention.isWanted) {
      const cpu = this.attention.take();
      const t = machine.get(KIND.cpu_dispthread, cpu);
      machine.cpuNow = cpu;
      machine.curthread = t;
      if (t === NONE) this.kernel.idleLoop();
      else if (threads.inKernel[t] === 0) this.kernel.returnToUser();
      else this.kernel.kpreempt();
    }
  }

  private setUp(): void {
    const { machine, plan } = this;
    this.projects.setUp();
    this.setClassParameters();
    machine.ensure('lwp', Math.max(0, plan.lwps.length - 1));
    plan.processes.forEach((process, p) => {
      this.kernel.createProcess(p, process.pid, process.name);
      this.lives.setSignals(p, process.signals ?? []);
    });
    this.user.objects.setUp();
    plan.lwps.forEach((lwp, t) => {
      this.lives.left++;
      this.lives.processes[lwp.process]!.unstarted++;
      this.events.schedule(this.timerEvents + t, this.user.random.duration(t, lwp.start));
    });
    this.outside.setUp();
    this.events.schedule(this.tickEvent, Math.round(this.kernel.tickNs));
  }

  /** What an administrator has set with dispadmin(8) before anything runs. */
  private setClassParameters(): void {
    const { sclass } = this.kernel.classes;
    const { fssQuantum, rtQuanta } = this.plan;
    if (rtQuanta !== undefined) sclass[CID.RT]!.cl_admin({ cmd: 'RT_SETDPTBL', quanta: rtQuanta }, null);
    if (fssQuantum !== undefined) {
      sclass[CID.FSS]!.cl_admin({ cmd: 'FSS_SETADMIN', fss_quantum: fssQuantum }, null);
    }
  }

  private standsStill(): never {
    throw new WorkbenchError(
      'scenario-rule',
      'virtual time stands still: the programs only do what takes no time; give them something to compute, or costs above 0',
    );
  }

  private violation(t: number, message: string): never {
    throw new WorkbenchError('scenario-rule', message, { lwp: this.lives.lwps[t]?.name });
  }

  /** An error of the run with everything that is known about its place. */
  private explained(error: unknown): unknown {
    const { machine, plan, threads, lives } = this;
    const t = machine.curthread;
    return runError(error, {
      fileName: plan.fileName,
      timeNs: machine.timeNs,
      lwp: lives.starting?.name ?? lives.lwps[t]?.name,
      line: lives.starting?.line ?? (t === NONE ? undefined : this.code.line[threads.pc[t]!]),
    });
  }
}

function dispatchTable(plan: DispatchTablePlan): TsDptbl {
  switch (plan.kind) {
    case 'default':
      return TS_DPTBL_DEFAULT;
    case 'server':
      return TS_DPTBL_SERVER;
    case 'custom':
      return plan.rows.map((row, level) => ({ globpri: level, ...row }));
  }
}
