/**
 * Tiles of lanes (see tile.ts): the nodes are intervals, of which each lasts until the next one starts.
 *
 * Intervals longer than a tile's resolution are in it exactly; shorter ones that begin in the same bucket are one
 * entry, with what the one that counts most of them was, and its length.
 *
 * What an entry says besides its times is one of a few combinations, listed once a tile.
 */
import type { ColumnOf, CpuId, LwpId, Ns, SyncId } from '#shared/base/brands.ts';
import { InvariantError } from '#shared/base/assert.ts';
import type { ChunkFormat } from '../chunk-format.ts';
import { CHUNK_NODES } from '../series.ts';
import { padded, startOf, type Tile, type TimeColumn } from './tile.ts';

type F64 = Float64Array<ArrayBuffer>;

/** What entries can say, a row for each combination. */
export interface LaneCombinations {
  readonly lwp: ColumnOf<Int32Array, LwpId>;
  readonly sync: ColumnOf<Int32Array, SyncId>;
  readonly cpu: ColumnOf<Int16Array, CpuId>;
  readonly state: Uint8Array;
  /** LANE_FLAG; `merged` where an entry stands for several intervals. */
  readonly flags: Uint8Array;
}

/** An entry lasts until the next one starts, the last one until the tile ends. */
export interface LaneTile extends LaneCombinations, Tile {
  /** Length of the interval that an entry of several stands for; 0 for one of a single interval. */
  readonly longest: TimeColumn;
  /** Row of the combination that holds for each entry. */
  readonly code: Uint16Array;
}

/** Entries as they are put together: see {@link LaneTile}. */
export interface LaneEntries {
  readonly start: F64;
  readonly longest: F64;
  readonly lwp: ColumnOf<Int32Array, LwpId>;
  readonly sync: ColumnOf<Int32Array, SyncId>;
  readonly cpu: ColumnOf<Int16Array, CpuId>;
  readonly state: Uint8Array;
  readonly flags: Uint8Array;
}

export function allocateEntries(capacity: number): LaneEntries {
  return { ...allocateColumns(capacity), longest: new Float64Array(capacity) };
}

function allocateColumns(capacity: number): Omit<LaneEntries, 'longest'> {
  return {
    start: new Float64Array(capacity),
    lwp: new Int32Array(capacity),
    sync: new Int32Array(capacity),
    cpu: new Int16Array(capacity),
    state: new Uint8Array(capacity),
    flags: new Uint8Array(capacity),
  };
}

/** Of intervals that are not merged. */
const NONE_LONGEST = new Float64Array(1024);

/** For intervals of level 0: `longest` is 0, and only to be read. */
export function allocateLeaves(capacity: number): LaneEntries {
  const longest = capacity <= NONE_LONGEST.length ? NONE_LONGEST : new Float64Array(capacity);
  return { ...allocateColumns(capacity), longest };
}

/*
 * Bytes, little-endian: entries u16, combinations u16, width of the starts u8 (4 or 8), width of the longest u8 (0
 * where all are 0, 4 or 8), 2 bytes unused, start of the tile f64, resolution f64; then the columns, each padded to a
 * multiple of 8: startAfter, longest, lwp i32, sync i32, code u16, cpu i16, state u8, flags u8.
 */
const HEADER_BYTES = 24;
const LARGEST_U32 = 0xffff_ffff;

/** Of a tile without merged entries. */
const NO_LONGEST = new Uint32Array(CHUNK_NODES);

const HASH_SIZE = 2048;
const hashRow = new Int16Array(HASH_SIZE);
const codes = new Uint16Array(CHUNK_NODES);
const combinations = allocateEntries(CHUNK_NODES);

/** The `length` entries from `firstRow` on as bytes. Hot once a tile: the scratch above is reused. */
export function encodeTile(
  entries: LaneEntries,
  length: number,
  resolutionNs: Ns,
  firstRow = 0,
): Uint8Array<ArrayBuffer> {
  const distinct = findCombinations(entries, firstRow, length);
  const { start, longest } = entries;
  const endRow = firstRow + length;
  const startNs = start[firstRow]!;
  let most = 0;
  for (let row = firstRow; row < endRow; row++) if (longest[row]! > most) most = longest[row]!;
  const startWidth = start[endRow - 1]! - startNs > LARGEST_U32 ? 8 : 4;
  const longestWidth = most === 0 ? 0 : most > LARGEST_U32 ? 8 : 4;
  const writer = new TileCursor(new ArrayBuffer(tileBytes(length, distinct, startWidth, longestWidth)), 0);
  const { buffer } = writer;
  new Uint16Array(buffer, 0, 2).set([length, distinct]);
  new Uint8Array(buffer, 4, 2).set([startWidth, longestWidth]);
  new Float64Array(buffer, 8, 2).set([startNs, resolutionNs]);
  const startAfter = writer.times(startWidth, length);
  for (let row = 0; row < length; row++) startAfter[row] = start[firstRow + row]! - startNs;
  if (longestWidth > 0) writer.times(longestWidth, length).set(longest.subarray(firstRow, endRow));
  const { lwp, sync, cpu, state, flags } = combinations;
  writer.i32(distinct).set(lwp.subarray(0, distinct));
  writer.i32(distinct).set(sync.subarray(0, distinct));
  writer.u16(length).set(codes.subarray(0, length));
  writer.i16(distinct).set(cpu.subarray(0, distinct));
  writer.u8(distinct).set(state.subarray(0, distinct));
  writer.u8(distinct).set(flags.subarray(0, distinct));
  return new Uint8Array(buffer);
}

