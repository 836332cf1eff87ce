/** `trace.lanes`: what each lane shows in a window. */
import type { LaneColumns, LaneRef } from '#shared/api/contract.ts';
import { LANE_FLAG } from '#shared/model/lane-flags.ts';
import { LANE_STATE } from '#shared/model/enums.ts';
import { LaneReader } from '../pyramid/lane-reader.ts';
import type { LaneTile } from '../pyramid/lane-tile.ts';
import { heldLaneWeight, lwpLaneWeight, type LaneWeight } from '../pyramid/lane-weight.ts';
import { SERIES } from '../pyramid/series.ts';
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
      LaneReader.find(trace, LANE_SERIES[lane.kind], lane.id)?.visit(
        params.startNs,
        params.endNs,
        out.pixelNs,
        out.add,
      );
      out.endLane();
      laneOffset[index + 1] = out.rows;
    });
    return { laneOffset, ...out.columns() };
  });
}

/** Collects entries of tiles, merging narrow neighbours on the same pixel. Hot: allocates only while its columns grow. */
class LaneOutput {
  readonly pixelNs: number;
  rows = 0;
  private readonly startNs: number;
  private capacity = 4096;
  private start = new Float64Array(this.capacity);
  private end = new Float64Array(this.capacity);
  private state = new Uint8Array(this.capacity);
  private cpu = new Int16Array(this.capacity);
  private lwp = new Int32Array(this.capacity);
  private sync = new Int32Array(this.capacity);
  private flags = new Uint8Array(this.capacity);
  private isLwpLane = false;
  private weightOf: LaneWeight = lwpLaneWeight;

  // The narrow interval being put together, and where its pixel ends.
  private pixelEnd = 0;
  private mergedStart = 0;
  private mergedEnd = 0;
  private heaviest = 0;
  private mergedTile: LaneTile | null = null;
  private mergedIs = 0;
  private mergedFlags = 0;

  constructor(startNs: number, endNs: number, pixels: number) {
    this.startNs = startNs;
    this.pixelNs = Math.max(0, (endNs - startNs) / pixels);
  }

  beginLane(kind: LaneRef['kind']): void {
    this.isLwpLane = kind === 'lwp';
    this.weightOf = this.isLwpLane ? lwpLaneWeight : heldLaneWeight;
  }

  endLane(): void {
    this.emitMerged();
  }

  readonly add = (tile: LaneTile, from: number, to: number, endNs: number): void => {
    const { start, code, longest } = tile;
    const { pixelNs } = this;
    for (let row = from; row < to; row++) {
      const entryStart = start[row]!;
      const entryEnd = row + 1 < to ? start[row + 1]! : endNs;
      const is = code[row]!;
      if (entryEnd - entryStart > pixelNs) {
        this.emitMerged();
        this.emit(tile, is, entryStart, entryEnd, tile.flags[is]!);
      } else if (entryEnd > entryStart) {
        this.narrow(tile, is, entryStart, entryEnd, longest[row]!);
      }
    }
  };

  columns(): Omit<LaneColumns, 'laneOffset'> {
    const { rows } = this;
    return {
      startNs: this.start.slice(0, rows),
      endNs: this.end.slice(0, rows),
      state: this.state.slice(0, rows),
      cpu: this.cpu.slice(0, rows),
      lwp: this.lwp.slice(0, rows),
      sync: this.sync.slice(0, rows),
      flags: this.flags.slice(0, rows),
    };
  }

  /** @param longestNs 0 for a single interval */
  private narrow(tile: LaneTile, is: number, startNs: number, endNs: number, longestNs: number): void {
    const weight = this.weightOf(
      tile.state[is]!,
      tile.lwp[is]!,
      longestNs === 0 ? endNs - startNs : longestNs,
    );
    const flags = tile.flags[is]!;
    if (this.mergedTile !== null && startNs < this.pixelEnd) {
      this.mergedEnd = endNs;
      const together = ((this.mergedFlags | flags) & LANE_FLAG.uncertain) | LANE_FLAG.merged;
      if (weight <= this.heaviest) {
        this.mergedFlags |= together;
        return;
      }
      this.mergedFlags = flags | together;
    } else {
      this.emitMerged();
      const pixel = Math.floor((startNs - this.startNs) / this.pixelNs);
      this.pixelEnd = this.startNs + (pixel + 1) * this.pixelNs;
      this.mergedStart = startNs;
      this.mergedEnd = endNs;
      this.mergedFlags = flags;
    }
    this.heaviest = weight;
    this.mergedTile = tile;
    this.mergedIs = is;
  }

  private emitMerged(): void {
    const tile = this.mergedTile;
    if (tile === null) return;
    this.mergedTile = null;
    this.emit(tile, this.mergedIs, this.mergedStart, this.mergedEnd, this.mergedFlags);
  }

  private emit(tile: LaneTile, is: number, startNs: number, endNs: number, flags: number): void {
    const state = tile.state[is]!;
    const lwp = tile.lwp[is]!;
    if (this.isLwpLane ? state === LANE_STATE.exited : lwp === -1) return;
    if (this.rows === this.capacity) this.grow();
    const row = this.rows++;
    this.start[row] = startNs;
    this.end[row] = endNs;
    this.state[row] = state;
    this.cpu[row] = tile.cpu[is]!;
    this.lwp[row] = lwp;
    this.sync[row] = tile.sync[is]!;
    this.flags[row] = flags;
  }

  private grow(): void {
    this.capacity *= 2;
    this.start = grown(this.start, new Float64Array(this.capacity));
    this.end = grown(this.end, new Float64Array(this.capacity));
    this.state = grown(this.state, new Uint8Array(this.capacity));
    this.cpu = grown(this.cpu, new Int16Array(this.capacity));
    this.lwp = grown(this.lwp, new Int32Array(this.capacity));
    this.sync = grown(this.sync, new Int32Array(this.capacity));
    this.flags = grown(this.flags, new Uint8Array(this.capacity));
  }
}

function grown<T extends Float64Array | Int32Array | Int16Array | Uint8Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
