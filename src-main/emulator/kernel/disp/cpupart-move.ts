/**
 * CPUs and threads that change processor sets (cpupart.c): what psrset(1M) asks for. Functions act from outside: no CPU
 * and no thread is current. All bindings to processor sets are hard.
 */
import { NONE } from '#shared/base/none.ts';
import { CAUSE } from '#shared/model/causes.ts';
import { TS } from '#shared/model/enums.ts';
import { KIND } from '#shared/model/kinds.ts';
import { EBUSY, EINVAL } from '../../errno.ts';
import { cpu_unbind, disp_bound_partition, disp_bound_threads } from './cpu-bind.ts';
import { aston, cpu_surrender } from './cpu-resched.ts';
import { disp_cpu_inactive } from './cpu-state.ts';
import { sysdccid, type DispContext } from './disp-context.ts';
import { disp_lowpri_cpu } from './lowpri-cpu.ts';
import { pause_cpus } from './pause-cpus.ts';
import { dispdeq, setbackdq } from './run-queues.ts';

/** pset_assign(): EINVAL for a CPU that is offline; else as {@link cpupart_move_cpu}. */
export function cpupart_attach_cpu(d: DispContext, cp: number, newpp: number, forced: boolean): number {
  return d.isOffline(cp) ? EINVAL : cpupart_move_cpu(d, cp, newpp, forced);
}

/**
 * An online CPU goes to another processor set, and leaves its threads behind. EBUSY where it is the last of a set that
 * has threads, and where threads are bound to it.
 */
function cpupart_move_cpu(d: DispContext, cp: number, newpp: number, forced: boolean): number {
  const { machine, cpus } = d;
  const cause = CAUSE.cpupart_move_cpu;
  const oldpp = machine.get(KIND.cpu_part, cp);
  if (newpp === oldpp) return 0;
  const move_threads = disp_bound_partition(d, cp);
  if (move_threads && cpus.count(oldpp) === 1) {
    cpu_unbind(d, cpus.first(oldpp), false, cause);
    return EBUSY;
  }
  const error = cpu_unbind(d, cp, forced, cause);
  if (error !== 0) return error;
  d.cpu_inmotion = cp;
  if (move_threads && disp_bound_threads(d, cp)) {
    d.cpu_inmotion = NONE;
    return EBUSY;
  }
  pause_cpus(d, cp);
  const ncp = cpus.next(cp);
  cpus.leave(cp, oldpp);
  cpus.join(cp, newpp);
  machine.set(KIND.cpu_part, cp, newpp, cause);
  if (move_threads) {
    d.services.forEachThread((t) => {
      if (
        machine.get(KIND.t_cpu, t) === cp &&
        machine.get(KIND.t_cpupart, t) === oldpp &&
        machine.get(KIND.t_bound_cpu, t) !== cp
      ) {
        machine.set(KIND.t_cpu, t, disp_lowpri_cpu(d, ncp, t), cause);
      }
    });
    disp_cpu_inactive(d, cp);
    // It is to switch to a thread of its new set.
    machine.set(KIND.cpu_runrun, cp, 1, cause);
    machine.set(KIND.cpu_kprunrun, cp, 1, cause);
  }
  d.cpu_inmotion = NONE;
  d.services.start_cpus();
  return 0;
}

/** EBUSY for a thread that is bound to a CPU of another set, EINVAL for one of the system duty cycle class. */
function cpupart_movable_thread(d: DispContext, tp: number, newpp: number): number {
  const { machine } = d;
  const bound = machine.get(KIND.t_bound_cpu, tp);
  const boundcpu = bound !== NONE ? bound : d.t_weakbound_cpu[tp]!;
  if (boundcpu !== NONE && machine.get(KIND.cpu_part, boundcpu) !== newpp) return EBUSY;
  return machine.get(KIND.t_cid, tp) === sysdccid ? EINVAL : 0;
}

/** pset_bind(): the thread runs on the CPUs of a processor set from now on. EINVAL for a set without CPUs. */
export function cpupart_move_thread(d: DispContext, tp: number, newpp: number): number {
  const { machine } = d;
  if (d.cpus.first(newpp) === NONE) return EINVAL;
  const error = cpupart_movable_thread(d, tp, newpp);
  if (error !== 0) return error;
  if (machine.get(KIND.t_cpupart, tp) !== newpp) {
    machine.set(KIND.t_cpupart, tp, newpp, CAUSE.cpupart_move_thread);
    const state = machine.get(KIND.t_state, tp);
    if (state === TS.ONPROC) cpu_surrender(d, tp);
    else if (state === TS.RUN) {
      dispdeq(d, tp);
      setbackdq(d, tp);
    }
  }
  aston(d, tp, CAUSE.cpupart_move_thread);
  d.services.fss_changepset(tp, newpp);
  return 0;
}
