/**
 * Putting threads on dispatcher queues and taking them off (disp.c).
 *
 * Hot: everything runs once or more for each thread that becomes runnable, and allocates nothing.
 */
import { NONE } from '#shared/base/none.ts';
import { CAUSE } from '#shared/model/causes.ts';
import { TS } from '#shared/model/enums.ts';
import { KIND } from '#shared/model/kinds.ts';
import { PRIORITY_LEVELS } from '#shared/model/queues.ts';
import { ASSERT, KernelPanic } from '../../assert-kernel.ts';
import { cpu_resched } from './cpu-resched.ts';
import { kpqpri, rechoose_interval, TS_RUNQMATCH, type DispContext } from './disp-context.ts';
import { disp_lowpri_cpu } from './lowpri-cpu.ts';
import { DISP_PRIO } from './thread.ts';

/** Below this priority queue lengths are balanced exactly (RUNQ_MATCH_PRI). */
const RUNQ_MATCH_PRI = 16;
/** At and above it, a queue may be longer than its neighbour by this much (RUNQ_MAX_DIFF). */
const RUNQ_MAX_DIFF = 2;

/** THREAD_HAS_CACHE_WARMTH: `tp` has been off its CPU for so short a time that it had better go back there. */
function hasCacheWarmth({ machine }: DispContext, tp: number): boolean {
  if (tp === machine.curthread) return true;
  return machine.get(KIND.lbolt, 0) - machine.get(KIND.t_disp_time, tp) <= rechoose_interval;
}

/** The CPU that a bound thread goes to. A weak binding that is not over yet comes first. */
function boundCpu(d: DispContext, tp: number): number {
  const weak = d.t_weakbound_cpu[tp]!;
  return weak !== NONE ? weak : d.machine.get(KIND.t_bound_cpu, tp);
}

/** Puts `tp` at the back of a queue: of its CPU, or of the next one where that is much shorter. */
export function setbackdq(d: DispContext, tp: number): void {
  const { machine, cpus, queues } = d;
  const bound = d.isBound(tp);
  const tpri = DISP_PRIO(machine, tp);
  let cp: number;
  if (cpus.ncpus === 1) cp = machine.get(KIND.t_cpu, tp);
  else if (bound) cp = boundCpu(d, tp);
  else if (tpri >= kpqpri) {
    setkpdq(d, tp, false);
    return;
  } else {
    const part = machine.get(KIND.t_cpupart, tp);
    cp = machine.get(KIND.t_cpu, tp);
    if (!hasCacheWarmth(d, tp) || cp === d.cpu_inmotion) cp = disp_lowpri_cpu(d, cp, tp);
    if (machine.get(KIND.cpu_part, cp) === part) {
      let qlen = queues.length(cp, tpri);
      if (tpri >= RUNQ_MATCH_PRI && (d.t_schedflag[tp]! & TS_RUNQMATCH) === 0) qlen -= RUNQ_MAX_DIFF;
      if (qlen > 0) {
        const newcp = cpus.next(cp);
        if (queues.length(newcp, tpri) < qlen) {
          d.probes.runq_balance(tp, cp, newcp);
          cp = newcp;
        }
      }
    } else cp = disp_lowpri_cpu(d, cpus.first(part), tp);
    assertNotQuiesced(d, cp, 'setbackdq');
  }
  enqueue(d, tp, tpri, cp, bound, false);
}

/**
 * Puts `tp` at the front of a queue: of its own CPU, unless something better waits there and its cache is cold, or that
 * CPU is about to leave.
 */
export function setfrontdq(d: DispContext, tp: number): void {
  const { machine, cpus, queues } = d;
  const bound = d.isBound(tp);
  const tpri = DISP_PRIO(machine, tp);
  let cp: number;
  if (cpus.ncpus === 1) cp = machine.get(KIND.t_cpu, tp);
  else if (bound) cp = boundCpu(d, tp);
  else if (tpri >= kpqpri) {
    setkpdq(d, tp, true);
    return;
  } else {
    const part = machine.get(KIND.t_cpupart, tp);
    cp = machine.get(KIND.t_cpu, tp);
    if (machine.get(KIND.cpu_part, cp) === part) {
      if (cp === d.cpu_inmotion || (tpri < queues.maxrunpri(cp) && !hasCacheWarmth(d, tp))) {
        cp = disp_lowpri_cpu(d, cp, tp);
      }
    } else cp = disp_lowpri_cpu(d, cpus.first(part), tp);
    assertNotQuiesced(d, cp, 'setfrontdq');
  }
  enqueue(d, tp, tpri, cp, bound, true);
}

