/**
 * Putting threads on run queues and taking them off (disp.c): a queue for each CPU, and one for each processor
 * set that holds its unbound threads of the highest priorities.
 *
 * Functions carry the kernel's names. CPU is `machine.cpuNow`, curthread is `machine.curthread`; both are NONE
 * in an interrupt of no particular CPU. Lgroups, shared caches and swapping are left out: one chip, one
 * memory, every thread loaded.
 *
 * Hot: everything runs once or more for each thread that becomes runnable, and allocates nothing.
 */
import { NONE } from '#shared/base/none.ts';
import { CAUSE } from '#shared/model/causes.ts';
import { TS } from '#shared/model/enums.ts';
import { KIND } from '#shared/model/kinds.ts';
import { kernelPreemptQueueId, MAX_PARTITIONS, runQueueId } from '#shared/model/queues.ts';
import { ASSERT, KernelPanic } from '../assert-kernel.ts';
import { withRoom } from '../growable.ts';
import type { Machine } from '../machine.ts';
import type { CpuPartitions } from './cpu-part.ts';
import { DispQueues } from './disp-queue.ts';
import { DISP_PRIO } from './thread.ts';

/** Priority at and above which unbound threads go to their processor set's queue (kpqpri). */
export const kpqpri = 100;
/** Priority at and above which a thread preempts even kernel code (kpreemptpri). */
export const kpreemptpri = 100;
/** Below this priority queue lengths are balanced exactly (RUNQ_MATCH_PRI). */
const RUNQ_MATCH_PRI = 16;
/** At and above it, a queue may be longer than its neighbour by this much (RUNQ_MAX_DIFF). */
const RUNQ_MAX_DIFF = 2;

/** What the queues tell the rest of the machine. */
export interface CpuSignals {
  /** poke_cpu(): the CPU is to look at its flags, or for work when it is idle. */
  poke_cpu(cpu: number): void;
  /** disp_enq_thread: a thread waits on the queue of `cpu`; an idle CPU may want it. */
  disp_enq_thread(cpu: number, bound: boolean): void;
}

export class RunQueues {
  /** Time at which a runnable thread was queued, 0 while it has not been (t_waitrq), ns. */
  t_waitrq: Float64Array<ArrayBuffer> = new Float64Array(0);
  /** CPU_DISP_DONTSTEAL by CPU: it is in the middle of a switch and has only one thread. */
  readonly dontSteal: Uint8Array;
  readonly cpus: CpuPartitions;
  private readonly machine: Machine;
  private readonly signals: CpuSignals;
  private readonly queues: DispQueues;
  /** Of each processor set's queue: disp_max_unbound_pri and disp_nrunnable. */
  private readonly kp_max_unbound_pri = new Int32Array(MAX_PARTITIONS).fill(-1);
  private readonly kp_nrunnable = new Int32Array(MAX_PARTITIONS);
  /** Queue (disp_t) that a runnable thread is on, as index into {@link queues}. */
  private t_disp_queue: Int32Array<ArrayBuffer> = new Int32Array(0);

  constructor(machine: Machine, cpus: CpuPartitions, signals: CpuSignals) {
    this.machine = machine;
    this.cpus = cpus;
    this.signals = signals;
    this.queues = new DispQueues(cpus.ncpus + MAX_PARTITIONS);
    this.dontSteal = new Uint8Array(cpus.ncpus);
  }

  /** Makes room for a thread. */
  ensureLwp(t: number): void {
    this.t_waitrq = withRoom(this.t_waitrq, t, 0);
    this.t_disp_queue = withRoom(this.t_disp_queue, t, NONE);
  }

