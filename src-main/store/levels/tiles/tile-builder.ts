/**
 * Builds the tiles of one series while nodes arrive. See tile.ts for what they are.
 *
 * A tile of level k + 1 is made when two of level k are complete. What waits for that is kept as it goes to the file.
 *
 * A trace has a series or two for every thread, most of them of a few nodes: what only a series of more than one tile
 * needs is made with its first full tile, and what all of a kind have in common is kept once ({@link TileFamily}).
 *
 * Hot: {@link TileBuilder.push} runs for every node of the trace and allocates only while a series'
 * buffers grow and when a tile is complete.
 */
import type { Ns } from '#shared/base/brands.ts';
import type { ChunkSink } from '../curves/builder.ts';
import type { LeafPool } from './leaf-pool.ts';
import { CHUNK_NODES, chunkId, type SeriesKind } from '../series.ts';
import { encodeIndex, INDEX_LEVEL } from './tile-index.ts';
import { startOf, TILE_FAN_OUT, type Tile } from './tile.ts';

const FIRST_CAPACITY = 2;
/** Exponent of the finest resolution: a microsecond. */
const FINEST = 10;
const NO_EXPONENTS: readonly (readonly number[])[] = [[]];

/** Nodes of level 0 that change no more, {@link CHUNK_NODES} from row 0 on, and where the last of them ends. */
export type LeavesListener<E> = (leaves: E, endNs: Ns) => void;

/** What the tiles of a series are made of: `E` while they are put together, `T` decoded. */
export interface TileKind<E, T extends Tile> {
  /** Where {@link merge} leaves its result. */
  readonly merged: E;
  allocate(capacity: number): E;
  /** Copies `length` nodes of level 0. */
  copy(from: E, fromRow: number, to: E, toRow: number, length: number): void;
  /** @param firstRow of the entries, 0 where it is left out */
  encode(
    level: number,
    entries: E,
    length: number,
    resolutionNs: Ns,
    firstRow?: number,
  ): Uint8Array<ArrayBuffer>;
  decode(level: number, bytes: Uint8Array): T;
  /**
   * Merges consecutive tiles that end at `ends` at a resolution; returns the number of entries, -1 where there is no
   * room for them. Hot: allocates nothing.
   */
  merge(children: readonly T[], ends: readonly number[], resolutionNs: Ns): number;
}

/** What the series of a kind in a trace have in common. */
export interface TileFamily<E, T extends Tile = Tile> {
  readonly kind: SeriesKind;
  readonly tiles: TileKind<E, T>;
  readonly sink: ChunkSink;
  /** Of `tiles.allocate`. */
  readonly pool: LeafPool<E>;
  /** Returns the receiver of the nodes of every full tile of a series, asked with its first tile; null for none. */
  readonly listenerOf: ((series: number) => LeavesListener<E>) | null;
}

interface Level {
  /** Exponents of the resolutions of its tiles; of level 0: empty. */
  readonly exponents: number[];
  /** Tiles so far, and those that wait for their parent. */
  tiles: number;
  readonly children: Uint8Array[];
}

/** What there is about a series from its first full tile on. */
interface FullTiles<E> {
  /** Starts of the tiles of level 0, the one being filled included. */
  readonly startNs: Ns[];
  readonly levels: Level[];
  readonly onLeaves: LeavesListener<E> | null;
}

export class TileBuilder<E extends { readonly start: Float64Array }, T extends Tile = Tile> {
  readonly series: number;
  /** What the series is about: an id, as in the table `series`. */
  readonly object: number;
  /** Nodes so far. */
  nodes = 0;
  /** Whether anything was added since {@link flush}. */
  dirty = false;
  /** Columns with the nodes of the tile being filled, and of other series; {@link push} may replace them. */
  leaves: E;
  private readonly family: TileFamily<E, T>;
  /** Row in {@link leaves} of the tile's first node. */
  private base: number;
  private capacity = FIRST_CAPACITY;
  private length = 0;
  private full: FullTiles<E> | null = null;

  constructor(series: number, object: number, family: TileFamily<E, T>) {
    this.series = series;
    this.object = object;
    this.family = family;
    const { columns, base } = family.pool.take(FIRST_CAPACITY);
    this.leaves = columns;
    this.base = base;
  }

  get kind(): SeriesKind {
    return this.family.kind;
  }

