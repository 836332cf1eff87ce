/**
 * The CPU on which a thread is best queued (disp.c).
 *
 * Hot: runs for every thread whose cache is cold and for every thread of the highest priorities, and allocates nothing.
 * As in the kernel it looks at the CPUs of the processor set one by one; an idle one ends the search.
 */
import { NONE } from '#shared/base/none.ts';
import { KIND } from '#shared/model/kinds.ts';
import { ASSERT } from '../../assert-kernel.ts';
import { CPU_IDLE_PRI, type DispContext } from './disp-context.ts';

const SHRT_MAX = 32_767;

/**
 * How good a CPU is for `tp`, the lower the better: the priority of what runs there, waits there or is meant for it.
 * What curthread itself runs at does not count; a CPU that is about to leave is avoided.
 *
 * The kernel doubles the priorities, for SMT exclusion to come in between; there is none here.
 */
function cpu_score(d: DispContext, cp: number, tp: number): number {
  const { machine } = d;
  let score: number;
  if (tp === machine.curthread && cp === machine.get(KIND.t_cpu, tp)) score = CPU_IDLE_PRI;
  else if (cp === d.cpu_inmotion) score = SHRT_MAX;
  else score = machine.get(KIND.cpu_dispatch_pri, cp);
  const maxrunpri = machine.get(KIND.disp_maxrunpri, cp);
  if (maxrunpri > score) score = maxrunpri;
  const chosen = machine.get(KIND.cpu_chosen_level, cp);
  return chosen > score ? chosen : score;
}

/**
 * disp_lowpri_cpu(): the CPU of the processor set of `tp` with the best score, the first of equals from `hint` on, or,
 * where that is not in the set, from the head of its ring on.
 */
export function disp_lowpri_cpu(d: DispContext, hint: number, tp: number): number {
  const { cpus, machine } = d;
  const part = machine.get(KIND.t_cpupart, tp);
  const cpstart = cpus.has(part, hint) ? hint : cpus.first(part);
  ASSERT(cpstart !== NONE, 'disp_lowpri_cpu', 'tp->t_lpl->lpl_ncpu > 0');
  let bestcpu = NONE;
  let best = SHRT_MAX;
  let cp = cpstart;
  do {
    const score = cpu_score(d, cp, tp);
    if (score < best) {
      best = score;
      bestcpu = cp;
      if (score === CPU_IDLE_PRI) break;
    }
    cp = cpus.next(cp);
  } while (cp !== cpstart);
  ASSERT(bestcpu !== NONE, 'disp_lowpri_cpu', 'bestcpu != NULL');
  return bestcpu;
}
