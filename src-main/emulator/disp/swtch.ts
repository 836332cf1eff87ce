/**
 * Choosing what a CPU runs next, and switching to it (disp.c, resume()).
 *
 * Functions carry the kernel's names and act on the CPU `machine.cpuNow` and the thread `machine.curthread`
 * (NONE: its idle thread).
 *
 * Hot: runs at every context switch and allocates nothing.
 */
import { NONE } from '#shared/base/none.ts';
import { CAUSE } from '#shared/model/causes.ts';
import { TS } from '#shared/model/enums.ts';
import { KIND } from '#shared/model/kinds.ts';
import type { RunQueues } from './run-queues.ts';
import { DISP_PRIO } from './thread.ts';
import type { ContextOperations } from '../proc/ctxops.ts';
import type { Machine } from '../machine.ts';

/** For how long an idle CPU leaves a lone, recently queued thread on its own CPU (nosteal_nsec), ns. */
export const nosteal_nsec = 100_000;
/** Lowest priority of the kernel's own threads (minclsyspri): such a thread is taken at once. */
const minclsyspri = 60;
/** There is a thread, but it is not to be taken yet. */
const T_DONTSTEAL = -2;

/** What a switch tells the rest of the machine. */
export interface SwitchHooks {
  /** `t` has left its CPU (its save operation has run). */
  switchedOut(cpu: number, t: number): void;
  /** `t` is on `cpu` now (its restore operation has run). */
  switchedIn(cpu: number, t: number): void;
  /** `cpu` idles. It is to look for work again at `retryNs`, or when poked: Infinity. */
  idles(cpu: number, retryNs: number): void;
}

export class Switcher {
  private readonly machine: Machine;
  private readonly queues: RunQueues;
  private readonly ctx: ContextOperations;
  private readonly hooks: SwitchHooks;
  /** Time at which a queue's threads may be taken (disp_steal), by CPU; 0: now. */
  private readonly stealNs: Float64Array;
  private readonly tickNs: number;
  private retryNs = Infinity;

  /** @param tickNs nanoseconds of a clock tick */
  constructor(
    machine: Machine,
    queues: RunQueues,
    ctx: ContextOperations,
    tickNs: number,
    hooks: SwitchHooks,
  ) {
    this.machine = machine;
    this.queues = queues;
    this.ctx = ctx;
    this.tickNs = tickNs;
    this.hooks = hooks;
    this.stealNs = new Float64Array(queues.cpus.ncpus);
  }

  /**
   * Switches to the best thread for this CPU. If that is the current one, which was put on a queue a moment
   * ago, it simply goes on: no save, no restore.
   */
  swtch(): void {
    const { machine, queues } = this;
    const cp = machine.cpuNow;
    const t = machine.curthread;
    const next = this.disp();
    queues.dontSteal[cp] = 0;
    if (next === t) {
      if (next === NONE) this.hooks.idles(cp, this.retryNs);
      return;
    }
    if (t !== NONE) {
      if (machine.get(KIND.t_state, t) === TS.RUN && queues.t_waitrq[t] === 0) {
        queues.t_waitrq[t] = machine.timeNs;
      }
      machine.set(KIND.t_disp_time, t, machine.get(KIND.lbolt, 0), CAUSE.swtch);
    }
    this.resume(cp, t, next);
  }

  /** Saves the old thread, restores the new one. */
  private resume(cp: number, t: number, next: number): void {
    const { machine, ctx } = this;
    if (t !== NONE) {
      ctx.savectx(t);
      this.hooks.switchedOut(cp, t);
    }
    machine.curthread = next;
    if (next === NONE) {
      this.hooks.idles(cp, this.retryNs);
      return;
    }
    ctx.restorectx(next);
    this.hooks.switchedIn(cp, next);
  }

  /** The next thread of this CPU: the best of its own queue, its processor set's queue and, if idle, others'. */
  private disp(): number {
    const { machine, queues } = this;
    const cp = machine.cpuNow;
    const kpq = queues.kernelPreemptDisp(machine.get(KIND.cpu_part, cp));
    const online = machine.get(KIND.cpu_online, cp) !== 0;
    this.retryNs = Infinity;
    for (;;) {
      while (online && queues.maxrunpri(kpq) >= 0 && queues.maxrunpri(kpq) >= queues.maxrunpri(cp)) {
        const tp = this.disp_getbest(kpq);
        if (tp < 0) break;
        if (this.disp_ratify(tp, kpq)) return tp;
      }
      const pri = queues.maxrunpri(cp);
      if (pri === -1) {
        const tp = online ? this.disp_getwork(cp, kpq) : NONE;
        if (tp === NONE) {
          this.idle(cp);
          return NONE;
        }
        if (this.disp_ratify(tp, kpq)) return tp;
        continue;
      }
      const tp = queues.takeFirst(cp, pri);
      machine.set(KIND.cpu_dispthread, cp, tp, CAUSE.disp);
      machine.set(KIND.cpu_dispatch_pri, cp, pri, CAUSE.disp);
      this.thread_onproc(tp, cp, CAUSE.disp);
      if (this.disp_ratify(tp, kpq)) return tp;
    }
  }

