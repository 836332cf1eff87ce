/**
 * The index of a series' tiles: when each starts and how fine it is, so that a reader goes straight to those that it
 * draws. It is kept as the only chunk of {@link INDEX_LEVEL}.
 *
 * Bytes: the starts of the tiles of level 0, f64; then for each level above the exponents of its tiles' resolutions,
 * u8.
 */
import type { ColumnOf, Ns } from '#shared/base/brands.ts';
import { InvariantError } from '#shared/base/assert.ts';
import { TILE_FAN_OUT } from './tile.ts';
import { CHUNK_NODES, MAX_LEVELS } from '../series.ts';

/** No series has so many levels. */
export const INDEX_LEVEL = MAX_LEVELS - 1;

export interface TileIndex {
  /** Tiles of each level. */
  readonly counts: readonly number[];
  /** Starts of the tiles of level 0: tile `i` of level `k` starts with tile `i * TILE_FAN_OUT ** k`. */
  readonly startNs: ColumnOf<Float64Array, Ns>;
  /** By level; of level 0: empty. */
  readonly resolutionNs: readonly Float64Array[];
}

/** Tiles of each level of a series with so many nodes. The last node may still change, so its tile is not complete. */
function tileCounts(nodes: number): number[] {
  const counts = [Math.ceil(nodes / CHUNK_NODES)];
  let complete = Math.floor((nodes - 1) / CHUNK_NODES);
  while ((complete = Math.floor(complete / TILE_FAN_OUT)) > 0) counts.push(complete);
  return counts;
}

/** @param exponents of the resolutions, by level, of level 0: empty */
export function encodeIndex(startNs: readonly Ns[], exponents: readonly (readonly number[])[]): Uint8Array {
  const starts = new Uint8Array(Float64Array.from(startNs).buffer);
  const bytes = new Uint8Array(exponents.reduce((sum, level) => sum + level.length, starts.length));
  bytes.set(starts);
  let at = starts.length;
  for (const level of exponents) {
    bytes.set(level, at);
    at += level.length;
  }
  return bytes;
}

/** Throws InvariantError where the bytes are no index of a series with so many nodes. */
export function decodeIndex(bytes: Uint8Array, nodes: number): TileIndex {
  const counts = tileCounts(nodes);
  const [leaves, ...above] = counts as [number, ...number[]];
  const expected = above.reduce((sum, count) => sum + count, leaves * 8);
  if (bytes.length !== expected) throw new InvariantError('an index of tiles has a broken length');
  const own = bytes.slice();
  const resolutionNs = [new Float64Array(0)];
  let at = leaves * 8;
  for (const count of above) {
    resolutionNs.push(Float64Array.from(own.subarray(at, at + count), (exponent) => 2 ** exponent));
    at += count;
  }
  return { counts, startNs: new Float64Array(own.buffer, 0, leaves), resolutionNs };
}
