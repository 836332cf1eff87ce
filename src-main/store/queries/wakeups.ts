/** `trace.wakeups`: who woke which LWP, and how long it waited for a CPU. */
import type { WakeupColumns } from '#shared/api/contract.ts';
import { NONE } from '#shared/base/none.ts';
import { GrowingColumn } from '../growing-column.ts';
import { SeriesReader } from '../pyramid/reader.ts';
import { FAN_OUT, SERIES, WAKEUP_LAYOUT, type WakeupNodes } from '../pyramid/series.ts';
import type { TraceDatabase } from '../trace-database.ts';
import type { QueryParams } from './params.ts';

/**
 * LWP after LWP in the order asked for, each in order of time; of those on one pixel the one that waited longest.
 * In the window are those of which the wait for the CPU reaches into it.
 */
export function wakeups(trace: TraceDatabase, params: QueryParams<'trace.wakeups'>): WakeupColumns {
  return trace.guard(() => {
    const out = new WakeupOutput(params.startNs, params.endNs, params.pixels);
    for (const lwp of params.lwps) {
      out.beginLwp(lwp);
      SeriesReader.find(trace, WAKEUP_LAYOUT, SERIES.wakeups, lwp)?.visit(
        params.startNs,
        params.endNs,
        out.pixelNs,
        out.add,
      );
    }
    return out.columns();
  });
}

class WakeupOutput {
  readonly pixelNs: number;
  private readonly windowStart: number;
  private readonly windowEnd: number;
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

  constructor(startNs: number, endNs: number, pixels: number) {
    this.windowStart = startNs;
    this.windowEnd = endNs;
    this.pixelNs = Math.max(0, (endNs - startNs) / pixels);
  }

  beginLwp(lwp: number): void {
    this.lwpNow = lwp;
    this.pixel = NaN;
  }

  readonly add = (nodes: WakeupNodes, row: number, level: number, startNs: number): void => {
    const timeNs = level === 0 ? startNs : nodes.time[row]!;
    const after = nodes.after[row]!;
    // A node reaches to the next wake-up; the LWP may have run long before.
    if (timeNs > this.windowEnd || timeNs + Math.max(0, after) < this.windowStart) return;
    const pixel = Math.floor((startNs - this.windowStart) / this.pixelNs);
    const count = FAN_OUT ** level;
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
  };

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
