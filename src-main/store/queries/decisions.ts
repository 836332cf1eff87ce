/** `trace.decisions`: decisions of preemption control. */
import type { DecisionColumns } from '#shared/api/contract.ts';
import type { PointTile } from '../pyramid/point-tile.ts';
import { DECISION_POINTS, type DecisionNodes } from '../pyramid/points.ts';
import { SERIES } from '../pyramid/series.ts';
import { DECISION_SEVERITY } from '../pyramid/severity.ts';
import { visitTiles, type TileWindow } from '../pyramid/tile-reader.ts';
import { ResultColumns } from '../result-columns.ts';
import type { TraceDatabase } from '../trace-database.ts';
import type { QueryParams } from './params.ts';

/** In order of sequence; one for each pixel of each LWP at most, the most severe with the count of all. */
export function decisions(trace: TraceDatabase, params: QueryParams<'trace.decisions'>): DecisionColumns {
  return trace.guard(() => {
    const { startNs, endNs, pixels } = params;
    const lwps = params.lwps ?? lwpsWithDecisions(trace);
    const window = { startNs, endNs, pixelNs: Math.max(0, (endNs - startNs) / pixels) };
    out.begin(window);
    visitTiles(trace, DECISION_POINTS.format, SERIES.decisions, lwps, window, (lwp) => out.beginLwp(lwp));
    return out.columns();
  });
}

const result = new ResultColumns({
  sequence: Float64Array,
  timeNs: Float64Array,
  lwp: Int32Array,
  cpu: Int16Array,
  outcome: Uint8Array,
  place: Uint16Array,
  timeleft: Int32Array,
  without: Uint8Array,
  count: Int32Array,
});

/** Collects entries of tiles, of those on one pixel the most severe. Hot: allocates only while a result is larger than all before. */
class DecisionOutput {
  private rows = 0;
  private window: TileWindow = { startNs: 0, endNs: 0, pixelNs: 0 };
  private lwpNow = 0;
  private pixel = NaN;

  begin(window: TileWindow): void {
    this.window = window;
    this.rows = 0;
  }

  beginLwp(lwp: number): typeof this.add {
    this.lwpNow = lwp;
    this.pixel = NaN;
    return this.add;
  }

  private readonly add = (tile: PointTile<DecisionNodes>, from: number, to: number): void => {
    for (let row = from; row < to; row++) this.addEntry(tile, row);
  };

  private addEntry(nodes: DecisionNodes, row: number): void {
    const { startNs, endNs, pixelNs } = this.window;
    const timeNs = nodes.time[row]!;
    if (timeNs < startNs || timeNs > endNs) return;
    const pixel = Math.floor((nodes.start[row]! - startNs) / pixelNs);
    if (pixel === this.pixel) {
      const { count, outcome } = result.columns;
      const last = this.rows - 1;
      count[last] = count[last]! + nodes.count[row]!;
      if (DECISION_SEVERITY[nodes.outcome[row]!]! <= DECISION_SEVERITY[outcome[last]!]!) return;
    } else {
      if (this.rows === result.capacity) result.grow();
      result.columns.count[this.rows++] = nodes.count[row]!;
    }
    this.pixel = pixel;
    const { columns } = result;
    const at = this.rows - 1;
    columns.sequence[at] = nodes.sequence[row]!;
    columns.timeNs[at] = timeNs;
    columns.lwp[at] = this.lwpNow;
    columns.cpu[at] = nodes.cpu[row]!;
    columns.outcome[at] = nodes.outcome[row]!;
    columns.place[at] = nodes.place[row]!;
    columns.timeleft[at] = nodes.timeleft[row]!;
    columns.without[at] = nodes.without[row]!;
  }

  columns(): DecisionColumns {
    const found = result.take(this.rows);
    const order = Uint32Array.from(found.sequence.keys());
    order.sort((a, b) => found.sequence[a]! - found.sequence[b]!);
    return {
      sequence: Float64Array.from(order, (row) => found.sequence[row]!),
      timeNs: Float64Array.from(order, (row) => found.timeNs[row]!),
      lwp: Int32Array.from(order, (row) => found.lwp[row]!),
      cpu: Int16Array.from(order, (row) => found.cpu[row]!),
      outcome: Uint8Array.from(order, (row) => found.outcome[row]!),
      place: Uint16Array.from(order, (row) => found.place[row]!),
      timeleft: Int32Array.from(order, (row) => found.timeleft[row]!),
      without: Uint8Array.from(order, (row) => found.without[row]!),
      count: Int32Array.from(order, (row) => found.count[row]!),
    };
  }
}

const out = new DecisionOutput();

function lwpsWithDecisions(trace: TraceDatabase): number[] {
  return trace.cached('lwpsWithDecisions', () => {
    const rows = trace
      .prepare('SELECT object FROM series WHERE kind = ? ORDER BY object')
      .all(SERIES.decisions);
    return (rows as [number][]).map(([lwp]) => lwp);
  });
}
