/**
 * What the functions of the dispatcher work on: the machine, the queues, and those fields of threads and CPUs that
 * only the dispatcher reads. Made once for each machine and handed to every function.
 *
 * CPU is `machine.cpuNow`, curthread is `machine.curthread`. NONE for curthread is the idle thread or an interrupt;
 * NONE for both is the world outside, which is none of the CPUs.
 *
 * The fields here are no rows of a trace: each follows from rows (a binding that is no `t_bound_cpu` row does not occur
 * in a run, a thread's t_waitrq is the time of its `t_queue` row or of its switch), so that a trace determines them.
 *
 * Left out: lgroups (one memory), processor groups beyond pg_cmt_can_migrate(), SMT exclusion, the swapper.
 */
import { NONE } from '#shared/base/none.ts';
import { CID } from '#shared/model/enums.ts';
import { KIND } from '#shared/model/kinds.ts';
import { withRoom } from '../../growable.ts';
import type { Machine } from '../../machine.ts';
import type { ContextOperations } from '../context/ctxops.ts';
import { CpuPartitions } from './cpu-part.ts';
import { DispQueues } from './disp-queue.ts';
import { NO_PROBES, type SchedProbes } from './sched-probes.ts';

/** Priority at and above which unbound threads go to their processor set's queue (kpqpri). */
export const kpqpri = 100;
/** Priority at and above which a thread preempts even kernel code (kpreemptpri). */
export const kpreemptpri = 100;
/** Lowest priority of the kernel's own threads (minclsyspri). */
export const minclsyspri = 60;
/** Ticks off a CPU after which a thread's cache is taken to be cold (rechoose_interval). */
export const rechoose_interval = 3;
/** For how long a thread is left on the queue of the CPU where it last ran (nosteal_nsec), ns. */
export const nosteal_nsec = 100_000;
/** cpu_dispatch_pri of a CPU that runs its idle thread. */
export const CPU_IDLE_PRI = -1;
/** Class id of the system duty cycle class, which no thread of a run is in: the next after the loaded classes. */
export const sysdccid = Math.max(...Object.values(CID)) + 1;

/** t_schedflag: queue lengths are balanced exactly for this thread. */
export const TS_RUNQMATCH = 0x01;
/** t_bindflag: the binding to a CPU gives way to who wants the CPU for something else. */
export const TB_CPU_SOFT = 0x01;

/** lwp_state: kernel code runs on behalf of user code, or is on its way back to it. */
export const LWP_USER = 0x01;
export const LWP_SYS = 0x02;

/** What the dispatcher tells the rest of the machine. */
export interface CpuSignals {
  /** poke_cpu(): another CPU is to look at its flags, or for work when it is idle. */
  poke_cpu(cpu: number): void;
  /** disp_enq_thread: a thread waits on the queue of `cpu`, or is meant for it; an idle CPU may want it. */
  disp_enq_thread(cpu: number, bound: boolean): void;
}

/** What a switch tells the rest of the machine. */
export interface SwitchHooks {
  /** `t` has left its CPU (its save operation has run). */
  switchedOut(cpu: number, t: number): void;
  /** `t` is on `cpu` now (its restore operation has run). */
  switchedIn(cpu: number, t: number): void;
  /** `cpu` idles. It is to look for work again at `retryNs`, or when poked: Infinity. */
  idles(cpu: number, retryNs: number): void;
}

/** What the dispatcher asks of the rest of the kernel. */
export interface DispServices {
  /** CL_PREEMPT: the class of `t`, which loses its CPU, puts it on a queue. */
  CL_PREEMPT(t: number): void;
  /** Visits all threads, in order of creation within each process. */
  forEachThread(visit: (t: number) => void): void;
  /**
   * start_cpus() (cpu.c): pause threads have done their part and switch, so that every idle CPU looks for work anew.
   */
  start_cpus(): void;
  /** The FSS class follows a thread to its new processor set. */
  fss_changepset(t: number, newpp: number): void;
}

export interface DispOptions {
  /** {@link nosteal_nsec} where absent. */
  readonly nosteal_nsec?: number;
  readonly probes?: SchedProbes;
}

export class DispContext {
  readonly machine: Machine;
  readonly cpus: CpuPartitions;
  readonly queues: DispQueues;
  readonly ctx: ContextOperations;
  readonly hooks: CpuSignals & SwitchHooks;
  readonly services: DispServices;
  readonly probes: SchedProbes;
  readonly nosteal_nsec: number;

