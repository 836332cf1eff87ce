/**
 * The surroundings of the classes in their vectors (classes/README.md, fss-rt/README.md): processes, CPUs and clock are
 * input, dispatcher calls and probes are recorded. There is no run queue.
 *
 * Ids of the vectors are mapped to ordinals of the emulator, so that an id may come again after its owner
 * is gone.
 */
import { NONE } from '#shared/base/none.ts';
import { CAUSE } from '#shared/model/causes.ts';
import { CID, TS } from '#shared/model/enums.ts';
import { KIND } from '#shared/model/kinds.ts';
import { SC_FIELDS, asCType } from '#shared/model/sc-shared.ts';
import type { ClassProbe, ClassServices, ClassTimeout, Errno } from '#main/emulator/kernel/disp/class-ops.ts';
import { classSchedctl, type ClassSchedctl } from '#main/emulator/kernel/disp/class-schedctl.ts';
import { SchedulingClasses } from '#main/emulator/kernel/disp/classes.ts';
import {
  DISP_PRIO,
  THREAD_CHANGE_PRI,
  thread_change_pri,
  type ThreadServices,
} from '#main/emulator/kernel/disp/thread.ts';
import type { TsDptbl } from '#main/emulator/kernel/disp/ts-dptbl.ts';
import { createKernelContext, type KernelContext } from '#main/emulator/kernel/context/kernel-context.ts';
import { Machine } from '#main/emulator/machine.ts';
import { TransitionProbe } from '#shared/model/transition-probe.ts';
import { VectorSwapper } from './classes-swapper.ts';
import type { VectorIds } from './classes-view.ts';
import type { Json } from './json.ts';

interface VectorProcess {
  readonly pid: number;
  readonly sid: number;
  readonly pgrp: number;
  sidl: boolean;
  /** Ordinals, in list order. */
  readonly threads: number[];
}

export interface WorldOptions {
  readonly hz: number;
  readonly ncpus: number;
  readonly ts_dptbl: TsDptbl;
  readonly withFss?: boolean;
  /** fss_quantum at the start, ticks; that of a kernel that nobody has touched where absent. */
  readonly fss_quantum?: number;
  readonly withSwapping?: boolean;
}

/** What debugging kernels fill memory with that nothing was stored to (KMEM_UNINITIALIZED_PATTERN). */
const UNINITIALIZED = 0xbaddcafe | 0;

export class ClassesWorld implements ClassServices, ThreadServices, VectorIds {
  readonly k: KernelContext = createKernelContext(new Machine(new TransitionProbe()));
  readonly machine: Machine = this.k.machine;
  readonly hz: number;
  readonly ncpus: number;
  readonly classes: SchedulingClasses;
  /** Vector id to ordinal, of the threads that exist. */
  readonly threads = new Map<number, number>();
  readonly processes = new Map<number, VectorProcess>();
  /** What the classes called during the operation, in the form of the vectors. */
  calls: Json[] = [];
  /** p_lock of every process is held; and pidlock. */
  p_lock = true;
  pidlock = true;
  /** What the vectors say of swapping; and the same for the classes, null where they record nothing of it. */
  readonly swapping: VectorSwapper;
  readonly swapper: VectorSwapper | null;
  /** Threads that CL_EXIT has been called for. */
  readonly exited = new Set<number>();
  /** The vectors are of FSS and RT: the update is that of FSS. */
  readonly withFss: boolean;

  private readonly schedctl: ClassSchedctl = classSchedctl(this.k);
  private readonly idOf: number[] = [];
  private readonly processIdOf: number[] = [];
  private readonly listOf: number[] = [];
  /** Foreground process group of the terminal, by session. */
  private readonly terminals = new Map<number, number>();
  /** Threads whose t_lwp is NULL. */
  private readonly withoutLwp = new Set<number>();
  private nextSlot = 0;

  constructor(options: WorldOptions) {
    this.withFss = options.withFss ?? false;
    this.swapping = new VectorSwapper(
      (t) => this.hasLwp(t),
      (t) => this.calls.push(['swapout_lwp', this.threadId(t)]),
    );
    this.swapper = options.withSwapping === true ? this.swapping : null;
    this.hz = options.hz;
    this.ncpus = options.ncpus;
    this.machine.ensure('cpu', options.ncpus - 1);
    this.classes = new SchedulingClasses(this, options);
    if (options.fss_quantum !== undefined) {
      this.machine.set(KIND.fss_quantum, 0, options.fss_quantum, CAUSE.dispadmin);
    }
  }

  // What the operations do

  addProcess(p: number, pid: number, sid: number, pgrp: number, tty: number | undefined): void {
    this.processes.set(p, { pid, sid, pgrp, sidl: false, threads: [] });
    if (tty !== undefined) this.terminals.set(sid, tty);
    this.machine.ensure('process', p);
  }

