/** What FSS answers the swapper (fss.c: fss_swapin, fss_swapout). */
import { FSS_FLAGS } from '#shared/model/enums.ts';
import { KIND } from '#shared/model/kinds.ts';
import type { ClassServices } from './class-ops.ts';
import { fss_maxumdpri } from './fss-accounts.ts';
import { swapIn, swapOut, type SwapView } from './swapper.ts';
import type { Swapper } from './swapper-state.ts';

/** How much `t` deserves to be swapped in; -1 where it is loaded, or not runnable. */
export function fss_swapin(services: ClassServices, swapper: Swapper, t: number): number {
  return swapIn(services, swapper, t, viewOf(services, t));
}

/** How much `t` deserves to be swapped out; -1 where it may not be. */
export function fss_swapout(services: ClassServices, swapper: Swapper, t: number, soft: boolean): number {
  return swapOut(services, swapper, t, soft, viewOf(services, t));
}

/** All threads are swapped out as if they had the highest priority. */
function viewOf({ machine }: ClassServices, t: number): SwapView {
  return {
    by: 'fss',
    isPrivileged: (machine.get(KIND.fss_flags, t) & FSS_FLAGS.FSSKPRI) !== 0,
    inPriority: machine.get(KIND.fss_umdpri, t),
    outPriority: fss_maxumdpri,
  };
}
