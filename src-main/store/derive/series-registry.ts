/** The series of a trace being written: their ids, in order of first use, and their builders. */
import { PyramidBuilder, type ChunkSink } from '../pyramid/builder.ts';
import { CountBuilder, COUNT_LEVELS } from '../pyramid/counts.ts';
import { VALUE_FOLD } from '../pyramid/folds.ts';
import { LeafPool } from '../pyramid/leaf-pool.ts';
import { laneTileKind } from '../pyramid/lane-tile-kind.ts';
import { allocateEntries, type LaneEntries, type LaneNodes } from '../pyramid/lane-tile.ts';
import { heldLaneWeight, lwpLaneWeight } from '../pyramid/lane-weight.ts';
import {
  DECISION_POINTS,
  WAKEUP_POINTS,
  WINDOW_POINTS,
  type DecisionNodes,
  type WakeupNodes,
  type WindowNodes,
} from '../pyramid/points.ts';
import {
  SERIES,
  VALUE_LAYOUT,
  type NodeColumns,
  type SeriesKind,
  type ValueNodes,
  type ValueSeries,
} from '../pyramid/series.ts';
import { TileBuilder, type TileKind } from '../pyramid/tile-builder.ts';
import type { Tile } from '../pyramid/tile.ts';
import { CpuSums } from '../sums/cpu-sums.ts';
import { DecisionSums } from '../sums/decision-sums.ts';
import type { LeafSums } from '../sums/leaf-sums.ts';
import { LwpSums } from '../sums/lwp-sums.ts';
import { SumBuilder, type SumSink } from '../sums/sum-builder.ts';
import { SyncSums } from '../sums/sync-sums.ts';
import { WindowSums } from '../sums/window-sums.ts';

/** Receives chunks, sums and the rows of the table `series`. */
export interface SeriesSink extends ChunkSink, SumSink {
  writeSeries(id: number, kind: number, object: number, nodes: number): void;
}

interface Registered {
  readonly kind: SeriesKind;
  readonly object: number;
  readonly builder: {
    readonly series: number;
    readonly dirty: boolean;
    readonly nodes: number;
    flush(): void;
  };
}

const LWP_LANE = laneTileKind(lwpLaneWeight);
const HELD_LANE = laneTileKind(heldLaneWeight);

export class SeriesRegistry {
  private readonly sink: SeriesSink;
  /** By id: those that may still grow. */
  private readonly pyramids = new Map<number, Registered>();
  private readonly laneLeaves = new LeafPool(allocateEntries);
  private readonly windowLeaves = new LeafPool((capacity) => WINDOW_POINTS.allocate(capacity));
  private readonly wakeupLeaves = new LeafPool((capacity) => WAKEUP_POINTS.allocate(capacity));
  private readonly decisionLeaves = new LeafPool((capacity) => DECISION_POINTS.allocate(capacity));
  private readonly counts: { kind: SeriesKind; object: number; builder: CountBuilder }[] = [];
  private nextId = 1;

  constructor(sink: SeriesSink) {
    this.sink = sink;
  }

  /** Series that may still grow. */
  get growing(): number {
    return this.pyramids.size + this.counts.length;
  }

  lwpLane(lwp: number): TileBuilder<LaneEntries> {
    return this.addLane(SERIES.lwpLane, lwp, LWP_LANE, () => new LwpSums());
  }
  cpuLane(cpu: number): TileBuilder<LaneEntries> {
    return this.addLane(SERIES.cpuLane, cpu, HELD_LANE, () => new CpuSums());
  }
  syncLane(sync: number): TileBuilder<LaneEntries> {
    return this.addLane(SERIES.syncLane, sync, HELD_LANE, () => new SyncSums());
  }
  windows(lwp: number): TileBuilder<WindowNodes> {
    return this.addTiles(SERIES.windows, lwp, WINDOW_POINTS, this.windowLeaves, () => new WindowSums());
  }
  wakeups(lwp: number): TileBuilder<WakeupNodes> {
    return this.addTiles(SERIES.wakeups, lwp, WAKEUP_POINTS, this.wakeupLeaves, null);
  }
  decisions(lwp: number): TileBuilder<DecisionNodes> {
    return this.addTiles(
      SERIES.decisions,
      lwp,
      DECISION_POINTS,
      this.decisionLeaves,
      () => new DecisionSums(),
    );
  }
  values(kind: ValueSeries, object: number): PyramidBuilder<ValueNodes> {
    const builder = new PyramidBuilder(this.nextId++, VALUE_LAYOUT, VALUE_FOLD, this.sink);
    this.pyramids.set(builder.series, { kind, object, builder });
    return builder;
  }

  /** Counts in time buckets; takes {@link COUNT_LEVELS} series. */
  timeCounts(
    kind: typeof SERIES.cpuUpdateCounts | typeof SERIES.decisionCounts,
    object: number,
  ): CountBuilder {
    const ids = Array.from({ length: COUNT_LEVELS }, () => this.nextId++);
    const builder = new CountBuilder(ids, this.sink);
    this.counts.push({ kind, object, builder });
    return builder;
  }

  /** Writes everything that was added since the last flush. */
  flush(): void {
    for (const registered of this.pyramids.values()) this.flushSeries(registered);
    for (const { kind, object, builder } of this.counts) {
      if (!builder.dirty) continue;
      builder.flush();
      let level = 0;
      for (const [id, nodes] of builder.counts()) {
        this.sink.writeSeries(id, kind, object * COUNT_LEVELS + level++, nodes);
      }
    }
  }

  /** Writes a series to its end and lets go of it: nothing will be added to it any more. */
  retire(builder: { readonly series: number; release(): void }): void {
    this.flushSeries(this.pyramids.get(builder.series)!);
    this.pyramids.delete(builder.series);
    builder.release();
  }

  private flushSeries({ kind, object, builder }: Registered): void {
    if (!builder.dirty) return;
    builder.flush();
    this.sink.writeSeries(builder.series, kind, object, builder.nodes);
  }

  private addLane(
    kind: SeriesKind,
    object: number,
    tiles: TileKind<LaneEntries, Tile>,
    sums: () => LeafSums<LaneNodes>,
  ): TileBuilder<LaneEntries> {
    return this.addTiles<LaneEntries, LaneNodes>(kind, object, tiles, this.laneLeaves, sums);
  }

  /** @param sums to begin with at the first full tile: they are larger than what most series have to be summed up */
  private addTiles<E extends C, C extends NodeColumns>(
    kind: SeriesKind,
    object: number,
    tiles: TileKind<E, Tile>,
    pool: LeafPool<E>,
    sums: (() => LeafSums<C>) | null,
  ): TileBuilder<E> {
    const series = this.nextId++;
    let summed: SumBuilder<C> | null = null;
    const onLeaves =
      sums === null
        ? null
        : (leaves: E, endNs: number): void => {
            summed ??= new SumBuilder(series, sums(), this.sink);
            summed.addChunk(leaves, endNs);
          };
    const builder = new TileBuilder(series, tiles, this.sink, onLeaves, pool);
    this.pyramids.set(series, { kind, object, builder });
    return builder;
  }
}
