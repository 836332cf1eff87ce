/** `trace.lanes`: what each lane shows in a window. */
import type { Ns } from '#shared/base/brands.ts';
import type { LaneColumns, LaneRef } from '#shared/api/contract.ts';
import { LANE_FLAG } from '#shared/model/lane-flags.ts';
import { LANE_STATE } from '#shared/model/enums.ts';
import { LANE_TILES, type LaneTile } from '../levels/tiles/lane-tile.ts';
import { heldLaneWeight, lwpLaneWeight, type LaneWeight } from '../levels/tiles/lane-weight.ts';
import { SERIES } from '../levels/series.ts';
import { SERIES_AT_ONCE, TileReader } from '../levels/readers/tile-reader.ts';
import { ResultColumns } from './result-columns.ts';
import type { TraceDatabase } from '../read/trace-database.ts';
import type { QueryParams } from './params.ts';

/** The series of a lane. */
export const LANE_SERIES: Readonly<Record<LaneRef['kind'], number>> = {
  cpu: SERIES.cpuLane,
  lwp: SERIES.lwpLane,
  sync: SERIES.syncLane,
};

/**
 * Intervals narrower than a pixel are merged, at most one for each pixel beside the wide ones. Idle CPUs,
 * locks without a holder and LWPs that do not exist are gaps.
 */
export function lanes(trace: TraceDatabase, params: QueryParams<'trace.lanes'>): LaneColumns {
  return trace.guard(() => {
    const laneOffset = new Int32Array(params.lanes.length + 1);
    const { startNs, endNs } = params;
    const out = new LaneOutput(trace.kept('laneColumns', newColumns), startNs, endNs, params.pixels);
    const window = { startNs, endNs, pixelNs: out.pixelNs };
    for (let first = 0; first < params.lanes.length; first += SERIES_AT_ONCE) {
      const some = params.lanes.slice(first, first + SERIES_AT_ONCE);
      const readers = findLanes(trace, some);
      TileReader.load(trace, readers, window);
      some.forEach((lane, i) => {
        out.beginLane(lane.kind, trace.durationNs);
        readers[i]?.visit(window, out.add);
        out.endLane();
        laneOffset[first + i + 1] = out.rows;
      });
    }
    return { laneOffset, ...out.columns() };
  });
}

/** Lanes of any kinds, in the order asked for. */
function findLanes(trace: TraceDatabase, lanes: readonly LaneRef[]): (TileReader<LaneTile> | null)[] {
  const found: (TileReader<LaneTile> | null)[] = new Array<null>(lanes.length).fill(null);
  for (const kind of Object.keys(LANE_SERIES) as LaneRef['kind'][]) {
    const rows = [...lanes.keys()].filter((i) => lanes[i]!.kind === kind);
    if (rows.length === 0) continue;
    const ids = rows.map((i) => lanes[i]!.id);
    const readers = TileReader.findAll(trace, LANE_TILES, LANE_SERIES[kind], ids);
    readers.forEach((reader, i) => (found[rows[i]!] = reader));
  }
  return found;
}

/** Filled by {@link LaneOutput}, kept with the trace. */
const newColumns = () =>
  new ResultColumns({
    startNs: Float64Array,
    endNs: Float64Array,
    state: Uint8Array,
    cpu: Int16Array,
    lwp: Int32Array,
    sync: Int32Array,
    flags: Uint8Array,
  });

/**
 * Collects entries of tiles, merging narrow neighbours on the same pixel; one at a time. Hot: allocates only while a
 * result is larger than all before.
 */
class LaneOutput {
  readonly pixelNs: Ns;
  rows = 0;
  private readonly result: ReturnType<typeof newColumns>;
  private readonly startNs: Ns;
  private isLwpLane = false;
  private traceEndNs = 0;
  private weightOf: LaneWeight = lwpLaneWeight;

  // The narrow interval being put together, and where its pixel ends.
  private pixelEnd = 0;
  private mergedStart = 0;
  private mergedEnd = 0;
  private heaviest = 0;
  private mergedTile: LaneTile | null = null;
  private mergedIs = 0;
  private mergedFlags = 0;

  /** @param result to be filled; not used elsewhere meanwhile */
  constructor(result: ReturnType<typeof newColumns>, startNs: Ns, endNs: Ns, pixels: number) {
    this.result = result;
    this.startNs = startNs;
    this.pixelNs = Math.max(0, (endNs - startNs) / pixels);
  }

  beginLane(kind: LaneRef['kind'], traceEndNs: Ns): void {
    this.traceEndNs = traceEndNs;
    this.isLwpLane = kind === 'lwp';
    this.weightOf = this.isLwpLane ? lwpLaneWeight : heldLaneWeight;
  }

  endLane(): void {
    this.emitMerged();
  }

  readonly add = (tile: LaneTile, from: number, to: number, endNs: Ns): void => {
    const { startNs, startAfter, code, longest } = tile;
    const { pixelNs } = this;
    let entryEnd = startNs + startAfter[from]!;
    for (let row = from; row < to; row++) {
      const entryStart = entryEnd;
      entryEnd = row + 1 < to ? startNs + startAfter[row + 1]! : endNs;
      const is = code[row]!;
      // What begins as the trace ends has not been anything yet; elsewhere one of no length is a run, or what lies
      // between two.
      if (entryStart === entryEnd && entryEnd === this.traceEndNs) continue;
      if (entryEnd - entryStart > pixelNs || pixelNs === 0) {
        this.emitMerged();
        this.emit(tile, is, entryStart, entryEnd, tile.flags[is]!);
      } else {
        this.narrow(tile, is, entryStart, entryEnd, longest[row]!);
      }
    }
  };

  columns(): Omit<LaneColumns, 'laneOffset'> {
    return this.result.take(this.rows);
  }

  /** @param longestNs 0 for a single interval */
  private narrow(tile: LaneTile, is: number, startNs: Ns, endNs: Ns, longestNs: Ns): void {
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

  private emit(tile: LaneTile, is: number, startNs: Ns, endNs: Ns, flags: number): void {
    const state = tile.state[is]!;
    const lwp = tile.lwp[is]!;
    if (this.isLwpLane ? state === LANE_STATE.exited : lwp === -1) return;
    if (this.rows === this.result.capacity) this.result.grow();
    const { columns } = this.result;
    const row = this.rows++;
    columns.startNs[row] = startNs;
    columns.endNs[row] = endNs;
    columns.state[row] = state;
    columns.cpu[row] = tile.cpu[is]!;
    columns.lwp[row] = lwp;
    columns.sync[row] = tile.sync[is]!;
    columns.flags[row] = flags;
  }
}
