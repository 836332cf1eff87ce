import type { Ns } from '#shared/base/brands.ts';

/**
 * Sums over the whole trace in a few thousand equal buckets whose length doubles as the trace grows.
 * Integers below 2^53 as 64-bit floats: the sums are exact and do not depend on the order.
 */
export const OVERVIEW_BUCKETS = 4096;
export const OVERVIEW_COLUMNS = 4;

export const OVERVIEW = { running: 0, spinning: 1, waiting: 2, revoked: 3 } as const;

export class OverviewBuilder {
  bucketNs = 1024;
  /** Columns one after the other: see {@link OVERVIEW}. */
  readonly data = new Float64Array(OVERVIEW_BUCKETS * OVERVIEW_COLUMNS);

  /** Adds the time from `startNs` to `endNs` to a column. */
  addTime(column: number, startNs: Ns, endNs: Ns): void {
    if (endNs <= startNs) return;
    this.reach(endNs);
    const base = column * OVERVIEW_BUCKETS;
    const bucketNs = this.bucketNs;
    let bucket = Math.floor(startNs / bucketNs);
    let from = startNs;
    while (from < endNs) {
      const to = Math.min(endNs, (bucket + 1) * bucketNs);
      this.data[base + bucket] = this.data[base + bucket]! + (to - from);
      from = to;
      bucket++;
    }
  }

  /** Counts something that happened at `timeNs`. */
  addPoint(column: number, timeNs: Ns): void {
    this.reach(timeNs);
    const at = column * OVERVIEW_BUCKETS + Math.floor(timeNs / this.bucketNs);
    this.data[at] = this.data[at]! + 1;
  }

  /** Makes the buckets long enough for `timeNs`. */
  reach(timeNs: Ns): void {
    while (timeNs >= this.bucketNs * OVERVIEW_BUCKETS) {
      this.bucketNs *= 2;
      for (let column = 0; column < OVERVIEW_COLUMNS; column++) {
        const base = column * OVERVIEW_BUCKETS;
        const half = OVERVIEW_BUCKETS / 2;
        for (let i = 0; i < half; i++) {
          this.data[base + i] = this.data[base + 2 * i]! + this.data[base + 2 * i + 1]!;
        }
        this.data.fill(0, base + half, base + OVERVIEW_BUCKETS);
      }
    }
  }
}
