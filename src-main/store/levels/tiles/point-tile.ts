/**
 * Tiles of points (see tile.ts): the nodes are things that begin at a time, as requests, decisions and wake-ups of an
 * LWP. All that begin in the same bucket of a tile's resolution are one entry: what it says is up to the {@link
 * PointFold}.
 *
 * Bytes, little-endian: entries u16, columns u16, 4 bytes unused, resolution f64, how each column is stored (STORED)
 * u8, padded to a multiple of 8; then the columns, each padded to a multiple of 8. The first one are the starts, as
 * they are.
 */
import type { Ns } from '#shared/base/brands.ts';
import { InvariantError } from '#shared/base/assert.ts';
import type { ChunkFormat } from '../chunk-format.ts';
import { CHUNK_NODES, type Column } from '../series.ts';
import type { TileKind } from './tile-builder.ts';
import { padded, type Tile } from './tile.ts';

type F64 = Float64Array<ArrayBuffer>;
/** Times; decoded, in 32 bits where all of a column fit. */
export type Times = Float64Array | Int32Array;

/** Columns of every entry. */
export interface PointNodes {
  /** When it begins, in ns; an entry of several: the first of them. */
  readonly start: F64;
  /** Nodes of level 0 that it stands for. */
  readonly count: Int32Array;
}

/** How several nodes become one entry. Hot: run for every node, allocate nothing. */
export interface PointFold<C> {
  /** Makes `into[at]` from its first node, but for `start` and `count`. */
  begin(into: C, at: number, from: C, row: number): void;
  /** Adds a further one. */
  add(into: C, at: number, from: C, row: number): void;
}

export type PointTile<C> = C & Tile;

const TYPES = { f64: Float64Array, i32: Int32Array, i16: Int16Array, u16: Uint16Array, u8: Uint8Array };

export interface PointColumn {
  readonly name: string;
  readonly type: keyof typeof TYPES;
  /** Only above level 0; there equal to this column. */
  readonly sameAs?: string;
}

/**
 * How a column is stored: `narrow`: 64-bit floats as 32-bit integers; `zero`, `minusOne`: not at all, as all values are
 * that.
 */
const STORED = { asIs: 0, narrow: 1, zero: 2, minusOne: 3 } as const;
const HEADER_BYTES = 16;

const ones = new Int32Array(CHUNK_NODES).fill(1);
/** Columns that are not stored, by their type. */
const constants = (value: number): Readonly<Record<keyof typeof TYPES, Column>> => ({
  f64: new Int32Array(CHUNK_NODES).fill(value),
  i32: new Int32Array(CHUNK_NODES).fill(value),
  i16: new Int16Array(CHUNK_NODES).fill(value),
  u16: new Uint16Array(CHUNK_NODES).fill(value),
  u8: new Uint8Array(CHUNK_NODES).fill(value),
});
const zeros = constants(0);
const minusOnes = constants(-1);

/** Describes the tiles of a family of series; `C` are their columns. */
export class PointKind<C extends PointNodes> implements TileKind<C, PointTile<C>> {
  /** For readers. */
  readonly format: ChunkFormat<PointTile<C>> = {
    variant: 0,
    decode: (level, bytes) => {
      const tile = this.decode(level, bytes);
      return { columns: tile, length: tile.length };
    },
  };
  readonly merged: C;
  private readonly fold: PointFold<C>;
  private readonly leaf: readonly PointColumn[];
  private readonly inner: readonly PointColumn[];
  /** Columns that level 0 lacks. */
  private readonly copies: readonly (readonly [name: string, sameAs: string])[];

  /** @param columns but for `start` and `count` */
  constructor(fold: PointFold<C>, columns: readonly PointColumn[]) {
    this.fold = fold;
    const all: readonly PointColumn[] = [{ name: 'start', type: 'f64' }, ...columns];
    this.leaf = all.filter(({ sameAs }) => sameAs === undefined);
    this.inner = [...all, { name: 'count', type: 'i32' }];
    this.copies = all.flatMap(({ name, sameAs }) => (sameAs === undefined ? [] : [[name, sameAs] as const]));
    this.merged = this.columns(this.inner, CHUNK_NODES);
  }

  allocate(capacity: number): C {
    return this.columns(this.leaf, capacity);
  }

  copy(from: C, fromRow: number, to: C, toRow: number, length: number): void {
    for (const { name } of this.leaf) {
      const source = columnOf(from, name);
      const target = columnOf(to, name);
      for (let row = 0; row < length; row++) target[toRow + row] = source[fromRow + row]!;
    }
  }

