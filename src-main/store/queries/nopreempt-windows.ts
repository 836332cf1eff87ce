/** `trace.nopreemptWindows`: requests not to be preempted, with how they ended. */
import type { NopreemptWindowColumns } from '#shared/api/contract.ts';
import { GrowingColumn } from '../growing-column.ts';
import { SeriesReader } from '../pyramid/reader.ts';
import { FAN_OUT, SERIES, WINDOW_LAYOUT, type WindowNodes } from '../pyramid/series.ts';
import { WINDOW_SEVERITY } from '../pyramid/severity.ts';
import type { TraceDatabase } from '../trace-database.ts';
import type { QueryParams } from './params.ts';

/**
 * LWP after LWP in the order asked for, each in order of time. Windows that begin on the same pixel are
 * merged: from the start of the first to the end of the last, the worst ending.
 */
export function nopreemptWindows(
  trace: TraceDatabase,
  params: QueryParams<'trace.nopreemptWindows'>,
): NopreemptWindowColumns {
  return trace.guard(() => {
    const out = new WindowOutput(params.startNs, params.endNs, params.pixels);
    for (const lwp of params.lwps) {
      out.beginLwp(lwp);
      SeriesReader.find(trace, WINDOW_LAYOUT, SERIES.windows, lwp)?.visit(
        params.startNs,
        params.endNs,
        out.pixelNs,
        out.add,
      );
    }
    return out.columns();
  });
}

class WindowOutput {
  readonly pixelNs: number;
  private readonly windowStart: number;
  private readonly lwp = new GrowingColumn(Int32Array);
  private readonly start = new GrowingColumn(Float64Array);
  private readonly end = new GrowingColumn(Float64Array);
  private readonly firstDeferred = new GrowingColumn(Float64Array);
  private readonly yieldAsked = new GrowingColumn(Float64Array);
  private readonly deferrals = new GrowingColumn(Int32Array);
  private readonly ending = new GrowingColumn(Uint8Array);
  private readonly startSequence = new GrowingColumn(Float64Array);
  private readonly endSequence = new GrowingColumn(Float64Array);
  private readonly count = new GrowingColumn(Int32Array);
  private lwpNow = 0;
  private pixel = NaN;

  constructor(startNs: number, endNs: number, pixels: number) {
    this.windowStart = startNs;
    this.pixelNs = Math.max(0, (endNs - startNs) / pixels);
  }

  beginLwp(lwp: number): void {
    this.lwpNow = lwp;
    this.pixel = NaN;
  }

  readonly add = (nodes: WindowNodes, row: number, level: number, startNs: number): void => {
    const end = later(startNs, nodes.duration[row]!);
    // The reader's nodes reach to the next window; one that ended before this view is not in it.
    if (end >= 0 && end < this.windowStart) return;
    const firstDeferred = later(startNs, nodes.deferredAfter[row]!);
    const yieldAsked = later(startNs, nodes.yieldAfter[row]!);
    const sequence = nodes.sequence[row]!;
    const rows = nodes.rows[row]!;
    const endSequence = rows < 0 ? 0 : sequence + rows;
    const pixel = Math.floor((startNs - this.windowStart) / this.pixelNs);
    const count = FAN_OUT ** level;
    if (pixel === this.pixel) {
      const last = this.start.length - 1;
      this.end.data[last] = end;
      this.endSequence.data[last] = endSequence;
      this.deferrals.data[last] = this.deferrals.data[last]! + nodes.deferrals[row]!;
      this.count.data[last] = this.count.data[last]! + count;
      if (this.firstDeferred.data[last]! < 0) this.firstDeferred.data[last] = firstDeferred;
      if (this.yieldAsked.data[last]! < 0) this.yieldAsked.data[last] = yieldAsked;
      if (WINDOW_SEVERITY[nodes.ending[row]!]! > WINDOW_SEVERITY[this.ending.data[last]!]!) {
        this.ending.data[last] = nodes.ending[row]!;
      }
      return;
    }
    this.pixel = pixel;
    this.lwp.push(this.lwpNow);
    this.start.push(startNs);
    this.end.push(end);
    this.firstDeferred.push(firstDeferred);
    this.yieldAsked.push(yieldAsked);
    this.deferrals.push(nodes.deferrals[row]!);
    this.ending.push(nodes.ending[row]!);
    this.startSequence.push(sequence);
    this.endSequence.push(endSequence);
    this.count.push(count);
  };

  columns(): NopreemptWindowColumns {
    return {
      lwp: this.lwp.take(),
      startNs: this.start.take(),
      endNs: this.end.take(),
      firstDeferredNs: this.firstDeferred.take(),
      yieldAskedNs: this.yieldAsked.take(),
      deferrals: this.deferrals.take(),
      end: this.ending.take(),
      startSequence: this.startSequence.take(),
      endSequence: this.endSequence.take(),
      count: this.count.take(),
    };
  }
}

/** A time from its distance to the start; -1 (never) stays. */
function later(startNs: number, distance: number): number {
  return distance < 0 ? -1 : startNs + distance;
}