  /** Puts `tp` at the back of a queue: of its CPU, or of the next one where that is much shorter. */
  setbackdq(tp: number): void {
    const { machine, cpus } = this;
    const tpri = DISP_PRIO(machine, tp);
    const bound = machine.get(KIND.t_bound_cpu, tp);
    let cp: number;
    if (bound !== NONE) cp = bound;
    else if (cpus.ncpus === 1) cp = machine.get(KIND.t_cpu, tp);
    else if (tpri >= kpqpri) {
      this.setkpdq(tp, tpri, false);
      return;
    } else {
      cp = cpus.cpu_choose(tp);
      const part = machine.get(KIND.t_cpupart, tp);
      if (machine.get(KIND.cpu_part, cp) === part) {
        let qlen = this.queues.length(cp, tpri);
        if (tpri >= RUNQ_MATCH_PRI) qlen -= RUNQ_MAX_DIFF;
        if (qlen > 0) {
          const newcp = cpus.nextInPart(cp);
          if (this.queues.length(newcp, tpri) < qlen) cp = newcp;
        }
      } else cp = cpus.disp_lowpri_cpu(cpus.firstOf(part));
    }
    this.enqueue(tp, tpri, cp, bound !== NONE, false);
  }

  /** Puts `tp` at the front of a queue: of its own CPU, unless something better already waits there. */
  setfrontdq(tp: number): void {
    const { machine, cpus } = this;
    const tpri = DISP_PRIO(machine, tp);
    const bound = machine.get(KIND.t_bound_cpu, tp);
    let cp: number;
    if (bound !== NONE) cp = bound;
    else if (cpus.ncpus === 1) cp = machine.get(KIND.t_cpu, tp);
    else if (tpri >= kpqpri) {
      this.setkpdq(tp, tpri, true);
      return;
    } else {
      cp = machine.get(KIND.t_cpu, tp);
      const part = machine.get(KIND.t_cpupart, tp);
      if (machine.get(KIND.cpu_part, cp) !== part) cp = cpus.disp_lowpri_cpu(cpus.firstOf(part));
      else if (tpri < machine.get(KIND.disp_maxrunpri, cp)) cp = cpus.cpu_choose(tp);
    }
    this.enqueue(tp, tpri, cp, bound !== NONE, true);
  }

  /** Takes `tp` off its queue. Returns whether it was on one. */
  dispdeq(tp: number, cause: number = CAUSE.dispdeq): boolean {
    const { machine } = this;
    if (machine.get(KIND.t_state, tp) !== TS.RUN || machine.get(KIND.t_queue, tp) === NONE) return false;
    const tpri = DISP_PRIO(machine, tp);
    const disp = this.t_disp_queue[tp]!;
    if (machine.get(KIND.t_queue, tp) !== this.queueId(disp, tpri)) {
      throw new KernelPanic('dispdeq', `thread ${tp} is not on the queue of its priority, ${tpri}`);
    }
    machine.dequeue(tp, cause);
    this.forget(disp, tpri, cause);
    return true;
  }

  /** Takes the thread at the head of a CPU's highest queue off it, for that CPU to run. */
  takeFirst(cp: number, pri: number): number {
    const { machine } = this;
    const tp = machine.state.queueHead(runQueueId(cp, pri));
    ASSERT(tp !== NONE, 'disp', 'tp != NULL');
    machine.dequeue(tp, CAUSE.disp);
    this.forget(cp, pri, CAUSE.disp);
    return tp;
  }

  /** Asks the CPU that runs `tp` to reschedule. */
  cpu_surrender(tp: number): void {
    const { machine } = this;
    if (machine.get(KIND.t_state, tp) !== TS.ONPROC) return;
    const cp = machine.get(KIND.t_cpu, tp);
    const best = Math.max(
      machine.get(KIND.disp_maxrunpri, cp),
      machine.get(KIND.kp_maxrunpri, machine.get(KIND.cpu_part, cp)),
    );
    machine.set(KIND.cpu_runrun, cp, 1, CAUSE.cpu_surrender);
    if (best >= kpreemptpri) machine.set(KIND.cpu_kprunrun, cp, 1, CAUSE.cpu_surrender);
    this.signals.poke_cpu(cp);
  }

  /** Threads on a queue (disp_nrunnable); `disp` as {@link kernelPreemptDisp} or a CPU. */
  nrunnable(disp: number): number {
    const { ncpus } = this.cpus;
    return disp < ncpus ? this.machine.get(KIND.disp_nrunnable, disp) : this.kp_nrunnable[disp - ncpus]!;
  }

