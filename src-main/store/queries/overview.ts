/** `trace.overview`: the whole trace, for the minimap. */
import type { OverviewColumns } from '#shared/api/contract.ts';
import { OVERVIEW, OVERVIEW_BUCKETS } from '../levels/curves/overview.ts';
import { readOverview } from './read-overview.ts';
import type { TraceDatabase } from '../read/trace-database.ts';
import type { QueryParams } from './params.ts';

/** At most `pixels` buckets, each a whole number of the stored ones. The last may reach past the end of the trace. */
export function overview(trace: TraceDatabase, params: QueryParams<'trace.overview'>): OverviewColumns {
  return trace.guard(() => {
    const stored = readOverview(trace);
    const used = Math.max(1, Math.min(OVERVIEW_BUCKETS, Math.ceil(trace.durationNs / stored.bucketNs)));
    const perBucket = Math.ceil(used / params.pixels);
    const buckets = Math.ceil(used / perBucket);
    const sum = <T extends Float64Array | Int32Array>(column: number, into: T): T => {
      const values = stored.column(column);
      for (let i = 0; i < used; i++) {
        const bucket = Math.floor(i / perBucket);
        into[bucket] = into[bucket]! + values[i]!;
      }
      return into;
    };
    return {
      buckets,
      bucketNs: stored.bucketNs * perBucket,
      runningNs: sum(OVERVIEW.running, new Float64Array(buckets)),
      spinningNs: sum(OVERVIEW.spinning, new Float64Array(buckets)),
      waitingNs: sum(OVERVIEW.waiting, new Float64Array(buckets)),
      revoked: sum(OVERVIEW.revoked, new Int32Array(buckets)),
    };
  });
}
