/** Counts in equal buckets for a window, read from the level of the counts whose buckets fit. */
import type { Ns } from '#shared/base/brands.ts';
import type { CountMatrix } from '#shared/api/contract.ts';
import { readChunk } from '../levels/readers/chunk-cache.ts';
import { findSeries, type FoundSeries } from '../levels/readers/find-series.ts';
import { COUNT_LEVELS, countBucketNs } from '../levels/curves/counts.ts';
import { CHUNK_NODES, chunkId, COUNT_LAYOUT, type SERIES, type CountNodes } from '../levels/series.ts';
import type { TraceDatabase } from '../read/trace-database.ts';
import { checkedRows } from '../read/checked-rows.ts';

type CountSeries = typeof SERIES.cpuUpdateCounts | typeof SERIES.decisionCounts;

/**
 * Exact counts for each object of `rows`. Buckets are at most one for each pixel, lie at whole multiples of
 * their length, and cover the window; the length is a power of two of {@link FIRST_BUCKET_NS}, at least it.
 */
export function countMatrix(
  trace: TraceDatabase,
  kind: CountSeries,
  rows: readonly number[],
  window: { readonly startNs: Ns; readonly endNs: Ns; readonly pixels: number },
): CountMatrix {
  const startNs = Math.max(0, window.startNs);
  const endNs = Math.max(startNs, window.endNs);
  // One pixel less: aligned buckets stick out at both ends.
  const wanted = (endNs - startNs) / Math.max(1, window.pixels - 1);
  let level = 0;
  while (level + 1 < COUNT_LEVELS && countBucketNs(level + 1) <= wanted) level++;
  let perBucket = 1;
  while (countBucketNs(level) * perBucket < wanted) perBucket *= 2;
  const bucketNs = countBucketNs(level) * perBucket;
  const first = Math.floor(startNs / bucketNs);
  const buckets = Math.floor(endNs / bucketNs) - first + 1;
  const counts = new Uint32Array(rows.length * buckets);
  rows.forEach((object, row) => {
    const found = findSeries(trace, kind, object * COUNT_LEVELS + level);
    if (found === null) return;
    const base = row * buckets;
    visitCounts(trace, found, first * perBucket, (first + buckets) * perBucket, (at, count) => {
      const bucket = base + Math.floor(at / perBucket) - first;
      counts[bucket] = counts[bucket]! + count;
    });
  });
  return { startNs: first * bucketNs, bucketNs, buckets, rows, counts };
}

/** Objects of which the trace has counts of this kind, in order. */
export function countedObjects(trace: TraceDatabase, kind: CountSeries): number[] {
  return trace.cached(`counted ${kind}`, () => {
    const sql = 'SELECT object FROM series WHERE kind = ? AND object % ? = 0 ORDER BY object';
    const rows = checkedRows(trace, sql, ['integer'], kind, COUNT_LEVELS);
    return rows.map(([object]) => object / COUNT_LEVELS);
  });
}

/** Calls `visit` for each stored bucket with a number in `from .. to - 1`. */
function visitCounts(
  trace: TraceDatabase,
  { id, nodes }: FoundSeries,
  from: number,
  to: number,
  visit: (bucket: number, count: number) => void,
): void {
  const chunk = (index: number): CountNodes =>
    readChunk(
      trace,
      COUNT_LAYOUT,
      0,
      chunkId(id, 0, index),
      Math.min(CHUNK_NODES, nodes - index * CHUNK_NODES),
    );
  const chunks = Math.ceil(nodes / CHUNK_NODES);
  // The last chunk that begins at or before `from`.
  let low = 0;
  let high = chunks - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (chunk(middle).start[0]! <= from) low = middle;
    else high = middle - 1;
  }
  for (let index = low; index < chunks; index++) {
    const { start, count } = chunk(index);
    for (let row = 0; row < start.length; row++) {
      if (start[row]! >= to) return;
      if (start[row]! >= from) visit(start[row]!, count[row]!);
    }
  }
}
