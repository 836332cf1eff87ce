/** `trace.decisions`: decisions of preemption control. */
import type { DecisionColumns } from '#shared/api/contract.ts';
import { GrowingColumn } from '../growing-column.ts';
import type { PointTile } from '../pyramid/point-tile.ts';
import { DECISION_POINTS, type DecisionNodes } from '../pyramid/points.ts';
import { SERIES } from '../pyramid/series.ts';
import { DECISION_SEVERITY } from '../pyramid/severity.ts';
import { visitTiles, type TileWindow } from '../pyramid/tile-reader.ts';
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

/** Collects entries of tiles, of those on one pixel the most severe. Hot: allocates only while a result is larger than all before. */
class DecisionOutput {
  private window: TileWindow = { startNs: 0, endNs: 0, pixelNs: 0 };
  private readonly sequence = new GrowingColumn(Float64Array);
  private readonly time = new GrowingColumn(Float64Array);
  private readonly lwp = new GrowingColumn(Int32Array);
  private readonly cpu = new GrowingColumn(Int16Array);
  private readonly outcome = new GrowingColumn(Uint8Array);
  private readonly place = new GrowingColumn(Uint16Array);
  private readonly timeleft = new GrowingColumn(Int32Array);
  private readonly without = new GrowingColumn(Uint8Array);
  private readonly count = new GrowingColumn(Int32Array);
  private lwpNow = 0;
  private pixel = NaN;

  begin(window: TileWindow): void {
    this.window = window;
    this.truncate(0);
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
    let count = nodes.count[row]!;
    if (pixel === this.pixel) {
      const last = this.sequence.length - 1;
      count += this.count.data[last]!;
      this.count.data[last] = count;
      const isWorse = DECISION_SEVERITY[nodes.outcome[row]!]! > DECISION_SEVERITY[this.outcome.data[last]!]!;
      if (!isWorse) return;
      this.truncate(last);
    }
    this.pixel = pixel;
    this.sequence.push(nodes.sequence[row]!);
    this.time.push(timeNs);
    this.lwp.push(this.lwpNow);
    this.cpu.push(nodes.cpu[row]!);
    this.outcome.push(nodes.outcome[row]!);
    this.place.push(nodes.place[row]!);
    this.timeleft.push(nodes.timeleft[row]!);
    this.without.push(nodes.without[row]!);
    this.count.push(count);
  }

  columns(): DecisionColumns {
    const order = this.order();
    return {
      sequence: inOrder(this.sequence, order),
      timeNs: inOrder(this.time, order),
      lwp: inOrder(this.lwp, order),
      cpu: inOrder(this.cpu, order),
      outcome: inOrder(this.outcome, order),
      place: inOrder(this.place, order),
      timeleft: inOrder(this.timeleft, order),
      without: inOrder(this.without, order),
      count: inOrder(this.count, order),
    };
  }

  /** Rows by their sequence, which is unique. */
  private order(): Uint32Array {
    const { data, length } = this.sequence;
    const order = Uint32Array.from({ length }, (_, row) => row);
    return order.sort((a, b) => data[a]! - data[b]!);
  }

  /** Forgets the rows from `length` on. */
  private truncate(length: number): void {
    const { sequence, time, lwp, cpu, outcome, place, timeleft, without, count } = this;
    for (const column of [sequence, time, lwp, cpu, outcome, place, timeleft, without, count]) {
      column.length = length;
    }
  }
}

function inOrder<T extends Float64Array | Int32Array | Int16Array | Uint16Array | Uint8Array>(
  column: GrowingColumn<T>,
  order: Uint32Array,
): T {
  const { data } = column;
  const taken = column.take();
  for (let row = 0; row < order.length; row++) taken[row] = data[order[row]!]!;
  return taken;
}

/** Kept from one query to the next for its columns. */
const out = new DecisionOutput();

function lwpsWithDecisions(trace: TraceDatabase): number[] {
  return trace.cached('lwpsWithDecisions', () => {
    const rows = trace
      .prepare('SELECT object FROM series WHERE kind = ? ORDER BY object')
      .all(SERIES.decisions);
    return (rows as [number][]).map(([lwp]) => lwp);
  });
}
