/** Preemption of the current thread (disp.c). */
import { CAUSE } from '#shared/model/causes.ts';
import { TS } from '#shared/model/enums.ts';
import { KIND } from '#shared/model/kinds.ts';
import type { DispContext } from './disp-context.ts';
import { swtch } from './swtch.ts';

/**
 * The current thread loses its CPU to a better one, if there is any; its class says to which end of a queue it goes.
 * One that is on a queue already, or chosen by another CPU, is on its way to swtch() anyway.
 */
export function preempt(d: DispContext): void {
  const { machine } = d;
  const t = machine.curthread;
  const cpu = machine.cpuNow;
  if (machine.get(KIND.t_state, t) !== TS.ONPROC || d.t_disp_queue[t] !== cpu) {
    machine.set(KIND.cpu_kprunrun, cpu, 0, CAUSE.preempt);
    return;
  }
  d.services.CL_PREEMPT(t);
  d.probes.preempt(t);
  swtch(d);
}
