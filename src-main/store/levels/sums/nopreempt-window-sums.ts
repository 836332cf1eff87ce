/** Sums of an LWP's nopreempt windows: how long it took to answer sc_yield with a yield(). */
import type { Ns } from '#shared/base/brands.ts';
import type { WindowNodes } from '../tiles/points.ts';
import { DurationSums, type LeafSums } from './leaf-sums.ts';
import type { NumberList } from './number-list.ts';

export class NopreemptWindowSums implements LeafSums<WindowNodes> {
  readonly yieldLatency = new DurationSums();

  /** The yield() comes before the next window, so it counts where it happens. */
  add(nodes: WindowNodes, row: number, _endNs: Ns, untilNs: Ns): void {
    const asked = nodes.yieldAfter[row]!;
    const yielded = nodes.yieldedAfter[row]!;
    if (asked < 0 || yielded < 0 || nodes.start[row]! + yielded >= untilNs) return;
    this.yieldLatency.add(yielded - asked);
  }

  transfer(list: NumberList): void {
    this.yieldLatency.transfer(list);
  }
}
