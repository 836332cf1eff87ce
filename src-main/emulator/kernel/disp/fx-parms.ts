/** Class parameters of FX as priocntl takes them (fx.c: fx_parmsin, fx_vaparmsin). */
import { EINVAL } from '../../errno.ts';
import { NOCHANGE, PC_VAPARMCNT, asPri, type ClassParms, type Errno, type VaParms } from './class-ops.ts';
import { FX_LEVELS } from './fx-dptbl.ts';
import { TQDEF, setQuantum } from './quantum-parms.ts';
import { hasTwice } from './upri-parms.ts';

/** User priorities go from 0 to 60 (fx_maxupri). */
export const fx_maxupri = FX_LEVELS - 1;

/** Keys of parameters (sys/fxpriocntl.h). */
const FX_KY = { uprilim: 1, upri: 2, tqsecs: 3, tqnsecs: 4 } as const;

/** Checks parameters from user level, and fills in `tqntm`: ticks, TQINF, TQDEF or NOCHANGE. */
export function fx_parmsin(parms: ClassParms, hz: number): Errno {
  const { uprilim, upri, tqnsecs } = parms as { uprilim: number; upri: number; tqnsecs: number };
  if (uprilim !== NOCHANGE && !isUpri(uprilim)) return EINVAL;
  if (upri !== NOCHANGE && !isUpri(upri)) return EINVAL;
  const tqsecs = parms.tqsecs! >>> 0; // an unsigned int
  return setQuantum(parms, tqsecs, tqnsecs, hz, NOCHANGE);
}

/** Takes parameters by key into `parms`: each at most once; none at all means the defaults of all. */
export function fx_vaparmsin(vaparms: VaParms, parms: ClassParms, hz: number): Errno {
  Object.assign(parms, { uprilim: NOCHANGE, upri: NOCHANGE, tqntm: NOCHANGE });
  if (vaparms.length > PC_VAPARMCNT || hasTwice(vaparms)) return EINVAL;
  let tqsecs = 0;
  let tqnsecs = 0;
  let setsQuantum = false;
  for (const [key, value] of vaparms) {
    if (key === FX_KY.tqsecs) {
      tqsecs = value >>> 0;
      setsQuantum = true;
    } else if (key === FX_KY.tqnsecs) {
      tqnsecs = value | 0;
      setsQuantum = true;
    } else if (key === FX_KY.uprilim || key === FX_KY.upri) {
      const pri = asPri(value);
      if (!isUpri(pri)) return EINVAL;
      parms[key === FX_KY.uprilim ? 'uprilim' : 'upri'] = pri;
    } else return EINVAL;
  }
  if (vaparms.length === 0) Object.assign(parms, { uprilim: 0, upri: 0, tqntm: TQDEF });
  return setsQuantum ? setQuantum(parms, tqsecs, tqnsecs, hz, null) : 0;
}

function isUpri(pri: number): boolean {
  return pri >= 0 && pri <= fx_maxupri;
}
