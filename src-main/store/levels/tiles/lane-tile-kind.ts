/** How tiles of lanes are made: see lane-tile.ts for what they are. */
import type { Ns } from '#shared/base/brands.ts';
import { LANE_FLAG } from '#shared/model/lane-flags.ts';
import {
  allocateEntries,
  allocateLeaves,
  decodeTile,
  encodeTile,
  type LaneCombinations,
  type LaneEntries,
  type LaneTile,
} from './lane-tile.ts';
import type { LaneWeight } from './lane-weight.ts';
import { CHUNK_NODES } from '../series.ts';
import type { TileKind } from './tile-builder.ts';
import { startOf } from './tile.ts';

const merged = allocateEntries(CHUNK_NODES);

/** @param weightOf how much intervals count against their neighbours */
export function laneTileKind(weightOf: LaneWeight): TileKind<LaneEntries, LaneTile> {
  return {
    merged,
    allocate: allocateLeaves,
    copy(from, fromRow, to, toRow, length) {
      for (let end = fromRow + length; fromRow < end; fromRow++, toRow++) {
        to.start[toRow] = from.start[fromRow]!;
        to.lwp[toRow] = from.lwp[fromRow]!;
        to.sync[toRow] = from.sync[fromRow]!;
        to.cpu[toRow] = from.cpu[fromRow]!;
        to.state[toRow] = from.state[fromRow]!;
        to.flags[toRow] = from.flags[fromRow]!;
      }
    },
    encode: (_level, entries, length, resolutionNs, firstRow) =>
      encodeTile(entries, length, resolutionNs, firstRow),
    decode: (_level, bytes) => decodeTile(bytes),
    merge: (children, ends, resolutionNs) => mergeInto(merged, children, ends, resolutionNs, weightOf),
  };
}

/**
 * Merges at a resolution; returns the number of entries, -1 where there is no room for them. Hot: allocates nothing.
 */
function mergeInto(
  into: LaneEntries,
  children: readonly LaneTile[],
  ends: readonly number[],
  resolutionNs: Ns,
  weightOf: LaneWeight,
): number {
  let length = 0;
  /** Bucket of the last entry while narrow ones may still join it, else -1; and what it weighs. */
  let bucket = -1;
  let heaviest = 0;
  for (let c = 0; c < children.length; c++) {
    const tile = children[c]!;
    const { startAfter, longest, code, lwp, state, flags } = tile;
    const last = tile.length - 1;
    for (let row = 0; row <= last; row++) {
      const startNs = tile.startNs + startAfter[row]!;
      const ns = (row < last ? startOf(tile, row + 1) : ends[c]!) - startNs;
      const is = code[row]!;
      const longestNs = longest[row] === 0 ? ns : longest[row]!;
      if (ns > resolutionNs) {
        if (length === CHUNK_NODES) return -1;
        into.start[length] = startNs;
        into.longest[length] = longest[row]!;
        put(into, length++, tile, is);
        bucket = -1;
        continue;
      }
      const weight = weightOf(state[is]!, lwp[is]!, longestNs);
      const at = Math.floor(startNs / resolutionNs);
      if (at !== bucket) {
        if (length === CHUNK_NODES) return -1;
        into.start[length] = startNs;
        into.longest[length] = longest[row]!;
        put(into, length++, tile, is);
        bucket = at;
        heaviest = weight;
        continue;
      }
      const entry = length - 1;
      const uncertain = (into.flags[entry]! | flags[is]!) & LANE_FLAG.uncertain;
      if (weight > heaviest) {
        heaviest = weight;
        into.longest[entry] = longestNs;
        put(into, entry, tile, is);
      } else if (into.longest[entry] === 0) {
        into.longest[entry] = startNs - into.start[entry]!;
      }
      into.flags[entry] = into.flags[entry]! | uncertain | LANE_FLAG.merged;
    }
  }
  return length;
}

/** What an entry says besides its times. */
function put(into: LaneEntries, at: number, from: LaneCombinations, is: number): void {
  into.lwp[at] = from.lwp[is]!;
  into.sync[at] = from.sync[is]!;
  into.cpu[at] = from.cpu[is]!;
  into.state[at] = from.state[is]!;
  into.flags[at] = from.flags[is]!;
}
