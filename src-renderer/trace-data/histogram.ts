/** A distribution as bars on a logarithmic axis: what falls on the same bar is added up. */
import type { Ns } from '#shared/base/brands.ts';
import type { Distribution } from '#shared/api/contract.ts';

export interface Bar {
  readonly startNs: Ns;
  readonly endNs: Ns;
  readonly count: number;
}

export interface Histogram {
  readonly bars: readonly Bar[];
  readonly most: number;
  /** Ends of the axis: whole powers of ten. */
  readonly startNs: Ns;
  readonly endNs: Ns;
}

/** A bar ends at most this many times its start: two of the buckets, which are eight to the octave. */
const WIDEST_BAR = 1.26;

/** Null where there is nothing to show. */
export function histogramOf(distribution: Distribution): Histogram | null {
  const { bucketStartNs, bucketEndNs, bucketCount } = distribution;
  const n = bucketCount.length;
  if (n === 0) return null;
  const startNs = 10 ** Math.floor(Math.log10(Math.max(1, bucketStartNs[0]!)));
  const endNs = 10 ** Math.ceil(Math.log10(Math.max(startNs * 10, bucketEndNs[n - 1]!)));
  const bars: Bar[] = [];
  for (let i = 0; i < n; i++) {
    const bar = bars.at(-1);
    const from = bucketStartNs[i]!;
    const to = bucketEndNs[i]!;
    // Neighbouring buckets share a bar; a gap begins a new one.
    if (bar !== undefined && bar.endNs === from && to <= bar.startNs * WIDEST_BAR) {
      bars[bars.length - 1] = { startNs: bar.startNs, endNs: to, count: bar.count + bucketCount[i]! };
    } else {
      bars.push({ startNs: from, endNs: to, count: bucketCount[i]! });
    }
  }
  return { bars, most: Math.max(...bars.map(({ count }) => count)), startNs, endNs };
}

/** Place of a duration on the axis, 0 to 1. */
export function alongAxis({ startNs, endNs }: Pick<Histogram, 'startNs' | 'endNs'>, ns: Ns): number {
  const low = Math.log10(startNs);
  return Math.min(1, Math.max(0, (Math.log10(Math.max(ns, startNs)) - low) / (Math.log10(endNs) - low)));
}

/** The other direction of {@link alongAxis}. */
export function durationAt({ startNs, endNs }: Pick<Histogram, 'startNs' | 'endNs'>, along: number): number {
  const low = Math.log10(startNs);
  return 10 ** (low + Math.min(1, Math.max(0, along)) * (Math.log10(endNs) - low));
}

/** The powers of ten on the axis. */
export function decades({ startNs, endNs }: Pick<Histogram, 'startNs' | 'endNs'>): number[] {
  const ticks: Ns[] = [];
  for (let ns = startNs; ns <= endNs * 1.001; ns *= 10) ticks.push(ns);
  return ticks;
}