  /** Commits to a choice; puts the thread back and says no where a better one has appeared meanwhile. */
  private disp_ratify(tp: number, kpq: number): boolean {
    const { machine, queues } = this;
    const cp = machine.cpuNow;
    machine.set(KIND.cpu_runrun, cp, 0, CAUSE.disp);
    machine.set(KIND.cpu_kprunrun, cp, 0, CAUSE.disp);
    machine.set(KIND.cpu_chosen_level, cp, -1, CAUSE.disp);
    const best = Math.max(queues.maxrunpri(cp), queues.maxrunpri(kpq));
    if (DISP_PRIO(machine, tp) >= best) return true;
    const t = machine.curthread;
    machine.set(KIND.cpu_dispthread, cp, t, CAUSE.disp);
    machine.set(KIND.cpu_dispatch_pri, cp, t === NONE ? -1 : DISP_PRIO(machine, t), CAUSE.disp);
    queues.setfrontdq(tp);
    return false;
  }

  private idle(cp: number): void {
    const { machine } = this;
    machine.set(KIND.cpu_dispthread, cp, NONE, CAUSE.disp);
    machine.set(KIND.cpu_dispatch_pri, cp, -1, CAUSE.disp);
    machine.set(KIND.cpu_runrun, cp, 0, CAUSE.disp);
    machine.set(KIND.cpu_kprunrun, cp, 0, CAUSE.disp);
    machine.set(KIND.cpu_chosen_level, cp, -1, CAUSE.disp);
  }

  /**
   * Something for an idle CPU to do from the queues of others, NONE if there is nothing now; then
   * {@link retryNs} says when there may be.
   */
  private disp_getwork(cp: number, kpq: number): number {
    const { queues } = this;
    this.retryNs = Infinity;
    while (queues.maxrunpri(kpq) >= 0) {
      const tp = this.disp_getbest(kpq);
      if (tp < 0) break;
      return tp;
    }
    // A queue may turn out to hold nothing that may be taken: its fields then say so, and the next is looked for,
    // as the kernel's idle loop does by coming here again and again.
    for (;;) {
      const tcp = this.busiest(cp);
      if (tcp === NONE) return NONE;
      const tp = this.disp_getbest(tcp);
      if (tp >= 0) return tp;
    }
  }

  /** The CPU whose queue has the best thread that may be taken by `cp`, NONE where there is none. */
  private busiest(cp: number): number {
    const { machine, queues } = this;
    const { cpus } = queues;
    let maxpri = -1;
    let tcp = NONE;
    for (let ocp = cpus.nextInPart(cp); ocp !== cp; ocp = cpus.nextInPart(ocp)) {
      // An idle CPU is about to run what is on its own queue.
      if (machine.get(KIND.cpu_dispatch_pri, ocp) === -1) continue;
      if (queues.dontSteal[ocp] !== 0 && queues.nrunnable(ocp) === 1) continue;
      const pri = queues.maxUnboundPri(ocp);
      if (pri <= maxpri) continue;
      const steal = machine.get(KIND.disp_steal, ocp) === 0 ? 0 : this.stealNs[ocp]!;
      if (steal <= machine.timeNs) {
        maxpri = pri;
        tcp = ocp;
      } else this.retryNs = Math.min(this.retryNs, steal);
    }
    return tcp;
  }

  /**
   * Takes the best unbound thread off a queue, for this CPU to run. NONE: there is none; T_DONTSTEAL: there is
   * one that is to be left alone for a moment.
   */
  private disp_getbest(disp: number): number {
    const { machine, queues } = this;
    const { ncpus } = queues.cpus;
    const cp = machine.cpuNow;
    const tcp = disp < ncpus ? disp : NONE;
    const pri = queues.maxUnboundPri(disp);
    if (pri === -1 || (tcp !== NONE && queues.dontSteal[tcp] !== 0 && queues.nrunnable(tcp) === 1))
      return NONE;

    let tp = machine.state.queueHead(queues.queueId(disp, pri));
    while (tp !== NONE && machine.get(KIND.t_bound_cpu, tp) !== NONE) tp = machine.state.nextOnQueue(tp);
    if (tp === NONE) {
      queues.disp_fix_unbound_pri(disp, pri);
      return NONE;
    }
    if (
      tcp !== NONE &&
      pri < minclsyspri &&
      machine.get(KIND.t_cpu, tp) === tcp &&
      queues.nrunnable(tcp) === 1 &&
      machine.timeNs - queues.t_waitrq[tp]! < nosteal_nsec
    ) {
      this.stealNs[tcp] = queues.t_waitrq[tp]! + nosteal_nsec;
      const tick = Math.max(1, Math.ceil(this.stealNs[tcp] / this.tickNs));
      machine.set(KIND.disp_steal, tcp, tick, CAUSE.disp_getbest);
      return T_DONTSTEAL;
    }

    queues.dispdeq(tp, CAUSE.disp_getbest);
    if (tcp !== NONE) machine.set(KIND.disp_steal, tcp, 0, CAUSE.disp_getbest);
    machine.set(KIND.cpu_dispthread, cp, tp, CAUSE.disp_getbest);
    machine.set(KIND.cpu_dispatch_pri, cp, pri, CAUSE.disp_getbest);
    this.thread_onproc(tp, cp, CAUSE.disp_getbest);
    return tp;
  }

  private thread_onproc(tp: number, cp: number, cause: number): void {
    const { machine } = this;
    machine.set(KIND.t_cpu, tp, cp, cause);
    this.queues.t_waitrq[tp] = 0;
    machine.set(KIND.t_state, tp, TS.ONPROC, cause);
  }
}
