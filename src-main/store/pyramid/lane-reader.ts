/**
 * Reads a lane for a window: of each stretch of time the coarsest tile whose resolution is no coarser than a pixel. What it
 * reads depends on the pixels, not on the length of the trace.
 */
import type { TraceDatabase } from '../trace-database.ts';
import { loadChunks, readChunk, type ChunkFormat, type ChunkRequest } from './chunk-cache.ts';
import { findAllSeries, type FoundSeries } from './find-series.ts';
import { decodeIndex, INDEX_LEVEL, type LaneIndex } from './lane-index.ts';
import { decodeTile, startOf, TILE_FAN_OUT, type LaneTile } from './lane-tile.ts';
import { chunkId, CHUNK_NODES } from './series.ts';

const TILES: ChunkFormat<LaneTile> = {
  variant: 0,
  decode: (_level, bytes) => {
    const tile = decodeTile(bytes);
    return { columns: tile, length: tile.length };
  },
};

/** Called for runs of entries in order of time: rows `from` to `to - 1` of the tile, of which the last ends at `endNs`. */
export type TileVisitor = (tile: LaneTile, from: number, to: number, endNs: number) => void;

/** Called for each tile that is to be drawn, in order of time. */
type TileListener = (level: number, ordinal: number, endNs: number) => void;

interface Window {
  readonly startNs: number;
  readonly endNs: number;
  /** 0: the intervals themselves. */
  readonly pixelNs: number;
}

export class LaneReader {
  /** Intervals of the lane. */
  readonly nodes: number;
  private readonly trace: TraceDatabase;
  private readonly series: number;
  private readonly index: LaneIndex;
  private readonly durationNs: number;

  private constructor(trace: TraceDatabase, { id, nodes }: FoundSeries, index: LaneIndex) {
    this.trace = trace;
    this.series = id;
    this.nodes = nodes;
    this.durationNs = trace.durationNs;
    this.index = index;
  }

  /** The lane of `object`, or null where the trace has none. */
  static find(trace: TraceDatabase, kind: number, object: number): LaneReader | null {
    return LaneReader.findAll(trace, kind, [object])[0]!;
  }

  /** The lanes of several objects, null where the trace has none. */
  static findAll(trace: TraceDatabase, kind: number, objects: readonly number[]): (LaneReader | null)[] {
    const found = findAllSeries(trace, kind, objects);
    const requests = found.map((series) => (series === null ? null : indexOf(series)));
    loadChunks(
      trace,
      requests.filter((request) => request !== null),
    );
    return found.map((series, i) => {
      if (series === null) return null;
      const { format, level, id } = requests[i]!;
      return new LaneReader(trace, series, readChunk(trace, format, level, id, 1));
    });
  }

  /** Reads in one go what {@link visit} will need of these lanes. */
  static load(trace: TraceDatabase, readers: readonly (LaneReader | null)[], window: Window): void {
    const requests: ChunkRequest[] = [];
    for (const reader of readers) {
      reader?.tilesIn(window, (level, ordinal) => {
        requests.push({ format: TILES, level, id: chunkId(reader.series, level, ordinal) });
      });
    }
    loadChunks(trace, requests);
  }

  /** Visits what overlaps the window. */
  visit(window: Window, visitor: TileVisitor): void {
    this.tilesIn(window, (level, ordinal, tileEnd) => {
      const tile = this.tile(level, ordinal);
      // The entry in which the window begins; and the first that begins after it.
      const from = Math.max(0, firstAfter(tile, window.startNs) - 1);
      const to = firstAfter(tile, window.endNs);
      if (from < to) visitor(tile, from, to, to < tile.length ? startOf(tile, to) : tileEnd);
    });
  }

  private tilesIn(window: Window, listener: TileListener): void {
    const { counts } = this.index;
    let covered = 0;
    for (let level = counts.length - 1; level >= 0; level--) {
      // What the level above does not cover: fewer than TILE_FAN_OUT tiles, and one that is not complete.
      const scale = TILE_FAN_OUT ** level;
      const to = counts[level]!;
      for (let ordinal = covered / scale; ordinal < to; ordinal++) {
        this.descend(window, level, ordinal, listener);
      }
      covered = to * scale;
    }
  }

  private descend(window: Window, level: number, ordinal: number, listener: TileListener): void {
    const { startNs: starts, resolutionNs } = this.index;
    const scale = TILE_FAN_OUT ** level;
    const tileStart = starts[ordinal * scale]!;
    const tileEnd = starts[(ordinal + 1) * scale] ?? this.durationNs;
    if (tileEnd < window.startNs || tileStart > window.endNs) return;
    if (level > 0 && resolutionNs[level]![ordinal]! > window.pixelNs) {
      for (let child = 0; child < TILE_FAN_OUT; child++) {
        this.descend(window, level - 1, ordinal * TILE_FAN_OUT + child, listener);
      }
      return;
    }
    listener(level, ordinal, tileEnd);
  }

  private tile(level: number, ordinal: number): LaneTile {
    const isLast = level === 0 && ordinal === this.index.counts[0]! - 1;
    const length = level > 0 ? 1 : isLast ? this.nodes - ordinal * CHUNK_NODES : CHUNK_NODES;
    return readChunk(this.trace, TILES, level, chunkId(this.series, level, ordinal), length);
  }
}

function indexOf({ id, nodes }: FoundSeries): ChunkRequest & { readonly format: ChunkFormat<LaneIndex> } {
  const format: ChunkFormat<LaneIndex> = {
    variant: 0,
    decode: (_level, bytes) => ({ columns: decodeIndex(bytes, nodes), length: 1 }),
  };
  return { format, level: INDEX_LEVEL, id: chunkId(id, INDEX_LEVEL, 0) };
}

/** The first entry that starts after `timeNs`. */
function firstAfter({ startNs, startAfter, length }: LaneTile, timeNs: number): number {
  const after = timeNs - startNs;
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (startAfter[middle]! <= after) low = middle + 1;
    else high = middle;
  }
  return low;
}
