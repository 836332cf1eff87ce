/** `trace.nopreemptWindows`: requests not to be preempted, with how they ended. */
import type { NopreemptWindowColumns } from '#shared/api/contract.ts';
import { GrowingColumn } from '../growing-column.ts';
import type { PointTile } from '../pyramid/point-tile.ts';
import { WINDOW_POINTS, type WindowNodes } from '../pyramid/points.ts';
import { SERIES } from '../pyramid/series.ts';
import { WINDOW_SEVERITY } from '../pyramid/severity.ts';
import { visitTiles } from '../pyramid/tile-reader.ts';
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
    const { startNs, endNs, pixels, lwps } = params;
    const pixelNs = Math.max(0, (endNs - startNs) / pixels);
    const window = { startNs, endNs, pixelNs };
    out.begin(startNs, pixelNs);
    visitTiles(trace, WINDOW_POINTS.format, SERIES.windows, lwps, window, (lwp) => out.beginLwp(lwp));
    return out.columns();
  });
}

/** Collects entries of tiles, those that begin on one pixel as one. Hot: allocates only while a result is larger than all before. */
class WindowOutput {
  private pixelNs = 0;
  private windowStart = 0;
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
  private readonly all = [
    this.lwp,
    this.start,
    this.end,
    this.firstDeferred,
    this.yieldAsked,
    this.deferrals,
    this.ending,
    this.startSequence,
    this.endSequence,
    this.count,
  ];
  private lwpNow = 0;
  private pixel = NaN;

  begin(startNs: number, pixelNs: number): void {
    this.windowStart = startNs;
    this.pixelNs = pixelNs;
    for (const column of this.all) column.length = 0;
  }

  beginLwp(lwp: number): typeof this.add {
    this.lwpNow = lwp;
    this.pixel = NaN;
    return this.add;
  }

  private readonly add = (tile: PointTile<WindowNodes>, from: number, to: number): void => {
    for (let row = from; row < to; row++) this.addEntry(tile, row);
  };

  private addEntry(nodes: WindowNodes, row: number): void {
    const startNs = nodes.start[row]!;
    const end = later(startNs, nodes.duration[row]!);
    // An entry reaches to the next one; one that ended before this view is not in it.
    if (end >= 0 && end < this.windowStart) return;
    const firstDeferred = later(startNs, nodes.deferredAfter[row]!);
    const yieldAsked = later(startNs, nodes.yieldAfter[row]!);
    const sequence = nodes.sequence[row]!;
    const rows = nodes.rows[row]!;
    const endSequence = rows < 0 ? 0 : sequence + rows;
    const pixel = Math.floor((startNs - this.windowStart) / this.pixelNs);
    const count = nodes.count[row]!;
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
  }

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

/** Kept from one query to the next for its columns. */
const out = new WindowOutput();

/** A time from its distance to the start; -1 (never) stays. */
function later(startNs: number, distance: number): number {
  return distance < 0 ? -1 : startNs + distance;
}