  /** A SYS thread, stopped, at the end of the thread list of process `p`. */
  addThread(id: number, p: number, list: number, cpu: number): number {
    const t = this.idOf.length;
    this.threads.set(id, t);
    this.idOf.push(id);
    this.processIdOf.push(p);
    this.listOf.push(list);
    this.processes.get(p)!.threads.push(t);
    this.machine.ensure('lwp', t);
    this.k.procs.addLwp(t, p);
    this.k.locks.ensureLwp(t);
    this.machine.set(KIND.t_cid, t, CID.SYS, CAUSE.setup);
    this.machine.set(KIND.t_cpu, t, cpu, CAUSE.setup);
    this.machine.set(KIND.t_state, t, TS.STOPPED, CAUSE.setup);
    this.swapping.add(t);
    return t;
  }

  removeThread(id: number): void {
    const t = this.threads.get(id)!;
    this.leaveCpu(t);
    this.threads.delete(id);
    const { threads } = this.processes.get(this.processIdOf[t]!)!;
    threads.splice(threads.indexOf(t), 1);
  }

  /**
   * Runs an entry into RT, whose new rtproc_t holds what kernel memory that was not written holds. Where it fails the
   * thread keeps the old one.
   */
  withNewRtStructure(t: number, enter: () => Errno): Errno {
    const { machine } = this;
    const before = machine.get(KIND.rt_timeleft, t);
    machine.set(KIND.rt_timeleft, t, UNINITIALIZED, CAUSE.setup);
    const error = enter();
    if (error !== 0) machine.set(KIND.rt_timeleft, t, before, CAUSE.setup);
    return error;
  }

  /** Sets t_lwp, to NULL or to an LWP. */
  setLwp(t: number, lwp: boolean): void {
    if (lwp) this.withoutLwp.delete(t);
    else this.withoutLwp.add(t);
  }

  /** Gives `t` a shared structure of zeros. */
  addSlot(t: number): void {
    const slot = this.nextSlot++;
    this.machine.ensure('slot', slot);
    this.machine.set(KIND.slot_lwp, slot, t, CAUSE.setup);
    this.machine.set(KIND.t_schedctl, t, slot, CAUSE.setup);
  }

  removeSlot(t: number): void {
    this.machine.set(KIND.t_schedctl, t, NONE, CAUSE.setup);
  }

  /** User code stores the low bytes of `value` into a field of the shared structure, if it has one. */
  userStore(t: number, name: 'sc_nopreempt' | 'sc_yield' | 'sc_priority', value: number): void {
    const field = SC_FIELDS.find((candidate) => candidate.name === name)!;
    const slot = this.machine.get(KIND.t_schedctl, t);
    if (slot === NONE) return;
    this.machine.set(KIND[name], slot, asCType(field.type, value), CAUSE.user_store);
  }

  /** If `t` is the dispthread of a CPU, that CPU becomes idle. */
  leaveCpu(t: number): void {
    const { machine } = this;
    for (let cpu = 0; cpu < this.ncpus; cpu++) {
      if (machine.get(KIND.cpu_dispthread, cpu) !== t) continue;
      machine.set(KIND.cpu_dispthread, cpu, NONE, CAUSE.setup);
      machine.set(KIND.cpu_dispatch_pri, cpu, NONE, CAUSE.setup);
    }
  }

  /** Sets t_state; in state 4 `t` becomes the dispthread of its CPU. */
  enterState(t: number, state: number): void {
    const { machine } = this;
    this.leaveCpu(t);
    machine.set(KIND.t_state, t, state, CAUSE.setup);
    if (state !== TS.ONPROC) return;
    const cpu = machine.get(KIND.t_cpu, t);
    machine.set(KIND.cpu_dispthread, cpu, t, CAUSE.setup);
    machine.set(KIND.cpu_dispatch_pri, cpu, DISP_PRIO(machine, t), CAUSE.setup);
  }

  // VectorIds

  threadId(t: number): number {
    return this.idOf[t]!;
  }

  swappingOf(t: number): { readonly user: number; readonly schedflag: readonly string[] } | null {
    if (this.swapper === null) return null;
    return { user: this.swapper.isUser(t) ? 1 : 0, schedflag: this.swapper.schedflag(t) };
  }

  hasTimeleft(t: number): boolean {
    return this.machine.get(KIND.rt_timeleft, t) !== UNINITIALIZED;
  }

  // Dispatcher: recorded, and the thread becomes runnable

