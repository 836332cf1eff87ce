/**
 * Sums over the leaves (level 0) of one series: what the aggregates of an area are made of.
 *
 * Sums are fed the leaves in order. What begins or ends counts where it does, durations count as they pass; so the
 * sums up to one time less those up to an earlier one are what lies between, exactly.
 */
import type { Ns } from '#shared/base/brands.ts';
import type { NodeColumns } from '../series.ts';
import { logBucketOf, LOG_BUCKETS } from './log-buckets.ts';
import { transferColumn, type NumberList } from './number-list.ts';

export interface LeafSums<C extends NodeColumns> {
  /**
   * Adds the leaf `columns[row]`, of which the time from its start to `endNs` counts, and what happened before
   * `untilNs`. Hot: once a leaf.
   */
  add(columns: C, row: number, endNs: Ns, untilNs: Ns): void;
  /** Writes all that it holds, or reads it into new sums. */
  transfer(list: NumberList): void;
}

/** How often each duration occurred, and their sum in ns. */
export class DurationSums {
  readonly counts = new Float64Array(LOG_BUCKETS);
  sumNs = 0;

  add(ns: Ns): void {
    const bucket = logBucketOf(ns);
    this.counts[bucket] = this.counts[bucket]! + 1;
    this.sumNs += ns;
  }

  transfer(list: NumberList): void {
    this.sumNs = list.next(this.sumNs);
    transferColumn(list, this.counts);
  }
}
