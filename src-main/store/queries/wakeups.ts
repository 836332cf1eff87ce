/** `trace.wakeups`: which LWP woke which, and how long it waited for a CPU. */
import type { LwpId } from '#shared/base/brands.ts';
import type { WakeupColumns } from '#shared/api/contract.ts';
import { NONE } from '#shared/base/none.ts';
import type { PointTile } from '../levels/tiles/point-tile.ts';
import { WAKEUP_POINTS, type WakeupNodes } from '../levels/tiles/points.ts';
import { SERIES } from '../levels/series.ts';
import { visitTiles, type TileWindow } from '../levels/readers/tile-reader.ts';
import { ResultColumns } from './result-columns.ts';
import type { TraceDatabase } from '../read/trace-database.ts';
import type { QueryParams } from './params.ts';

/**
 * LWP after LWP in the order asked for, each in order of time; of those on one pixel the one that waited longest.
 * In the window are those of which the wait for the CPU reaches into it.
 */
export function wakeups(trace: TraceDatabase, params: QueryParams<'trace.wakeups'>): WakeupColumns {
  return trace.guard(() => {
    const { startNs, endNs, pixels, lwps } = params;
    const window = { startNs, endNs, pixelNs: Math.max(0, (endNs - startNs) / pixels) };
    const out = trace.kept('wakeupOutput', () => new WakeupOutput());
    out.begin(window);
    const series = { format: WAKEUP_POINTS.format, kind: SERIES.wakeups, objects: lwps };
    visitTiles(trace, series, window, (lwp) => out.beginLwp(lwp));
    return out.columns();
  });
}

/**
 * Collects entries of tiles, of those on one pixel the one that waited longest. Hot: allocates only while a result is
 * larger than all before.
 */
class WakeupOutput {
  private readonly result = new ResultColumns({
    sequence: Float64Array,
    timeNs: Float64Array,
    runNs: Float64Array,
    lwp: Int32Array,
    waker: Int32Array,
    wakerCpu: Int16Array,
    runCpu: Int16Array,
    count: Int32Array,
  });
  private rows = 0;
  private window: TileWindow = { startNs: 0, endNs: 0, pixelNs: 0 };
  private lwpNow = 0;
  private pixel = NaN;
  /** How long the last row waited. */
  private longest = 0;

  begin(window: TileWindow): void {
    this.window = window;
    this.rows = 0;
  }

  beginLwp(lwp: LwpId): typeof this.add {
    this.lwpNow = lwp;
    this.pixel = NaN;
    return this.add;
  }

  private readonly add = (tile: PointTile<WakeupNodes>, from: number, to: number): void => {
    for (let row = from; row < to; row++) this.addEntry(tile, row);
  };

  private addEntry(nodes: WakeupNodes, row: number): void {
    const { startNs, endNs, pixelNs } = this.window;
    const timeNs = nodes.time[row]!;
    const after = nodes.after[row]!;
    // An entry reaches to the next wake-up; the LWP may have run long before.
    if (timeNs > endNs || timeNs + Math.max(0, after) < startNs) return;
    const pixel = Math.floor((nodes.start[row]! - startNs) / pixelNs);
    if (pixel === this.pixel) {
      const { count } = this.result.columns;
      count[this.rows - 1] = count[this.rows - 1]! + nodes.count[row]!;
      if (after <= this.longest) return;
    } else {
      if (this.rows === this.result.capacity) this.result.grow();
      this.result.columns.count[this.rows++] = nodes.count[row]!;
    }
    this.pixel = pixel;
    this.longest = after;
    const { columns } = this.result;
    const at = this.rows - 1;
    columns.sequence[at] = nodes.sequence[row]!;
    columns.timeNs[at] = timeNs;
    columns.runNs[at] = after < 0 ? NONE : timeNs + after;
    columns.lwp[at] = this.lwpNow;
    columns.waker[at] = nodes.waker[row]!;
    columns.wakerCpu[at] = nodes.wakerCpu[row]!;
    columns.runCpu[at] = nodes.runCpu[row]!;
  }

  columns(): WakeupColumns {
    return this.result.take(this.rows);
  }
}
