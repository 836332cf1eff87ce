/** Sums of a CPU's lane: how long it was idle, or ran LWPs in each state, and how often it switched to one. */
import type { LwpId, Ns } from '#shared/base/brands.ts';
import { NONE } from '#shared/base/none.ts';
import type { LaneNodes } from '../tiles/lane-tile.ts';
import type { LeafSums } from './leaf-sums.ts';
import { STATES } from './lwp-sums.ts';
import { transferColumn, type NumberList } from './number-list.ts';

export class CpuSums implements LeafSums<LaneNodes> {
  idleNs = 0;
  /** By the state of the LWP that it has. */
  readonly stateNs = new Float64Array(STATES);
  /** Runs that began. */
  runs = 0;
  /** LWP of the last leaf, -1 for none. */
  lwp: LwpId = NONE;

  add(nodes: LaneNodes, row: number, endNs: Ns): void {
    const ns = endNs - nodes.start[row]!;
    const lwp = nodes.lwp[row]!;
    const state = nodes.state[row]!;
    if (lwp < 0) this.idleNs += ns;
    else {
      this.stateNs[state] = this.stateNs[state]! + ns;
      if (lwp !== this.lwp) this.runs++;
    }
    this.lwp = lwp;
  }

  transfer(list: NumberList): void {
    this.idleNs = list.next(this.idleNs);
    transferColumn(list, this.stateNs);
    this.runs = list.next(this.runs);
    this.lwp = list.next(this.lwp);
  }
}
