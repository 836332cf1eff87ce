import type { LwpId, Ns } from '#shared/base/brands.ts';

/**
 * Claims: which time of which LWP a finding explains. They make its cost, say which findings share a cause, and add up
 * to the ledger, in which each ns of a thread is explained once.
 *
 * Hot: adding one allocates only where the columns grow.
 */
const FIRST_CAPACITY = 1024;

export class Claims {
  length = 0;
  private lwp = new Int32Array(FIRST_CAPACITY);
  private startNs = new Float64Array(FIRST_CAPACITY);
  private endNs = new Float64Array(FIRST_CAPACITY);
  private spinNs = new Float64Array(FIRST_CAPACITY);
  private found = new Int32Array(FIRST_CAPACITY);

  add(found: number, lwp: LwpId, startNs: Ns, endNs: Ns, spinNs: Ns): void {
    const at = this.length++;
    if (at === this.lwp.length) this.grow();
    this.found[at] = found;
    this.lwp[at] = lwp;
    this.startNs[at] = startNs;
    this.endNs[at] = endNs;
    this.spinNs[at] = spinNs;
  }

  /**
   * Goes through the claims LWP by LWP in order of time. Calls back once for each interval that the same findings
   * claim, with these in the order of `rank`.
   *
   * @param rank by finding: the lower, the nearer to the cause
   */
  sweep(rank: ArrayLike<number>, visit: (founds: readonly number[], ns: Ns, spinNs: Ns) => void): void {
    const order = this.order();
    let active: number[] = [];
    let lwp = -1;
    let nowNs = 0;
    /** Reports the intervals up to `untilNs`, at whose start the claims `active` are open. */
    const advance = (untilNs: Ns): void => {
      while (active.length > 0 && nowNs < untilNs) {
        let nextNs = untilNs;
        for (const at of active) nextNs = Math.min(nextNs, this.endNs[at]!);
        if (nextNs > nowNs) {
          const founds = [...new Set(active.map((at) => this.found[at]!))].sort(
            (a, b) => rank[a]! - rank[b]! || a - b,
          );
          let spinShare = 0;
          for (const at of active) {
            spinShare = Math.max(spinShare, this.spinNs[at]! / (this.endNs[at]! - this.startNs[at]!));
          }
          visit(founds, nextNs - nowNs, spinShare * (nextNs - nowNs));
        }
        nowNs = nextNs;
        active = active.filter((at) => this.endNs[at]! > nowNs);
      }
      nowNs = Math.max(nowNs, untilNs);
    };
    for (const at of order) {
      if (this.lwp[at] !== lwp) {
        advance(Infinity);
        lwp = this.lwp[at]!;
        nowNs = this.startNs[at]!;
        active = [];
      }
      advance(this.startNs[at]!);
      active.push(at);
    }
    advance(Infinity);
  }

  /** Rows by LWP, then by start. */
  private order(): Int32Array {
    const order = Int32Array.from({ length: this.length }, (_, at) => at);
    return order.sort((a, b) => this.lwp[a]! - this.lwp[b]! || this.startNs[a]! - this.startNs[b]! || a - b);
  }

  private grow(): void {
    const size = this.lwp.length * 2;
    this.lwp = copied(this.lwp, new Int32Array(size));
    this.startNs = copied(this.startNs, new Float64Array(size));
    this.endNs = copied(this.endNs, new Float64Array(size));
    this.spinNs = copied(this.spinNs, new Float64Array(size));
    this.found = copied(this.found, new Int32Array(size));
  }
}

function copied<Column extends { set(values: Column): void }>(values: Column, into: Column): Column {
  into.set(values);
  return into;
}
