/** Time quanta as priocntl takes them (FX; RT in part): seconds and nanoseconds, or a special value. */
import { EINVAL, ERANGE } from '../../errno.ts';
import { NOCHANGE, type ClassParms, type Errno } from './class-ops.ts';

/** The quantum never ends (FX_TQINF, RT_TQINF). */
export const TQINF = -2;
/** The quantum of the priority's level in the dispatch table (FX_TQDEF, RT_TQDEF). */
export const TQDEF = -3;

export const NANOSEC = 1_000_000_000;
export const INT_MAX = 0x7fff_ffff;

/** A quantum in ticks; a part of a tick counts as a whole one. */
export function quantumTicks(tqsecs: number, tqnsecs: number, hz: number): number {
  return tqsecs * hz + Math.ceil(tqnsecs / (NANOSEC / hz));
}

/**
 * Checks `tqsecs` and `tqnsecs` of `parms` and fills in `tqntm`: ticks (a part of a tick counts as a whole
 * one), {@link TQINF}, {@link TQDEF} or NOCHANGE. EINVAL for a quantum of zero, a whole second or
 * more in `tqnsecs`, or an unknown special value; ERANGE for more ticks than an int holds.
 */
export function quantumParmsin(parms: ClassParms, hz: number): Errno {
  const tqsecs = parms.tqsecs! >>> 0; // an unsigned int
  const tqnsecs = parms.tqnsecs!;
  if ((tqsecs === 0 && tqnsecs === 0) || tqnsecs >= NANOSEC) return EINVAL;
  if (tqnsecs >= 0) {
    const ticks = quantumTicks(tqsecs, tqnsecs, hz);
    if (ticks > INT_MAX) return ERANGE;
    parms.tqntm = ticks;
    return 0;
  }
  if (tqnsecs !== NOCHANGE && tqnsecs !== TQINF && tqnsecs !== TQDEF) return EINVAL;
  parms.tqntm = tqnsecs;
  return 0;
}
