/** `trace.lanes`: what each lane shows in a window. */
import type { LaneColumns, LaneRef } from '#shared/api/contract.ts';
import { LANE_FLAG } from '#shared/model/lane-flags.ts';
import { LANE_STATE } from '#shared/model/enums.ts';
import { GrowingColumn } from '../growing-column.ts';
import { heldLaneWeight, laneNodeFits, lwpLaneWeight, type LaneWeight } from '../pyramid/folds.ts';
import { SeriesReader } from '../pyramid/reader.ts';
import { LANE_LAYOUT, SERIES, type LaneNodes } from '../pyramid/series.ts';
import type { TraceDatabase } from '../trace-database.ts';
import type { QueryParams } from './params.ts';

/** The series of a lane. */
export const LANE_SERIES: Readonly<Record<LaneRef['kind'], number>> = {
  cpu: SERIES.cpuLane,
  lwp: SERIES.lwpLane,
  sync: SERIES.syncLane,
};

/**
 * Intervals narrower than a pixel are merged, at most one for each pixel beside the wide ones. Idle CPUs,
 * locks that nobody holds and LWPs that do not exist are gaps.
 */
export function lanes(trace: TraceDatabase, params: QueryParams<'trace.lanes'>): LaneColumns {
  return trace.guard(() => {
    const laneOffset = new Int32Array(params.lanes.length + 1);
    const out = new LaneOutput(params.startNs, params.endNs, params.pixels);
    params.lanes.forEach((lane, index) => {
      out.beginLane(lane.kind);
      SeriesReader.find(trace, LANE_LAYOUT, LANE_SERIES[lane.kind], lane.id)?.visit(
        params.startNs,
        params.endNs,
        out.pixelNs,
        out.add,
        laneNodeFits,
      );
      out.endLane();
      laneOffset[index + 1] = out.rows;
    });
    return { laneOffset, ...out.columns() };
  });
}

/** Collects nodes, merging narrow neighbours on the same pixel. */
class LaneOutput {
  readonly pixelNs: number;
  private readonly startNs: number;
  private readonly endNs: number;
  private readonly start = new GrowingColumn(Float64Array, 1024);
  private readonly end = new GrowingColumn(Float64Array, 1024);
  private readonly state = new GrowingColumn(Uint8Array, 1024);
  private readonly cpu = new GrowingColumn(Int16Array, 1024);
  private readonly lwp = new GrowingColumn(Int32Array, 1024);
  private readonly sync = new GrowingColumn(Int32Array, 1024);
  private readonly flags = new GrowingColumn(Uint8Array, 1024);
  private isLwpLane = false;
  private weightOf: LaneWeight = lwpLaneWeight;

  // The narrow interval being put together; its pixel is -1 where there is none.
  private pixel = -1;
  private mergedStart = 0;
  private mergedEnd = 0;
  private mergedCount = 0;
  private longest = 0;
  private mergedState = 0;
  private mergedCpu = 0;
  private mergedLwp = 0;
  private mergedSync = 0;
  private mergedFlags = 0;

  constructor(startNs: number, endNs: number, pixels: number) {
    this.startNs = startNs;
    this.endNs = endNs;
    this.pixelNs = Math.max(0, (endNs - startNs) / pixels);
  }

  get rows(): number {
    return this.start.length;
  }

  beginLane(kind: LaneRef['kind']): void {
    this.isLwpLane = kind === 'lwp';
    this.weightOf = this.isLwpLane ? lwpLaneWeight : heldLaneWeight;
  }

  endLane(): void {
    this.emitMerged();
  }