  /** Row of the last node in {@link leaves}, where there is one. Its fields may be changed until the next push. */
  get lastRow(): number {
    return this.base + this.length - 1;
  }

  /** Ends the last node at `startNs` and begins one there. Returns its row in {@link leaves}, to be filled in. */
  push(startNs: Ns): number {
    if (this.length === this.capacity) {
      if (this.length === CHUNK_NODES) this.finishTile(startNs);
      else this.grow();
    }
    const row = this.base + this.length++;
    this.leaves.start[row] = startNs;
    this.dirty = true;
    this.nodes++;
    return row;
  }

  /** Tells that the last node was changed after the last flush. */
  touch(): void {
    this.dirty = true;
  }

  /** Writes the tile that is not complete yet, and the index. */
  flush(): void {
    this.dirty = false;
    if (this.length === 0) return;
    const { series, leaves, base, full } = this;
    const { tiles, sink } = this.family;
    const last = tiles.encode(0, leaves, this.length, 0, base);
    sink.writeChunk(chunkId(series, 0, full?.levels[0]!.tiles ?? 0), last);
    const startNs = full?.startNs ?? [leaves.start[base]!];
    const exponents = full?.levels.map((level) => level.exponents) ?? NO_EXPONENTS;
    sink.writeChunk(chunkId(series, INDEX_LEVEL, 0), encodeIndex(startNs, exponents));
  }

  /** Gives the columns back: all was flushed, and nothing is added any more. */
  release(): void {
    this.family.pool.giveBack(this.leaves, this.base, this.capacity);
  }

  /** The tile being filled is full and ends at `endNs`, where the next one begins. */
  private finishTile(endNs: Ns): void {
    const { series, leaves, base } = this;
    const { tiles, listenerOf } = this.family;
    this.full ??= {
      startNs: [leaves.start[base]!],
      levels: [],
      onLeaves: listenerOf === null ? null : listenerOf(series),
    };
    this.full.onLeaves?.(leaves, endNs);
    this.complete(this.full.levels, 0, tiles.encode(0, leaves, this.length, 0, base), endNs);
    this.full.startNs.push(endNs);
    this.length = 0;
  }

  /** A tile that ends at `endNs` will not change any more. */
  private complete(levels: Level[], k: number, tile: Uint8Array<ArrayBuffer>, endNs: Ns): void {
    const { tiles: kind, sink } = this.family;
    const level = (levels[k] ??= { exponents: [], tiles: 0, children: [] });
    sink.writeChunk(chunkId(this.series, k, level.tiles++), tile);
    level.children.push(tile);
    if (level.children.length < TILE_FAN_OUT) return;
    const children = level.children.map((child) => kind.decode(k, child));
    level.children.length = 0;
    const ends = children.map((_, c) => (c + 1 < children.length ? startOf(children[c + 1]!, 0) : endNs));
    const { exponent, length } = mergeTiles(kind, children, ends);
    const above = (levels[k + 1] ??= { exponents: [], tiles: 0, children: [] });
    above.exponents.push(exponent);
    this.complete(levels, k + 1, kind.encode(k + 1, kind.merged, length, 2 ** exponent), endNs);
  }

  private grow(): void {
    const { tiles, pool } = this.family;
    const { columns, base } = pool.take(this.capacity * 2);
    tiles.copy(this.leaves, this.base, columns, base, this.length);
    pool.giveBack(this.leaves, this.base, this.capacity);
    this.leaves = columns;
    this.base = base;
    this.capacity *= 2;
  }
}

/** Merges consecutive tiles that end at `ends` as finely as fits. */
function mergeTiles<E, T extends Tile>(
  kind: TileKind<E, T>,
  children: readonly T[],
  ends: readonly number[],
): { readonly exponent: number; readonly length: number } {
  const spanNs = ends.at(-1)! - startOf(children[0]!, 0);
  // At a resolution of twice the mean there can be no more entries than fit; look how much finer it can be.
  let exponent = Math.max(FINEST, Math.floor(Math.log2((2 * spanNs) / CHUNK_NODES)) - 3);
  for (const child of children) {
    if (child.resolutionNs > 0) exponent = Math.max(exponent, Math.log2(child.resolutionNs));
  }
  for (;;) {
    const length = kind.merge(children, ends, 2 ** exponent);
    if (length >= 0) return { exponent, length };
    exponent++;
  }
}
