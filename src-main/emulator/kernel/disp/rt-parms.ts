/**
 * Class parameters of RT as priocntl takes them (rt.c: rt_parmsin, rt_vaparmsin).
 *
 * In the kernel's own form (rtkparms_t) `cflags` says which of the others are meant, and `tqntm` is the quantum in
 * ticks or a special value.
 */
import { EINVAL } from '../../errno.ts';
import { PC_VAPARMCNT, asPri, type ClassParms, type Errno, type VaParms } from './class-ops.ts';
import { TQDEF, setQuantum } from './quantum-parms.ts';
import { RT_LEVELS } from './rt-dptbl.ts';
import { hasTwice } from './upri-parms.ts';

/** Priorities within the class go from 0 to 59 (rt_maxpri). */
export const rt_maxpri = RT_LEVELS - 1;
/** "Leave as it is" (RT_NOCHANGE), which is not that of the other classes. */
export const RT_NOCHANGE = -1;
/** Signals end below this (NSIG). */
const NSIG = 75;

/** What a request is about (rt_cflags). */
export const RT_DOPRI = 0x01;
export const RT_DOTQ = 0x02;
export const RT_DOSIG = 0x04;

/** Keys of parameters (sys/rtpriocntl.h). */
export const RT_KY = { pri: 1, tqsecs: 2, tqnsecs: 3, tqsig: 4 } as const;
const FLAG_OF_KEY: Readonly<Record<number, number>> = {
  [RT_KY.pri]: RT_DOPRI,
  [RT_KY.tqsecs]: RT_DOTQ,
  [RT_KY.tqnsecs]: RT_DOTQ,
  [RT_KY.tqsig]: RT_DOSIG,
};

/** Checks parameters from user level, and fills in `tqntm` and `cflags`. */
export function rt_parmsin(parms: ClassParms, hz: number): Errno {
  const { pri, tqnsecs } = parms as { pri: number; tqnsecs: number };
  const tqsecs = parms.tqsecs! >>> 0; // an unsigned int
  if (pri !== RT_NOCHANGE && !isPri(pri)) return EINVAL;
  const error = setQuantum(parms, tqsecs, tqnsecs, hz, RT_NOCHANGE);
  if (error !== 0) return error;
  parms.cflags = (pri === RT_NOCHANGE ? 0 : RT_DOPRI) | (tqnsecs === RT_NOCHANGE ? 0 : RT_DOTQ);
  return 0;
}

/** Takes parameters by key into `parms`: each at most once; none at all means the defaults of all. */
export function rt_vaparmsin(vaparms: VaParms, parms: ClassParms, hz: number): Errno {
  parms.cflags = 0;
  parms.tqntm = RT_NOCHANGE;
  if (vaparms.length > PC_VAPARMCNT || hasTwice(vaparms)) return EINVAL;
  let tqsecs = 0;
  let tqnsecs = 0;
  for (const [key, value] of vaparms) {
    const flag = FLAG_OF_KEY[key];
    if (flag === undefined) return EINVAL;
    parms.cflags |= flag;
    if (key === RT_KY.tqsecs) {
      tqsecs = value >>> 0;
    } else if (key === RT_KY.tqnsecs) {
      tqnsecs = value | 0;
    } else if (key === RT_KY.pri) {
      parms.pri = asPri(value);
      if (!isPri(parms.pri)) return EINVAL;
    } else {
      parms.tqsig = value | 0;
      if (parms.tqsig < 0 || parms.tqsig >= NSIG) return EINVAL;
    }
  }
  if (vaparms.length === 0) {
    Object.assign(parms, { pri: 0, tqntm: TQDEF, tqsig: 0, cflags: RT_DOPRI | RT_DOTQ | RT_DOSIG });
    return 0;
  }
  return (parms.cflags & RT_DOTQ) === 0 ? 0 : setQuantum(parms, tqsecs, tqnsecs, hz, null);
}

function isPri(pri: number): boolean {
  return pri >= 0 && pri <= rt_maxpri;
}
