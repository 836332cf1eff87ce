/**
 * Changing the priority of a thread, wherever it is (thread.c, sys/thread.h).
 *
 * A thread on a run queue or a sleep queue is queued by its priority, so a change of priority moves it.
 * Everything here ends in schedctl_set_cidpri(), because user code reads the priority in its shared structure.
 */
import { CAUSE } from '#shared/model/causes.ts';
import { TS } from '#shared/model/enums.ts';
import { KIND } from '#shared/model/kinds.ts';
import type { Machine } from '../../machine.ts';

/** What the functions of this file call. */
export interface ThreadServices {
  readonly machine: Machine;
  setfrontdq(t: number): void;
  setbackdq(t: number): void;
  /** Takes `t` off its run queue; true if it was on one. */
  dispdeq(t: number): boolean;
  /** Moves `t` on its sleep queue to where its new priority belongs. */
  sleepq_requeue(t: number): void;
  /** The same for the wait queue of a CPU cap. */
  waitq_requeue(t: number): void;
  /** Refreshes sc_cid, sc_cpri and sc_priority. */
  schedctl_set_cidpri(t: number): void;
  probe(name: 'change-pri', t: number, pri: number): void;
}

/** DISP_PRIO: the priority that the dispatcher goes by. */
export function DISP_PRIO(machine: Machine, t: number): number {
  return Math.max(machine.get(KIND.t_pri, t), machine.get(KIND.t_epri, t));
}

/**
 * Changes t_pri. A thread on a run queue is requeued, at the front of its new queue with `front`; one that
 * sleeps or waits is requeued only where the priority is another one; one on a CPU takes cpu_dispatch_pri along.
 *
 * @returns whether the thread was on a run queue
 */
export function thread_change_pri(
  services: ThreadServices,
  t: number,
  new_pri: number,
  front: boolean,
): boolean {
  const { machine } = services;
  services.probe('change-pri', t, new_pri);
  const state = machine.get(KIND.t_state, t);
  let on_rq = false;
  switch (state) {
    case TS.SLEEP:
    case TS.WAIT:
      if (new_pri !== machine.get(KIND.t_pri, t)) {
        machine.set(KIND.t_pri, t, new_pri, CAUSE.thread_change_pri);
        if (state === TS.SLEEP) services.sleepq_requeue(t);
        else services.waitq_requeue(t);
      }
      break;
    case TS.RUN:
      on_rq = services.dispdeq(t);
      machine.set(KIND.t_pri, t, new_pri, CAUSE.thread_change_pri);
      if (front) services.setfrontdq(t);
      else services.setbackdq(t);
      break;
    default:
      machine.set(KIND.t_pri, t, new_pri, CAUSE.thread_change_pri);
      if (state === TS.ONPROC) updateDispatchPri(machine, t, CAUSE.thread_change_pri);
  }
  services.schedctl_set_cidpri(t);
  return on_rq;
}

/**
 * Changes t_epri, the priority that a thread inherits from those who wait for what it holds; on a queue it
 * moves, at the back among equals. Nothing where the priority is the same.
 */
export function thread_change_epri(services: ThreadServices, t: number, disp_pri: number): void {
  const { machine } = services;
  if (machine.get(KIND.t_epri, t) === disp_pri) return;
  const cause = CAUSE.thread_change_epri;
  const state = machine.get(KIND.t_state, t);
  switch (state) {
    case TS.SLEEP:
      machine.set(KIND.t_epri, t, disp_pri, cause);
      services.sleepq_requeue(t);
      break;
    case TS.WAIT:
      // waitq_change_pri() knows no inherited priority: what it stores is t_pri.
      machine.set(KIND.t_pri, t, disp_pri, cause);
      services.waitq_requeue(t);
      break;
    case TS.RUN:
      services.dispdeq(t);
      machine.set(KIND.t_epri, t, disp_pri, cause);
      services.setbackdq(t);
      break;
    default:
      machine.set(KIND.t_epri, t, disp_pri, cause);
      if (state === TS.ONPROC) updateDispatchPri(machine, t, cause);
  }
  services.schedctl_set_cidpri(t);
}

/** cpu_dispatch_pri follows the priority of `t` where `t` is the thread that its CPU runs. */
export function updateDispatchPri(machine: Machine, t: number, cause: number): void {
  const cpu = machine.get(KIND.t_cpu, t);
  if (machine.get(KIND.cpu_dispthread, cpu) !== t) return;
  machine.set(KIND.cpu_dispatch_pri, cpu, DISP_PRIO(machine, t), cause);
}

/** THREAD_CHANGE_PRI: changes t_pri of a thread that is on no queue, or is about to be put on one. */
export function THREAD_CHANGE_PRI(services: ThreadServices, t: number, pri: number, cause: number): void {
  services.probe('change-pri', t, pri);
  services.machine.set(KIND.t_pri, t, pri, cause);
  services.schedctl_set_cidpri(t);
}

/**
 * DISP_MUST_SURRENDER: something better than `t` waits on the queue of its CPU or on the kernel-preempt
 * queue of its processor set.
 */
export function DISP_MUST_SURRENDER(machine: Machine, t: number, cpupart: number): boolean {
  const pri = DISP_PRIO(machine, t);
  return (
    machine.get(KIND.disp_maxrunpri, machine.get(KIND.t_cpu, t)) > pri ||
    machine.get(KIND.kp_maxrunpri, cpupart) > pri
  );
}

/**
 * What a class asks at a tick: `t` is on its CPU and something better waits on the queue of that CPU. Unlike
 * in DISP_MUST_SURRENDER, an inherited priority and the kernel-preempt queue do not count.
 */
export function isOutranked(machine: Machine, t: number): boolean {
  return (
    machine.get(KIND.t_state, t) === TS.ONPROC &&
    machine.get(KIND.t_pri, t) < machine.get(KIND.disp_maxrunpri, machine.get(KIND.t_cpu, t))
  );
}
