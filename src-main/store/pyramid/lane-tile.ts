/**
 * Tiles of lanes: runs of consecutive intervals, packed.
 *
 * A tile of level 0 holds intervals as they are. A tile of a level above shows the time of two tiles of the level below
 * with at most {@link CHUNK_NODES} entries: it has a resolution, a power of two of nanoseconds, as fine as
 * fits; intervals longer than that are in it exactly, shorter ones that begin in the same bucket of that length
 * are one entry, with what the one that counts most of them was, and its length. So whoever draws pixels no finer
 * than the resolution needs nothing below a tile, and a tile's entries are not much finer than its resolution.
 *
 * What an entry says besides its times is one of a few combinations, listed once a tile.
 */
import { InvariantError } from '#shared/base/assert.ts';
import type { ChunkFormat } from './chunk-cache.ts';
import { packColumns, unpackColumns } from './packing.ts';
import { CHUNK_NODES } from './series.ts';

type F64 = Float64Array<ArrayBuffer>;

/** What entries can say, a row for each combination. */
export interface LaneCombinations {
  readonly lwp: Int32Array;
  readonly sync: Int32Array;
  readonly cpu: Int16Array;
  readonly state: Uint8Array;
  /** LANE_FLAG; `merged` where an entry stands for several intervals. */
  readonly flags: Uint8Array;
}

/** An entry lasts until the next one starts, the last one until the tile ends. */
export interface LaneTile extends LaneCombinations {
  readonly length: number;
  /** 0 at level 0. */
  readonly resolutionNs: number;
  readonly start: F64;
  /** Length of the interval that an entry of several stands for; 0 for one of a single interval. */
  readonly longest: F64;
  /** Row of the combination that holds for each entry. */
  readonly code: Uint16Array;
}

/** Entries as they are put together: see {@link LaneTile}. */
export interface LaneEntries {
  readonly start: F64;
  readonly longest: F64;
  readonly lwp: Int32Array;
  readonly sync: Int32Array;
  readonly cpu: Int16Array;
  readonly state: Uint8Array;
  readonly flags: Uint8Array;
}

export function allocateEntries(capacity: number): LaneEntries {
  return {
    start: new Float64Array(capacity),
    longest: new Float64Array(capacity),
    lwp: new Int32Array(capacity),
    sync: new Int32Array(capacity),
    cpu: new Int16Array(capacity),
    state: new Uint8Array(capacity),
    flags: new Uint8Array(capacity),
  };
}

/** Tiles of a level that one of the level above stands for. */
export const TILE_FAN_OUT = 2;

/*
 * Bytes: two tables packed by packing.ts, entries (start, longest, code) and combinations (lwp, sync, cpu, state, flags),
 * behind a header: bytes of the first table u32, unused u32, resolution f64.
 */
const HEADER_BYTES = 16;

const HASH_SIZE = 2048;
const hashRow = new Int16Array(HASH_SIZE);
const codes = new Uint16Array(CHUNK_NODES);
const combinations = allocateEntries(CHUNK_NODES);

/** The first `length` entries as bytes. Hot once a tile: the scratch above is reused. */
export function encodeTile(
  entries: LaneEntries,
  length: number,
  resolutionNs: number,
): Uint8Array<ArrayBuffer> {
  const distinct = findCombinations(entries, length);
  const first = packColumns([entries.start, entries.longest, codes], length);
  const { lwp, sync, cpu, state, flags } = combinations;
  const second = packColumns([lwp, sync, cpu, state, flags], distinct);
  // The second table begins where numbers of eight bytes may lie.
  const secondAt = HEADER_BYTES + Math.ceil(first.length / 8) * 8;
  const bytes = new Uint8Array(secondAt + second.length);
  new Uint32Array(bytes.buffer, 0, 1)[0] = first.length;
  new Float64Array(bytes.buffer, 8, 1)[0] = resolutionNs;
  bytes.set(first, HEADER_BYTES);
  bytes.set(second, secondAt);
  return bytes;
}

