/**
 * What holds of every consistent machine, whatever the scenario: checked between two events of the emulator.
 */
import { NONE } from '#shared/base/none.ts';
import { KIND, SLOT_ID_STRIDE } from '#shared/model/kinds.ts';
import type { MachineState } from '#shared/model/machine-state.ts';
import { CID, SC, TS } from '#shared/model/enums.ts';
import { CLASS_LISTS } from '#main/emulator/kernel/disp/class-list.ts';
import { SC_MAX_TICKS } from '#shared/model/sc-shared.ts';
import { kpqpri } from '#main/emulator/kernel/disp/disp-context.ts';
import {
  DISPATCHER_QUEUE_END,
  kernelPreemptQueueId,
  PRIORITY_LEVELS,
  queueIdentity,
  runQueueId,
  type QueueIdentity,
} from '#shared/model/queues.ts';

const SLOTS_PER_PAGE = 256;
const SLOT_BYTES = 16;

/** Everything that is wrong with the machine, in words; nothing in a consistent machine. */
export function brokenInvariants(state: MachineState, cpus: number): string[] {
  return [
    ...threadsInOnePlace(state, cpus),
    ...queuesAddUp(state, cpus),
    ...queuesHoldTheirThreads(state, cpus),
    ...sharedStateFollowsThreads(state),
    ...pagesAddUp(state),
    ...locksAddUp(state),
    ...graceIsKept(state),
    ...setsAreKept(state, cpus),
    ...listsHoldTheirClass(state),
  ];
}

/** A live thread is on one CPU, or on one run queue, or sleeps; a CPU runs what says that it runs there. */
function threadsInOnePlace(state: MachineState, cpus: number): string[] {
  const broken: string[] = [];
  const runsOn = new Map<number, number[]>();
  for (let cpu = 0; cpu < cpus; cpu++) {
    const t = state.read(KIND.cpu_dispthread, cpu);
    if (t === NONE) {
      if (state.read(KIND.cpu_dispatch_pri, cpu) !== -1) broken.push(`CPU ${cpu} idles at a priority`);
      continue;
    }
    runsOn.set(t, [...(runsOn.get(t) ?? []), cpu]);
    const pri = Math.max(state.read(KIND.t_pri, t), state.read(KIND.t_epri, t));
    if (state.read(KIND.cpu_dispatch_pri, cpu) !== pri) {
      broken.push(`CPU ${cpu} runs LWP ${t} of priority ${pri} at ${state.read(KIND.cpu_dispatch_pri, cpu)}`);
    }
  }
  for (let t = 0; t < state.countOf('lwp'); t++) {
    const alive = state.read(KIND.lwp_alive, t) === 1;
    const tState = state.read(KIND.t_state, t);
    const queue = state.read(KIND.t_queue, t);
    const onRunQueue = queue !== NONE && queue < DISPATCHER_QUEUE_END;
    const on = runsOn.get(t) ?? [];
    if (on.length > 1) broken.push(`LWP ${t} runs on CPUs ${on.join(' and ')}`);
    if ((tState === TS.ONPROC) !== (on.length === 1)) {
      broken.push(`LWP ${t} is in state ${tState}, but on ${on.length} CPUs`);
    }
    if (on.length === 1 && state.read(KIND.t_cpu, t) !== on[0]) broken.push(`LWP ${t} is not on its t_cpu`);
    if (on.length === 1 && queue !== NONE) broken.push(`LWP ${t} runs and is on queue ${queue}`);
    if ((tState === TS.RUN) !== onRunQueue) {
      broken.push(`LWP ${t} is in state ${tState} on queue ${queue}`);
    }
    if (!alive && (on.length > 0 || queue !== NONE)) broken.push(`LWP ${t} is gone, but not from everywhere`);
    const bound = state.read(KIND.t_bound_cpu, t);
    if (bound !== NONE && on.length === 1 && on[0] !== bound) broken.push(`LWP ${t} runs off its bound CPU`);
  }
  return broken;
}

