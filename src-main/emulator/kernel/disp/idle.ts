/**
 * The idle loop (disp.c).
 *
 * Hot: runs whenever a CPU that idles may have something to do, and allocates nothing.
 */
import { NONE } from '#shared/base/none.ts';
import { CAUSE } from '#shared/model/causes.ts';
import { KIND } from '#shared/model/kinds.ts';
import type { DispContext } from './disp-context.ts';
import { disp_getwork, T_DONTSTEAL } from './getwork.ts';
import { swtch, swtch_to } from './swtch.ts';

/** How one turn of the idle loop ends: it switched; it calls idle_cpu(); it would look again at once. */
export type IdleTurn = 'switched' | 'idles' | 'dontsteal';

/** One turn of the idle loop of this CPU, whose idle thread is current. An offline CPU is quiesced. */
export function idle(d: DispContext): IdleTurn {
  const { machine, queues } = d;
  const cp = machine.cpuNow;
  d.retryNs = Infinity;
  if (d.cpus.ncpus > 1 && d.isOffline(cp)) return 'idles';
  if (queues.nrunnable(cp) !== 0) {
    swtch(d);
    return 'switched';
  }
  if (d.cpus.ncpus === 1) return 'idles';
  const t = disp_getwork(d, cp);
  if (t === NONE) {
    // A level was chosen for a thread that another CPU has taken.
    if (machine.get(KIND.cpu_chosen_level, cp) !== -1 && queues.maxrunpri(d.kpqOf(cp)) === -1) {
      machine.set(KIND.cpu_chosen_level, cp, -1, CAUSE.idle);
    }
    return 'idles';
  }
  if (t === T_DONTSTEAL) return 'dontsteal';
  swtch_to(d, t);
  return 'switched';
}