  /** disp_max_unbound_pri of a queue. */
  maxUnboundPri(disp: number): number {
    const { ncpus } = this.cpus;
    return disp < ncpus
      ? this.machine.get(KIND.disp_max_unbound_pri, disp)
      : this.kp_max_unbound_pri[disp - ncpus]!;
  }

  /** disp_maxrunpri of a queue. */
  maxrunpri(disp: number): number {
    const { ncpus } = this.cpus;
    return disp < ncpus
      ? this.machine.get(KIND.disp_maxrunpri, disp)
      : this.machine.get(KIND.kp_maxrunpri, disp - ncpus);
  }

  /** The queue of a processor set's kernel-preempt threads (cp_kp_queue). */
  kernelPreemptDisp(part: number): number {
    return this.cpus.ncpus + part;
  }

  /** Id in the trace of one priority of a queue. */
  queueId(disp: number, pri: number): number {
    const { ncpus } = this.cpus;
    return disp < ncpus ? runQueueId(disp, pri) : kernelPreemptQueueId(disp - ncpus, pri);
  }

  /**
   * Lowers disp_max_unbound_pri to where an unbound thread is: it is only ever raised when threads are queued,
   * so it may stand at a priority where all threads are bound.
   */
  disp_fix_unbound_pri(disp: number, from: number): void {
    const { machine } = this;
    let pri = from;
    let tp = NONE;
    do {
      pri = this.queues.highestBelow(disp, pri);
      if (pri === -1) break;
      tp = machine.state.queueHead(this.queueId(disp, pri));
      while (tp !== NONE && machine.get(KIND.t_bound_cpu, tp) !== NONE) tp = machine.state.nextOnQueue(tp);
    } while (tp === NONE);
    this.setMaxUnboundPri(disp, pri, CAUSE.disp_getbest);
  }

  /**
   * disp_cpu_inactive(): the threads on the queue of a CPU that has left its ring go to others' queues; t_cpu of each
   * says another CPU already. Bound ones stay.
   */
  disp_cpu_inactive(cp: number): void {
    const { machine } = this;
    for (let pri = this.maxUnboundPri(cp); pri !== -1; pri = this.maxUnboundPri(cp)) {
      let tp = machine.state.queueHead(runQueueId(cp, pri));
      while (tp !== NONE && machine.get(KIND.t_bound_cpu, tp) !== NONE) tp = machine.state.nextOnQueue(tp);
      if (tp === NONE) {
        this.disp_fix_unbound_pri(cp, pri);
        continue;
      }
      this.dispdeq(tp, CAUSE.dispdeq);
      this.setbackdq(tp);
    }
  }

  /** Puts a thread of high priority on its processor set's queue, and asks a CPU to take it. */
  private setkpdq(tp: number, tpri: number, front: boolean): void {
    const { machine, cpus } = this;
    const part = machine.get(KIND.t_cpupart, tp);
    const disp = this.kernelPreemptDisp(part);
    const cause = front ? CAUSE.setfrontdq : CAUSE.setbackdq;
    this.link(tp, disp, tpri, front, cause);
    this.kp_nrunnable[part]!++;
    if (this.queues.add(disp, tpri)) {
      if (tpri > this.kp_max_unbound_pri[part]!) this.kp_max_unbound_pri[part] = tpri;
      if (tpri > machine.get(KIND.kp_maxrunpri, part)) machine.set(KIND.kp_maxrunpri, part, tpri, cause);
    }
    let cp = machine.get(KIND.t_cpu, tp);
    if (machine.get(KIND.cpu_part, cp) !== part) cp = cpus.firstOf(part);
    cp = cpus.disp_lowpri_cpu(cp);
    if (machine.get(KIND.cpu_chosen_level, cp) < tpri) machine.set(KIND.cpu_chosen_level, cp, tpri, cause);
    this.cpu_resched(cp, tpri);
    this.signals.disp_enq_thread(cp, false);
  }

