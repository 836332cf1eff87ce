/**
 * Asking a CPU to reschedule (disp.c): its flags say so, the thread that it runs takes an excursion through the kernel
 * (AST), and another CPU is poked. A CPU never pokes itself: it looks at its flags when it returns from where it is.
 *
 * Hot: runs for every thread that tops a queue, and allocates nothing.
 */
import { NONE } from '#shared/base/none.ts';
import { CAUSE } from '#shared/model/causes.ts';
import { TS } from '#shared/model/enums.ts';
import { KIND } from '#shared/model/kinds.ts';
import { CPU_IDLE_PRI, kpreemptpri, LWP_USER, sysdccid, type DispContext } from './disp-context.ts';
import { DISP_PRIO } from './thread.ts';

/** aston(): `t` comes by the kernel before it goes on in user mode. An idle thread never does. */
export function aston(d: DispContext, t: number, cause: number): void {
  if (t !== NONE) d.machine.set(KIND.t_astflag, t, 1, cause);
  d.probes.aston(t);
}

/**
 * A thread of priority `tpri` waits for `cp`: if it beats what that runs, `cp` is to reschedule. Pokes once at most.
 */
export function cpu_resched(d: DispContext, cp: number, tpri: number): void {
  const { machine } = d;
  const cpupri = machine.get(KIND.cpu_dispatch_pri, cp);
  if (cpupri === CPU_IDLE_PRI || cpupri >= tpri) return;
  let call_poke_cpu = false;
  if (machine.get(KIND.cpu_runrun, cp) === 0) {
    machine.set(KIND.cpu_runrun, cp, 1, CAUSE.cpu_resched);
    aston(d, machine.get(KIND.cpu_dispthread, cp), CAUSE.cpu_resched);
    if (tpri < kpreemptpri && cp !== machine.cpuNow) call_poke_cpu = true;
  }
  if (tpri >= kpreemptpri && machine.get(KIND.cpu_kprunrun, cp) === 0) {
    machine.set(KIND.cpu_kprunrun, cp, 1, CAUSE.cpu_resched);
    if (cp !== machine.cpuNow) call_poke_cpu = true;
  }
  if (call_poke_cpu) d.hooks.poke_cpu(cp);
}

/** Makes `tp` give up its CPU, if it is on one. A thread of the system duty cycle class only where others compete. */
export function cpu_surrender(d: DispContext, tp: number): void {
  const { machine, queues } = d;
  if (machine.get(KIND.t_state, tp) !== TS.ONPROC) return;
  const cpup = d.t_disp_queue[tp]!;
  const max_pri = Math.max(queues.maxrunpri(cpup), queues.maxrunpri(d.kpqOf(cpup)));
  if (machine.get(KIND.t_cid, tp) === sysdccid) {
    // Compared as unsigned numbers: the -1 of empty queues is more than any priority.
    if (DISP_PRIO(machine, tp) > max_pri >>> 0) return;
    machine.set(KIND.cpu_runrun, cpup, 1, CAUSE.cpu_surrender);
    machine.set(KIND.cpu_kprunrun, cpup, 1, CAUSE.cpu_surrender);
  } else {
    machine.set(KIND.cpu_runrun, cpup, 1, CAUSE.cpu_surrender);
    if (max_pri >= kpreemptpri) machine.set(KIND.cpu_kprunrun, cpup, 1, CAUSE.cpu_surrender);
  }
  d.probes.surrender(tp);
  // On its way back to user mode, by way of CL_TRAPRET, it looks at the flags in a moment.
  if (tp !== machine.curthread || d.lwp_state[tp] !== LWP_USER) {
    aston(d, tp, CAUSE.cpu_surrender);
    if (cpup !== machine.cpuNow) d.hooks.poke_cpu(cpup);
  }
}
