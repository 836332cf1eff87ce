/**
 * Dispatcher queues (sys/disp.h, disp_t): one for each CPU, numbered like it, and one for each processor set behind
 * them (cp_kp_queue), which holds its unbound threads of the highest priorities.
 *
 * The threads are linked in the machine state, where the trace sees them, and so are the counts and priorities of the
 * CPUs' queues. How many wait at each priority (dq_sruncnt), which priorities have any (disp_qactmap) and the counts of
 * the sets' queues are kept here alone: they follow from the links.
 *
 * Hot: everything here runs once or twice for each thread that is queued, costs the same however many queues there are,
 * and allocates nothing.
 */
import { CAUSE } from '#shared/model/causes.ts';
import { KIND } from '#shared/model/kinds.ts';
import { kernelPreemptQueueId, MAX_PARTITIONS, PRIORITY_LEVELS, runQueueId } from '#shared/model/queues.ts';
import { NONE } from '#shared/base/none.ts';
import type { Machine } from '../../machine.ts';

const WORD_BITS = 32;
const WORDS = Math.ceil(PRIORITY_LEVELS / WORD_BITS);

export class DispQueues {
  /** Time from which on a queue's threads may be taken by other CPUs, 0: now (disp_steal), ns. */
  readonly disp_steal: Float64Array;
  private readonly machine: Machine;
  private readonly ncpus: number;
  private readonly disp_qactmap: Uint32Array;
  private readonly dq_sruncnt: Int32Array;
  private readonly kp_max_unbound_pri = new Int32Array(MAX_PARTITIONS).fill(-1);
  private readonly kp_nrunnable = new Int32Array(MAX_PARTITIONS);

  constructor(machine: Machine, ncpus: number) {
    const count = ncpus + MAX_PARTITIONS;
    this.machine = machine;
    this.ncpus = ncpus;
    this.disp_steal = new Float64Array(count);
    this.disp_qactmap = new Uint32Array(count * WORDS);
    this.dq_sruncnt = new Int32Array(count * PRIORITY_LEVELS);
  }

  /** The queue of a processor set (cp_kp_queue). */
  kernelPreempt(part: number): number {
    return this.ncpus + part;
  }

  /** Whose queue it is (disp_cpu), NONE for that of a processor set. */
  disp_cpu(dp: number): number {
    return dp < this.ncpus ? dp : NONE;
  }

  /** Id in the trace of one priority of a queue. */
  queueId(dp: number, pri: number): number {
    return dp < this.ncpus ? runQueueId(dp, pri) : kernelPreemptQueueId(dp - this.ncpus, pri);
  }

  /** First thread at a priority (dq_first), NONE where there is none; the others follow by {@link next}. */
  first(dp: number, pri: number): number {
    return this.machine.state.queueHead(this.queueId(dp, pri));
  }

  /** t_link */
  next(tp: number): number {
    return this.machine.state.nextOnQueue(tp);
  }

  /** Threads that wait at a priority (dq_sruncnt, RUNQ_LEN). */
  length(dp: number, pri: number): number {
    return this.dq_sruncnt[dp * PRIORITY_LEVELS + pri]!;
  }

  /** disp_maxrunpri: highest priority on the queue, -1 where it is empty. */
  maxrunpri(dp: number): number {
    const { machine, ncpus } = this;
    return dp < ncpus ? machine.get(KIND.disp_maxrunpri, dp) : machine.get(KIND.kp_maxrunpri, dp - ncpus);
  }

  /** disp_max_unbound_pri: no unbound thread waits above it; it may be too high. */
  max_unbound_pri(dp: number): number {
    const { ncpus } = this;
    return dp < ncpus
      ? this.machine.get(KIND.disp_max_unbound_pri, dp)
      : this.kp_max_unbound_pri[dp - ncpus]!;
  }

  /** disp_nrunnable: threads on the queue. */
  nrunnable(dp: number): number {
    const { ncpus } = this;
    return dp < ncpus ? this.machine.get(KIND.disp_nrunnable, dp) : this.kp_nrunnable[dp - ncpus]!;
  }

  setMaxrunpri(dp: number, pri: number, cause: number): void {
    const { machine, ncpus } = this;
    if (dp < ncpus) machine.set(KIND.disp_maxrunpri, dp, pri, cause);
    else machine.set(KIND.kp_maxrunpri, dp - ncpus, pri, cause);
  }

  setMaxUnboundPri(dp: number, pri: number, cause: number): void {
    const { ncpus } = this;
    if (dp < ncpus) this.machine.set(KIND.disp_max_unbound_pri, dp, pri, cause);
    else this.kp_max_unbound_pri[dp - ncpus] = pri;
  }

  /** Links a thread at the front or back of a priority, and counts it; true when it is the only one there. */
  insert(tp: number, dp: number, pri: number, front: boolean): boolean {
    const { machine, ncpus } = this;
    const cause = front ? CAUSE.setfrontdq : CAUSE.setbackdq;
    const queue = this.queueId(dp, pri);
    machine.enqueue(tp, queue, front ? NONE : machine.state.queueTail(queue), cause);
    if (dp < ncpus) machine.set(KIND.disp_nrunnable, dp, machine.get(KIND.disp_nrunnable, dp) + 1, cause);
    else this.kp_nrunnable[dp - ncpus]!++;
    const at = dp * PRIORITY_LEVELS + pri;
    if (this.dq_sruncnt[at]!++ !== 0) return false;
    this.disp_qactmap[dp * WORDS + (pri >>> 5)]! |= 1 << (pri & 31);
    return true;
  }

  /** Unlinks a thread, and lowers what its going lowers: what disp() and dispdeq() have in common. */
  remove(tp: number, dp: number, pri: number, cause: number): void {
    const { machine, ncpus } = this;
    machine.dequeue(tp, cause);
    const left = this.nrunnable(dp) - 1;
    if (dp < ncpus) machine.set(KIND.disp_nrunnable, dp, left, cause);
    else this.kp_nrunnable[dp - ncpus] = left;
    const at = dp * PRIORITY_LEVELS + pri;
    if (--this.dq_sruncnt[at]! !== 0) return;
    this.disp_qactmap[dp * WORDS + (pri >>> 5)]! &= ~(1 << (pri & 31));
    if (left === 0) {
      this.setMaxUnboundPri(dp, -1, cause);
      this.setMaxrunpri(dp, -1, cause);
    } else if (pri === this.maxrunpri(dp)) {
      const ipri = this.highestBelow(dp, pri);
      if (ipri < this.max_unbound_pri(dp)) this.setMaxUnboundPri(dp, ipri, cause);
      this.setMaxrunpri(dp, ipri, cause);
    }
  }

  /** Highest priority below `limit` with a thread, -1 for none (bt_gethighbit). */
  highestBelow(dp: number, limit: number): number {
    let word = limit >>> 5;
    let bits = word < WORDS ? this.disp_qactmap[dp * WORDS + word]! & ((1 << (limit & 31)) - 1) : 0;
    while (bits === 0) {
      if (--word < 0) return -1;
      bits = this.disp_qactmap[dp * WORDS + word]!;
    }
    return word * WORD_BITS + 31 - Math.clz32(bits);
  }
}
