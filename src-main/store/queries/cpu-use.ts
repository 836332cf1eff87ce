/** `trace.cpuUse`: how much of the CPUs' time was used, and how much of that to spin. */
import type { Ns } from '#shared/base/brands.ts';
import type { CpuUseColumns } from '#shared/api/contract.ts';
import { LANE_STATE } from '#shared/model/enums.ts';
import { OVERVIEW } from '../levels/curves/overview.ts';
import { LANE_TILES } from '../levels/tiles/lane-tile.ts';
import { SERIES } from '../levels/series.ts';
import { TileReader } from '../levels/readers/tile-reader.ts';
import { startOf } from '../levels/tiles/tile.ts';
import type { TraceDatabase } from '../read/trace-database.ts';
import { readOverview } from './read-overview.ts';
import type { QueryParams } from './params.ts';

/** Runs on CPUs that are added up one by one; with more in the window, the sums of the overview are used. */
const RUNS_MOST = 200_000;

/**
 * Exact sums in equal buckets that cover the window, at most one for each pixel. Where the window holds too
 * many runs to add up, the buckets are those of the overview: fewer, and as exact.
 */
export function cpuUse(
  trace: TraceDatabase,
  params: QueryParams<'trace.cpuUse'>,
  runsMost = RUNS_MOST,
): CpuUseColumns {
  return trace.guard(() => {
    const startNs = Math.max(0, Math.min(params.startNs, trace.durationNs));
    const endNs = Math.max(startNs + 1, Math.min(params.endNs, trace.durationNs));
    const lanes = cpuLanes(trace);
    const runs = lanes.reduce((sum, lane) => sum + lane.nodes, 0);
    const pixelNs = (endNs - startNs) / params.pixels;
    const part = (endNs - startNs) / Math.max(1, trace.durationNs);
    return runs * part <= runsMost
      ? fromLanes(trace, lanes, startNs, endNs, Math.max(1, Math.ceil(pixelNs)))
      : fromOverview(trace, startNs, endNs, pixelNs);
  });
}

function cpuLanes(trace: TraceDatabase) {
  const cpus = trace.prepare('SELECT object FROM series WHERE kind = ? ORDER BY object').all(SERIES.cpuLane);
  const objects = (cpus as [number][]).map(([cpu]) => cpu);
  return TileReader.findAll(trace, LANE_TILES, SERIES.cpuLane, objects).filter((lane) => lane !== null);
}

function fromLanes(
  trace: TraceDatabase,
  lanes: ReturnType<typeof cpuLanes>,
  startNs: Ns,
  endNs: Ns,
  bucketNs: Ns,
): CpuUseColumns {
  const buckets = Math.ceil((endNs - startNs) / bucketNs);
  const runningNs = new Float64Array(buckets);
  const spinningNs = new Float64Array(buckets);
  const window = { startNs, endNs, pixelNs: 0 };
  TileReader.load(trace, lanes, window);
  for (const lane of lanes) {
    lane.visit(window, (tile, first, end, tileEnd) => {
      for (let row = first; row < end; row++) {
        const is = tile.code[row]!;
        if (tile.lwp[is]! < 0) continue;
        const into = tile.state[is] === LANE_STATE.spinning ? spinningNs : runningNs;
        const to = row + 1 < end ? startOf(tile, row + 1) : tileEnd;
        let at = Math.max(startOf(tile, row), startNs) - startNs;
        const last = Math.min(to, endNs) - startNs;
        while (at < last) {
          const bucket = Math.floor(at / bucketNs);
          const next = Math.min(last, (bucket + 1) * bucketNs);
          into[bucket] = into[bucket]! + next - at;
          at = next;
        }
      }
    });
  }
  return { startNs, bucketNs, buckets, runningNs, spinningNs };
}

function fromOverview(trace: TraceDatabase, startNs: Ns, endNs: Ns, pixelNs: Ns): CpuUseColumns {
  const stored = readOverview(trace);
  const perBucket = Math.max(1, Math.ceil(pixelNs / stored.bucketNs));
  const bucketNs = stored.bucketNs * perBucket;
  const first = Math.floor(startNs / bucketNs);
  const buckets = Math.floor((endNs - 1) / bucketNs) - first + 1;
  const sums = (column: number): Float64Array => {
    const values = stored.column(column);
    return Float64Array.from({ length: buckets }, (_, bucket) => {
      const from = (first + bucket) * perBucket;
      return values.subarray(from, from + perBucket).reduce((sum, value) => sum + value, 0);
    });
  };
  return {
    startNs: first * bucketNs,
    bucketNs,
    buckets,
    runningNs: sums(OVERVIEW.running),
    spinningNs: sums(OVERVIEW.spinning),
  };
}
