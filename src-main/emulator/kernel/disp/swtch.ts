/**
 * Choosing what a CPU runs next, and switching to it (disp.c, resume()).
 *
 * All functions act on the CPU `machine.cpuNow` and the thread `machine.curthread` (NONE: its idle thread).
 *
 * Hot: runs at every context switch and allocates nothing.
 */
import { NONE } from '#shared/base/none.ts';
import { CAUSE } from '#shared/model/causes.ts';
import { TS } from '#shared/model/enums.ts';
import { KIND } from '#shared/model/kinds.ts';
import { ASSERT } from '../../assert-kernel.ts';
import { CPU_IDLE_PRI, type DispContext } from './disp-context.ts';
import { disp_getbest, disp_getwork, disp_ratify, T_DONTSTEAL } from './getwork.ts';
import { DISP_PRIO } from './thread.ts';

/** The best thread for this CPU, ONPROC already; NONE: the idle thread. */
function disp(d: DispContext): number {
  const { machine, queues } = d;
  const cpup = machine.cpuNow;
  const kpq = d.kpqOf(cpup);
  const offline = d.isOffline(cpup);
  d.retryNs = Infinity;
  for (;;) {
    while (!offline && queues.maxrunpri(kpq) >= 0 && queues.maxrunpri(kpq) >= queues.maxrunpri(cpup)) {
      const best = disp_getbest(d, kpq);
      if (best === NONE) break;
      if (disp_ratify(d, best, kpq) !== NONE) return best;
    }
    const pri = queues.maxrunpri(cpup);
    if (pri === -1) {
      const work = offline ? NONE : disp_getwork(d, cpup);
      if (work !== NONE && work !== T_DONTSTEAL) return work;
      chooseIdleThread(d, cpup);
      return NONE;
    }
    const tp = queues.first(cpup, pri);
    ASSERT(tp !== NONE, 'disp', 'tp != NULL');
    d.probes.dequeue(tp, cpup);
    queues.remove(tp, cpup, pri, CAUSE.disp);
    machine.set(KIND.cpu_dispthread, cpup, tp, CAUSE.disp);
    machine.set(KIND.cpu_dispatch_pri, cpup, pri, CAUSE.disp);
    ASSERT(pri === DISP_PRIO(machine, tp), 'disp', 'pri == DISP_PRIO(tp)');
    machine.set(KIND.t_state, tp, TS.ONPROC, CAUSE.disp);
    d.probes.chosen(tp);
    if (disp_ratify(d, tp, kpq) !== NONE) return tp;
  }
}

/** The idle thread is this CPU's choice: nothing is asked of it any more. */
export function chooseIdleThread({ machine }: DispContext, cpup: number): void {
  machine.set(KIND.cpu_dispthread, cpup, NONE, CAUSE.disp);
  machine.set(KIND.cpu_dispatch_pri, cpup, CPU_IDLE_PRI, CAUSE.disp);
  machine.set(KIND.cpu_runrun, cpup, 0, CAUSE.disp);
  machine.set(KIND.cpu_kprunrun, cpup, 0, CAUSE.disp);
  machine.set(KIND.cpu_chosen_level, cpup, -1, CAUSE.disp);
}

/**
 * Switches to the best thread for this CPU. If that is the current one, which was put on a queue a moment ago, it
 * simply goes on: no save, no restore.
 */
export function swtch(d: DispContext): void {
  const { machine } = d;
  const t = machine.curthread;
  const cp = machine.cpuNow;
  ASSERT(
    t === NONE || machine.get(KIND.t_state, t) !== TS.ONPROC || d.t_disp_queue[t] !== cp,
    'swtch',
    't->t_state != TS_ONPROC || t->t_disp_queue->disp_cpu != CPU || t->t_preempt != 0',
  );
  const next = disp(d);
  d.dontSteal[cp] = 0;
  if (next !== t) {
    leave(d, t);
    d.cpu_last_swtch[cp] = machine.get(KIND.lbolt, 0);
    resume(d, next);
    return;
  }
  // Somebody may have queued it anew between its own queueing and the choice.
  if (t !== NONE) d.t_waitrq[t] = 0;
  d.probes.remain_cpu(t);
  if (t === NONE) d.hooks.idles(cp, d.retryNs);
}

/** Like {@link swtch}, to a thread that has been taken from elsewhere already. */
export function swtch_to(d: DispContext, next: number): void {
  const { machine } = d;
  const cp = machine.cpuNow;
  d.dontSteal[cp] = 0;
  leave(d, machine.curthread);
  d.cpu_last_swtch[cp] = machine.get(KIND.lbolt, 0);
  resume(d, next);
}

/** {@link swtch} of a thread that has ended: there is nothing to be noted of it any more. */
export function swtch_from_zombie(d: DispContext): void {
  const { machine } = d;
  const t = machine.curthread;
  ASSERT(machine.get(KIND.t_state, t) === TS.ZOMB, 'swtch_from_zombie', 'curthread->t_state == TS_ZOMB');
  const next = disp(d);
  ASSERT(next !== t, 'swtch_from_zombie', 'next != curthread');
  resume(d, next);
}

/** What is noted of a thread that is switched away from: since when it waits, and when it was here last. */
export function leave(d: DispContext, t: number): void {
  const { machine } = d;
  if (t === NONE) return;
  if (machine.get(KIND.t_state, t) === TS.RUN && d.t_waitrq[t] === 0) d.t_waitrq[t] = machine.timeNs;
  machine.set(KIND.t_disp_time, t, machine.get(KIND.lbolt, 0), CAUSE.swtch);
}

/** Saves the current thread and restores the next one, which waits no more (restore_mstate). */
export function resume(d: DispContext, next: number): void {
  const { machine, ctx, hooks } = d;
  const t = machine.curthread;
  const cp = machine.cpuNow;
  d.probes.resume(cp, t, next);
  if (t !== NONE) {
    ctx.savectx(t);
    hooks.switchedOut(cp, t);
  }
  machine.curthread = next;
  d.cpu_thread[cp] = next;
  if (next === NONE) {
    hooks.idles(cp, d.retryNs);
    return;
  }
  d.t_waitrq[next] = 0;
  machine.set(KIND.t_cpu, next, cp, CAUSE.resume);
  ctx.restorectx(next);
  hooks.switchedIn(cp, next);
}