/** What setbackdq() and setfrontdq() do alike once the CPU is chosen. */
function enqueue(d: DispContext, tp: number, tpri: number, cp: number, bound: boolean, front: boolean): void {
  const { machine, queues } = d;
  const cause = front ? CAUSE.setfrontdq : CAUSE.setbackdq;
  const self = tp === machine.curthread;
  // A thread that is on a CPU may be picked again at once: it waits from when swtch() leaves it.
  if (!self && d.t_waitrq[tp] === 0) d.t_waitrq[tp] = machine.timeNs;
  d.probes.enqueue(tp, cp, front);
  link(d, tp, cp, cause);
  if (!bound) queues.disp_steal[cp] = 0;
  checkPriority(tpri, front ? 'setfrontdq' : 'setbackdq');
  if (queues.insert(tp, cp, tpri, front) && tpri > queues.maxrunpri(cp)) {
    queues.setMaxrunpri(cp, tpri, cause);
    cpu_resched(d, cp, tpri);
  }
  if (!bound && tpri > queues.max_unbound_pri(cp)) {
    // The only thread of a CPU in the middle of a switch: it may be picked again at once.
    if (self && queues.max_unbound_pri(cp) === -1 && cp === machine.cpuNow) d.dontSteal[cp] = 1;
    queues.setMaxUnboundPri(cp, tpri, cause);
  }
  d.hooks.disp_enq_thread(cp, bound);
}

/** Puts an unbound thread of high priority on its processor set's queue, and asks a CPU to take it. */
function setkpdq(d: DispContext, tp: number, front: boolean): void {
  const { machine, cpus, queues } = d;
  const cause = front ? CAUSE.setfrontdq : CAUSE.setbackdq;
  const tpri = DISP_PRIO(machine, tp);
  const part = machine.get(KIND.t_cpupart, tp);
  const dp = queues.kernelPreempt(part);
  checkPriority(tpri, 'setkpdq');
  d.probes.enqueue(tp, dp, front);
  link(d, tp, dp, cause);
  if (queues.insert(tp, dp, tpri, front)) {
    if (tpri > queues.max_unbound_pri(dp)) queues.setMaxUnboundPri(dp, tpri, cause);
    if (tpri > queues.maxrunpri(dp)) queues.setMaxrunpri(dp, tpri, cause);
  }
  let cp = machine.get(KIND.t_cpu, tp);
  if (machine.get(KIND.cpu_part, cp) !== part) cp = cpus.first(part);
  cp = disp_lowpri_cpu(d, cp, tp);
  if (machine.get(KIND.cpu_chosen_level, cp) < tpri) machine.set(KIND.cpu_chosen_level, cp, tpri, cause);
  cpu_resched(d, cp, tpri);
  d.hooks.disp_enq_thread(cp, false);
}

/** THREAD_RUN, and the queue that the thread is going to be on. */
function link(d: DispContext, tp: number, dp: number, cause: number): void {
  const { machine } = d;
  ASSERT(machine.get(KIND.t_queue, tp) === NONE, 'setbackdq', '!thread_on_queue(tp)');
  machine.set(KIND.t_state, tp, TS.RUN, cause);
  d.t_disp_queue[tp] = dp;
}

/** An unbound thread is not put where nothing is run. */
function assertNotQuiesced(d: DispContext, cp: number, functionName: string): void {
  ASSERT(!d.isOffline(cp), functionName, '(cp->cpu_flags & CPU_QUIESCED) == 0');
}

function checkPriority(tpri: number, functionName: string): void {
  ASSERT(tpri >= 0 && tpri < PRIORITY_LEVELS, functionName, 'tpri >= 0 && tpri < dp->disp_npri');
}

/**
 * Takes `tp` off its queue, if it is on one; t_state stays, the caller is to go on with the thread.
 *
 * @returns whether it was on one
 */
export function dispdeq(d: DispContext, tp: number, cause: number = CAUSE.dispdeq): boolean {
  const { machine, queues } = d;
  if (machine.get(KIND.t_state, tp) !== TS.RUN) return false;
  const tpri = DISP_PRIO(machine, tp);
  const dp = d.t_disp_queue[tp]!;
  ASSERT(tpri < PRIORITY_LEVELS, 'dispdeq', 'tpri < dp->disp_npri');
  if (machine.get(KIND.t_queue, tp) !== queues.queueId(dp, tpri)) {
    throw new KernelPanic('dispdeq', `thread ${tp} is not on the queue of its priority, ${tpri}`);
  }
  d.probes.dequeue(tp, dp);
  queues.remove(tp, dp, tpri, cause);
  return true;
}
