/**
 * What detectors report while the pass goes on. Each is counted; what is said about it is kept of the costliest only,
 * so that memory does not grow with a fault that a trace shows a million times.
 */
import type { Ns } from '#shared/base/brands.ts';
import type { Found, FoundId } from './detector.ts';

export interface Draft {
  readonly id: number;
  readonly detector: number;
  readonly found: Found;
}

export class Drafts {
  /** By finding: its detector, and its cost and longest delay as far as they have been told. */
  readonly detector: number[] = [];
  readonly costNs: Ns[] = [];
  readonly longestNs: Ns[] = [];
  private readonly kept: Draft[][];
  private readonly most: number;

  /** @param most of a detector */
  constructor(detectors: number, most: number) {
    this.kept = Array.from({ length: detectors }, () => []);
    this.most = most;
  }

  add(detector: number, found: Found): FoundId {
    const kept = this.kept[detector]!;
    // Those before have all their claims, or nearly.
    if (kept.length >= 2 * this.most) this.kept[detector] = this.costliest(detector);
    const id = this.detector.length;
    this.detector.push(detector);
    this.costNs.push(Math.abs(found.costNs ?? 0));
    this.longestNs.push(found.longestNs ?? 0);
    this.kept[detector]!.push({ id, detector, found });
    return id as FoundId;
  }

  claimed(id: FoundId, ns: Ns): void {
    this.costNs[id]! += ns;
    if (ns > this.longestNs[id]!) this.longestNs[id] = ns;
  }

  /** In the order in which they were reported, at most as many as are kept of a detector. */
  costliest(detector: number): Draft[] {
    const kept = this.kept[detector]!;
    if (kept.length <= this.most) return kept;
    const byCost = kept.toSorted((a, b) => this.costNs[b.id]! - this.costNs[a.id]! || a.id - b.id);
    return byCost.slice(0, this.most).sort((a, b) => a.id - b.id);
  }
}
