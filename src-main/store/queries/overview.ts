/** `trace.overview`: the whole trace, for the minimap. */
import type { OverviewColumns } from '#shared/api/contract.ts';
import { InvariantError } from '#shared/base/assert.ts';
import { OVERVIEW, OVERVIEW_BUCKETS, OVERVIEW_COLUMNS } from '../pyramid/overview.ts';
import type { TraceDatabase } from '../trace-database.ts';
import type { QueryParams } from './params.ts';

/** At most `pixels` buckets, each a whole number of the stored ones. The last may reach past the end of the trace. */
export function overview(trace: TraceDatabase, params: QueryParams<'trace.overview'>): OverviewColumns {
  return trace.guard(() => {
    const row = trace.prepare('SELECT bucket_ns, data FROM overview WHERE id = 1').get() as
      [number, Uint8Array] | undefined;
    if (row === undefined || row[1].byteLength !== OVERVIEW_BUCKETS * OVERVIEW_COLUMNS * 8) {
      throw new InvariantError('the overview is missing or has the wrong length');
    }
    const stored = new Float64Array(row[1].slice().buffer);
    const used = Math.max(1, Math.min(OVERVIEW_BUCKETS, Math.ceil(trace.durationNs / row[0])));
    const perBucket = Math.ceil(used / params.pixels);
    const buckets = Math.ceil(used / perBucket);
    const sum = <T extends Float64Array | Int32Array>(column: number, into: T): T => {
      const base = column * OVERVIEW_BUCKETS;
      for (let i = 0; i < used; i++) {
        const bucket = Math.floor(i / perBucket);
        into[bucket] = into[bucket]! + stored[base + i]!;
      }
      return into;
    };
    return {
      buckets,
      bucketNs: row[0] * perBucket,
      runningNs: sum(OVERVIEW.running, new Float64Array(buckets)),
      spinningNs: sum(OVERVIEW.spinning, new Float64Array(buckets)),
      waitingNs: sum(OVERVIEW.waiting, new Float64Array(buckets)),
      revoked: sum(OVERVIEW.revoked, new Int32Array(buckets)),
    };
  });
}
