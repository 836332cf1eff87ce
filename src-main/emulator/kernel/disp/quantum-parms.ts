/** Time quanta as priocntl takes and shows them (FX, RT): seconds and nanoseconds, or a special value. */
import { EINVAL, ERANGE } from '../../errno.ts';
import type { ClassParms, Errno } from './class-ops.ts';

/** The quantum never ends (FX_TQINF, RT_TQINF). */
export const TQINF = -2;
/** The quantum of the priority's level in the dispatch table (FX_TQDEF, RT_TQDEF). */
export const TQDEF = -3;

const NANOSEC = 1_000_000_000;
const INT_MAX = 0x7fff_ffff;

/**
 * Checks a quantum and fills in `tqntm` of `parms`: ticks (a part of a tick counts as a whole one), or the special
 * value. EINVAL for a quantum of zero, a whole second or more in `tqnsecs`, or an unknown special value; ERANGE for
 * more ticks than an int holds.
 *
 * @param nochange the class's "leave as it is" for `tqnsecs`; null where that may not be asked for
 */
export function setQuantum(
  parms: ClassParms,
  tqsecs: number,
  tqnsecs: number,
  hz: number,
  nochange: number | null,
): Errno {
  if ((tqsecs === 0 && tqnsecs === 0) || tqnsecs >= NANOSEC) return EINVAL;
  if (tqnsecs < 0) {
    if (tqnsecs !== nochange && tqnsecs !== TQINF && tqnsecs !== TQDEF) return EINVAL;
    parms.tqntm = tqnsecs;
    return 0;
  }
  const ticks = tqsecs * hz + Math.ceil(tqnsecs / (NANOSEC / hz));
  if (ticks > INT_MAX) return ERANGE;
  parms.tqntm = ticks;
  return 0;
}

/** fx_parmsout(), rt_parmsout(): makes of `tqntm` seconds and nanoseconds; a special value goes into the latter. */
export function quantumParmsout(parms: ClassParms, hz: number): Errno {
  const tqntm = parms.tqntm!;
  delete parms.tqntm;
  parms.tqsecs = tqntm < 0 ? 0 : Math.floor(tqntm / hz);
  parms.tqnsecs = tqntm < 0 ? tqntm : (tqntm % hz) * (NANOSEC / hz);
  return 0;
}