/** Fills {@link codes} and {@link combinations}; returns how many combinations there are. */
function findCombinations(entries: LaneEntries, length: number): number {
  const { lwp, sync, cpu, state, flags } = entries;
  hashRow.fill(-1);
  let distinct = 0;
  for (let row = 0; row < length; row++) {
    const l = lwp[row]!;
    const y = sync[row]!;
    const c = cpu[row]!;
    const s = state[row]!;
    const f = flags[row]!;
    let hash =
      Math.imul(l, 0x9e3779b1) ^ Math.imul(y, 0x85ebca6b) ^ Math.imul(c * 4096 + s * 16 + f, 0xc2b2ae35);
    hash = (hash ^ (hash >>> 15)) & (HASH_SIZE - 1);
    for (;;) {
      const found = hashRow[hash]!;
      if (found < 0) {
        hashRow[hash] = distinct;
        combinations.lwp[distinct] = l;
        combinations.sync[distinct] = y;
        combinations.cpu[distinct] = c;
        combinations.state[distinct] = s;
        combinations.flags[distinct] = f;
        codes[row] = distinct++;
        break;
      }
      if (
        combinations.lwp[found] === l &&
        combinations.sync[found] === y &&
        combinations.cpu[found] === c &&
        combinations.state[found] === s &&
        combinations.flags[found] === f
      ) {
        codes[row] = found;
        break;
      }
      hash = (hash + 1) & (HASH_SIZE - 1);
    }
  }
  return distinct;
}

const ENTRY_TYPES = [Float64Array, Float64Array, Uint16Array] as const;
const COMBINATION_TYPES = [Int32Array, Int32Array, Int16Array, Uint8Array, Uint8Array] as const;

/** The other direction of {@link encodeTile}. Throws InvariantError where the bytes are no tile. */
export function decodeTile(bytes: Uint8Array): LaneTile {
  // Also for alignment: SQLite's bytes lie anywhere.
  const own = bytes.byteOffset % 8 === 0 ? bytes : bytes.slice();
  if (own.length < HEADER_BYTES) throw new InvariantError('a tile is too short');
  const firstBytes = new Uint32Array(own.buffer, own.byteOffset, 1)[0]!;
  const resolutionNs = new Float64Array(own.buffer, own.byteOffset + 8, 1)[0]!;
  const secondAt = HEADER_BYTES + Math.ceil(firstBytes / 8) * 8;
  if (own.length < secondAt) throw new InvariantError('a tile has a broken length');
  const [start, longest, code] = unpackColumns(
    own.subarray(HEADER_BYTES, HEADER_BYTES + firstBytes),
    ENTRY_TYPES.length,
    CHUNK_NODES,
    (column, length) => new ENTRY_TYPES[column]!(length),
  ) as [F64, F64, Uint16Array];
  const [lwp, sync, cpu, state, flags] = unpackColumns(
    own.subarray(secondAt),
    COMBINATION_TYPES.length,
    CHUNK_NODES,
    (column, length) => new COMBINATION_TYPES[column]!(length),
  ) as [Int32Array, Int32Array, Int16Array, Uint8Array, Uint8Array];
  for (const row of code) if (row >= lwp.length) throw new InvariantError('a tile has a broken entry');
  return {
    length: start.length,
    resolutionNs,
    start,
    longest,
    code,
    lwp,
    sync,
    cpu,
    state,
    flags,
  };
}

/** Intervals of a tile of level 0, each with its own values. */
export interface LaneNodes {
  readonly start: F64;
  readonly lwp: Int32Array;
  readonly sync: Int32Array;
  readonly cpu: Int16Array;
  readonly state: Uint8Array;
  readonly flags: Uint8Array;
}

/** Tiles of level 0 for those who go through all intervals. */
export const LANE_LEAVES: ChunkFormat<LaneNodes> = {
  variant: 1,
  decode: (_level, bytes) => {
    const tile = decodeTile(bytes);
    const { length, code } = tile;
    const nodes = allocateEntries(length);
    for (let row = 0; row < length; row++) {
      const is = code[row]!;
      nodes.lwp[row] = tile.lwp[is]!;
      nodes.sync[row] = tile.sync[is]!;
      nodes.cpu[row] = tile.cpu[is]!;
      nodes.state[row] = tile.state[is]!;
      nodes.flags[row] = tile.flags[is]!;
    }
    return { columns: { ...nodes, start: tile.start }, length };
  },
};
