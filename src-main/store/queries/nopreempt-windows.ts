/** `trace.nopreemptWindows`: requests not to be preempted, with how they ended. */
import type { LwpId, Ns } from '#shared/base/brands.ts';
import type { NopreemptWindowColumns } from '#shared/api/contract.ts';
import type { PointTile } from '../levels/tiles/point-tile.ts';
import { WINDOW_POINTS, type WindowNodes } from '../levels/tiles/points.ts';
import { SERIES } from '../levels/series.ts';
import { WINDOW_SEVERITY } from '../levels/tiles/severity.ts';
import { visitTiles } from '../levels/readers/tile-reader.ts';
import { ResultColumns } from './result-columns.ts';
import type { TraceDatabase } from '../read/trace-database.ts';
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
    const out = trace.kept('windowOutput', () => new WindowOutput());
    out.begin(startNs, pixelNs);
    const series = { format: WINDOW_POINTS.format, kind: SERIES.windows, objects: lwps };
    visitTiles(trace, series, window, (lwp) => out.beginLwp(lwp));
    return out.columns();
  });
}

/**
 * Collects entries of tiles, those that begin on one pixel as one. Hot: allocates only while a result is larger than
 * all before.
 */
class WindowOutput {
  private readonly result = new ResultColumns({
    lwp: Int32Array,
    startNs: Float64Array,
    endNs: Float64Array,
    firstDeferredNs: Float64Array,
    yieldAskedNs: Float64Array,
    deferrals: Int32Array,
    end: Uint8Array,
    startSequence: Float64Array,
    endSequence: Float64Array,
    count: Int32Array,
  });
  private rows = 0;
  private pixelNs = 0;
  private windowStart = 0;
  private lwpNow = 0;
  private pixel = NaN;

  begin(startNs: Ns, pixelNs: Ns): void {
    this.windowStart = startNs;
    this.pixelNs = pixelNs;
    this.rows = 0;
  }

  beginLwp(lwp: LwpId): typeof this.add {
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
      const { columns } = this.result;
      const last = this.rows - 1;
      columns.endNs[last] = end;
      columns.endSequence[last] = endSequence;
      columns.deferrals[last] = columns.deferrals[last]! + nodes.deferrals[row]!;
      columns.count[last] = columns.count[last]! + count;
      if (columns.firstDeferredNs[last]! < 0) columns.firstDeferredNs[last] = firstDeferred;
      if (columns.yieldAskedNs[last]! < 0) columns.yieldAskedNs[last] = yieldAsked;
      if (WINDOW_SEVERITY[nodes.ending[row]!]! > WINDOW_SEVERITY[columns.end[last]!]!) {
        columns.end[last] = nodes.ending[row]!;
      }
      return;
    }
    this.pixel = pixel;
    if (this.rows === this.result.capacity) this.result.grow();
    const { columns } = this.result;
    const at = this.rows++;
    columns.lwp[at] = this.lwpNow;
    columns.startNs[at] = startNs;
    columns.endNs[at] = end;
    columns.firstDeferredNs[at] = firstDeferred;
    columns.yieldAskedNs[at] = yieldAsked;
    columns.deferrals[at] = nodes.deferrals[row]!;
    columns.end[at] = nodes.ending[row]!;
    columns.startSequence[at] = sequence;
    columns.endSequence[at] = endSequence;
    columns.count[at] = count;
  }

  columns(): NopreemptWindowColumns {
    return this.result.take(this.rows);
  }
}

/** A time from its distance to the start; -1 (never) stays. */
function later(startNs: Ns, distance: number): number {
  return distance < 0 ? -1 : startNs + distance;
}