  setfrontdq(t: number): void {
    this.calls.push(['setfrontdq', this.threadId(t), DISP_PRIO(this.machine, t)]);
    this.machine.set(KIND.t_state, t, TS.RUN, CAUSE.setfrontdq);
  }

  setbackdq(t: number): void {
    this.calls.push(['setbackdq', this.threadId(t), DISP_PRIO(this.machine, t)]);
    this.machine.set(KIND.t_state, t, TS.RUN, CAUSE.setbackdq);
  }

  dispdeq(t: number): boolean {
    this.calls.push(['dispdeq', this.threadId(t)]);
    return true;
  }

  cpu_surrender(t: number): void {
    this.calls.push(['cpu_surrender', this.threadId(t)]);
  }

  sleepq_requeue(t: number): void {
    this.calls.push(['sleepq_requeue', this.threadId(t)]);
  }

  waitq_requeue(t: number): void {
    this.calls.push(['waitq_requeue', this.threadId(t)]);
  }

  swtch(): void {
    this.calls.push(['swtch']);
  }

  thread_change_pri(t: number, pri: number, front: boolean): boolean {
    this.calls.push(['thread_change_pri', this.threadId(t), pri, front ? 1 : 0]);
    return thread_change_pri(this, t, pri, front);
  }

  THREAD_CHANGE_PRI(t: number, pri: number, cause: number): void {
    THREAD_CHANGE_PRI(this, t, pri, cause);
  }

  timeout(handler: ClassTimeout, ticks: number): void {
    this.calls.push(['timeout', handler.name, ticks]);
  }

  probe(name: ClassProbe, x: number, pri?: number): void {
    const subject = name === 'schedctl-yield' ? x : this.threadId(x);
    this.calls.push(pri === undefined ? ['probe', name, subject] : ['probe', name, subject, pri]);
  }

  // schedctl.c

  schedctl_get_nopreempt(t: number): number {
    return this.schedctl.schedctl_get_nopreempt(t);
  }

  schedctl_set_nopreempt(t: number, value: number): void {
    this.schedctl.schedctl_set_nopreempt(t, value);
  }

  schedctl_set_yield(t: number, value: number): void {
    this.schedctl.schedctl_set_yield(t, value);
  }

  schedctl_set_cidpri(t: number): void {
    this.schedctl.schedctl_set_cidpri(t);
  }

  // Processes

  processOf(t: number): number {
    return this.processIdOf[t]!;
  }

  processByPid(pid: number): number {
    for (const [p, process] of this.processes) if (process.pid === pid) return p;
    return NONE;
  }

  firstThread(p: number): number {
    return this.processes.get(p)!.threads[0] ?? NONE;
  }

  forEachThread(p: number, visit: (t: number) => void): void {
    this.processes.get(p)!.threads.forEach(visit);
  }

  forEachInGroup(pgid: number, visit: (p: number) => void): void {
    [...this.processes.keys()]
      .sort((a, b) => b - a)
      .filter((p) => this.groupOf(p) === pgid)
      .forEach(visit);
  }

  pidOf(p: number): number {
    return this.processes.get(p)!.pid;
  }

  groupOf(p: number): number {
    return this.processes.get(p)!.pgrp;
  }

  sessionOf(p: number): number {
    return this.processes.get(p)!.sid;
  }

  hasTerminal(p: number): boolean {
    return this.terminals.has(this.sessionOf(p));
  }

  foregroundOf(p: number): number {
    return this.terminals.get(this.sessionOf(p)) ?? 0;
  }

  isBeingMade(p: number): boolean {
    return this.processes.get(p)!.sidl;
  }

  continuelwps(p: number): void {
    this.calls.push(['continuelwps', p]);
    this.forEachThread(p, (t) => {
      if (this.machine.get(KIND.t_state, t) === TS.STOPPED) this.classes.of(t).cl_setrun(t);
    });
  }

  p_lockHeld(): boolean {
    return this.p_lock;
  }

  pidlockHeld(): boolean {
    return this.pidlock;
  }

  hasLwp(t: number): boolean {
    return !this.withoutLwp.has(t);
  }

  isFree(t: number): boolean {
    return this.machine.get(KIND.t_state, t) === TS.FREE;
  }

  setRunqMatch(t: number, match: boolean): void {
    this.swapping.setFlag(t, 'TS_RUNQMATCH', match);
  }

  sigtoproc(p: number, t: number, signal: number): void {
    this.calls.push(['sigtoproc', p, this.threadId(t), signal]);
  }

  // The rest

  cpupartOf(t: number): number {
    return this.machine.get(KIND.t_cpupart, t);
  }

  lbolt(): number {
    return this.machine.get(KIND.lbolt, 0);
  }

  listHash(t: number): number {
    return this.listOf[t]!;
  }
}
