/** Where the source lost events: what is found there may be wrong, or be only part of it. */
import type { Ns } from '#shared/base/brands.ts';
import { KIND } from '#shared/model/kinds.ts';
import type { Observer } from './observer.ts';
import type { Scene } from './track/scene.ts';

export class LostRanges implements Observer {
  private readonly scene: Scene;
  private readonly startNs: Ns[] = [];
  private readonly endNs: Ns[] = [];

  constructor(scene: Scene) {
    this.scene = scene;
  }

  /** Of a CPU, since it was last heard of. */
  field(kind: number, subject: number): void {
    if (kind !== KIND.events_lost && kind !== KIND.chain_broken) return;
    const { scene } = this;
    this.startNs.push(scene.runsSince[subject] ?? 0);
    this.endNs.push(scene.nowNs);
  }

  /** Whether any of them overlaps a time range. */
  touches(startNs: Ns, endNs: Ns): boolean {
    return this.startNs.some((from, at) => from <= endNs && this.endNs[at]! >= startNs);
  }
}
