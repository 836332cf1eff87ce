import { describe, expect, it } from 'vitest';
import type { Distribution } from '#shared/api/contract.ts';
import { alongAxis, decades, durationAt, histogramOf } from './histogram.ts';

/** Buckets `[start, end, count]`. */
const distribution = (...buckets: readonly (readonly [number, number, number])[]): Distribution => ({
  count: buckets.reduce((sum, [, , count]) => sum + count, 0),
  sumNs: 0,
  p50Ns: 0,
  p90Ns: 0,
  p99Ns: 0,
  atMostNs: 0,
  bucketStartNs: Float64Array.from(buckets, ([start]) => start),
  bucketEndNs: Float64Array.from(buckets, ([, end]) => end),
  bucketCount: Float64Array.from(buckets, ([, , count]) => count),
});

describe('histogramOf', () => {
  it('spans whole decades around what there is', () => {
    const histogram = histogramOf(distribution([1_152, 1_280, 4], [65_536, 73_728, 1]))!;
    expect([histogram.startNs, histogram.endNs]).toEqual([1_000, 100_000]);
    expect(histogram.most).toBe(4);
    expect(decades(histogram)).toEqual([1_000, 10_000, 100_000]);
  });

  it('adds up neighbouring buckets, and loses none', () => {
    const histogram = histogramOf(
      distribution([1_024, 1_152, 1], [1_152, 1_280, 2], [1_280, 1_408, 3], [2_048, 2_304, 5]),
    )!;
    expect(histogram.bars.reduce((sum, { count }) => sum + count, 0)).toBe(11);
    expect(histogram.bars.length).toBeLessThan(4);
    expect(histogram.bars.at(-1)).toEqual({ startNs: 2_048, endNs: 2_304, count: 5 });
  });

  it('shows nothing of nothing', () => {
    expect(histogramOf(distribution())).toBeNull();
  });
});

describe('the axis', () => {
  it('is logarithmic, and goes both ways', () => {
    const axis = { startNs: 1_000, endNs: 100_000 };
    expect(alongAxis(axis, 10_000)).toBeCloseTo(0.5);
    expect(durationAt(axis, 0.5)).toBeCloseTo(10_000);
    expect(alongAxis(axis, 1)).toBe(0);
  });
});
