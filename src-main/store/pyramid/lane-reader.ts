/**
 * Reads a lane for a window: of each stretch of time the coarsest tile whose resolution is no coarser than a pixel. What it
 * reads depends on the pixels, not on the length of the trace.
 */
import type { TraceDatabase } from '../trace-database.ts';
import { readChunk, type ChunkFormat } from './chunk-cache.ts';
import { decodeIndex, INDEX_LEVEL, type LaneIndex } from './lane-index.ts';
import { decodeTile, TILE_FAN_OUT, type LaneTile } from './lane-tile.ts';
import { chunkId, CHUNK_NODES } from './series.ts';

const SERIES_SQL = 'SELECT id, nodes FROM series WHERE kind = ? AND object = ?';

const TILES: ChunkFormat<LaneTile> = {
  variant: 0,
  decode: (_level, bytes) => {
    const tile = decodeTile(bytes);
    return { columns: tile, length: tile.length };
  },
};

/** Called for runs of entries in order of time: rows `from` to `to - 1` of the tile, of which the last ends at `endNs`. */
export type TileVisitor = (tile: LaneTile, from: number, to: number, endNs: number) => void;

interface Walk {
  readonly startNs: number;
  readonly endNs: number;
  readonly pixelNs: number;
  readonly visitor: TileVisitor;
}

export class LaneReader {
  /** Intervals of the lane. */
  readonly nodes: number;
  private readonly trace: TraceDatabase;
  private readonly series: number;
  private readonly index: LaneIndex;
  private readonly durationNs: number;

  private constructor(trace: TraceDatabase, series: number, nodes: number) {
    this.trace = trace;
    this.series = series;
    this.nodes = nodes;
    this.durationNs = trace.durationNs;
    const format: ChunkFormat<LaneIndex> = {
      variant: 0,
      decode: (_level, bytes) => ({ columns: decodeIndex(bytes, nodes), length: 1 }),
    };
    this.index = readChunk(trace, format, INDEX_LEVEL, chunkId(series, INDEX_LEVEL, 0), 1);
  }

  /** The lane of `object`, or null where the trace has none. */
  static find(trace: TraceDatabase, kind: number, object: number): LaneReader | null {
    const found = trace.prepare(SERIES_SQL).get(kind, object) as [number, number] | undefined;
    if (found === undefined || found[1] < 1) return null;
    return new LaneReader(trace, found[0], found[1]);
  }

  /** Visits what overlaps the window; with pixels of 0 ns the intervals themselves. */
  visit(startNs: number, endNs: number, pixelNs: number, visitor: TileVisitor): void {
    const walk: Walk = { startNs, endNs, pixelNs, visitor };
    const { counts } = this.index;
    let covered = 0;
    for (let level = counts.length - 1; level >= 0; level--) {
      // What the level above does not cover: fewer than TILE_FAN_OUT tiles, and one that is not complete.
      const scale = TILE_FAN_OUT ** level;
      const to = counts[level]!;
      for (let ordinal = covered / scale; ordinal < to; ordinal++) this.descend(walk, level, ordinal);
      covered = to * scale;
    }
  }

  private descend(walk: Walk, level: number, ordinal: number): void {
    const { startNs: starts, resolutionNs } = this.index;
    const scale = TILE_FAN_OUT ** level;
    const tileStart = starts[ordinal * scale]!;
    const tileEnd = starts[(ordinal + 1) * scale] ?? this.durationNs;
    if (tileEnd < walk.startNs || tileStart > walk.endNs) return;
    if (level > 0 && resolutionNs[level]![ordinal]! > walk.pixelNs) {
      for (let child = 0; child < TILE_FAN_OUT; child++) {
        this.descend(walk, level - 1, ordinal * TILE_FAN_OUT + child);
      }
      return;
    }
    const tile = this.tile(level, ordinal);
    const { start, length } = tile;
    // The entry in which the window begins; and the first that begins after it.
    const from = Math.max(0, firstAfter(start, length, walk.startNs) - 1);
    const to = firstAfter(start, length, walk.endNs);
    if (from < to) walk.visitor(tile, from, to, to < length ? start[to]! : tileEnd);
  }

  private tile(level: number, ordinal: number): LaneTile {
    const isLast = level === 0 && ordinal === this.index.counts[0]! - 1;
    const length = level > 0 ? 1 : isLast ? this.nodes - ordinal * CHUNK_NODES : CHUNK_NODES;
    return readChunk(this.trace, TILES, level, chunkId(this.series, level, ordinal), length);
  }
}

/** Index of the first of `length` increasing values that is larger than `value`. */
function firstAfter(values: Float64Array, length: number, value: number): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (values[middle]! <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}
