/** The emulator's state in the terms of the dispatcher vectors (dispatcher/README.md, "State"). */
import { NONE } from '#shared/base/none.ts';
import { KIND } from '#shared/model/kinds.ts';
import { PRIORITY_LEVELS } from '#shared/model/queues.ts';
import { TB_CPU_SOFT } from '#main/emulator/kernel/disp/disp-context.ts';
import type { DispatcherWorld } from './dispatcher-world.ts';
import type { Json } from './json.ts';

export function dispatcherViewOf(w: DispatcherWorld): Json {
  const { d, machine } = w;
  const parts: Record<string, Json> = {};
  for (let part = 0; part < w.nparts; part++) {
    parts[part] = { ring: d.cpus.ring(part), ...queueView(w, d.queues.kernelPreempt(part)) };
  }
  const cpus: Record<string, Json> = {};
  for (let cpu = 0; cpu < d.cpus.ncpus; cpu++) cpus[cpu] = cpuView(w, cpu);
  const threads: Record<string, Json> = {};
  for (const [id, t] of w.threads) threads[id] = threadView(w, t);
  return { lbolt: machine.get(KIND.lbolt, 0), now: machine.timeNs, parts, cpus, threads };
}

/** What CPUs and processor sets show of their queue. */
function queueView(w: DispatcherWorld, dp: number): Record<string, Json> {
  const { queues } = w.d;
  const lists: Record<string, Json> = {};
  let marked = queues.highestBelow(dp, PRIORITY_LEVELS);
  for (let pri = PRIORITY_LEVELS - 1; pri >= 0; pri--) {
    const members: number[] = [];
    for (let t = queues.first(dp, pri); t !== NONE; t = queues.next(t)) members.push(w.threadId(t));
    // The bit map and the counts follow the lists, though nobody sees them.
    const isMarked = marked === pri;
    if (isMarked) marked = queues.highestBelow(dp, pri);
    if (queues.length(dp, pri) !== members.length || isMarked !== members.length > 0) {
      throw new Error(`queue ${dp} miscounts the ${members.length} threads of priority ${pri}`);
    }
    if (members.length > 0) lists[pri] = members;
  }
  return {
    maxrunpri: queues.maxrunpri(dp),
    max_unbound_pri: queues.max_unbound_pri(dp),
    nrunnable: queues.nrunnable(dp),
    queues: lists,
  };
}

function cpuView(w: DispatcherWorld, cpu: number): Json {
  const { d, machine } = w;
  const view: Record<string, Json> = {
    part: machine.get(KIND.cpu_part, cpu),
    online: machine.get(KIND.cpu_online, cpu),
    dispatch_pri: machine.get(KIND.cpu_dispatch_pri, cpu),
    runrun: machine.get(KIND.cpu_runrun, cpu),
    kprunrun: machine.get(KIND.cpu_kprunrun, cpu),
    chosen_level: machine.get(KIND.cpu_chosen_level, cpu),
    dontsteal: d.dontSteal[cpu]!,
    last_swtch: d.cpu_last_swtch[cpu]!,
    steal: d.queues.disp_steal[cpu]!,
    ...queueView(w, cpu),
  };
  const thread = d.cpu_thread[cpu]!;
  if (thread !== NONE) view.thread = w.threadId(thread);
  const dispthread = machine.get(KIND.cpu_dispthread, cpu);
  if (dispthread !== NONE) view.dispthread = w.threadId(dispthread);
  return view;
}

function threadView(w: DispatcherWorld, t: number): Json {
  const { d } = w;
  const get = (kind: number): number => w.machine.get(kind, t);
  const view: Record<string, Json> = {
    state: get(KIND.t_state),
    pri: get(KIND.t_pri),
    epri: get(KIND.t_epri),
    cpu: get(KIND.t_cpu),
    part: get(KIND.t_cpupart),
    disp_time: get(KIND.t_disp_time),
    waitrq: d.t_waitrq[t]!,
  };
  const bound = get(KIND.t_bound_cpu);
  if (bound !== NONE) view.bound = bound;
  if (d.t_weakbound_cpu[t] !== NONE) view.weak = d.t_weakbound_cpu[t]!;
  if (d.t_bind_cpu[t] !== NONE) view.bind = d.t_bind_cpu[t]!;
  if ((d.t_bindflag[t]! & TB_CPU_SOFT) !== 0) view.soft = 1;
  return view;
}
