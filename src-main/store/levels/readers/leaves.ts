/** The leaves (level 0) of a series, by their number. */
import type { Ns } from '#shared/base/brands.ts';
import type { TraceDatabase } from '../../read/trace-database.ts';
import type { ChunkFormat } from '../chunk-format.ts';
import { readChunk } from './chunk-cache.ts';
import { findSeries } from './find-series.ts';
import { CHUNK_NODES, chunkId, type NodeColumns } from '../series.ts';

export class Leaves<C extends NodeColumns> {
  readonly series: number;
  readonly count: number;
  private readonly trace: TraceDatabase;
  private readonly layout: ChunkFormat<C>;
  private readonly durationNs: Ns;
  private chunkNow = -1;
  private columnsNow: C | null = null;

  private constructor(trace: TraceDatabase, layout: ChunkFormat<C>, series: number, count: number) {
    this.trace = trace;
    this.layout = layout;
    this.series = series;
    this.count = count;
    this.durationNs = trace.durationNs;
  }

  /** The leaves of `object`, or null where the trace has none. */
  static find<C extends NodeColumns>(
    trace: TraceDatabase,
    layout: ChunkFormat<C>,
    kind: number,
    object: number,
  ): Leaves<C> | null {
    const found = findSeries(trace, kind, object);
    return found === null ? null : new Leaves(trace, layout, found.id, found.nodes);
  }

  /** The columns that hold a leaf, at row {@link rowOf}. Throws InvariantError where the file lacks them. */
  columnsOf(leaf: number): C {
    const chunk = Math.floor(leaf / CHUNK_NODES);
    if (chunk !== this.chunkNow || this.columnsNow === null) {
      const nodes = Math.min(CHUNK_NODES, this.count - chunk * CHUNK_NODES);
      this.columnsNow = readChunk(this.trace, this.layout, 0, chunkId(this.series, 0, chunk), nodes);
      this.chunkNow = chunk;
    }
    return this.columnsNow;
  }

  rowOf(leaf: number): number {
    return leaf % CHUNK_NODES;
  }

  startOf(leaf: number): number {
    return this.columnsOf(leaf).start[this.rowOf(leaf)]!;
  }

  /** Where the next one starts, or the trace ends. */
  endOf(leaf: number): number {
    return leaf + 1 < this.count ? this.startOf(leaf + 1) : this.durationNs;
  }

  /** The last leaf that starts at or before `timeNs`, -1 where all are later. */
  at(timeNs: Ns): number {
    let low = 0;
    let high = this.count - 1;
    while (low <= high) {
      const middle = Math.floor((low + high) / 2);
      if (this.startOf(middle) <= timeNs) low = middle + 1;
      else high = middle - 1;
    }
    return high;
  }
}
