/**
 * Fields besides the lanes that detectors need: they change seldom, so that a trace stores their changes separately.
 */
import { FSS_FLAGS, TS_FLAGS } from '#shared/model/enums.ts';
import { KIND, KIND_COUNT } from '#shared/model/kinds.ts';

/** By kind: bits of the value that are followed, 0 for a kind that is not. */
export const FOLLOWED_BITS = new Int32Array(KIND_COUNT);
for (const kind of [
  KIND.t_pri,
  KIND.t_epri,
  KIND.t_cid,
  KIND.t_bound_cpu,
  KIND.t_cpupart,
  KIND.cpu_part,
  KIND.cpu_online,
  KIND.lbolt,
  KIND.events_lost,
  KIND.chain_broken,
  KIND.page_process,
]) {
  FOLLOWED_BITS[kind] = -1;
}
FOLLOWED_BITS[KIND.ts_flags] = TS_FLAGS.TSRESTORE;
FOLLOWED_BITS[KIND.fss_flags] = FSS_FLAGS.FSSRESTORE;
