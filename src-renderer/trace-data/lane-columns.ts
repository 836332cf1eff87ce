/** Searching lane columns. Nothing here allocates: it runs for every lane of every frame. */
import type { Ns } from '#shared/base/brands.ts';
import { LANE_FLAG, type LaneColumns } from '#shared/api/contract.ts';

/** Index of the first value in `column[from .. to)` that is greater than `value`; `to` where there is none. */
export function upperBound(column: Float64Array, value: number, from: number, to: number): number {
  let low = from;
  let high = to;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (column[middle]! <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Row of lane `lane` whose interval contains `timeNs` (its end excluded), or -1. */
export function intervalAt(columns: LaneColumns, lane: number, timeNs: Ns): number {
  const from = columns.laneOffset[lane]!;
  const row = upperBound(columns.startNs, timeNs, from, columns.laneOffset[lane + 1]!) - 1;
  return row >= from && timeNs < columns.endNs[row]! ? row : -1;
}

/**
 * Row of lane `lane` of no length that is nearest to `timeNs` within `reachNs`, or -1: a run within one stamp of the
 * clock.
 */
function pointNear(columns: LaneColumns, lane: number, timeNs: Ns, reachNs: Ns): number {
  const from = columns.laneOffset[lane]!;
  const to = columns.laneOffset[lane + 1]!;
  let best = -1;
  let distance = reachNs;
  for (let row = upperBound(columns.startNs, timeNs + reachNs, from, to) - 1; row >= from; row--) {
    const start = columns.startNs[row]!;
    if (start < timeNs - reachNs) break;
    if (columns.endNs[row] !== start || Math.abs(start - timeNs) > distance) continue;
    distance = Math.abs(start - timeNs);
    best = row;
  }
  return best;
}

/**
 * Row of lane `lane` that `timeNs` points at, with `slackNs` of slack on either side so that an interval
 * thinner than the pointer can be hit; the nearest one wins, and one of no length before those beside it, which have
 * room elsewhere. -1 where there is none.
 */
export function intervalNear(columns: LaneColumns, lane: number, timeNs: Ns, slackNs: Ns): number {
  const point = pointNear(columns, lane, timeNs, slackNs / 2);
  if (point >= 0) return point;
  const exact = intervalAt(columns, lane, timeNs);
  if (exact >= 0) return exact;
  const from = columns.laneOffset[lane]!;
  const to = columns.laneOffset[lane + 1]!;
  const after = upperBound(columns.startNs, timeNs, from, to);
  const toNext = after < to ? columns.startNs[after]! - timeNs : Infinity;
  const toPrevious = after > from ? timeNs - columns.endNs[after - 1]! : Infinity;
  if (Math.min(toNext, toPrevious) > slackNs) return -1;
  return toNext < toPrevious ? after : after - 1;
}

/** First row of lane `lane` that ends after `timeNs` (intervals do not overlap, so ends are ordered too). */
export function firstRowEndingAfter(columns: LaneColumns, lane: number, timeNs: Ns): number {
  return upperBound(columns.endNs, timeNs, columns.laneOffset[lane]!, columns.laneOffset[lane + 1]!);
}

/** The boundary of lane `lane` nearest to `timeNs` within `reachNs`, or `timeNs` itself. */
export function snapToBoundary(columns: LaneColumns, lane: number, timeNs: Ns, reachNs: Ns): number {
  const from = columns.laneOffset[lane]!;
  const to = columns.laneOffset[lane + 1]!;
  let best = timeNs;
  let distance = reachNs;
  const near = upperBound(columns.startNs, timeNs, from, to);
  for (let row = Math.max(from, near - 1); row < Math.min(to, near + 1); row++) {
    for (const boundary of [columns.startNs[row]!, columns.endNs[row]!]) {
      if (Math.abs(boundary - timeNs) < distance) {
        distance = Math.abs(boundary - timeNs);
        best = boundary;
      }
    }
  }
  return best;
}

/**
 * Adds to `sums[state]` the time that lane `lane` spends in each state between `startNs` and `endNs`, as far
 * as the columns tell it.
 *
 * @returns the time (ns) under merged rows, which stand for several states and gaps: it is in no sum
 */
export function sumStates(
  columns: LaneColumns,
  lane: number,
  startNs: Ns,
  endNs: Ns,
  sums: Float64Array,
): number {
  const to = columns.laneOffset[lane + 1]!;
  let mergedNs = 0;
  for (let row = firstRowEndingAfter(columns, lane, startNs); row < to; row++) {
    const start = columns.startNs[row]!;
    if (start >= endNs) break;
    const length = Math.min(endNs, columns.endNs[row]!) - Math.max(startNs, start);
    if ((columns.flags[row]! & LANE_FLAG.merged) !== 0) mergedNs += length;
    else sums[columns.state[row]!]! += length;
  }
  return mergedNs;
}
