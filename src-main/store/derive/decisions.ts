/**
 * Decisions of preemption control: a row, a point of the LWP's series, and a count of the outcome each.
 *
 * Allocates only for an LWP's first decision, and for an outcome's.
 */
import { InvariantError } from '#shared/base/assert.ts';
import type { IndexIntoBatch, LwpId, Seq } from '#shared/base/brands.ts';
import { isSliceExtension } from '#shared/model/causes.ts';
import { DECISION } from '#shared/model/enums.ts';
import { UNKNOWN_VALUE } from '#shared/model/kinds.ts';
import type { TransitionColumns } from '#shared/model/transition-batch.ts';
import type { CountBuilder } from '../levels/curves/counts.ts';
import { OVERVIEW, type OverviewBuilder } from '../levels/curves/overview.ts';
import { SERIES } from '../levels/series.ts';
import type { DecisionNodes } from '../levels/tiles/points.ts';
import type { TileBuilder } from '../levels/tiles/tile-builder.ts';
import { isId } from './is-id.ts';
import type { SeriesRegistry } from './series-registry.ts';
import type { TableBuffers } from './table-buffers.ts';

export class Decisions {
  private readonly series: SeriesRegistry;
  private readonly tables: TableBuffers;
  private readonly overview: OverviewBuilder;
  private readonly builders: (TileBuilder<DecisionNodes> | undefined)[] = [];
  private readonly counts: CountBuilder[] = [];

  constructor(series: SeriesRegistry, tables: TableBuffers, overview: OverviewBuilder) {
    this.series = series;
    this.tables = tables;
    this.overview = overview;
  }

  /** Takes a row of the kind `decision`. Throws InvariantError for one that no trace can contain. */
  add(columns: TransitionColumns, row: IndexIntoBatch, sequence: Seq): void {
    const timeNs = columns.timeNs[row]!;
    const lwp = columns.lwp[row]!;
    const outcome = columns.object[row]!;
    if (!isId(lwp) || !(outcome >= 0 && outcome < 256)) {
      throw new InvariantError(`an impossible decision at event ${sequence}`);
    }
    const cause = columns.cause[row]!;
    // Linux has no ticks of a quantum; rows of earlier versions have a 0 there.
    const timeleft = isSliceExtension(cause) ? UNKNOWN_VALUE : columns.oldValue[row]!;
    this.tables.decision(columns, row, sequence, timeleft);
    this.tables.changes?.decision(columns, row, sequence);
    const builder = (this.builders[lwp] ??= this.series.decisions(lwp));
    const at = builder.push(timeNs);
    const nodes = builder.leaves;
    nodes.sequence[at] = sequence;
    nodes.timeleft[at] = timeleft;
    nodes.cpu[at] = columns.cpu[row]!;
    nodes.place[at] = cause;
    nodes.outcome[at] = outcome;
    nodes.without[at] = columns.newValue[row]!;
    (this.counts[outcome] ??= this.series.timeCounts(SERIES.decisionCounts, outcome)).add(timeNs);
    if (outcome === DECISION.forced || outcome === DECISION.failsafe) {
      this.overview.addPoint(OVERVIEW.revoked, timeNs);
    }
  }

  /** The LWP has ended: its decisions are complete. */
  ended(lwp: LwpId): void {
    const builder = this.builders[lwp];
    if (builder === undefined) return;
    this.series.retire(builder);
    this.builders[lwp] = undefined;
  }
}
