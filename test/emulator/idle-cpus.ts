/**
 * That no CPU idles beside a thread which it may run: what disp_getwork() (disp.c) would find is looked for anew, from
 * the state of the machine alone, whenever everything that happens at a moment has happened.
 */
import { NONE } from '#shared/base/none.ts';
import { TS } from '#shared/model/enums.ts';
import { KIND } from '#shared/model/kinds.ts';
import type { MachineState } from '#shared/model/machine-state.ts';
import { queueIdentity, runQueueId } from '#shared/model/queues.ts';
import { minclsyspri, nosteal_nsec } from '#main/emulator/kernel/disp/disp-context.ts';

/** Since when each runnable thread has waited, from the rows: t_waitrq, or a later time where that is not known. */
export class WaitTimes {
  private readonly since = new Map<number, number>();

  row(kind: number, lwp: number, oldValue: number, newValue: number, timeNs: number): void {
    const becomesRunnable = kind === KIND.t_state && newValue === TS.RUN;
    // setkpdq() sets no t_waitrq: setbackdq() does where the thread goes on to the queue of a CPU.
    const leavesSetQueue =
      kind === KIND.t_queue && oldValue !== NONE && queueIdentity(oldValue).kind === 'kernelPreempt';
    if (becomesRunnable || leavesSetQueue) this.since.set(lwp, timeNs);
  }

  /** The thread must be runnable. */
  of(t: number): number {
    return this.since.get(t) ?? 0;
  }
}

/** What CPUs leave waiting although they idle, in words. The moment must be over: nothing more happens at `timeNs`. */
export function idleBesideWork(
  state: MachineState,
  cpus: number,
  timeNs: number,
  waits: WaitTimes,
): string[] {
  const broken: string[] = [];
  for (const part of setsWithIdleCpus(state, cpus)) {
    const kp = state.read(KIND.kp_maxrunpri, part);
    if (kp >= 0) broken.push(`a CPU of set ${part} idles, and ${kp} is the best on the queue of the set`);
    const best = bestQueues(state, cpus, part);
    // The first of equals in the ring is tried, and the others are not where that one's threads are left alone.
    if (best.some(({ cpu, pri }) => !gives(state, cpu, pri, timeNs, waits))) continue;
    for (const { cpu, pri } of best) {
      broken.push(`a CPU of set ${part} idles, and may take what waits for CPU ${cpu} at priority ${pri}`);
    }
  }
  return broken;
}

function setsWithIdleCpus(state: MachineState, cpus: number): Set<number> {
  const sets = new Set<number>();
  for (let cpu = 0; cpu < cpus; cpu++) {
    const idles = state.read(KIND.cpu_dispthread, cpu) === NONE && state.read(KIND.cpu_online, cpu) !== 0;
    if (idles) sets.add(state.read(KIND.cpu_part, cpu));
  }
  return sets;
}

/** The busy CPUs of a set with the highest disp_max_unbound_pri. */
function bestQueues(state: MachineState, cpus: number, part: number): { cpu: number; pri: number }[] {
  const queues: { cpu: number; pri: number }[] = [];
  for (let cpu = 0; cpu < cpus; cpu++) {
    const isBusy = state.read(KIND.cpu_dispthread, cpu) !== NONE;
    if (!isBusy || state.read(KIND.cpu_part, cpu) !== part) continue;
    const pri = state.read(KIND.disp_max_unbound_pri, cpu);
    if (pri >= 0) queues.push({ cpu, pri });
  }
  const highest = Math.max(...queues.map(({ pri }) => pri));
  return queues.filter(({ pri }) => pri === highest);
}

/**
 * Whether another CPU gets something from this queue: a thread, or, where none of this priority is unbound, the
 * correction of disp_max_unbound_pri, after which it looks again.
 */
function gives(state: MachineState, cpu: number, pri: number, timeNs: number, waits: WaitTimes): boolean {
  let allBound = true;
  for (let t = state.queueHead(runQueueId(cpu, pri)); t !== NONE; t = state.nextOnQueue(t)) {
    if (state.read(KIND.t_bound_cpu, t) !== NONE) continue;
    allBound = false;
    const isWarmHere = pri < minclsyspri && state.read(KIND.t_cpu, t) === cpu;
    if (!isWarmHere || timeNs - waits.of(t) > nosteal_nsec) return true;
  }
  return allBound;
}