  private enqueue(tp: number, tpri: number, cp: number, bound: boolean, front: boolean): void {
    const { machine } = this;
    const cause = front ? CAUSE.setfrontdq : CAUSE.setbackdq;
    const self = tp === machine.curthread;
    this.link(tp, cp, tpri, front, cause);
    machine.set(KIND.disp_nrunnable, cp, machine.get(KIND.disp_nrunnable, cp) + 1, cause);
    if (!bound) machine.set(KIND.disp_steal, cp, 0, cause);
    if (this.queues.add(cp, tpri) && tpri > machine.get(KIND.disp_maxrunpri, cp)) {
      machine.set(KIND.disp_maxrunpri, cp, tpri, cause);
      this.cpu_resched(cp, tpri);
    }
    if (!bound && tpri > machine.get(KIND.disp_max_unbound_pri, cp)) {
      // The only thread of a CPU in the middle of a switch: it may be picked again at once.
      if (self && machine.get(KIND.disp_max_unbound_pri, cp) === -1 && cp === machine.cpuNow) {
        this.dontSteal[cp] = 1;
      }
      machine.set(KIND.disp_max_unbound_pri, cp, tpri, cause);
    }
    this.signals.disp_enq_thread(cp, bound);
  }

  /** THREAD_RUN, and the link into the queue. */
  private link(tp: number, disp: number, tpri: number, front: boolean, cause: number): void {
    const { machine } = this;
    if (machine.get(KIND.t_queue, tp) !== NONE)
      throw new KernelPanic('setbackdq', `thread ${tp} is on a queue`);
    // A thread on a CPU may be picked again at once; its wait begins when another is switched to.
    if (tp !== machine.curthread && this.t_waitrq[tp] === 0) this.t_waitrq[tp] = machine.timeNs;
    machine.set(KIND.t_state, tp, TS.RUN, cause);
    this.t_disp_queue[tp] = disp;
    const queue = this.queueId(disp, tpri);
    machine.enqueue(tp, queue, front ? NONE : machine.state.queueTail(queue), cause);
  }

  /** The rest of taking a thread off: counts, bitmap and the highest priorities. */
  private forget(disp: number, tpri: number, cause: number): void {
    const { machine } = this;
    const { ncpus } = this.cpus;
    let left: number;
    if (disp < ncpus) {
      left = machine.get(KIND.disp_nrunnable, disp) - 1;
      machine.set(KIND.disp_nrunnable, disp, left, cause);
    } else left = --this.kp_nrunnable[disp - ncpus]!;
    if (!this.queues.remove(disp, tpri)) return;
    if (left === 0) {
      this.setMaxUnboundPri(disp, -1, cause);
      this.setMaxrunpri(disp, -1, cause);
    } else if (tpri === this.maxrunpri(disp)) {
      const pri = this.queues.highestBelow(disp, tpri);
      if (pri < this.maxUnboundPri(disp)) this.setMaxUnboundPri(disp, pri, cause);
      this.setMaxrunpri(disp, pri, cause);
    }
  }

  private setMaxUnboundPri(disp: number, pri: number, cause: number): void {
    const { ncpus } = this.cpus;
    if (disp < ncpus) this.machine.set(KIND.disp_max_unbound_pri, disp, pri, cause);
    else this.kp_max_unbound_pri[disp - ncpus] = pri;
  }

  private setMaxrunpri(disp: number, pri: number, cause: number): void {
    const { ncpus } = this.cpus;
    if (disp < ncpus) this.machine.set(KIND.disp_maxrunpri, disp, pri, cause);
    else this.machine.set(KIND.kp_maxrunpri, disp - ncpus, pri, cause);
  }

  /** A thread of priority `tpri` waits: if it beats what `cp` runs, `cp` is to reschedule. */
  private cpu_resched(cp: number, tpri: number): void {
    const { machine } = this;
    const running = machine.get(KIND.cpu_dispatch_pri, cp);
    if (running === -1 || running >= tpri) return;
    if (machine.get(KIND.cpu_runrun, cp) === 0) {
      machine.set(KIND.cpu_runrun, cp, 1, CAUSE.cpu_resched);
      this.signals.poke_cpu(cp);
    }
    if (tpri >= kpreemptpri && machine.get(KIND.cpu_kprunrun, cp) === 0) {
      machine.set(KIND.cpu_kprunrun, cp, 1, CAUSE.cpu_resched);
      this.signals.poke_cpu(cp);
    }
  }
}