/** disp_nrunnable, disp_maxrunpri and the priorities of the queued threads. */
function queuesAddUp(state: MachineState, cpus: number): string[] {
  const broken: string[] = [];
  const counts = new Map<number, number>();
  const onCpu = Array.from({ length: cpus }, () => ({ count: 0, highest: -1, highestUnbound: -1 }));
  for (let t = 0; t < state.countOf('lwp'); t++) {
    const queue = state.read(KIND.t_queue, t);
    if (queue === NONE || queue >= DISPATCHER_QUEUE_END) continue;
    counts.set(queue, (counts.get(queue) ?? 0) + 1);
    const identity = queueIdentity(queue);
    if (identity.kind === 'run') {
      const at = onCpu[identity.cpu]!;
      at.count++;
      at.highest = Math.max(at.highest, identity.priority);
      const unbound = state.read(KIND.t_bound_cpu, t) === NONE;
      if (unbound) at.highestUnbound = Math.max(at.highestUnbound, identity.priority);
    }
    const pri = Math.max(state.read(KIND.t_pri, t), state.read(KIND.t_epri, t));
    if (identity.kind !== 'sleep' && identity.priority !== pri) {
      broken.push(`LWP ${t} of priority ${pri} waits at ${identity.priority}`);
    }
  }
  for (const [queue, count] of counts) {
    const linked = state.queueMembers(queue).length;
    if (linked !== count) broken.push(`queue ${queue} links ${linked} of its ${count} threads`);
  }
  for (let cpu = 0; cpu < cpus; cpu++) {
    for (let pri = 0; pri < PRIORITY_LEVELS; pri++) {
      const queue = runQueueId(cpu, pri);
      if (state.queueHead(queue) !== NONE && !counts.has(queue)) broken.push(`queue ${queue} has a stranger`);
    }
    const { count, highest, highestUnbound } = onCpu[cpu]!;
    if (state.read(KIND.disp_nrunnable, cpu) !== count) broken.push(`CPU ${cpu} miscounts ${count} threads`);
    if (state.read(KIND.disp_maxrunpri, cpu) !== highest)
      broken.push(`CPU ${cpu} mistakes its best, ${highest}`);
    // An upper bound only: it is lowered when an idle CPU looks for work.
    if (state.read(KIND.disp_max_unbound_pri, cpu) < highestUnbound) {
      broken.push(`CPU ${cpu} hides an unbound thread of priority ${highestUnbound}`);
    }
    if (count > 0 && state.read(KIND.cpu_dispthread, cpu) === NONE) {
      broken.push(`CPU ${cpu} idles with ${count} threads on its own queue`);
    }
  }
  return broken;
}

/**
 * Every runnable thread is linked on one dispatcher queue, once, and on one on which setbackdq() or setfrontdq() puts
 * such a thread: that of the CPU to which it is bound; from kpqpri on that of its processor set; else that of an
 * online CPU of its set. Where there is one CPU, its queue is the only one.
 */
function queuesHoldTheirThreads(state: MachineState, cpus: number): string[] {
  const broken: string[] = [];
  const places = new Map<number, QueueIdentity[]>();
  const note = (id: number): void => {
    for (let t = state.queueHead(id); t !== NONE; t = state.nextOnQueue(t)) {
      const identity = queueIdentity(id);
      const known = places.get(t);
      if (known === undefined) places.set(t, [identity]);
      else known.push(identity);
      // A list that goes round would never end.
      if (known !== undefined && known.length > 2) return;
    }
  };
  let sets = 0;
  for (let cpu = 0; cpu < cpus; cpu++) {
    sets = Math.max(sets, state.read(KIND.cpu_part, cpu) + 1);
    for (let pri = 0; pri < PRIORITY_LEVELS; pri++) note(runQueueId(cpu, pri));
  }
  for (let part = 0; part < sets; part++) {
    let highest = -1;
    for (let pri = 0; pri < PRIORITY_LEVELS; pri++) {
      const id = kernelPreemptQueueId(part, pri);
      if (state.queueHead(id) !== NONE) highest = pri;
      note(id);
    }
    if (state.read(KIND.kp_maxrunpri, part) !== highest) {
      broken.push(`processor set ${part} mistakes its best, ${highest}`);
    }
  }
  for (let t = 0; t < state.countOf('lwp'); t++) {
    const found = places.get(t) ?? [];
    const isRunnable = state.read(KIND.t_state, t) === TS.RUN;
    if (found.length !== (isRunnable ? 1 : 0)) {
      broken.push(`LWP ${t} in state ${state.read(KIND.t_state, t)} is on ${found.length} queues`);
    } else if (isRunnable && !belongs(state, cpus, t, found[0]!)) {
      broken.push(`LWP ${t} waits where nobody would have put it: ${JSON.stringify(found[0])}`);
    }
  }
  return broken;
}