  encode(level: number, entries: C, length: number, resolutionNs: Ns, firstRow = 0): Uint8Array<ArrayBuffer> {
    const specs = this.specs(level);
    const endRow = firstRow + length;
    const stored = specs.map(({ type, name }) =>
      name === 'start' ? STORED.asIs : storage(columnOf(entries, name), firstRow, endRow, type),
    );
    const bytes = new Uint8Array(tileBytes(specs, stored, length));
    const { buffer } = bytes;
    new Uint16Array(buffer, 0, 2).set([length, specs.length]);
    new Float64Array(buffer, 8, 1)[0] = resolutionNs;
    bytes.set(stored, HEADER_BYTES);
    let at = HEADER_BYTES + padded(specs.length);
    specs.forEach(({ name, type }, c) => {
      const Stored = typeStored(type, stored[c]!);
      if (Stored === null) return;
      new Stored(buffer, at, length).set(columnOf(entries, name).subarray(firstRow, endRow));
      at += padded(length * Stored.BYTES_PER_ELEMENT);
    });
    return bytes;
  }

  /** Views of the bytes. Throws InvariantError where they are no tile. */
  decode(level: number, bytes: Uint8Array): PointTile<C> {
    const own = bytes.byteOffset % 8 === 0 ? bytes : bytes.slice();
    const specs = this.specs(level);
    let at = own.byteOffset + HEADER_BYTES + padded(specs.length);
    if (own.length < at - own.byteOffset) throw new InvariantError('a tile is too short');
    const buffer = own.buffer as ArrayBuffer;
    const header = new Uint16Array(buffer, own.byteOffset, 2);
    const length = header[0]!;
    const stored = own.subarray(HEADER_BYTES, HEADER_BYTES + specs.length);
    const isTile =
      header[1] === specs.length &&
      length >= 1 &&
      length <= CHUNK_NODES &&
      stored[0] === STORED.asIs &&
      stored.every((how, c) => isStorage(how, specs[c]!.type)) &&
      own.length === tileBytes(specs, stored, length);
    if (!isTile) throw new InvariantError('a tile has a broken header');
    const columns: Record<string, Column> = {};
    specs.forEach(({ name, type }, c) => {
      const Stored = typeStored(type, stored[c]!);
      if (Stored === null) {
        columns[name] = (stored[c] === STORED.zero ? zeros : minusOnes)[type];
        return;
      }
      columns[name] = new Stored(buffer, at, length);
      at += padded(length * Stored.BYTES_PER_ELEMENT);
    });
    if (level === 0) {
      columns.count = ones;
      for (const [name, sameAs] of this.copies) columns[name] = columns[sameAs]!;
    }
    const resolutionNs = new Float64Array(buffer, own.byteOffset + 8, 1)[0]!;
    const tile: Tile = { length, resolutionNs, startNs: 0, startAfter: columns.start as F64 };
    return { ...(columns as unknown as C), ...tile };
  }

  merge(children: readonly PointTile<C>[], _ends: readonly number[], resolutionNs: Ns): number {
    const { merged, fold } = this;
    const { start, count } = merged;
    let length = 0;
    let bucket = -1;
    for (const child of children) {
      for (let row = 0; row < child.length; row++) {
        const startNs = child.start[row]!;
        const at = Math.floor(startNs / resolutionNs);
        if (at === bucket) {
          fold.add(merged, length - 1, child, row);
          count[length - 1] = count[length - 1]! + child.count[row]!;
          continue;
        }
        if (length === CHUNK_NODES) return -1;
        start[length] = startNs;
        count[length] = child.count[row]!;
        fold.begin(merged, length, child, row);
        length++;
        bucket = at;
      }
    }
    return length;
  }

  private specs(level: number): readonly PointColumn[] {
    return level === 0 ? this.leaf : this.inner;
  }

  private columns(specs: readonly PointColumn[], capacity: number): C {
    return Object.fromEntries(
      specs.map(({ name, type }) => [name, new TYPES[type](capacity)]),
    ) as unknown as C;
  }
}

const columnOf = <C>(columns: C, name: string): Column =>
  (columns as unknown as Record<string, Column>)[name]!;

function storage(column: Column, firstRow: number, endRow: number, type: keyof typeof TYPES): number {
  let least = column[firstRow]!;
  let most = least;
  for (let row = firstRow + 1; row < endRow; row++) {
    const value = column[row]!;
    if (value < least) least = value;
    else if (value > most) most = value;
  }
  if (least === most && least === 0) return STORED.zero;
  if (least === most && least === -1) return STORED.minusOne;
  return type === 'f64' && least >= -0x8000_0000 && most <= 0x7fff_ffff ? STORED.narrow : STORED.asIs;
}

const isStorage = (how: number, type: keyof typeof TYPES): boolean =>
  how <= STORED.minusOne && (how !== STORED.narrow || type === 'f64');

/** What a column lies in the file as, null where it does not. */
function typeStored(type: keyof typeof TYPES, how: number): (typeof TYPES)[keyof typeof TYPES] | null {
  return how === STORED.asIs ? TYPES[type] : how === STORED.narrow ? Int32Array : null;
}

function tileBytes(specs: readonly PointColumn[], stored: ArrayLike<number>, length: number): number {
  return specs.reduce(
    (sum, { type }, c) => sum + padded(length * (typeStored(type, stored[c]!)?.BYTES_PER_ELEMENT ?? 0)),
    HEADER_BYTES + padded(specs.length),
  );
}
