/**
 * CPUs that go offline and come back (cpu.c): what psradm(1M) asks for. Functions act from outside: no CPU and no
 * thread is current.
 *
 * A CPU that leaves lets go of every thread: the running one is preempted, queued ones go to other CPUs' queues, and
 * for sleepers another CPU counts as the last. Bound threads are in the way, unless their binding is soft or it is
 * forced.
 */
import { NONE } from '#shared/base/none.ts';
import { CAUSE } from '#shared/model/causes.ts';
import { KIND } from '#shared/model/kinds.ts';
import { ASSERT } from '../../assert-kernel.ts';
import { EBUSY } from '../../errno.ts';
import { cpu_unbind, disp_bound_anythreads } from './cpu-bind.ts';
import type { DispContext } from './disp-context.ts';
import { disp_lowpri_cpu } from './lowpri-cpu.ts';
import { pause_cpus } from './pause-cpus.ts';
import { dispdeq, setbackdq } from './run-queues.ts';
import { disp_fix_unbound_pri } from './unbound-pri.ts';

/** EBUSY for the last online CPU of a processor set, and where threads are bound to it. */
export function cpu_offline(d: DispContext, cp: number, forced: boolean): number {
  const { machine, cpus } = d;
  const cause = CAUSE.cpu_offline;
  // p_online(2) asks for what is not the case already.
  if (d.isOffline(cp)) return 0;
  const part = machine.get(KIND.cpu_part, cp);
  if (cpus.count(part) <= 1) return EBUSY;
  const error = cpu_unbind(d, cp, forced, cause);
  if (error !== 0) return error;
  d.cpu_inmotion = cp;
  // The kernel waits some ticks for weak bindings to end, which in a run there are none of.
  if (disp_bound_anythreads(d, cp)) {
    d.cpu_inmotion = NONE;
    return EBUSY;
  }
  pause_cpus(d, cp);
  const ncp = cpus.next(cp);
  cpus.leave(cp, part);
  machine.set(KIND.cpu_online, cp, 0, cause);
  d.services.forEachThread((t) => {
    if (machine.get(KIND.t_cpu, t) === cp && machine.get(KIND.t_bound_cpu, t) !== cp) {
      machine.set(KIND.t_cpu, t, disp_lowpri_cpu(d, ncp, t), cause);
    }
  });
  disp_cpu_inactive(d, cp);
  d.cpu_inmotion = NONE;
  d.services.start_cpus();
  return 0;
}

/** The CPU joins the ring of its processor set and looks for work at once. */
export function cpu_online(d: DispContext, cp: number): number {
  if (!d.isOffline(cp)) return 0;
  d.cpus.join(cp, d.machine.get(KIND.cpu_part, cp));
  d.machine.set(KIND.cpu_online, cp, 1, CAUSE.cpu_online);
  d.services.start_cpus();
  d.hooks.poke_cpu(cp);
  return 0;
}

/**
 * disp_cpu_inactive() (disp.c): the unbound threads on the queue of a CPU that has left its ring go to others' queues;
 * t_cpu of each says another CPU already.
 */
export function disp_cpu_inactive(d: DispContext, cp: number): void {
  const { machine, queues } = d;
  for (let pri = queues.max_unbound_pri(cp); pri !== -1; pri = queues.max_unbound_pri(cp)) {
    let tp = queues.first(cp, pri);
    while (tp !== NONE && machine.get(KIND.t_bound_cpu, tp) !== NONE) tp = queues.next(tp);
    if (tp === NONE) {
      disp_fix_unbound_pri(d, cp, pri);
      continue;
    }
    const wasonq = dispdeq(d, tp);
    ASSERT(wasonq, 'disp_cpu_inactive', 'wasonq');
    ASSERT(d.t_weakbound_cpu[tp] === NONE, 'disp_cpu_inactive', 'tp->t_weakbound_cpu == NULL');
    setbackdq(d, tp);
    ASSERT(machine.get(KIND.t_cpu, tp) !== cp, 'disp_cpu_inactive', 'tp->t_cpu != cp');
  }
}
