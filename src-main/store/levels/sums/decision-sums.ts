/** Sums of an LWP's decisions: how many of each outcome. */
import { DECISION } from '#shared/model/enums.ts';
import type { DecisionNodes } from '../tiles/points.ts';
import type { LeafSums } from './leaf-sums.ts';
import { transferColumn, type NumberList } from './number-list.ts';

const OUTCOMES = Math.max(...Object.values(DECISION)) + 1;

export class DecisionSums implements LeafSums<DecisionNodes> {
  /** By the number of the outcome. */
  readonly counts = new Float64Array(OUTCOMES);

  add(nodes: DecisionNodes, row: number): void {
    const outcome = nodes.outcome[row]!;
    if (outcome < OUTCOMES) this.counts[outcome] = this.counts[outcome]! + 1;
  }

  transfer(list: NumberList): void {
    transferColumn(list, this.counts);
  }
}
