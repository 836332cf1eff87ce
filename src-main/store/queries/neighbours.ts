/** `trace.neighbours`: what a lane shows at a time, and what came before and comes after. */
import type { Ns } from '#shared/base/brands.ts';
import type { LaneNeighbours, LaneSlice } from '#shared/api/contract.ts';
import { LANE_STATE } from '#shared/model/enums.ts';
import { Leaves } from '../levels/readers/leaves.ts';
import { LANE_LEAVES, type LaneNodes } from '../levels/tiles/lane-tile.ts';
import type { TraceDatabase } from '../read/trace-database.ts';
import { LANE_SERIES } from './lanes.ts';
import type { QueryParams } from './params.ts';

/** Leaves that one run or hold is put together from at most: a thread that spins on and off for ever is cut here. */
const MOST_LEAVES = 20_000;

/** Exact. On lanes of CPUs and locks a slice is one run or hold, whatever its LWP was doing meanwhile. */
export function neighbours(trace: TraceDatabase, params: QueryParams<'trace.neighbours'>): LaneNeighbours {
  return trace.guard(() => {
    const { kind, id } = params.lane;
    const leaves = Leaves.find(trace, LANE_LEAVES, LANE_SERIES[kind], id);
    if (leaves === null) return { previous: null, at: null, next: null };
    const lane = new Lane(leaves, kind === 'lwp');
    const here = leaves.at(params.timeNs);
    const points = params.endNs === params.timeNs ? lane.pointsAt(here, params.timeNs) : null;
    if (points !== null) {
      return {
        previous: lane.nearest(points.first - 1, -1),
        at: lane.slice(points),
        next: lane.nearest(points.last + 1, 1),
      };
    }
    const slice = here < 0 ? null : lane.around(here);
    return {
      previous: lane.nearest((slice?.first ?? 0) - 1, -1),
      at: slice === null || lane.isGap(here) ? null : lane.slice(slice),
      next: lane.nearest((slice?.last ?? -1) + 1, 1),
    };
  });
}

/** Leaves `first` to `last`, which are one slice. */
interface Range {
  readonly first: number;
  readonly last: number;
}

class Lane {
  private readonly leaves: Leaves<LaneNodes>;
  private readonly isLwp: boolean;

  constructor(leaves: Leaves<LaneNodes>, isLwp: boolean) {
    this.leaves = leaves;
    this.isLwp = isLwp;
  }

  isGap(leaf: number): boolean {
    return this.isLwp ? this.value('state', leaf) === LANE_STATE.exited : this.value('lwp', leaf) < 0;
  }

  /** The leaves of no length at a time, from the first to the last that is no gap, taken together; null for none. */
  pointsAt(here: number, timeNs: Ns): Range | null {
    let last = here;
    while (last >= 0 && this.leaves.startOf(last) === timeNs && !this.isPoint(last)) last--;
    if (last < 0 || this.leaves.startOf(last) !== timeNs) return null;
    let first = last;
    while (first > 0 && this.leaves.startOf(first - 1) === timeNs) first--;
    while (this.isGap(first)) first++;
    return { first, last };
  }

  private isPoint(leaf: number): boolean {
    return !this.isGap(leaf) && this.leaves.endOf(leaf) === this.leaves.startOf(leaf);
  }

  around(leaf: number): Range {
    if (this.isLwp) return { first: leaf, last: leaf };
    const lwp = this.value('lwp', leaf);
    const same = (other: number): boolean =>
      other >= 0 && other < this.leaves.count && this.value('lwp', other) === lwp;
    let first = leaf;
    while (leaf - first < MOST_LEAVES && same(first - 1)) first--;
    let last = leaf;
    while (last - leaf < MOST_LEAVES && same(last + 1)) last++;
    return { first, last };
  }

  /**
   * The slice at `leaf` or, where that is a gap, the next one in a direction. Gaps do not follow one another for long.
   */
  nearest(leaf: number, step: 1 | -1): LaneSlice | null {
    for (let at = leaf; at >= 0 && at < this.leaves.count; at += step) {
      if (!this.isGap(at)) return this.slice(this.around(at));
    }
    return null;
  }

  slice({ first, last }: Range): LaneSlice {
    return {
      startNs: this.leaves.startOf(first),
      endNs: this.leaves.endOf(last),
      state: this.value('state', first),
      cpu: this.value('cpu', first),
      lwp: this.value('lwp', first),
      sync: this.value('sync', first),
      flags: this.value('flags', first),
    };
  }

  private value(column: 'state' | 'cpu' | 'lwp' | 'sync' | 'flags', leaf: number): number {
    return this.leaves.columnsOf(leaf)[column][this.leaves.rowOf(leaf)]!;
  }
}
