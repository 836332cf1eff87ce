/** The series of a trace being written: their ids, in order of first use, and their builders. */
import { PyramidBuilder, type ChunkSink, type Fold } from '../pyramid/builder.ts';
import { CountBuilder, COUNT_LEVELS } from '../pyramid/counts.ts';
import { DECISION_FOLD, VALUE_FOLD, WAKEUP_FOLD, WINDOW_FOLD } from '../pyramid/folds.ts';
import { LaneTileBuilder } from '../pyramid/lane-tile-builder.ts';
import type { LaneNodes } from '../pyramid/lane-tile.ts';
import { heldLaneWeight, lwpLaneWeight, type LaneWeight } from '../pyramid/lane-weight.ts';
import {
  DECISION_LAYOUT,
  SERIES,
  VALUE_LAYOUT,
  WAKEUP_LAYOUT,
  WINDOW_LAYOUT,
  type DecisionNodes,
  type Layout,
  type NodeColumns,
  type SeriesKind,
  type ValueNodes,
  type ValueSeries,
  type WakeupNodes,
  type WindowNodes,
} from '../pyramid/series.ts';
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

export class SeriesRegistry {
  private readonly sink: SeriesSink;
  /** By id: those that may still grow. */
  private readonly pyramids = new Map<number, Registered>();
  private readonly counts: { kind: SeriesKind; object: number; builder: CountBuilder }[] = [];
  private nextId = 1;

  constructor(sink: SeriesSink) {
    this.sink = sink;
  }

  /** Series that may still grow. */
  get growing(): number {
    return this.pyramids.size + this.counts.length;
  }

  lwpLane(lwp: number): LaneTileBuilder {
    return this.addLane(SERIES.lwpLane, lwp, lwpLaneWeight, new LwpSums());
  }
  cpuLane(cpu: number): LaneTileBuilder {
    return this.addLane(SERIES.cpuLane, cpu, heldLaneWeight, new CpuSums());
  }
  syncLane(sync: number): LaneTileBuilder {
    return this.addLane(SERIES.syncLane, sync, heldLaneWeight, new SyncSums());
  }
  values(kind: ValueSeries, object: number): PyramidBuilder<ValueNodes> {
    return this.add(kind, object, VALUE_LAYOUT, VALUE_FOLD);
  }
  windows(lwp: number): PyramidBuilder<WindowNodes> {
    return this.add(SERIES.windows, lwp, WINDOW_LAYOUT, WINDOW_FOLD, new WindowSums());
  }
  wakeups(lwp: number): PyramidBuilder<WakeupNodes> {
    return this.add(SERIES.wakeups, lwp, WAKEUP_LAYOUT, WAKEUP_FOLD);
  }
  decisions(lwp: number): PyramidBuilder<DecisionNodes> {
    return this.add(SERIES.decisions, lwp, DECISION_LAYOUT, DECISION_FOLD, new DecisionSums());
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
  retire(series: number): void {
    this.flushSeries(this.pyramids.get(series)!);
    this.pyramids.delete(series);
  }

  private flushSeries({ kind, object, builder }: Registered): void {
    if (!builder.dirty) return;
    builder.flush();
    this.sink.writeSeries(builder.series, kind, object, builder.nodes);
  }

  private addLane(
    kind: SeriesKind,
    object: number,
    weightOf: LaneWeight,
    sums: LeafSums<LaneNodes>,
  ): LaneTileBuilder {
    const series = this.nextId++;
    const summed = new SumBuilder(series, sums, this.sink);
    const builder = new LaneTileBuilder(series, weightOf, this.sink, (leaves, endNs) =>
      summed.addChunk(leaves, endNs),
    );
    this.pyramids.set(series, { kind, object, builder });
    return builder;
  }

  private add<C extends NodeColumns>(
    kind: SeriesKind,
    object: number,
    layout: Layout<C>,
    fold: Fold<C>,
    sums: LeafSums<C> | null = null,
  ): PyramidBuilder<C> {
    const series = this.nextId++;
    const summed = sums === null ? null : new SumBuilder(series, sums, this.sink);
    const onLeaves =
      summed === null ? null : (columns: C, endNs: number): void => summed.addChunk(columns, endNs);
    const builder = new PyramidBuilder(series, layout, fold, this.sink, onLeaves);
    this.pyramids.set(series, { kind, object, builder });
    return builder;
  }
}
