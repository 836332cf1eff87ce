/**
 * Tiles: runs of consecutive nodes of a series, in order of time.
 *
 * A tile of level 0 holds nodes as they are. A tile of a level above shows the time of {@link TILE_FAN_OUT} tiles of
 * the level below with at most CHUNK_NODES entries: it has a resolution, a power of two of nanoseconds, as fine as
 * fits, and what begins in the same bucket of that length may be one entry. So drawing pixels no finer than the
 * resolution needs nothing below a tile, and a tile's entries are not much finer than its resolution.
 *
 * What the nodes are, and how several become one entry: lane-tile.ts and point-tile.ts.
 *
 * A window reads hundreds of tiles, so their bytes are laid out to be looked at as they are: a decoded tile is views of
 * them.
 */
import type { Ns } from '#shared/base/brands.ts';

/** Tiles of a level that one of the level above stands for. */
export const TILE_FAN_OUT = 2;

/** Nanoseconds: in 32 bits where all of a column fit, that is in a lane's tile of less than four seconds. */
export type TimeColumn = Uint32Array | Float64Array;

export interface Tile {
  /** Entries, at least 1. */
  readonly length: number;
  /** 0 at level 0. */
  readonly resolutionNs: Ns;
  /** What to add to each of {@link startAfter}. */
  readonly startNs: Ns;
  /** When each entry starts: see {@link startOf}. */
  readonly startAfter: TimeColumn;
}

/** When an entry starts. */
export const startOf = (tile: Tile, row: number): number => tile.startNs + tile.startAfter[row]!;

/** The first entry that starts after `timeNs`. */
export function firstAfter({ startNs, startAfter, length }: Tile, timeNs: Ns): number {
  const after = timeNs - startNs;
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (startAfter[middle]! <= after) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Columns in the file begin at multiples of 8. */
export const padded = (bytes: number): number => (bytes + 7) & ~7;
