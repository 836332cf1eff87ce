/**
 * Builds the pyramid of one series while nodes arrive. See series.ts for what it is.
 *
 * Hot: {@link PyramidBuilder.push} runs for every interval of the trace and allocates only while a
 * series' buffers grow and when a chunk is full (once in 512 nodes).
 */
import type { Ns } from '#shared/base/brands.ts';
import { CHUNK_NODES, chunkId, FAN_OUT, type Layout, type NodeColumns } from '../series.ts';

/** How four nodes become one. */
export interface Fold<C extends NodeColumns> {
  /** Makes `parent[at]` from its first child. */
  begin(parent: C, at: number, child: C, row: number, level: number): void;
  /** Adds a further child. `level` is the child's. */
  add(parent: C, at: number, child: C, row: number, level: number): void;
}

/** Where full chunks go, to be copied; a chunk handed over again replaces what it was. */
export interface ChunkSink {
  writeChunk(id: number, data: Uint8Array): void;
}

interface Level<C> {
  columns: C;
  capacity: number;
  /** Complete nodes in the chunk being filled. */
  length: number;
  /** Chunks already full. */
  chunks: number;
  /** Children folded so far into the node at `length` (not at level 0). */
  folded: number;
  /** Nodes were added since the chunk was last written. */
  dirty: boolean;
}

const FIRST_CAPACITY = 16;

export class PyramidBuilder<C extends NodeColumns> {
  readonly series: number;
  /** Nodes of level 0. */
  nodes = 0;
  /** Whether anything was added since {@link flush}. */
  dirty = false;
  private readonly layout: Layout<C>;
  private readonly fold: Fold<C>;
  private readonly sink: ChunkSink;
  private readonly levels: Level<C>[] = [];

  constructor(series: number, layout: Layout<C>, fold: Fold<C>, sink: ChunkSink) {
    this.series = series;
    this.layout = layout;
    this.fold = fold;
    this.sink = sink;
    this.levels.push(this.newLevel(0));
  }

  /** Columns of level 0; {@link push} may replace them. */
  get leaves(): C {
    return this.levels[0]!.columns;
  }

  /** Row of the last node in {@link leaves}, -1 where there is none. Its fields may be changed until the next push. */
  get lastRow(): number {
    return this.nodes === 0 ? -1 : this.levels[0]!.length - 1;
  }

  /** Ends the last node at `startNs` and begins one there. Returns its row in {@link leaves}, to be filled in. */
  push(startNs: Ns): number {
    const leaf = this.levels[0]!;
    if (this.nodes > 0) {
      this.foldUp(0, leaf, leaf.length - 1);
      if (leaf.length === CHUNK_NODES) this.finishChunk(0, leaf);
    }
    if (leaf.length === leaf.capacity) this.grow(0, leaf);
    const row = leaf.length++;
    leaf.columns.start[row] = startNs;
    leaf.dirty = true;
    this.dirty = true;
    this.nodes++;
    return row;
  }

  /** Tells that the last node was changed after the last flush. */
  touch(): void {
    this.levels[0]!.dirty = true;
    this.dirty = true;
  }

  /** Writes the chunks that are not full yet. */
  flush(): void {
    this.dirty = false;
    this.levels.forEach((level, k) => {
      if (!level.dirty || level.length === 0) return;
      level.dirty = false;
      this.write(k, level);
    });
  }

  private foldUp(k: number, child: Level<C>, row: number): void {
    const parent = (this.levels[k + 1] ??= this.newLevel(k + 1));
    if (parent.folded === 0) {
      if (parent.length === parent.capacity) this.grow(k + 1, parent);
      this.fold.begin(parent.columns, parent.length, child.columns, row, k);
    } else {
      this.fold.add(parent.columns, parent.length, child.columns, row, k);
    }
    if (++parent.folded < FAN_OUT) return;
    parent.folded = 0;
    parent.length++;
    parent.dirty = true;
    this.foldUp(k + 1, parent, parent.length - 1);
    if (parent.length === CHUNK_NODES) this.finishChunk(k + 1, parent);
  }

  private finishChunk(k: number, level: Level<C>): void {
    this.write(k, level);
    level.chunks++;
    level.length = 0;
    level.dirty = false;
  }

  private write(k: number, level: Level<C>): void {
    this.sink.writeChunk(
      chunkId(this.series, k, level.chunks),
      this.layout.encode(k, level.columns, level.length),
    );
  }

  private grow(k: number, level: Level<C>): void {
    const columns = this.layout.allocate(k, level.capacity * 2);
    this.layout.copy(k, level.columns, columns);
    level.columns = columns;
    level.capacity *= 2;
  }

  private newLevel(k: number): Level<C> {
    return {
      columns: this.layout.allocate(k, FIRST_CAPACITY),
      capacity: FIRST_CAPACITY,
      length: 0,
      chunks: 0,
      folded: 0,
      dirty: false,
    };
  }
}
