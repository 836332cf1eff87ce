/**
 * Builds the tiles of one series while nodes arrive. See tile.ts for what they are.
 *
 * A tile of level k + 1 is made when two of level k are complete. What waits for that is kept as it goes to the file.
 *
 * Hot: {@link TileBuilder.push} runs for every node of the trace and allocates only while a series'
 * buffers grow and when a tile is complete.
 */
import type { ChunkSink } from './builder.ts';
import { LeafPool } from './leaf-pool.ts';
import { CHUNK_NODES, chunkId } from './series.ts';
import { encodeIndex, INDEX_LEVEL } from './tile-index.ts';
import { startOf, TILE_FAN_OUT, type Tile } from './tile.ts';

const FIRST_CAPACITY = 16;
/** Exponent of the finest resolution: a microsecond. */
const FINEST = 10;

/** Nodes of level 0 that change no more, and where the last of them ends. */
export type LeavesListener<E> = (leaves: E, endNs: number) => void;

/** What the tiles of a series are made of: `E` while they are put together, `T` decoded. */
export interface TileKind<E, T extends Tile> {
  /** Where {@link merge} leaves its result. */
  readonly merged: E;
  allocate(capacity: number): E;
  /** Copies nodes of level 0 to the beginning of larger columns. */
  copy(from: E, to: E): void;
  encode(level: number, entries: E, length: number, resolutionNs: number): Uint8Array<ArrayBuffer>;
  decode(level: number, bytes: Uint8Array): T;
  /**
   * Merges consecutive tiles that end at `ends` at a resolution; returns the number of entries, -1 where there is no room for
   * them. Hot: allocates nothing.
   */
  merge(children: readonly T[], ends: readonly number[], resolutionNs: number): number;
}

interface Level {
  /** Exponents of the resolutions of its tiles; of level 0: empty. */
  readonly exponents: number[];
  /** Tiles so far, and those that wait for their parent. */
  tiles: number;
  readonly children: Uint8Array[];
}

export class TileBuilder<E extends { readonly start: Float64Array }, T extends Tile = Tile> {
  readonly series: number;
  /** Nodes so far. */
  nodes = 0;
  /** Whether anything was added since {@link flush}. */
  dirty = false;
  /** Nodes of the tile being filled; {@link push} may replace it. */
  leaves: E;
  private readonly kind: TileKind<E, T>;
  private readonly sink: ChunkSink;
  private readonly onLeaves: LeavesListener<E> | null;
  private readonly pool: LeafPool<E>;
  private capacity = FIRST_CAPACITY;
  private length = 0;
  /** Starts of the tiles of level 0, the one being filled included. */
  private readonly startNs: number[] = [];
  private readonly levels: Level[] = [{ exponents: [], tiles: 0, children: [] }];

  /**
   * @param onLeaves is shown the nodes of every full tile
   * @param pool of `kind.allocate`, shared by the series of a trace
   */
  constructor(
    series: number,
    kind: TileKind<E, T>,
    sink: ChunkSink,
    onLeaves: LeavesListener<E> | null = null,
    pool = new LeafPool<E>((capacity) => kind.allocate(capacity)),
  ) {
    this.series = series;
    this.kind = kind;
    this.sink = sink;
    this.onLeaves = onLeaves;
    this.pool = pool;
    this.leaves = pool.take(FIRST_CAPACITY);
  }

  /** Row of the last node in {@link leaves}, -1 where there is none. Its fields may be changed until the next push. */
  get lastRow(): number {
    return this.length - 1;
  }

  /** Ends the last node at `startNs` and begins one there. Returns its row in {@link leaves}, to be filled in. */
  push(startNs: number): number {
    if (this.length === CHUNK_NODES) {
      this.onLeaves?.(this.leaves, startNs);
      this.complete(0, this.kind.encode(0, this.leaves, this.length, 0), startNs);
      this.length = 0;
    } else if (this.length === this.capacity) {
      this.grow();
    }
    if (this.length === 0) this.startNs.push(startNs);
    const row = this.length++;
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
    const { series, sink, levels } = this;
    const last = this.kind.encode(0, this.leaves, this.length, 0);
    sink.writeChunk(chunkId(series, 0, levels[0]!.tiles), last);
    const exponents = levels.map((level) => level.exponents);
    sink.writeChunk(chunkId(series, INDEX_LEVEL, 0), encodeIndex(this.startNs, exponents));
  }

  /** Gives the columns back: all was flushed, and nothing is added any more. */
  release(): void {
    this.pool.giveBack(this.leaves);
  }

  /** A tile that ends at `endNs` will not change any more. */
  private complete(k: number, tile: Uint8Array<ArrayBuffer>, endNs: number): void {
    const level = (this.levels[k] ??= { exponents: [], tiles: 0, children: [] });
    this.sink.writeChunk(chunkId(this.series, k, level.tiles++), tile);
    level.children.push(tile);
    if (level.children.length < TILE_FAN_OUT) return;
    const children = level.children.map((child) => this.kind.decode(k, child));
    level.children.length = 0;
    const ends = children.map((_, c) => (c + 1 < children.length ? startOf(children[c + 1]!, 0) : endNs));
    const { exponent, length } = mergeTiles(this.kind, children, ends);
    const above = (this.levels[k + 1] ??= { exponents: [], tiles: 0, children: [] });
    above.exponents.push(exponent);
    this.complete(k + 1, this.kind.encode(k + 1, this.kind.merged, length, 2 ** exponent), endNs);
  }

  private grow(): void {
    const grown = this.pool.take(this.capacity * 2);
    this.kind.copy(this.leaves, grown);
    this.pool.giveBack(this.leaves);
    this.leaves = grown;
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
