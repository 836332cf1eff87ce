/** Sums of a series up to a time. */
import type { Ns } from '#shared/base/brands.ts';
import { InvariantError } from '#shared/base/assert.ts';
import type { ChunkFormat } from '../chunk-format.ts';
import { Leaves } from './leaves.ts';
import type { NodeColumns } from '../series.ts';
import type { TraceDatabase } from '../../read/trace-database.ts';
import type { LeafSums } from '../sums/leaf-sums.ts';
import { NumberReader } from '../sums/number-list.ts';
import { SUM_LEAVES, sumId } from '../sums/sum-builder.ts';
import { checkedRow } from '../../read/checked-rows.ts';

const SUM_END = 'SELECT end_ns FROM lane_sum WHERE id = ?';
const SUM_DATA = 'SELECT data FROM lane_sum WHERE id = ?';

/** A leaf: `columns[row]`. */
export interface Leaf<C> {
  readonly columns: C;
  readonly row: number;
}

export interface SumsAt<C extends NodeColumns, S> {
  readonly sums: S;
  /**
   * The leaf in force at that time, which begins at it or before; null before the first and at the end of the trace.
   */
  readonly leaf: Leaf<C> | null;
}

/** What of a series is summed up, and how. */
export interface SumsSpec<C extends NodeColumns, S extends LeafSums<C>> {
  readonly kind: number;
  readonly layout: ChunkFormat<C>;
  readonly create: () => S;
}

/**
 * Sums of all leaves of `object` that begin before `timeNs`, the last one as far as it reaches until then. At the end
 * of the trace or later: of all leaves. Null where there is no such series.
 *
 * Reads stored sums and fewer than {@link SUM_LEAVES} leaves, however long the trace is.
 */
export function sumsAt<C extends NodeColumns, S extends LeafSums<C>>(
  trace: TraceDatabase,
  spec: SumsSpec<C, S>,
  object: number,
  timeNs: Ns,
): SumsAt<C, S> | null {
  const leaves = Leaves.find(trace, spec.layout, spec.kind, object);
  if (leaves === null) return null;
  const untilNs = timeNs >= trace.durationNs ? Infinity : timeNs;
  const sums = spec.create();
  const stored = storedBefore(trace, leaves, untilNs);
  if (stored > 0) restore(trace, sumId(leaves.series, stored), sums);
  let last: Leaf<C> | null = null;
  for (let leaf = stored * SUM_LEAVES; leaf < leaves.count; leaf++) {
    const columns = leaves.columnsOf(leaf);
    const row = leaves.rowOf(leaf);
    const startNs = columns.start[row]!;
    if (startNs >= untilNs) return { sums, leaf: startNs === untilNs ? lastAt(leaves, leaf) : last };
    const endNs = row + 1 < columns.start.length ? columns.start[row + 1]! : leaves.endOf(leaf);
    sums.add(columns, row, Math.min(endNs, untilNs), untilNs);
    last = endNs > untilNs ? { columns, row } : null;
  }
  return { sums, leaf: last };
}

/** The last of the leaves that start when `leaf` does: those before it are over at once. */
function lastAt<C extends NodeColumns>(leaves: Leaves<C>, leaf: number): Leaf<C> {
  let last = leaf;
  while (last + 1 < leaves.count && leaves.startOf(last + 1) === leaves.startOf(leaf)) last++;
  return { columns: leaves.columnsOf(last), row: leaves.rowOf(last) };
}

/** The last stored sums of which all leaves end before `untilNs`, 0 for none. */
function storedBefore<C extends NodeColumns>(trace: TraceDatabase, leaves: Leaves<C>, untilNs: Ns): number {
  let low = 1;
  // They are stored when the leaf after them begins.
  let high = Math.floor((leaves.count - 1) / SUM_LEAVES);
  if (untilNs === Infinity) return Math.max(0, high);
  while (low <= high) {
    const middle = Math.floor((low + high) / 2);
    const row = checkedRow(trace, SUM_END, ['integer'], sumId(leaves.series, middle));
    if (row === undefined)
      throw new InvariantError(`the sums ${middle} of series ${leaves.series} are missing`);
    if (row[0] < untilNs) low = middle + 1;
    else high = middle - 1;
  }
  return high;
}

function restore(trace: TraceDatabase, id: number, sums: LeafSums<never>): void {
  const row = checkedRow(trace, SUM_DATA, ['bytes'], id);
  if (row === undefined) throw new InvariantError(`the sums ${id} are missing`);
  sums.transfer(new NumberReader(row[0]));
}
