/** What FSS answers the swapper (fss.c: fss_swapin, fss_swapout). */
import { FSS_FLAGS, TS } from '#shared/model/enums.ts';
import { KIND } from '#shared/model/kinds.ts';
import { ASSERT } from '../../assert-kernel.ts';
import type { ClassServices } from './class-ops.ts';
import { fss_maxumdpri } from './fss-accounts.ts';
import { swapPriority, type Swapper } from './swapper.ts';
import { DISP_PRIO } from './thread.ts';

/** Seconds that a thread must have been runnable, or asleep, to be swapped out for want of memory. */
const fss_minrun = 2;
const fss_minslp = 2;

const NOT_ELIGIBLE = -1;

/** How much `t` deserves to be swapped in; -1 where it is loaded, or not runnable. */
export function fss_swapin(services: ClassServices, swapper: Swapper, t: number): number {
  const { machine } = services;
  if (machine.get(KIND.t_state, t) !== TS.RUN || swapper.isLoaded(t)) return NOT_ELIGIBLE;
  const seconds = secondsSince(services, machine.get(KIND.t_stime, t));
  if (isInherited(services, t) || isAtKernelPriority(services, t)) {
    return swapPriority(DISP_PRIO(machine, t) + seconds);
  }
  const umdpri = machine.get(KIND.fss_umdpri, t);
  ASSERT(umdpri >= 0 && umdpri <= fss_maxumdpri, 'fss_swapin', 'epri >= 0 && epri <= fss_maxumdpri');
  return swapPriority(umdpri + seconds - pageCost(swapper, swapper.p_swrss(services.processOf(t))));
}

/**
 * How much `t` deserves to be swapped out; -1 where it may not be. (SWAP_OK asks besides whether the thread is on a
 * processor or being swapped already; the emulator leaves no thread in the middle of either.)
 *
 * @param soft only threads that have slept for long; otherwise memory is short
 */
export function fss_swapout(services: ClassServices, swapper: Swapper, t: number, soft: boolean): number {
  const { machine } = services;
  const state = machine.get(KIND.t_state, t);
  if (
    isInherited(services, t) ||
    isAtKernelPriority(services, t) ||
    swapper.isExiting(t) ||
    (state & (TS.ZOMB | TS.STOPPED | TS.ONPROC | TS.WAIT)) !== 0 ||
    !swapper.isLoaded(t)
  ) {
    return NOT_ELIGIBLE;
  }
  ASSERT((state & (TS.SLEEP | TS.RUN)) !== 0, 'fss_swapout', 't->t_state & (TS_SLEEP | TS_RUN)');
  const seconds = secondsSince(services, machine.get(KIND.t_stime, t));
  const sleeps = state === TS.SLEEP;
  if (soft) return sleeps && seconds > swapper.maxslp ? swapPriority(0) : NOT_ELIGIBLE;
  if (seconds <= (sleeps ? fss_minslp : fss_minrun)) return NOT_ELIGIBLE;
  const pages = swapper.rm_asrss(services.processOf(t));
  return swapPriority(seconds - pageCost(swapper, pages) - fss_maxumdpri);
}

/** INHERITED: somebody who waits for what `t` holds has a better priority. */
function isInherited({ machine }: ClassServices, t: number): boolean {
  return machine.get(KIND.t_pri, t) < machine.get(KIND.t_epri, t);
}

function isAtKernelPriority({ machine }: ClassServices, t: number): boolean {
  return (machine.get(KIND.fss_flags, t) & FSS_FLAGS.FSSKPRI) !== 0;
}

function secondsSince(services: ClassServices, tick: number): number {
  return Math.trunc((services.lbolt() - tick) / services.hz);
}

/** What the size of an address space takes off. */
function pageCost({ maxpgio }: Swapper, pages: number): number {
  return Math.trunc(Math.trunc(pages / (maxpgio === 0 ? 1 : maxpgio)) / 2);
}
