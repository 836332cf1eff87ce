/** Sums of a lock's lane: how often and how long it was held, and how much of that by an LWP without a CPU. */
import type { Ns } from '#shared/base/brands.ts';
import { NONE } from '#shared/base/none.ts';
import type { LaneNodes } from '../tiles/lane-tile.ts';
import { DurationSums, type LeafSums } from './leaf-sums.ts';
import { ON_CPU } from './lwp-sums.ts';
import type { NumberList } from './number-list.ts';

export class SyncSums implements LeafSums<LaneNodes> {
  /** Holds that began. */
  holds = 0;
  heldNs = 0;
  /** Held while the holder had no CPU. */
  offCpuNs = 0;
  /** Times from taking to releasing. */
  readonly holdTime = new DurationSums();
  /** The last leaf's holder, -1 for none, and since when it holds. */
  owner: number = NONE;
  sinceNs = 0;

  add(nodes: LaneNodes, row: number, endNs: Ns): void {
    const startNs = nodes.start[row]!;
    const owner = nodes.lwp[row]!;
    if (owner !== this.owner) {
      if (this.owner >= 0) this.holdTime.add(startNs - this.sinceNs);
      if (owner >= 0) this.holds++;
      this.owner = owner;
      this.sinceNs = startNs;
    }
    if (owner < 0) return;
    this.heldNs += endNs - startNs;
    if (ON_CPU[nodes.state[row]!] !== 1) this.offCpuNs += endNs - startNs;
  }

  transfer(list: NumberList): void {
    this.holds = list.next(this.holds);
    this.heldNs = list.next(this.heldNs);
    this.offCpuNs = list.next(this.offCpuNs);
    this.holdTime.transfer(list);
    this.owner = list.next(this.owner);
    this.sinceNs = list.next(this.sinceNs);
  }
}