  readonly add = (nodes: LaneNodes, row: number, level: number, startNs: number, endNs: number): void => {
    const state = nodes.state[row]!;
    const lwp = nodes.lwp[row]!;
    const cpu = nodes.cpu[row]!;
    const sync = nodes.sync[row]!;
    const flags = nodes.flags[row]!;
    if (level === 0) {
      this.piece(startNs, endNs, this.weightOf(state, lwp, endNs - startNs), state, cpu, lwp, sync, flags, 1);
      return;
    }
    const mainStart = startNs + nodes.mainAfter[row]!;
    const mainEnd = mainStart + nodes.mainNs[row]!;
    this.piece(
      startNs,
      mainStart,
      nodes.leftWeight[row]!,
      nodes.leftState[row]!,
      nodes.leftCpu[row]!,
      nodes.leftLwp[row]!,
      nodes.leftSync[row]!,
      nodes.leftFlags[row]!,
      2,
    );
    this.piece(
      mainStart,
      mainEnd,
      this.weightOf(state, lwp, mainEnd - mainStart),
      state,
      cpu,
      lwp,
      sync,
      flags,
      1,
    );
    this.piece(
      mainEnd,
      endNs,
      nodes.rightWeight[row]!,
      nodes.rightState[row]!,
      nodes.rightCpu[row]!,
      nodes.rightLwp[row]!,
      nodes.rightSync[row]!,
      nodes.rightFlags[row]!,
      2,
    );
  };

  /** @param count 1 for a single interval, more for what may be several */
  private piece(
    startNs: number,
    endNs: number,
    weight: number,
    state: number,
    cpu: number,
    lwp: number,
    sync: number,
    flags: number,
    count: number,
  ): void {
    // A node that reaches into the window may have pieces that do not.
    if (endNs <= startNs || endNs < this.startNs || startNs > this.endNs) return;
    if (endNs - startNs > this.pixelNs) {
      this.emitMerged();
      if (!this.isGap(state, lwp)) this.emit(startNs, endNs, state, cpu, lwp, sync, flags);
      return;
    }
    const pixel = Math.floor((startNs - this.startNs) / this.pixelNs);
    const known = this.mergedFlags & LANE_FLAG.uncertain;
    if (this.mergedCount > 0 && pixel === this.pixel) {
      this.mergedEnd = endNs;
      this.mergedCount += count;
      if (weight <= this.longest) {
        this.mergedFlags |= flags & LANE_FLAG.uncertain;
        return;
      }
      this.mergedFlags = flags | known;
    } else {
      this.emitMerged();
      this.pixel = pixel;
      this.mergedStart = startNs;
      this.mergedEnd = endNs;
      this.mergedCount = count;
      this.mergedFlags = flags;
    }
    this.longest = weight;
    this.mergedState = state;
    this.mergedCpu = cpu;
    this.mergedLwp = lwp;
    this.mergedSync = sync;
  }

  columns(): Omit<LaneColumns, 'laneOffset'> {
    return {
      startNs: this.start.take(),
      endNs: this.end.take(),
      state: this.state.take(),
      cpu: this.cpu.take(),
      lwp: this.lwp.take(),
      sync: this.sync.take(),
      flags: this.flags.take(),
    };
  }

  private isGap(state: number, lwp: number): boolean {
    return this.isLwpLane ? state === LANE_STATE.exited : lwp === -1;
  }

  private emitMerged(): void {
    if (this.mergedCount === 0) return;
    const merged = this.mergedCount > 1 ? LANE_FLAG.merged : 0;
    this.mergedCount = 0;
    if (this.isGap(this.mergedState, this.mergedLwp) || this.mergedEnd === this.mergedStart) return;
    this.emit(
      this.mergedStart,
      this.mergedEnd,
      this.mergedState,
      this.mergedCpu,
      this.mergedLwp,
      this.mergedSync,
      this.mergedFlags | merged,
    );
  }

  private emit(
    startNs: number,
    endNs: number,
    state: number,
    cpu: number,
    lwp: number,
    sync: number,
    flags: number,
  ): void {
    this.start.push(startNs);
    this.end.push(endNs);
    this.state.push(state);
    this.cpu.push(cpu);
    this.lwp.push(lwp);
    this.sync.push(sync);
    this.flags.push(flags);
  }
}
