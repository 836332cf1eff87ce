/**
 * Series: what the views draw, one for each lane or curve, packed as columns.
 *
 * Lanes, requests, decisions and wake-ups are kept as tiles (tiles/tile.ts). Every other series is a list of nodes in
 * order of time (level 0), and above it a pyramid: a node of level k + 1 represents four complete nodes of level k.
 * Level k has floor((nodes - 1) / 4^k) nodes (level 0: all), because the last node of level 0 may still change. Nodes
 * lie in chunks of {@link CHUNK_NODES}, one row of the table `chunk` each. A reader descends from the top and stops
 * where a node is narrower than a pixel; so the amount read depends on the pixels, not on the length of the trace
 * (readers/series-reader.ts).
 *
 * A node lasts until the next node starts.
 *
 * A chunk's columns are packed in the order given here: see packing.ts. All values are whole numbers.
 */
import { packColumns, unpackColumns } from './packing.ts';

/** Values are stored in `series.kind`: never renumber. */
export const SERIES = {
  /** Lane of an LWP; object: lwp. */
  lwpLane: 1,
  /** Lane of a CPU; object: cpu. Nodes with lwp -1 are idle. */
  cpuLane: 2,
  /** Lane of a lock; object: sync. Nodes with lwp -1: not held. */
  syncLane: 3,
  /** Run-queue length; object: cpu. */
  queueLength: 4,
  /** Used slots; object: page. */
  slotsUsed: 5,
  /** nopreempt windows; object: lwp. */
  windows: 6,
  /** Decisions; object: lwp. */
  decisions: 7,
  /** sc_cpu stores in equal time buckets; object: cpu * COUNT_LEVELS + level. See counts.ts. */
  cpuUpdateCounts: 8,
  /** Decisions in equal time buckets; object: outcome * COUNT_LEVELS + level. */
  decisionCounts: 9,
  /** Wake-ups; object: the lwp woken. */
  wakeups: 10,
  /** LWPs that wait for a synchronisation object, spinning or asleep; object: sync. */
  lockWaiters: 11,
} as const;
export type SeriesKind = (typeof SERIES)[keyof typeof SERIES];
/** Curves: a value that lasts until the next one. */
export type ValueSeries = typeof SERIES.queueLength | typeof SERIES.slotsUsed | typeof SERIES.lockWaiters;

export const CHUNK_NODES = 512;
export const FAN_OUT = 4;
export const MAX_LEVELS = 16;

type F64 = Float64Array<ArrayBuffer>;
type I32 = Int32Array<ArrayBuffer>;

const COLUMN_TYPES = {
  f64: Float64Array,
  i32: Int32Array,
  i16: Int16Array,
  u16: Uint16Array,
  u8: Uint8Array,
} as const;
type ColumnType = keyof typeof COLUMN_TYPES;
export type Column = InstanceType<(typeof COLUMN_TYPES)[ColumnType]>;

/** Columns of every node: when it starts, in ns. */
export interface NodeColumns {
  readonly start: F64;
}

/** `value` is the last; `min` and `max` exist above level 0 only. */
export interface ValueNodes extends NodeColumns {
  readonly value: I32;
  readonly min: I32;
  readonly max: I32;
}

/** `start` is the bucket's number, not a time. */
export interface CountNodes extends NodeColumns {
  readonly count: I32;
}

interface ColumnSpec {
  readonly name: string;
  readonly type: ColumnType;
  /** Only above level 0. */
  readonly inner?: true;
}

/** Describes the columns of a family of series; `C` is their type. */
export class Layout<C extends NodeColumns> {
  private readonly leaf: readonly ColumnSpec[];
  private readonly inner: readonly ColumnSpec[];
  declare readonly columns: C;
  readonly variant = 0;

  constructor(specs: readonly ColumnSpec[]) {
    this.leaf = specs.filter((spec) => spec.inner !== true);
    this.inner = specs;
  }

  /** Empty columns for `capacity` nodes. */
  allocate(level: number, capacity: number): C {
    return Object.fromEntries(
      this.specs(level).map((spec) => [spec.name, new COLUMN_TYPES[spec.type](capacity)]),
    ) as unknown as C;
  }

  /** Copies all of `from` to the beginning of `to`. */
  copy(level: number, from: C, to: C): void {
    const source = from as unknown as Record<string, Column>;
    const target = to as unknown as Record<string, Column>;
    for (const spec of this.specs(level)) target[spec.name]!.set(source[spec.name]!);
  }

  /** The first `length` nodes as bytes: see packing.ts. */
  encode(level: number, columns: C, length: number): Uint8Array<ArrayBuffer> {
    const source = columns as unknown as Record<string, Column>;
    return packColumns(
      this.specs(level).map((spec) => source[spec.name]!),
      length,
    );
  }

  /** The other direction. Throws InvariantError where the bytes are no chunk of this layout. */
  decode(level: number, bytes: Uint8Array): { readonly columns: C; readonly length: number } {
    const specs = this.specs(level);
    // One buffer for all columns: thousands of small ones would keep the garbage collector busy.
    let buffer: ArrayBuffer | null = null;
    let at = 0;
    const unpacked = unpackColumns<Column>(bytes, specs.length, CHUNK_NODES, (column, length) => {
      const stride = Math.ceil(length / 8) * 8;
      buffer ??= new ArrayBuffer(stride * bytesOf(specs));
      const type = COLUMN_TYPES[specs[column]!.type];
      const made = new type(buffer, at, length);
      at += stride * type.BYTES_PER_ELEMENT;
      return made;
    });
    const columns: Record<string, Column> = {};
    specs.forEach((spec, c) => {
      columns[spec.name] = unpacked[c]!;
    });
    return { columns: columns as unknown as C, length: unpacked[0]!.length };
  }

  private specs(level: number): readonly ColumnSpec[] {
    return level === 0 ? this.leaf : this.inner;
  }
}

function bytesOf(specs: readonly ColumnSpec[]): number {
  return specs.reduce((sum, spec) => sum + COLUMN_TYPES[spec.type].BYTES_PER_ELEMENT, 0);
}

export const VALUE_LAYOUT = new Layout<ValueNodes>([
  { name: 'start', type: 'f64' },
  { name: 'value', type: 'i32' },
  { name: 'min', type: 'i32', inner: true },
  { name: 'max', type: 'i32', inner: true },
]);

export const COUNT_LAYOUT = new Layout<CountNodes>([
  { name: 'start', type: 'f64' },
  { name: 'count', type: 'i32' },
]);

const CHUNKS_PER_LEVEL = 2 ** 23;

/** Primary key of a chunk. */
export function chunkId(series: number, level: number, chunk: number): number {
  return (series * MAX_LEVELS + level) * CHUNKS_PER_LEVEL + chunk;
}

/** How many nodes level `level` has when level 0 has `nodes`. */
export function nodesAtLevel(nodes: number, level: number): number {
  return level === 0 ? nodes : Math.floor((nodes - 1) / FAN_OUT ** level);
}