function belongs(state: MachineState, cpus: number, t: number, queue: QueueIdentity): boolean {
  const part = state.read(KIND.t_cpupart, t);
  const bound = state.read(KIND.t_bound_cpu, t);
  const pri = Math.max(state.read(KIND.t_pri, t), state.read(KIND.t_epri, t));
  if (queue.kind === 'kernelPreempt') {
    return cpus > 1 && bound === NONE && pri >= kpqpri && queue.partition === part;
  }
  if (queue.kind !== 'run') return false;
  if (cpus === 1) return true;
  if (bound !== NONE) return queue.cpu === bound;
  const { cpu } = queue;
  return pri < kpqpri && state.read(KIND.cpu_online, cpu) !== 0 && state.read(KIND.cpu_part, cpu) === part;
}

/** sc_state says SC_ONPROC exactly of running threads, from their first switch on. */
function sharedStateFollowsThreads(state: MachineState): string[] {
  const broken: string[] = [];
  for (let t = 0; t < state.countOf('lwp'); t++) {
    const slot = state.read(KIND.t_schedctl, t);
    if (slot === NONE) continue;
    const scState = state.read(KIND.sc_state, slot);
    if (scState === SC.SC_FREE) continue; // not switched since schedctl()
    const running = state.read(KIND.t_state, t) === TS.ONPROC;
    if ((scState === SC.SC_ONPROC) !== running)
      broken.push(`LWP ${t}: sc_state ${scState}, running ${running}`);
    if (running && state.read(KIND.sc_cpu, slot) !== state.read(KIND.t_cpu, t)) {
      broken.push(`LWP ${t}: sc_cpu is not its CPU`);
    }
    const pri = Math.max(state.read(KIND.t_pri, t), state.read(KIND.t_epri, t)) & 0xff;
    if (state.read(KIND.sc_priority, slot) !== pri) broken.push(`LWP ${t}: sc_priority is not ${pri}`);
    if (state.read(KIND.slot_lwp, slot) !== t) broken.push(`slot ${slot} does not belong to LWP ${t}`);
  }
  return broken;
}

/** Each page's bitmap, its free space and the threads that hold its slots. */
function pagesAddUp(state: MachineState): string[] {
  const broken: string[] = [];
  for (let page = 0; page < state.countOf('page'); page++) {
    if (state.read(KIND.page_process, page) === NONE) continue;
    let used = 0;
    for (let index = 0; index < SLOTS_PER_PAGE; index++) {
      const slot = page * SLOT_ID_STRIDE + index;
      const holder = state.read(KIND.slot_lwp, slot);
      const allocated = state.read(KIND.slot_allocated, slot) === 1;
      if (allocated) used++;
      if (allocated !== (holder !== NONE && state.read(KIND.t_schedctl, holder) === slot)) {
        broken.push(`slot ${slot} is ${allocated ? '' : 'not '}allocated, held by ${holder}`);
      }
    }
    const free = (SLOTS_PER_PAGE - used) * SLOT_BYTES;
    if (state.read(KIND.spc_space, page) !== free) broken.push(`page ${page} has ${free} bytes free`);
  }
  return broken;
}

/** sync_waiters counts those whose t_wchan is the object; who spins or waits does not own it. */
function locksAddUp(state: MachineState): string[] {
  const broken: string[] = [];
  const waiters = new Map<number, number>();
  for (let t = 0; t < state.countOf('lwp'); t++) {
    const sync = state.read(KIND.t_wchan, t);
    if (sync === NONE) {
      if (state.read(KIND.user_spin, t) !== 0) broken.push(`LWP ${t} spins for nothing`);
      continue;
    }
    waiters.set(sync, (waiters.get(sync) ?? 0) + 1);
    if (state.read(KIND.sync_owner, sync) === t) broken.push(`LWP ${t} waits for its own lock ${sync}`);
  }
  for (let sync = 0; sync < state.countOf('sync'); sync++) {
    if (state.read(KIND.sync_waiters, sync) !== (waiters.get(sync) ?? 0)) {
      broken.push(`lock ${sync} miscounts its ${waiters.get(sync) ?? 0} waiters`);
    }
  }
  return broken;
}

