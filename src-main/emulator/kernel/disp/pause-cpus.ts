/**
 * pause_cpus() (cpu.c): while the lists of CPUs change, every CPU runs its pause thread, the highest there is. Here
 * only that of the CPU concerned matters: it takes the CPU from the thread that runs there.
 */
import { NONE } from '#shared/base/none.ts';
import { TS } from '#shared/model/enums.ts';
import { KIND } from '#shared/model/kinds.ts';
import type { DispContext } from './disp-context.ts';
import { chooseIdleThread, leave, resume } from './swtch.ts';

/**
 * The pause thread of `cp` preempts what runs there. Acts on that CPU; no thread and no CPU is current afterwards, and
 * the CPU idles until its pause thread switches (start_cpus).
 */
export function pause_cpus(d: DispContext, cp: number): void {
  const { machine } = d;
  const t = d.cpu_thread[cp]!;
  if (t !== NONE) {
    machine.cpuNow = cp;
    machine.curthread = t;
    // One that is queued or asleep already has only its swtch() left to do.
    if (machine.get(KIND.t_state, t) === TS.ONPROC && d.t_disp_queue[t] === cp) d.services.CL_PREEMPT(t);
    chooseIdleThread(d, cp);
    d.dontSteal[cp] = 0;
    leave(d, t);
    d.retryNs = Infinity;
    resume(d, NONE);
  }
  machine.cpuNow = NONE;
  machine.curthread = NONE;
}
