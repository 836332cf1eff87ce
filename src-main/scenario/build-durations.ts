/** From durations and distributions as they are written to nanoseconds. */
import type { Ns } from '#shared/base/brands.ts';
import { pow } from '#shared/base/elementary-functions.ts';
import type { DurationPlan } from '../emulator/plan.ts';
import type { BuildReport } from './build-report.ts';
import type { RandomDurationText } from './schema.ts';
import { durationOf } from './units.ts';
import type { ValuePath } from './yaml-source.ts';

/** The longest run: event times stay exact, and no person waits for more. */
export const MAX_DURATION_NS = 24 * 3600 * 1e9;

export class Durations {
  private readonly report: BuildReport;
  private readonly hz: number;
  /** What `each` means, null where it means nothing. */
  private each: number | null = null;

  constructor(report: BuildReport, hz: number) {
    this.report = report;
    this.hz = hz;
  }

  /** Nanoseconds of a duration, of `otherwise` where there is none. */
  ns(text: string | number | undefined, otherwise = 0): Ns {
    return text === undefined ? otherwise : durationOf(text, this.hz);
  }

  /** Reads something in which `each` means the duration `size`. */
  withEach<Result>(size: string | number, read: () => Result): Result {
    this.each = this.ns(size);
    const result = read();
    this.each = null;
    return result;
  }

  plan(text: RandomDurationText, path: ValuePath): DurationPlan {
    if (text === 'each') {
      if (this.each === null) {
        this.report.problem(path, 'found each, expected a duration: no for_each of an LWP says the sizes');
      }
      return { kind: 'constant', ns: this.each ?? 0 };
    }
    if (typeof text === 'string' || typeof text === 'number') return { kind: 'constant', ns: this.ns(text) };
    if ('uniform' in text) {
      const lowNs = this.ns(text.uniform[0]);
      const highNs = this.ns(text.uniform[1]);
      if (lowNs > highNs) {
        this.report.problem(path, 'found a lower bound above the upper one, expected the lower bound first');
      }
      return { kind: 'uniform', lowNs, highNs };
    }
    if ('zipf' in text) {
      const { unit, exponent, ranks } = text.zipf;
      let sum = 0;
      const sums = zipfWeights(exponent, ranks).map((weight) => (sum += weight));
      return { kind: 'zipf', unitNs: this.ns(unit), cumulative: sums.map((part) => part / sum) };
    }
    const leastNs = this.ns(text.least);
    const mostNs = this.ns(text.most, MAX_DURATION_NS);
    if (leastNs > mostNs)
      this.report.problem(path, 'found least above most, expected most to be the longer one');
    return 'exponential' in text
      ? { kind: 'exponential', meanNs: this.ns(text.exponential), leastNs, mostNs }
      : {
          kind: 'logNormal',
          medianNs: this.ns(text.log_normal.median),
          sigma: text.log_normal.sigma,
          leastNs,
          mostNs,
        };
  }

  /** The same for one that may be absent: null. */
  planOrNull(text: RandomDurationText | undefined, path: ValuePath): DurationPlan | null {
    return text === undefined ? null : this.plan(text, path);
  }
}

/** Weights of ranks 1 .. `ranks` in the Zipf distribution. */
export function zipfWeights(exponent: number, ranks: number): number[] {
  return Array.from({ length: ranks }, (_, index) => pow(index + 1, -exponent));
}
