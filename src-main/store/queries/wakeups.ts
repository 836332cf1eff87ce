/** `trace.wakeups`: who woke which LWP, and how long it waited for a CPU. */
import type { WakeupColumns } from '#shared/api/contract.ts';
import { NONE } from '#shared/base/none.ts';
import { GrowingColumn } from '../growing-column.ts';
import type { PointTile } from '../pyramid/point-tile.ts';
import { WAKEUP_POINTS, type WakeupNodes } from '../pyramid/points.ts';
import { SERIES } from '../pyramid/series.ts';
import { visitTiles, type TileWindow } from '../pyramid/tile-reader.ts';
import type { TraceDatabase } from '../trace-database.ts';
import type { QueryParams } from './params.ts';

/**
 * LWP after LWP in the order asked for, each in order of time; of those on one pixel the one that waited longest.
 * In the window are those of which the wait for the CPU reaches into it.
 */
export function wakeups(trace: TraceDatabase, params: QueryParams<'trace.wakeups'>): WakeupColumns {
  return trace.guard(() => {
    const { startNs, endNs, pixels, lwps } = params;
    const window = { startNs, endNs, pixelNs: Math.max(0, (endNs - startNs) / pixels) };
    out.begin(window);
    visitTiles(trace, WAKEUP_POINTS.format, SERIES.wakeups, lwps, window, (lwp) => out.beginLwp(lwp));
    return out.columns();
  });
}

/** Collects entries of tiles, of those on one pixel the one that waited longest. Hot: allocates only while a result is larger than all before. */
class WakeupOutput {
  private window: TileWindow = { startNs: 0, endNs: 0, pixelNs: 0 };
  private readonly sequence = new GrowingColumn(Float64Array);
  private readonly time = new GrowingColumn(Float64Array);
  private readonly run = new GrowingColumn(Float64Array);
  private readonly lwp = new GrowingColumn(Int32Array);
  private readonly waker = new GrowingColumn(Int32Array);
  private readonly wakerCpu = new GrowingColumn(Int16Array);
  private readonly runCpu = new GrowingColumn(Int16Array);
  private readonly count = new GrowingColumn(Int32Array);
  private lwpNow = 0;
  private pixel = NaN;
  /** How long the last row waited. */
  private longest = 0;

  begin(window: TileWindow): void {
    this.window = window;
    this.truncate(0);
  }

  beginLwp(lwp: number): typeof this.add {
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
    const count = nodes.count[row]!;
    let at = this.sequence.length;
    if (pixel === this.pixel) {
      at--;
      const together = this.count.data[at]! + count;
      this.count.data[at] = together;
      if (after <= this.longest) return;
      this.truncate(at);
      this.count.push(together);
    } else {
      this.count.push(count);
    }
    this.pixel = pixel;
    this.longest = after;
    this.sequence.push(nodes.sequence[row]!);
    this.time.push(timeNs);
    this.run.push(after < 0 ? NONE : timeNs + after);
    this.lwp.push(this.lwpNow);
    this.waker.push(nodes.waker[row]!);
    this.wakerCpu.push(nodes.wakerCpu[row]!);
    this.runCpu.push(nodes.runCpu[row]!);
  }

  columns(): WakeupColumns {
    return {
      sequence: this.sequence.take(),
      timeNs: this.time.take(),
      runNs: this.run.take(),
      lwp: this.lwp.take(),
      waker: this.waker.take(),
      wakerCpu: this.wakerCpu.take(),
      runCpu: this.runCpu.take(),
      count: this.count.take(),
    };
  }

  /** Forgets the rows from `length` on. */
  private truncate(length: number): void {
    const { sequence, time, run, lwp, waker, wakerCpu, runCpu, count } = this;
    for (const column of [sequence, time, run, lwp, waker, wakerCpu, runCpu, count]) column.length = length;
  }
}

/** Kept from one query to the next for its columns. */
const out = new WakeupOutput();
