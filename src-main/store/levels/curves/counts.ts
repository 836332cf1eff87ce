/**
 * Counts of points in equal time buckets, at several bucket lengths, each level a series of its own with
 * one node for every bucket that is not empty.
 *
 * Hot: {@link CountBuilder.add} costs one comparison for most points and allocates nothing.
 */
import type { Ns } from '#shared/base/brands.ts';
import { CHUNK_NODES, chunkId, COUNT_LAYOUT, type CountNodes } from '../series.ts';
import type { ChunkSink } from './builder.ts';

/** Bucket length of level 0: 2^13 ns, about 8 microseconds. Each level's is four times as long. */
const FIRST_BUCKET_NS = 8192;
export const COUNT_LEVELS = 16;

/** Bucket length of a level in ns. */
export const countBucketNs = (level: number): Ns => FIRST_BUCKET_NS * 4 ** level;

interface CountLevel {
  readonly series: number;
  readonly columns: CountNodes;
  length: number;
  chunks: number;
  bucket: number;
  dirty: boolean;
}

export class CountBuilder {
  dirty = false;
  private readonly sink: ChunkSink;
  private readonly levels: CountLevel[];

  /** @param series ids of the series of each level */
  constructor(series: readonly number[], sink: ChunkSink) {
    this.sink = sink;
    this.levels = series.map((id) => ({
      series: id,
      columns: COUNT_LAYOUT.allocate(0, CHUNK_NODES),
      length: 0,
      chunks: 0,
      bucket: -1,
      dirty: false,
    }));
  }

  /** Counts one point. Times must not decrease. */
  add(timeNs: Ns): void {
    this.dirty = true;
    let bucket = Math.floor(timeNs / FIRST_BUCKET_NS);
    for (const level of this.levels) {
      if (bucket === level.bucket) {
        const row = level.length - 1;
        level.columns.count[row] = level.columns.count[row]! + 1;
      } else {
        if (level.length === CHUNK_NODES) {
          this.write(level);
          level.chunks++;
          level.length = 0;
        }
        const row = level.length++;
        level.bucket = bucket;
        level.columns.start[row] = bucket;
        level.columns.count[row] = 1;
      }
      level.dirty = true;
      bucket = Math.floor(bucket / 4);
    }
  }

  flush(): void {
    this.dirty = false;
    for (const level of this.levels) {
      if (!level.dirty || level.length === 0) continue;
      level.dirty = false;
      this.write(level);
    }
  }

  /** Series id and number of nodes of each level. */
  *counts(): Iterable<readonly [series: number, nodes: number]> {
    for (const level of this.levels) yield [level.series, level.chunks * CHUNK_NODES + level.length];
  }

  private write(level: CountLevel): void {
    this.sink.writeChunk(
      chunkId(level.series, 0, level.chunks),
      COUNT_LAYOUT.encode(0, level.columns, level.length),
    );
  }
}
