import fc from 'fast-check';
import { expect, it } from 'vitest';
import { LOG_BUCKETS, logBucketOf, logBucketStartNs } from './log-buckets.ts';

it('puts every duration into a bucket that contains it and is at most an eighth of it wide', () => {
  fc.assert(
    fc.property(fc.maxSafeNat(), (ns) => {
      const bucket = logBucketOf(ns);
      const start = logBucketStartNs(bucket);
      const end = logBucketStartNs(bucket + 1);
      expect(bucket).toBeLessThan(LOG_BUCKETS);
      expect(start).toBeLessThanOrEqual(ns);
      expect(end).toBeGreaterThan(ns);
      expect(end - start).toBeLessThanOrEqual(Math.max(1, start / 8));
    }),
  );
});

it('has no gaps and no overlaps', () => {
  for (let bucket = 0; bucket < LOG_BUCKETS; bucket++) {
    expect(logBucketOf(logBucketStartNs(bucket))).toBe(bucket);
    if (bucket > 0) expect(logBucketOf(logBucketStartNs(bucket) - 1)).toBe(bucket - 1);
  }
});
