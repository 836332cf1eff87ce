/**
 * What a CPU takes from other queues than its own (disp.c): that of its processor set, and those of other CPUs.
 *
 * Hot: runs whenever a CPU has nothing of its own to run, and allocates nothing. As in the kernel all CPUs of the
 * processor set are looked at.
 */
import { NONE } from '#shared/base/none.ts';
import { CAUSE } from '#shared/model/causes.ts';
import { TS } from '#shared/model/enums.ts';
import { KIND } from '#shared/model/kinds.ts';
import { CPU_IDLE_PRI, minclsyspri, type DispContext } from './disp-context.ts';
import { setfrontdq, dispdeq } from './run-queues.ts';
import { DISP_PRIO } from './thread.ts';
import { disp_fix_unbound_pri } from './unbound-pri.ts';

/** There is a thread, but it is not to be taken yet. */
export const T_DONTSTEAL = -2;

/** DISP_PRIO of an idle thread, whose t_pri is -1: that of t_epri. (cpu_dispatch_pri is set apart from it, to -1.) */
const DISP_PRIO_IDLE = 0;

/** CPU_DISP_DONTSTEAL, and the queue has no thread but the one that may be picked again. */
function isSwitching(d: DispContext, cp: number): boolean {
  return d.dontSteal[cp] !== 0 && d.queues.nrunnable(cp) === 1;
}

/**
 * disp_anywork(): whether there is anything for CPU `cp`, which is about to halt, to do. Its own queue is looked at
 * beside those of the others only; an idle CPU that is not halted looks at those behind it itself.
 */
export function disp_anywork(d: DispContext, cp: number): boolean {
  const { machine, cpus, queues } = d;
  if (d.isOffline(cp)) return false;
  if (queues.maxrunpri(d.kpqOf(cp)) >= 0) return true;
  for (let ocp = cpus.next(cp); ocp !== cp; ocp = cpus.next(ocp)) {
    if (queues.nrunnable(cp) > 0) return true;
    const isIdle = machine.get(KIND.cpu_dispatch_pri, ocp) === CPU_IDLE_PRI;
    if (isIdle && d.halted[ocp] === 0) return false;
    if (!isIdle && queues.max_unbound_pri(ocp) !== -1 && !isSwitching(d, ocp)) return true;
  }
  return false;
}

/** Commits to a choice; NONE, and the thread is put back, where a better one has appeared meanwhile. */
export function disp_ratify(d: DispContext, tp: number, kpq: number): number {
  const { machine, queues } = d;
  const cpup = machine.cpuNow;
  machine.set(KIND.cpu_runrun, cpup, 0, CAUSE.disp);
  machine.set(KIND.cpu_kprunrun, cpup, 0, CAUSE.disp);
  machine.set(KIND.cpu_chosen_level, cpup, -1, CAUSE.disp);
  const maxpri = Math.max(queues.maxrunpri(cpup), queues.maxrunpri(kpq));
  if (DISP_PRIO(machine, tp) >= maxpri) return tp;
  const t = machine.curthread;
  machine.set(KIND.cpu_dispthread, cpup, t, CAUSE.disp);
  machine.set(KIND.cpu_dispatch_pri, cpup, t === NONE ? DISP_PRIO_IDLE : DISP_PRIO(machine, t), CAUSE.disp);
  setfrontdq(d, tp);
  d.retryNs = machine.timeNs;
  return NONE;
}

/**
 * The best thread that CPU `cp`, which has none, may run: of the queue of its processor set, else of the CPU whose best
 * unbound thread is the best. NONE where there is none, T_DONTSTEAL where there is one that is to be left alone still.
 */
export function disp_getwork(d: DispContext, cp: number): number {
  const { machine, queues } = d;
  const kpq = d.kpqOf(cp);
  while (queues.maxrunpri(kpq) >= 0) {
    const tp = disp_getbest(d, kpq);
    if (tp !== NONE) return disp_ratify(d, tp, kpq);
  }
  const start = d.cpus.next(cp);
  let retval = NONE;
  let maxpri = -1;
  let tcp = NONE;
  let ocp = start;
  do {
    if (queues.nrunnable(cp) !== 0) return NONE;
    if (machine.get(KIND.cpu_dispatch_pri, ocp) === CPU_IDLE_PRI) {
      // An idle CPU looks at those behind it, unless it is halted or busy with an interrupt.
      if (d.halted[ocp] === 0 && d.cpu_intr_actv[ocp] === 0) break;
    } else if (!isSwitching(d, ocp)) {
      const pri = queues.max_unbound_pri(ocp);
      if (pri > maxpri) {
        const stealtime = queues.disp_steal[ocp]!;
        if (stealtime === 0 || stealtime <= machine.timeNs) {
          maxpri = pri;
          tcp = ocp;
        } else {
          retval = T_DONTSTEAL;
          if (stealtime < d.retryNs) d.retryNs = stealtime;
        }
      }
    }
    ocp = d.cpus.next(ocp);
  } while (ocp !== start);
  if (tcp === NONE || queues.nrunnable(cp) !== 0) return retval;
  const tp = disp_getbest(d, tcp);
  return tp === NONE || tp === T_DONTSTEAL ? tp : disp_ratify(d, tp, kpq);
}

/**
 * Takes the best unbound thread off queue `dp`, for this CPU to run. NONE where there is none at the priority that the
 * queue claims; T_DONTSTEAL where none of them may be taken yet.
 *
 * A thread of user priority on the queue of the CPU where it last ran is left there for nosteal_nsec, the end
 * included: its cache is warm there, and it may be its turn in a moment.
 */
export function disp_getbest(d: DispContext, dp: number): number {
  const { machine, queues } = d;
  const cp = machine.cpuNow;
  const tcp = queues.disp_cpu(dp);
  const pri = queues.max_unbound_pri(dp);
  if (pri === -1 || (tcp !== NONE && isSwitching(d, tcp))) return NONE;

  let allbound = true;
  let tp = queues.first(dp, pri);
  for (; tp !== NONE; tp = queues.next(tp)) {
    if (d.isBound(tp)) continue;
    allbound = false;
    if (tcp === NONE || pri >= minclsyspri || machine.get(KIND.t_cpu, tp) !== tcp) break;
    if (d.pg_cmt_can_migrate || d.nosteal_nsec === 0) break;
    const now = machine.timeNs;
    const rqtime = now - d.t_waitrq[tp]!;
    if (rqtime > d.nosteal_nsec || rqtime < 0) break;
    d.probes.nosteal(tp, tcp, cp);
    const stealable = now + (d.nosteal_nsec - rqtime);
    // disp_steal is 0 unless somebody sets it, so that this never raises it.
    if (stealable < queues.disp_steal[dp]!) queues.disp_steal[dp] = stealable;
    if (stealable + 1 < d.retryNs) d.retryNs = stealable + 1;
  }
  if (allbound) {
    disp_fix_unbound_pri(d, dp, pri);
    d.retryNs = machine.timeNs;
  }
  if (tp === NONE) return allbound ? NONE : T_DONTSTEAL;

  dispdeq(d, tp, CAUSE.disp_getbest);
  queues.disp_steal[dp] = 0;
  d.t_disp_queue[tp] = cp;
  machine.set(KIND.cpu_dispthread, cp, tp, CAUSE.disp_getbest);
  machine.set(KIND.cpu_dispatch_pri, cp, pri, CAUSE.disp_getbest);
  d.probes.steal(tp, tcp, cp);
  machine.set(KIND.t_state, tp, TS.ONPROC, CAUSE.disp_getbest);
  d.probes.chosen(tp);
  return tp;
}
