/**
 * Buckets for durations: eight to the octave, so that a bucket is at most an eighth of its start wide. Durations below
 * 16 ns have a bucket each.
 */
import type { Ns } from '#shared/base/brands.ts';

const PER_OCTAVE = 8;
/** Enough for 2^53 ns. */
export const LOG_BUCKETS = (53 - 3) * PER_OCTAVE + PER_OCTAVE;

/** Bucket of a duration in whole ns, 0 to {@link LOG_BUCKETS} - 1. Hot: allocates nothing. */
export function logBucketOf(ns: Ns): number {
  if (ns < 2 * PER_OCTAVE) return ns > 0 ? Math.floor(ns) : 0;
  const exponent = ns < 2 ** 31 ? 31 - Math.clz32(ns) : 62 - Math.clz32(ns / 2 ** 31);
  const shift = exponent - 3;
  return Math.min(LOG_BUCKETS - 1, shift * PER_OCTAVE + Math.floor(ns / 2 ** shift));
}

/** The shortest duration in a bucket, in ns; that of the next bucket is just longer than the longest. */
export function logBucketStartNs(bucket: number): Ns {
  if (bucket < 2 * PER_OCTAVE) return bucket;
  return ((bucket % PER_OCTAVE) + PER_OCTAVE) * 2 ** (Math.floor(bucket / PER_OCTAVE) - 1);
}