  // Threads
  /** Time at which a runnable thread began to wait, 0 where it does not (t_waitrq), ns. */
  t_waitrq: Float64Array<ArrayBuffer> = new Float64Array(0);
  /** Queue that a thread is on, or that of the CPU that has chosen it (t_disp_queue). */
  t_disp_queue: Int32Array<ArrayBuffer> = new Int32Array(0);
  /** What processor_bind(2) asked for (t_bind_cpu, PBIND_NONE is NONE); t_bound_cpu follows it. */
  t_bind_cpu: Int32Array<ArrayBuffer> = new Int32Array(0);
  /** CPU that the thread must not leave for a moment (t_weakbound_cpu), NONE. */
  t_weakbound_cpu: Int32Array<ArrayBuffer> = new Int32Array(0);
  /** {@link TB_CPU_SOFT} */
  t_bindflag: Uint8Array<ArrayBuffer> = new Uint8Array(0);
  /** {@link TS_RUNQMATCH} */
  t_schedflag: Uint8Array<ArrayBuffer> = new Uint8Array(0);
  /** {@link LWP_USER} or {@link LWP_SYS}, 0 for a thread without an LWP. */
  lwp_state: Uint8Array<ArrayBuffer> = new Uint8Array(0);

  // CPUs
  /** The thread on each CPU, NONE for its idle thread (cpu_thread). */
  readonly cpu_thread: Int32Array;
  /** CPU_DISP_DONTSTEAL: it is in the middle of a switch, and the only thread of its queue may be picked again. */
  readonly dontSteal: Uint8Array;
  /**
   * CPU_DISP_HALTED: where it idles, it does not look for work, so that others look in its place. In a run all idle
   * CPUs are halted, and are woken when there may be something for them (engine/cpu-attention.ts).
   */
  readonly halted: Uint8Array;
  /** cpu_intr_actv: it is busy with an interrupt. */
  readonly cpu_intr_actv: Uint8Array;
  /** Tick of its last switch (cpu_last_swtch). */
  readonly cpu_last_swtch: Float64Array;
  /** The CPU that is about to go offline or to another processor set, NONE. */
  cpu_inmotion: number = NONE;
  /** pg_cmt_can_migrate(): CPUs share a cache, so that a thread loses nothing by going from one to another. */
  pg_cmt_can_migrate = false;

  /**
   * When the search for work that has just failed may have another outcome, ns: now where it has corrected a
   * priority, Infinity where only what happens elsewhere can change it. The idle loop does not spin in a run.
   */
  retryNs = Infinity;

  constructor(
    machine: Machine,
    ncpus: number,
    ctx: ContextOperations,
    hooks: CpuSignals & SwitchHooks,
    services: DispServices,
    options: DispOptions = {},
  ) {
    this.machine = machine;
    this.cpus = new CpuPartitions(machine, ncpus);
    this.queues = new DispQueues(machine, ncpus);
    this.ctx = ctx;
    this.hooks = hooks;
    this.services = services;
    this.probes = options.probes ?? NO_PROBES;
    this.nosteal_nsec = options.nosteal_nsec ?? nosteal_nsec;
    this.cpu_thread = new Int32Array(ncpus).fill(NONE);
    this.dontSteal = new Uint8Array(ncpus);
    this.halted = new Uint8Array(ncpus).fill(1);
    this.cpu_intr_actv = new Uint8Array(ncpus);
    this.cpu_last_swtch = new Float64Array(ncpus);
  }

  /** Makes room for a thread, which has an LWP and is not bound. */
  ensureLwp(t: number): void {
    this.t_waitrq = withRoom(this.t_waitrq, t, 0);
    this.t_disp_queue = withRoom(this.t_disp_queue, t, NONE);
    this.t_bind_cpu = withRoom(this.t_bind_cpu, t, NONE);
    this.t_weakbound_cpu = withRoom(this.t_weakbound_cpu, t, NONE);
    this.t_bindflag = withRoom(this.t_bindflag, t, 0);
    this.t_schedflag = withRoom(this.t_schedflag, t, 0);
    this.lwp_state = withRoom(this.lwp_state, t, LWP_SYS);
  }

  /** Whether `t` is bound to a CPU, for good or for a moment. */
  isBound(t: number): boolean {
    return this.machine.get(KIND.t_bound_cpu, t) !== NONE || this.t_weakbound_cpu[t] !== NONE;
  }

  /** CPU_OFFLINE (and CPU_QUIESCED, which always goes with it here). */
  isOffline(cpu: number): boolean {
    return this.machine.get(KIND.cpu_online, cpu) === 0;
  }

  /** The queue of the processor set of a CPU (cpu_part->cp_kp_queue). */
  kpqOf(cpu: number): number {
    return this.queues.kernelPreempt(this.machine.get(KIND.cpu_part, cpu));
  }
}
