import type { LwpId, Ns } from '#shared/base/brands.ts';

/**
 * Waiters with the time that each of them waited within a interval. Reused: allocates only where there are more than
 * ever before.
 */
export class WaitList {
  length = 0;
  readonly lwp: LwpId[] = [];
  readonly startNs: Ns[] = [];
  readonly endNs: Ns[] = [];
  /** Of that, spinning. Until the wait is closed: what the LWP had spun when it began. */
  readonly spinNs: Ns[] = [];

  clear(): void {
    this.length = 0;
  }

  /** @param spunNs what the LWP has spun up to now */
  open(lwp: LwpId, nowNs: Ns, spunNs: Ns): void {
    const at = this.length++;
    this.lwp[at] = lwp;
    this.startNs[at] = nowNs;
    this.endNs[at] = -1;
    this.spinNs[at] = spunNs;
  }

  /** The LWP no longer waits, or the interval ends. */
  close(lwp: LwpId, nowNs: Ns, spunNs: Ns): void {
    for (let at = this.length - 1; at >= 0; at--) {
      if (this.lwp[at] !== lwp || this.endNs[at]! >= 0) continue;
      this.endNs[at] = nowNs;
      this.spinNs[at] = spunNs - this.spinNs[at]!;
      return;
    }
  }

  /** Ns of all together. */
  waitNs(): Ns {
    let sum = 0;
    for (let at = 0; at < this.length; at++) sum += this.endNs[at]! - this.startNs[at]!;
    return sum;
  }
}
