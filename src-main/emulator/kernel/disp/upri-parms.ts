/**
 * Class parameters of TS, IA and FSS as priocntl takes them (ts.c: ts_parmsin, ts_vaparmsin, ia_parmsin, ia_vaparmsin;
 * fss.c: fss_parmsin, fss_vaparmsin): a limit and a user priority, of the same range in all three, and IA's mode.
 */
import { EINVAL } from '../../errno.ts';
import { NOCHANGE, PC_VAPARMCNT, asPri, type ClassParms, type Errno, type VaParms } from './class-ops.ts';

/** User priorities go from -60 to 60 (TSMAXUPRI, IAMAXUPRI, FSS_MAXUPRI). */
export const maxupri = 60;

/** ia_mode of the parameters. Every value but these two and NOCHANGE means "off", too. */
export const IA_INTERACTIVE_OFF = 0;
export const IA_SET_INTERACTIVE = 1;

/** Keys of parameters (sys/tspriocntl.h, sys/fsspriocntl.h; IA's has the mode as well). */
const KEYS: Readonly<Record<number, 'uprilim' | 'upri'>> = { 1: 'uprilim', 2: 'upri' };
const IA_KY_MODE = 3;

/** Checks parameters from user level: both within -60..60 or "no change". IA's mode is taken as it is. */
export function upriParmsin(parms: ClassParms): Errno {
  const { uprilim, upri } = parms as { uprilim: number; upri: number };
  return (uprilim === NOCHANGE || isUpri(uprilim)) && (upri === NOCHANGE || isUpri(upri)) ? 0 : EINVAL;
}

/** Takes parameters by key into `parms`: each at most once; none at all means 0 for both. */
export function upriVaparmsin(vaparms: VaParms, parms: ClassParms): Errno {
  parms.uprilim = NOCHANGE;
  parms.upri = NOCHANGE;
  if (vaparms.length > PC_VAPARMCNT || hasTwice(vaparms)) return EINVAL;
  for (const [key, value] of vaparms) {
    const name = KEYS[key];
    if (name === undefined) return EINVAL;
    const pri = asPri(value);
    if (!isUpri(pri)) return EINVAL;
    parms[name] = pri;
  }
  if (vaparms.length === 0) parms.uprilim = parms.upri = 0;
  return 0;
}

/** The same for IA, where the mode may be on or off only; none at all means on. */
export function ia_vaparmsin(vaparms: VaParms, parms: ClassParms): Errno {
  parms.mode = vaparms.length === 0 ? IA_SET_INTERACTIVE : NOCHANGE;
  if (vaparms.length > PC_VAPARMCNT || hasTwice(vaparms)) return EINVAL;
  const others = vaparms.filter(([key]) => key !== IA_KY_MODE);
  const mode = vaparms.find(([key]) => key === IA_KY_MODE);
  if (mode !== undefined) {
    parms.mode = mode[1] | 0;
    if (parms.mode !== IA_SET_INTERACTIVE && parms.mode !== IA_INTERACTIVE_OFF) return EINVAL;
    if (others.length === 0) {
      parms.uprilim = parms.upri = NOCHANGE;
      return 0;
    }
  }
  return upriVaparmsin(others, parms);
}

/** Whether a key comes more than once, which no class takes. */
export function hasTwice(vaparms: VaParms): boolean {
  return new Set(vaparms.map(([key]) => key)).size < vaparms.length;
}

function isUpri(pri: number): boolean {
  return pri >= -maxupri && pri <= maxupri;
}
