/** Threads that are bound to a CPU: processor_bind(2) (cpu.c), and who is bound to what (disp.c). */
import { NONE } from '#shared/base/none.ts';
import { CID, TS } from '#shared/model/enums.ts';
import { KIND } from '#shared/model/kinds.ts';
import { EINVAL, EPERM } from '../../errno.ts';
import { aston, cpu_surrender } from './cpu-resched.ts';
import { TB_CPU_SOFT, type DispContext } from './disp-context.ts';
import { dispdeq, setbackdq } from './run-queues.ts';
import { disp_adjust_unbound_pri } from './unbound-pri.ts';

/**
 * Binds a thread to a CPU of its processor set, or to none (PBIND_NONE: NONE). One that waits is queued anew where it
 * is bound; where it is unbound it stays where it is, and others may take it.
 *
 * @returns 0, EPERM for a thread of the system class, EINVAL for a CPU that there is not or of another processor set
 */
export function cpu_bind_thread(d: DispContext, tp: number, bind: number, cause: number): number {
  const { machine } = d;
  if (machine.get(KIND.t_cid, tp) === CID.SYS) return EPERM;
  const part = machine.get(KIND.t_cpupart, tp);
  if (bind !== NONE && (bind >= d.cpus.ncpus || machine.get(KIND.cpu_part, bind) !== part)) return EINVAL;
  d.t_bind_cpu[tp] = bind;
  const state = machine.get(KIND.t_state, tp);
  if (bind === NONE) {
    disp_adjust_unbound_pri(d, tp, cause);
    machine.set(KIND.t_bound_cpu, tp, NONE, cause);
    if (state === TS.ONPROC && machine.get(KIND.cpu_part, machine.get(KIND.t_cpu, tp)) !== part) {
      cpu_surrender(d, tp);
    }
  } else {
    machine.set(KIND.t_bound_cpu, tp, bind, cause);
    if (state === TS.ONPROC) cpu_surrender(d, tp);
    else if (state === TS.RUN) {
      dispdeq(d, tp);
      setbackdq(d, tp);
    }
  }
  aston(d, tp, cause);
  return 0;
}

/** Unbinds the threads that are bound to a CPU: all of them, or only those whose binding is soft. */
export function cpu_unbind(d: DispContext, cp: number, unbind_all_threads: boolean, cause: number): number {
  let error = 0;
  d.services.forEachThread((tp) => {
    if (d.t_bind_cpu[tp] !== cp) return;
    if (!unbind_all_threads && (d.t_bindflag[tp]! & TB_CPU_SOFT) === 0) return;
    const failed = cpu_bind_thread(d, tp, NONE, cause);
    if (failed !== 0) error = failed;
  });
  return error;
}

function some(d: DispContext, holds: (tp: number) => boolean): boolean {
  let found = false;
  d.services.forEachThread((tp) => {
    found ||= d.machine.get(KIND.t_state, tp) !== TS.FREE && holds(tp);
  });
  return found;
}

/** Whether any thread is bound to the CPU, in whichever way. */
export function disp_bound_threads(d: DispContext, cp: number): boolean {
  return some(
    d,
    (tp) =>
      d.machine.get(KIND.t_bound_cpu, tp) === cp || d.t_bind_cpu[tp] === cp || d.t_weakbound_cpu[tp] === cp,
  );
}

/** The same, interrupt threads included: there are none that block. */
export function disp_bound_anythreads(d: DispContext, cp: number): boolean {
  return disp_bound_threads(d, cp);
}

/** Whether the processor set of the CPU has threads. The default set always has: the idle threads are its own. */
export function disp_bound_partition(d: DispContext, cp: number): boolean {
  const part = d.machine.get(KIND.cpu_part, cp);
  return part === 0 || some(d, (tp) => d.machine.get(KIND.t_cpupart, tp) === part);
}
