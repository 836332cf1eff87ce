/** `trace.decisions`: decisions of preemption control. */
import type { ColumnOf, LwpId, Seq } from '#shared/base/brands.ts';
import type { DecisionColumns } from '#shared/api/contract.ts';
import type { PointTile } from '../levels/tiles/point-tile.ts';
import { DECISION_POINTS, type DecisionNodes } from '../levels/tiles/points.ts';
import { SERIES } from '../levels/series.ts';
import { DECISION_SEVERITY } from '../levels/tiles/severity.ts';
import { visitTiles, type TileWindow } from '../levels/readers/tile-reader.ts';
import { ResultColumns } from './result-columns.ts';
import { checkedRows } from '../read/checked-rows.ts';
import type { TraceDatabase } from '../read/trace-database.ts';
import type { QueryParams } from './params.ts';

/** In order of sequence; one for each pixel of each LWP at most, the most severe with the count of all. */
export function decisions(trace: TraceDatabase, params: QueryParams<'trace.decisions'>): DecisionColumns {
  return trace.guard(() => {
    const { startNs, endNs, pixels } = params;
    const lwps = params.lwps ?? lwpsWithDecisions(trace);
    const window = { startNs, endNs, pixelNs: Math.max(0, (endNs - startNs) / pixels) };
    const out = trace.kept('decisionOutput', () => new DecisionOutput());
    out.begin(window);
    const series = { format: DECISION_POINTS.format, kind: SERIES.decisions, objects: lwps };
    visitTiles(trace, series, window, (lwp) => out.beginLwp(lwp));
    return out.columns();
  });
}

/**
 * Collects entries of tiles, of those on one pixel the most severe. Hot: allocates only while a result is larger than
 * all before.
 */
class DecisionOutput {
  private readonly result = new ResultColumns({
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
  private rows = 0;
  private window: TileWindow = { startNs: 0, endNs: 0, pixelNs: 0 };
  private lwpNow = 0;
  private pixel = NaN;

  begin(window: TileWindow): void {
    this.window = window;
    this.rows = 0;
  }

  beginLwp(lwp: LwpId): typeof this.add {
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
      const { count, outcome } = this.result.columns;
      const last = this.rows - 1;
      count[last] = count[last]! + nodes.count[row]!;
      if (DECISION_SEVERITY[nodes.outcome[row]!]! <= DECISION_SEVERITY[outcome[last]!]!) return;
    } else {
      if (this.rows === this.result.capacity) this.result.grow();
      this.result.columns.count[this.rows++] = nodes.count[row]!;
    }
    this.pixel = pixel;
    const { columns } = this.result;
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
    const { rows } = this;
    const from = this.result.take(rows);
    const order = orderOf(from.sequence);
    const to = {
      sequence: new Float64Array(rows),
      timeNs: new Float64Array(rows),
      lwp: new Int32Array(rows),
      cpu: new Int16Array(rows),
      outcome: new Uint8Array(rows),
      place: new Uint16Array(rows),
      timeleft: new Int32Array(rows),
      without: new Uint8Array(rows),
      count: new Int32Array(rows),
    };
    for (let at = 0; at < rows; at++) {
      const row = order[at]!;
      to.sequence[at] = from.sequence[row]!;
      to.timeNs[at] = from.timeNs[row]!;
      to.lwp[at] = from.lwp[row]!;
      to.cpu[at] = from.cpu[row]!;
      to.outcome[at] = from.outcome[row]!;
      to.place[at] = from.place[row]!;
      to.timeleft[at] = from.timeleft[row]!;
      to.without[at] = from.without[row]!;
      to.count[at] = from.count[row]!;
    }
    return to;
  }
}

const DIGIT_BITS = 16;
const DIGITS = 2 ** DIGIT_BITS;

/**
 * Rows by their sequence, which has 32 bits: sorted by its lower half, then, keeping that order, by its upper half. A
 * sort that calls back to compare takes most of a query's time.
 */
function orderOf(sequence: ColumnOf<Float64Array, Seq>): Uint32Array {
  let order = Uint32Array.from(sequence.keys());
  for (const shift of [0, DIGIT_BITS]) {
    const next = new Uint32Array(DIGITS + 1);
    for (const value of sequence) next[((value >>> shift) & (DIGITS - 1)) + 1]!++;
    for (let digit = 0; digit < DIGITS; digit++) next[digit + 1] = next[digit + 1]! + next[digit]!;
    const sorted = new Uint32Array(order.length);
    for (const row of order) sorted[next[(sequence[row]! >>> shift) & (DIGITS - 1)]!++] = row;
    order = sorted;
  }
  return order;
}

function lwpsWithDecisions(trace: TraceDatabase): LwpId[] {
  return trace.cached('lwpsWithDecisions', () => {
    const sql = 'SELECT object FROM series WHERE kind = ? ORDER BY object';
    return checkedRows(trace, sql, ['integer'], SERIES.decisions).map(([lwp]) => lwp);
  });
}
