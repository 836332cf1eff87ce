/**
 * disp_max_unbound_pri, which is raised when threads are queued and only lowered when somebody looks (disp.c).
 *
 * Hot: runs for idle CPUs that look for work, and allocates nothing.
 */
import { NONE } from '#shared/base/none.ts';
import { CAUSE } from '#shared/model/causes.ts';
import { TS } from '#shared/model/enums.ts';
import { KIND } from '#shared/model/kinds.ts';
import { PRIORITY_LEVELS } from '#shared/model/queues.ts';
import { ASSERT } from '../../assert-kernel.ts';
import type { DispContext } from './disp-context.ts';
import { DISP_PRIO } from './thread.ts';

/** Lowers disp_max_unbound_pri to where an unbound thread waits, below `pri`; -1 where none does. */
export function disp_fix_unbound_pri(d: DispContext, dp: number, pri: number): void {
  const { queues } = d;
  let tp = NONE;
  do {
    pri = queues.highestBelow(dp, pri);
    if (pri < 0) break;
    tp = queues.first(dp, pri);
    while (tp !== NONE && d.isBound(tp)) tp = queues.next(tp);
  } while (tp === NONE);
  queues.setMaxUnboundPri(dp, pri, CAUSE.disp_getbest);
}

/** `tp` is about to be unbound: where it waits, it counts among the unbound threads of the CPU from now on. */
export function disp_adjust_unbound_pri(d: DispContext, tp: number, cause: number): void {
  const { machine, queues } = d;
  const dp = machine.get(KIND.t_bound_cpu, tp);
  if (dp === NONE || machine.get(KIND.t_state, tp) !== TS.RUN) return;
  const tpri = DISP_PRIO(machine, tp);
  ASSERT(tpri >= 0 && tpri < PRIORITY_LEVELS, 'disp_adjust_unbound_pri', 'tpri >= 0 && tpri < dp->disp_npri');
  if (tpri > queues.max_unbound_pri(dp)) queues.setMaxUnboundPri(dp, tpri, cause);
}
