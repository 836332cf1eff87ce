/** Sums of a series up to a time. */
import { Leaves } from '../pyramid/leaves.ts';
import type { Layout, NodeColumns } from '../pyramid/series.ts';
import type { TraceDatabase } from '../trace-database.ts';
import type { LeafSums } from './leaf-sums.ts';

/** A leaf: `columns[row]`. */
export interface Leaf<C> {
  readonly columns: C;
  readonly row: number;
}

export interface SumsAt<C extends NodeColumns, S> {
  readonly sums: S;
  /** The leaf in force at that time, which begins at it or before; null before the first and at the end of the trace. */
  readonly leaf: Leaf<C> | null;
}

/** What of a series is summed up, and how. */
export interface SumsSpec<C extends NodeColumns, S extends LeafSums<C>> {
  readonly kind: number;
  readonly layout: Layout<C>;
  readonly create: () => S;
}

/**
 * Sums of all leaves of `object` that begin before `timeNs`, the last one as far as it reaches until then. At the end
 * of the trace or later: of all leaves. Null where there is no such series.
 */
export function sumsAt<C extends NodeColumns, S extends LeafSums<C>>(
  trace: TraceDatabase,
  spec: SumsSpec<C, S>,
  object: number,
  timeNs: number,
): SumsAt<C, S> | null {
  const leaves = Leaves.find(trace, spec.layout, spec.kind, object);
  if (leaves === null) return null;
  const untilNs = timeNs >= trace.durationNs ? Infinity : timeNs;
  const sums = spec.create();
  let last: Leaf<C> | null = null;
  for (let leaf = 0; leaf < leaves.count; leaf++) {
    const columns = leaves.columnsOf(leaf);
    const row = leaves.rowOf(leaf);
    const startNs = columns.start[row]!;
    if (startNs >= untilNs) return { sums, leaf: startNs === untilNs ? { columns, row } : last };
    const endNs = row + 1 < columns.start.length ? columns.start[row + 1]! : leaves.endOf(leaf);
    sums.add(columns, row, Math.min(endNs, untilNs));
    last = endNs > untilNs ? { columns, row } : null;
  }
  return { sums, leaf: last };
}