/** Length of a tile. */
function tileBytes(entries: number, distinct: number, startWidth: number, longestWidth: number): number {
  const ofEntries = padded(startWidth * entries) + padded(longestWidth * entries) + padded(2 * entries);
  return HEADER_BYTES + ofEntries + 2 * padded(4 * distinct) + padded(2 * distinct) + 2 * padded(distinct);
}

/** Takes the columns of a tile one after the other, as views. */
class TileCursor {
  readonly buffer: ArrayBuffer;
  private at: number;

  /** @param offset of the tile's first byte, a multiple of 8 */
  constructor(buffer: ArrayBuffer, offset: number) {
    this.buffer = buffer;
    this.at = offset + HEADER_BYTES;
  }

  times(width: number, length: number): TimeColumn {
    const at = this.skip(width * length);
    return width === 4 ? new Uint32Array(this.buffer, at, length) : new Float64Array(this.buffer, at, length);
  }
  i32(length: number): Int32Array {
    return new Int32Array(this.buffer, this.skip(4 * length), length);
  }
  u16(length: number): Uint16Array {
    return new Uint16Array(this.buffer, this.skip(2 * length), length);
  }
  i16(length: number): Int16Array {
    return new Int16Array(this.buffer, this.skip(2 * length), length);
  }
  u8(length: number): Uint8Array {
    return new Uint8Array(this.buffer, this.skip(length), length);
  }

  private skip(bytes: number): number {
    const at = this.at;
    this.at += padded(bytes);
    return at;
  }
}

/** Fills {@link codes} and {@link combinations}; returns how many combinations there are. */
function findCombinations(entries: LaneEntries, firstRow: number, length: number): number {
  const { lwp, sync, cpu, state, flags } = entries;
  hashRow.fill(-1);
  let distinct = 0;
  for (let entry = 0, row = firstRow; entry < length; entry++, row++) {
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
        codes[entry] = distinct++;
        break;
      }
      if (
        combinations.lwp[found] === l &&
        combinations.sync[found] === y &&
        combinations.cpu[found] === c &&
        combinations.state[found] === s &&
        combinations.flags[found] === f
      ) {
        codes[entry] = found;
        break;
      }
      hash = (hash + 1) & (HASH_SIZE - 1);
    }
  }
  return distinct;
}

/** The other direction of {@link encodeTile}: views of the bytes. Throws InvariantError where they are no tile. */
export function decodeTile(bytes: Uint8Array): LaneTile {
  const own = bytes.byteOffset % 8 === 0 ? bytes : bytes.slice();
  if (own.length < HEADER_BYTES) throw new InvariantError('a tile is too short');
  const buffer = own.buffer as ArrayBuffer;
  const [length, distinct] = new Uint16Array(buffer, own.byteOffset, 2) as unknown as [number, number];
  const startWidth = own[4]!;
  const longestWidth = own[5]!;
  const [startNs, resolutionNs] = new Float64Array(buffer, own.byteOffset + 8, 2) as unknown as [
    number,
    number,
  ];
  const isTile =
    length >= 1 &&
    length <= CHUNK_NODES &&
    (startWidth === 4 || startWidth === 8) &&
    (longestWidth === 0 || longestWidth === 4 || longestWidth === 8) &&
    own.length === tileBytes(length, distinct, startWidth, longestWidth);
  if (!isTile) throw new InvariantError('a tile has a broken header');
  const reader = new TileCursor(buffer, own.byteOffset);
  const tile: LaneTile = {
    length,
    resolutionNs,
    startNs,
    startAfter: reader.times(startWidth, length),
    longest: longestWidth === 0 ? NO_LONGEST : reader.times(longestWidth, length),
    lwp: reader.i32(distinct),
    sync: reader.i32(distinct),
    code: reader.u16(length),
    cpu: reader.i16(distinct),
    state: reader.u8(distinct),
    flags: reader.u8(distinct),
  };
  const { code } = tile;
  for (let row = 0; row < length; row++) {
    if (code[row]! >= distinct) throw new InvariantError('a tile has a broken entry');
  }
  return tile;
}

export const LANE_TILES: ChunkFormat<LaneTile> = {
  variant: 0,
  decode: (_level, bytes) => {
    const tile = decodeTile(bytes);
    return { columns: tile, length: tile.length };
  },
};

/** Intervals of a tile of level 0, each with its own values. */
export interface LaneNodes {
  readonly start: F64;
  readonly lwp: ColumnOf<Int32Array, LwpId>;
  readonly sync: ColumnOf<Int32Array, SyncId>;
  readonly cpu: ColumnOf<Int16Array, CpuId>;
  readonly state: Uint8Array;
  readonly flags: Uint8Array;
}

/** Tiles of level 0, for iterating over all intervals. */
export const LANE_LEAVES: ChunkFormat<LaneNodes> = {
  variant: 1,
  decode: (_level, bytes) => {
    const tile = decodeTile(bytes);
    const { length, code } = tile;
    const nodes = allocateEntries(length);
    for (let row = 0; row < length; row++) {
      nodes.start[row] = startOf(tile, row);
      const is = code[row]!;
      nodes.lwp[row] = tile.lwp[is]!;
      nodes.sync[row] = tile.sync[is]!;
      nodes.cpu[row] = tile.cpu[is]!;
      nodes.state[row] = tile.state[is]!;
      nodes.flags[row] = tile.flags[is]!;
    }
    return { columns: nodes, length };
  },
};
