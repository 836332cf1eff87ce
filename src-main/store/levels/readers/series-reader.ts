/**
 * Reads a series for a window: goes down from the top of the pyramid and stops where a node is no wider
 * than a pixel. Visits at most a few nodes for each pixel, however many there are.
 */
import type { Ns } from '#shared/base/brands.ts';
import type { TraceDatabase } from '../../read/trace-database.ts';
import { chunkId, CHUNK_NODES, FAN_OUT, nodesAtLevel, type Layout, type NodeColumns } from '../series.ts';
import { readChunk } from './chunk-cache.ts';
import { findSeries } from './find-series.ts';

/** Called for each node in order of time: `columns[row]` at `level`, lasting from `startNs` to `endNs`. */
export type NodeVisitor<C> = (columns: C, row: number, level: number, startNs: Ns, endNs: Ns) => void;

interface Walk<C> {
  readonly startNs: Ns;
  readonly endNs: Ns;
  readonly pixelNs: Ns;
  readonly visitor: NodeVisitor<C>;
}

export class SeriesReader<C extends NodeColumns> {
  private readonly trace: TraceDatabase;
  private readonly layout: Layout<C>;
  private readonly series: number;
  private readonly endNs: Ns;
  /** Nodes by level. */
  private readonly counts: number[] = [];
  /** The chunk read last, by level. */
  private readonly chunkNow: number[] = [];
  private readonly columnsNow: C[] = [];

  private constructor(trace: TraceDatabase, layout: Layout<C>, series: number, nodes: number) {
    this.trace = trace;
    this.layout = layout;
    this.series = series;
    this.endNs = trace.durationNs;
    for (let level = 0; level === 0 || nodesAtLevel(nodes, level) > 0; level++) {
      this.counts.push(nodesAtLevel(nodes, level));
      this.chunkNow.push(-1);
    }
  }

  /** The series of `object`, or null where the trace has none. */
  static find<C extends NodeColumns>(
    trace: TraceDatabase,
    layout: Layout<C>,
    kind: number,
    object: number,
  ): SeriesReader<C> | null {
    const found = findSeries(trace, kind, object);
    return found === null ? null : new SeriesReader(trace, layout, found.id, found.nodes);
  }

  get nodes(): number {
    return this.counts[0]!;
  }

  /** Visits the nodes that overlap the window, none wider than `pixelNs` unless it is a single one. */
  visit(startNs: Ns, endNs: Ns, pixelNs: Ns, visitor: NodeVisitor<C>): void {
    const walk: Walk<C> = { startNs, endNs, pixelNs, visitor };
    let covered = 0;
    for (let level = this.counts.length - 1; level >= 0; level--) {
      // What the level above does not cover: fewer than FAN_OUT nodes.
      const scale = FAN_OUT ** level;
      const from = covered / scale;
      const to = this.counts[level]!;
      let nodeStart = from < to ? this.startOf(level, from) : Infinity;
      for (let node = from; node < to && nodeStart <= endNs; node++) {
        const nodeEnd = node + 1 === to ? this.endOf(level, node) : this.startOf(level, node + 1);
        this.descend(walk, level, node, nodeStart, nodeEnd);
        nodeStart = nodeEnd;
      }
      covered = to * scale;
    }
  }

  /** A node: itself where it is narrow enough, else its children. */
  private descend(walk: Walk<C>, level: number, node: number, startNs: Ns, endNs: Ns): void {
    if (endNs < walk.startNs) return;
    if (level === 0 || endNs - startNs <= walk.pixelNs) {
      walk.visitor(this.chunkOf(level, node), node % CHUNK_NODES, level, startNs, endNs);
      return;
    }
    const first = node * FAN_OUT;
    const last = first + FAN_OUT - 1;
    let childStart = startNs;
    for (let child = first; child <= last && childStart <= walk.endNs; child++) {
      const childEnd = child === last ? endNs : this.startOf(level - 1, child + 1);
      this.descend(walk, level - 1, child, childStart, childEnd);
      childStart = childEnd;
    }
  }

  private startOf(level: number, node: number): number {
    return this.chunkOf(level, node).start[node % CHUNK_NODES]!;
  }

  private endOf(level: number, node: number): number {
    if (node + 1 < this.counts[level]!) return this.startOf(level, node + 1);
    const leaf = (node + 1) * FAN_OUT ** level;
    return leaf < this.counts[0]! ? this.startOf(0, leaf) : this.endNs;
  }

  private chunkOf(level: number, node: number): C {
    const chunk = Math.floor(node / CHUNK_NODES);
    if (this.chunkNow[level] !== chunk) {
      this.chunkNow[level] = chunk;
      this.columnsNow[level] = readChunk(
        this.trace,
        this.layout,
        level,
        chunkId(this.series, level, chunk),
        Math.min(CHUNK_NODES, this.counts[level]! - chunk * CHUNK_NODES),
      );
    }
    return this.columnsNow[level]!;
  }
}
