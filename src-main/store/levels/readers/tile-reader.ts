/**
 * Reads a series of tiles for a viewport: for each part of it the coarsest tile whose resolution is no coarser than a
 * pixel. The amount read depends on the pixels, not on the length of the trace.
 */
import type { Ns } from '#shared/base/brands.ts';
import type { TraceDatabase } from '../../read/trace-database.ts';
import type { ChunkFormat } from '../chunk-format.ts';
import { loadChunks, readChunk, type ChunkRequest } from './chunk-cache.ts';
import { findAllSeries, type FoundSeries } from './find-series.ts';
import { chunkId, CHUNK_NODES } from '../series.ts';
import { decodeIndex, INDEX_LEVEL, type TileIndex } from '../tiles/tile-index.ts';
import { firstAfter, startOf, TILE_FAN_OUT, type Tile } from '../tiles/tile.ts';

/**
 * Called for runs of entries in order of time: rows `from` to `to - 1` of the tile, of which the last ends at `endNs`.
 */
export type TileVisitor<T> = (tile: T, from: number, to: number, endNs: Ns) => void;

/** Called for each tile that is to be drawn, in order of time. */
type TileListener = (level: number, ordinal: number, endNs: Ns) => void;

/** What is to be seen. */
export interface TileWindow {
  readonly startNs: Ns;
  readonly endNs: Ns;
  /** 0: the nodes themselves. */
  readonly pixelNs: Ns;
}

/** The series of a kind that some objects have. */
export interface SeriesOfObjects<T extends Tile> {
  readonly format: ChunkFormat<T>;
  readonly kind: number;
  readonly objects: readonly number[];
}

/** Series whose tiles are read together: this bounds what is in memory for them. */
export const SERIES_AT_ONCE = 64;

/** Visits what of the series of several objects overlaps the window, one after the other. */
export function visitTiles<T extends Tile>(
  trace: TraceDatabase,
  { format, kind, objects }: SeriesOfObjects<T>,
  window: TileWindow,
  visitorOf: (object: number) => TileVisitor<T>,
): void {
  for (let first = 0; first < objects.length; first += SERIES_AT_ONCE) {
    const some = objects.slice(first, first + SERIES_AT_ONCE);
    const readers = TileReader.findAll(trace, format, kind, some);
    TileReader.load(trace, readers, window);
    some.forEach((object, i) => readers[i]?.visit(window, visitorOf(object)));
  }
}

export class TileReader<T extends Tile> {
  /** Nodes of the series. */
  readonly nodes: number;
  private readonly trace: TraceDatabase;
  private readonly format: ChunkFormat<T>;
  private readonly series: number;
  private readonly index: TileIndex;
  private readonly durationNs: Ns;

  private constructor(
    trace: TraceDatabase,
    format: ChunkFormat<T>,
    { id, nodes }: FoundSeries,
    index: TileIndex,
  ) {
    this.trace = trace;
    this.format = format;
    this.series = id;
    this.nodes = nodes;
    this.durationNs = trace.durationNs;
    this.index = index;
  }

  /** The series of `object`, or null where the trace has none. */
  static find<T extends Tile>(
    trace: TraceDatabase,
    format: ChunkFormat<T>,
    kind: number,
    object: number,
  ): TileReader<T> | null {
    return TileReader.findAll(trace, format, kind, [object])[0]!;
  }

  /** The series of several objects, null where the trace has none. */
  static findAll<T extends Tile>(
    trace: TraceDatabase,
    format: ChunkFormat<T>,
    kind: number,
    objects: readonly number[],
  ): (TileReader<T> | null)[] {
    const found = findAllSeries(trace, kind, objects);
    const indexes = found.map((series) => (series === null ? null : requestIndex(series)));
    loadChunks(
      trace,
      indexes.filter((request) => request !== null),
    );
    return found.map((series, i) => {
      if (series === null) return null;
      const { format: indexFormat, level, id } = indexes[i]!;
      return new TileReader(trace, format, series, readChunk(trace, indexFormat, level, id, 1));
    });
  }

  /** Reads in one go what {@link visit} will need of these series. */
  static load(trace: TraceDatabase, readers: readonly (TileReader<Tile> | null)[], window: TileWindow): void {
    const requests: ChunkRequest[] = [];
    for (const reader of readers) {
      reader?.tilesIn(window, (level, ordinal) => {
        requests.push({ format: reader.format, level, id: chunkId(reader.series, level, ordinal) });
      });
    }
    loadChunks(trace, requests);
  }

  /** Visits what overlaps the window. */
  visit(window: TileWindow, visitor: TileVisitor<T>): void {
    this.tilesIn(window, (level, ordinal, tileEnd) => {
      const tile = this.tile(level, ordinal);
      // The entry in which the window begins, or all that begin with it; and the first that begins after it.
      let from = Math.max(0, firstAfter(tile, window.startNs) - 1);
      while (from > 0 && startOf(tile, from - 1) === window.startNs) from--;
      const to = firstAfter(tile, window.endNs);
      if (from < to) visitor(tile, from, to, to < tile.length ? startOf(tile, to) : tileEnd);
    });
  }

  private tilesIn(window: TileWindow, listener: TileListener): void {
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

  private descend(window: TileWindow, level: number, ordinal: number, listener: TileListener): void {
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

  private tile(level: number, ordinal: number): T {
    const isLast = level === 0 && ordinal === this.index.counts[0]! - 1;
    const length = level > 0 ? 1 : isLast ? this.nodes - ordinal * CHUNK_NODES : CHUNK_NODES;
    return readChunk(this.trace, this.format, level, chunkId(this.series, level, ordinal), length);
  }
}

function requestIndex({
  id,
  nodes,
}: FoundSeries): ChunkRequest & { readonly format: ChunkFormat<TileIndex> } {
  const format: ChunkFormat<TileIndex> = {
    variant: 0,
    decode: (_level, bytes) => ({ columns: decodeIndex(bytes, nodes), length: 1 }),
  };
  return { format, level: INDEX_LEVEL, id: chunkId(id, INDEX_LEVEL, 0) };
}