/** Nobody stays on a CPU with sc_nopreempt set for more than SC_MAX_TICKS past the quantum. */
function graceIsKept(state: MachineState): string[] {
  const broken: string[] = [];
  for (let t = 0; t < state.countOf('lwp'); t++) {
    const slot = state.read(KIND.t_schedctl, t);
    if (slot === NONE || state.read(KIND.t_state, t) !== TS.ONPROC) continue;
    if (state.read(KIND.sc_nopreempt, slot) === 0) continue;
    const timeleft = timeleftOf(state, t);
    if (timeleft !== null && timeleft < -SC_MAX_TICKS) {
      broken.push(`LWP ${t} is ${-timeleft} ticks past its quantum, and is not preempted`);
    }
  }
  return broken;
}

/** Ticks left of a quantum that is not infinite, in the classes that honour sc_nopreempt. */
function timeleftOf(state: MachineState, t: number): number | null {
  switch (state.read(KIND.t_cid, t)) {
    case CID.TS:
    case CID.IA:
      return state.read(KIND.ts_timeleft, t);
    case CID.FX:
      return state.read(KIND.fx_pquantum, t) < 0 ? null : state.read(KIND.fx_timeleft, t);
    case CID.FSS:
      return state.read(KIND.fss_timeleft, t);
    default:
      return null;
  }
}

/** Threads run and wait on the CPUs of their processor sets; a CPU that is offline has nothing. */
function setsAreKept(state: MachineState, cpus: number): string[] {
  const broken: string[] = [];
  for (let cpu = 0; cpu < cpus; cpu++) {
    const t = state.read(KIND.cpu_dispthread, cpu);
    const queued = state.read(KIND.disp_nrunnable, cpu);
    if (state.read(KIND.cpu_online, cpu) === 0 && (t !== NONE || queued > 0)) {
      broken.push(`CPU ${cpu} is offline with LWP ${t} on it and ${queued} on its queue`);
    }
    const isMoving = state.read(KIND.cpu_runrun, cpu) !== 0;
    if (t !== NONE && !isMoving && state.read(KIND.t_cpupart, t) !== state.read(KIND.cpu_part, cpu)) {
      broken.push(`LWP ${t} runs on CPU ${cpu}, which is in another processor set`);
    }
  }
  for (let t = 0; t < state.countOf('lwp'); t++) {
    const queue = state.read(KIND.t_queue, t);
    if (queue === NONE || queue >= DISPATCHER_QUEUE_END) continue;
    const identity = queueIdentity(queue);
    const part =
      identity.kind === 'run'
        ? state.read(KIND.cpu_part, identity.cpu)
        : identity.kind === 'kernelPreempt'
          ? identity.partition
          : NONE;
    if (part !== state.read(KIND.t_cpupart, t)) broken.push(`LWP ${t} waits in processor set ${part}`);
  }
  return broken;
}

/** Every live thread of TS and IA, and of FSS, is on one list of its class, and nobody else is on any. */
function listsHoldTheirClass(state: MachineState): string[] {
  const broken: string[] = [];
  const lists = [
    { head: KIND.ts_plisthead, next: KIND.ts_next, thread: KIND.ts_tp, classes: [CID.TS, CID.IA] },
    { head: KIND.fss_listhead, next: KIND.fss_next, thread: KIND.fss_tp, classes: [CID.FSS] },
  ] as const;
  for (const { head, next, thread, classes } of lists) {
    const found = new Map<number, number>();
    for (let list = 0; list < CLASS_LISTS; list++) {
      for (let at = state.read(head, list); at !== NONE; at = state.read(next, at)) {
        const t = state.read(thread, at);
        found.set(t, (found.get(t) ?? 0) + 1);
      }
    }
    for (let t = 0; t < state.countOf('lwp'); t++) {
      const belongs =
        state.read(KIND.lwp_alive, t) === 1 && classes.some((cid) => cid === state.read(KIND.t_cid, t));
      const times = found.get(t) ?? 0;
      if (times !== (belongs ? 1 : 0)) broken.push(`LWP ${t} is ${times} times on the lists of a class`);
    }
  }
  return broken;
}
