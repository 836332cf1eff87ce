/** The series of a trace being written: their ids, in order of first use, and their builders. */
import type { CpuId, LwpId, Ns, SyncId } from '#shared/base/brands.ts';
import { PyramidBuilder, type ChunkSink } from '../levels/curves/builder.ts';
import { CountBuilder, COUNT_LEVELS } from '../levels/curves/counts.ts';
import { VALUE_FOLD } from '../levels/curves/folds.ts';
import { LeafPool } from '../levels/tiles/leaf-pool.ts';
import { laneTileKind } from '../levels/tiles/lane-tile-kind.ts';
import { allocateLeaves, type LaneEntries, type LaneNodes } from '../levels/tiles/lane-tile.ts';
import { heldLaneWeight, lwpLaneWeight } from '../levels/tiles/lane-weight.ts';
import {
  DECISION_POINTS,
  WAKEUP_POINTS,
  WINDOW_POINTS,
  type DecisionNodes,
  type WakeupNodes,
  type WindowNodes,
} from '../levels/tiles/points.ts';
import {
  SERIES,
  VALUE_LAYOUT,
  type NodeColumns,
  type SeriesKind,
  type ValueNodes,
  type ValueSeries,
} from '../levels/series.ts';
import type { PointKind, PointNodes } from '../levels/tiles/point-tile.ts';
import { TileBuilder, type TileFamily, type TileKind } from '../levels/tiles/tile-builder.ts';
import type { Tile } from '../levels/tiles/tile.ts';
import { CpuSums } from '../levels/sums/cpu-sums.ts';
import { DecisionSums } from '../levels/sums/decision-sums.ts';
import type { LeafSums } from '../levels/sums/leaf-sums.ts';
import { LwpSums } from '../levels/sums/lwp-sums.ts';
import { SumBuilder, type SumSink } from '../levels/sums/sum-builder.ts';
import { SyncSums } from '../levels/sums/sync-sums.ts';
import { NopreemptWindowSums } from '../levels/sums/nopreempt-window-sums.ts';

/** Receives chunks, sums and the rows of the table `series`. */
export interface SeriesSink extends ChunkSink, SumSink {
  writeSeries(id: number, kind: number, object: number, nodes: number): void;
}

/** A series of tiles that may still grow. */
interface Growing {
  readonly series: number;
  readonly kind: SeriesKind;
  readonly object: number;
  readonly dirty: boolean;
  readonly nodes: number;
  flush(): void;
  release(): void;
}

interface Curve {
  readonly kind: ValueSeries;
  readonly object: number;
  readonly builder: PyramidBuilder<ValueNodes>;
}

const LWP_LANE = laneTileKind(lwpLaneWeight);
const HELD_LANE = laneTileKind(heldLaneWeight);

export class SeriesRegistry {
  private readonly sink: SeriesSink;
  private readonly lwpLanes: TileFamily<LaneEntries>;
  private readonly cpuLanes: TileFamily<LaneEntries>;
  private readonly syncLanes: TileFamily<LaneEntries>;
  private readonly windowPoints: TileFamily<WindowNodes>;
  private readonly wakeupPoints: TileFamily<WakeupNodes>;
  private readonly decisionPoints: TileFamily<DecisionNodes>;
  /** By id. */
  private readonly tiled = new Set<Growing>();
  private readonly curves: Curve[] = [];
  private readonly counts: { kind: SeriesKind; object: number; builder: CountBuilder }[] = [];
  private nextId = 1;

  constructor(sink: SeriesSink) {
    this.sink = sink;
    const lanes = new LeafPool(allocateLeaves);
    this.lwpLanes = this.family<LaneEntries, LaneNodes>(SERIES.lwpLane, LWP_LANE, lanes, () => new LwpSums());
    this.cpuLanes = this.family<LaneEntries, LaneNodes>(
      SERIES.cpuLane,
      HELD_LANE,
      lanes,
      () => new CpuSums(),
    );
    this.syncLanes = this.family<LaneEntries, LaneNodes>(
      SERIES.syncLane,
      HELD_LANE,
      lanes,
      () => new SyncSums(),
    );
    this.windowPoints = this.points(SERIES.windows, WINDOW_POINTS, () => new NopreemptWindowSums());
    this.wakeupPoints = this.points(SERIES.wakeups, WAKEUP_POINTS, null);
    this.decisionPoints = this.points(SERIES.decisions, DECISION_POINTS, () => new DecisionSums());
  }

  /** Series that may still grow. */
  get growing(): number {
    return this.tiled.size + this.curves.length + this.counts.length;
  }

  lwpLane(lwp: LwpId): TileBuilder<LaneEntries> {
    return this.add(this.lwpLanes, lwp);
  }
  cpuLane(cpu: CpuId): TileBuilder<LaneEntries> {
    return this.add(this.cpuLanes, cpu);
  }
  syncLane(sync: SyncId): TileBuilder<LaneEntries> {
    return this.add(this.syncLanes, sync);
  }
  windows(lwp: LwpId): TileBuilder<WindowNodes> {
    return this.add(this.windowPoints, lwp);
  }
  wakeups(lwp: LwpId): TileBuilder<WakeupNodes> {
    return this.add(this.wakeupPoints, lwp);
  }
  decisions(lwp: LwpId): TileBuilder<DecisionNodes> {
    return this.add(this.decisionPoints, lwp);
  }
  values(kind: ValueSeries, object: number): PyramidBuilder<ValueNodes> {
    const builder = new PyramidBuilder(this.nextId++, VALUE_LAYOUT, VALUE_FOLD, this.sink);
    this.curves.push({ kind, object, builder });
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
    for (const builder of this.tiled) this.flushTiles(builder);
    for (const { kind, object, builder } of this.curves) {
      if (!builder.dirty) continue;
      builder.flush();
      this.sink.writeSeries(builder.series, kind, object, builder.nodes);
    }
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
  retire(builder: Growing): void {
    this.flushTiles(builder);
    this.tiled.delete(builder);
    builder.release();
  }

  private flushTiles(builder: Growing): void {
    if (!builder.dirty) return;
    builder.flush();
    this.sink.writeSeries(builder.series, builder.kind, builder.object, builder.nodes);
  }

  private add<E extends { readonly start: Float64Array }>(
    family: TileFamily<E>,
    object: number,
  ): TileBuilder<E> {
    const builder = new TileBuilder(this.nextId++, object, family);
    this.tiled.add(builder);
    return builder;
  }

  private points<C extends PointNodes>(
    kind: SeriesKind,
    tiles: PointKind<C>,
    sums: (() => LeafSums<C>) | null,
  ): TileFamily<C> {
    return this.family<C, C>(kind, tiles, new LeafPool((capacity) => tiles.allocate(capacity)), sums);
  }

  /** @param sums what to sum a series up with, from its first full tile on; null: not at all */
  private family<E extends C, C extends NodeColumns>(
    kind: SeriesKind,
    tiles: TileKind<E, Tile>,
    pool: LeafPool<E>,
    sums: (() => LeafSums<C>) | null,
  ): TileFamily<E> {
    const { sink } = this;
    const listenerOf = (makeSums: () => LeafSums<C>) => (series: number) => {
      const summed = new SumBuilder(series, makeSums(), sink);
      return (leaves: E, endNs: Ns): void => summed.addChunk(leaves, endNs);
    };
    return { kind, tiles, sink, pool, listenerOf: sums === null ? null : listenerOf(sums) };
  }
}
