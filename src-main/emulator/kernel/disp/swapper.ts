/**
 * The swapper, as the classes see it (sys/thread.h: t_schedflag; sched.c): which threads are loaded, and which must
 * not be swapped out. The emulated machine has memory for everything and no swapper: its threads are always
 * loaded, and these flags are neither kept nor recorded in a run. The functions of the classes are here all the same,
 * as in the C, and conformance vectors go through them.
 */
import { TS } from '#shared/model/enums.ts';
import { KIND } from '#shared/model/kinds.ts';
import { ASSERT } from '../../assert-kernel.ts';
import type { ClassServices } from './class-ops.ts';
import type { Swapper } from './swapper-state.ts';
import { DISP_PRIO } from './thread.ts';

/** The highest pri_t. */
export const SHRT_MAX = 32_767;
/** What the swapper is told of a thread that it may not move. */
export const NOT_ELIGIBLE = -1;
/** Seconds that a thread must have been runnable, or asleep, to be swapped out for want of memory (ts.c, fss.c). */
const minrun = 2;
const minslp = 2;
/** ts_maxumdpri, fss_maxumdpri. */
const maxumdpri = 59;

/** What a class whose priorities fall and rise knows of a thread. */
export interface SwapView {
  /** What the functions and constants of its C begin with. */
  readonly by: 'ts' | 'fss';
  /** It has a priority that its size must not lower: of the kernel, or of the foreground. */
  readonly isPrivileged: boolean;
  /** The global priority of its user-mode priority, as far as the class lets it count. */
  readonly inPriority: number;
  readonly outPriority: number;
}

/** Whether `t` is runnable and not in memory: only then a class is asked how much it deserves to be. */
export function awaitsMemory({ machine }: ClassServices, swapper: Swapper, t: number): boolean {
  return machine.get(KIND.t_state, t) === TS.RUN && !swapper.isLoaded(t);
}

/** ts_swapin() and fss_swapin(): how much `t` deserves to be swapped in; -1 where it is loaded, or not runnable. */
export function swapIn(services: ClassServices, swapper: Swapper, t: number, view: SwapView): number {
  if (!awaitsMemory(services, swapper, t)) return NOT_ELIGIBLE;
  const seconds = secondsSinceStime(services, t);
  if (isInherited(services, t) || view.isPrivileged) {
    return swapPriority(DISP_PRIO(services.machine, t) + seconds);
  }
  const { by, inPriority } = view;
  ASSERT(isUserMode(inPriority), `${by}_swapin`, `epri >= 0 && epri <= ${by}_maxumdpri`);
  return swapPriority(inPriority + seconds - pageCost(swapper, swapper.p_swrss(services.processOf(t))));
}

/**
 * ts_swapout() and fss_swapout(): how much `t` deserves to be swapped out; -1 where it may not be. (SWAP_OK asks
 * besides whether the thread is on a processor or being swapped already; the emulator leaves no thread in the middle
 * of either.)
 *
 * @param soft only threads that have slept for long; otherwise memory is short
 */
export function swapOut(
  services: ClassServices,
  swapper: Swapper,
  t: number,
  soft: boolean,
  view: SwapView,
): number {
  const state = services.machine.get(KIND.t_state, t);
  if (
    isInherited(services, t) ||
    view.isPrivileged ||
    swapper.isExiting(t) ||
    (state & (TS.ZOMB | TS.STOPPED | TS.ONPROC | TS.WAIT)) !== 0 ||
    !swapper.isLoaded(t)
  ) {
    return NOT_ELIGIBLE;
  }
  ASSERT((state & (TS.SLEEP | TS.RUN)) !== 0, `${view.by}_swapout`, 't->t_state & (TS_SLEEP | TS_RUN)');
  const seconds = secondsSinceStime(services, t);
  const sleeps = state === TS.SLEEP;
  if (soft) return sleeps && seconds > swapper.maxslp ? swapPriority(0) : NOT_ELIGIBLE;
  if (seconds <= (sleeps ? minslp : minrun)) return NOT_ELIGIBLE;
  const pages = swapper.rm_asrss(services.processOf(t));
  return swapPriority(seconds - pageCost(swapper, pages) - view.outPriority);
}

/** An effective priority for swapping, scaled so that SHRT_MAX / 2 is zero, and cut to a pri_t. */
function swapPriority(epri: number): number {
  return Math.max(0, Math.min(epri + (SHRT_MAX >> 1), SHRT_MAX));
}

/** INHERITED: somebody who waits for what `t` holds has a better priority. */
function isInherited({ machine }: ClassServices, t: number): boolean {
  return machine.get(KIND.t_pri, t) < machine.get(KIND.t_epri, t);
}

/** Whether `pri` is from 0 to ts_maxumdpri, which is fss_maxumdpri. */
function isUserMode(pri: number): boolean {
  return pri >= 0 && pri <= maxumdpri;
}

function secondsSinceStime(services: ClassServices, t: number): number {
  return Math.trunc((services.lbolt() - services.machine.get(KIND.t_stime, t)) / services.hz);
}

/** What the size of an address space takes off. */
function pageCost({ maxpgio }: Swapper, pages: number): number {
  return Math.trunc(Math.trunc(pages / (maxpgio === 0 ? 1 : maxpgio)) / 2);
}
