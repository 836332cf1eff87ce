/** Sums of a series up to a time. */
import { readChunk } from '../pyramid/chunk-cache.ts';
import { CHUNK_NODES, chunkId, type Layout, type NodeColumns } from '../pyramid/series.ts';
import type { TraceDatabase } from '../trace-database.ts';
import type { LeafSums } from './leaf-sums.ts';

const SERIES_SQL = 'SELECT id, nodes FROM series WHERE kind = ? AND object = ?';

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
  const found = trace.prepare(SERIES_SQL).get(spec.kind, object) as [number, number] | undefined;
  if (found === undefined) return null;
  const [series, nodes] = found;
  const untilNs = timeNs >= trace.durationNs ? Infinity : timeNs;
  const sums = spec.create();
  const chunkAt = (chunk: number): C =>
    readChunk(
      trace,
      spec.layout,
      0,
      chunkId(series, 0, chunk),
      Math.min(CHUNK_NODES, nodes - chunk * CHUNK_NODES),
    );
  const chunks = Math.ceil(nodes / CHUNK_NODES);
  let leaf: Leaf<C> | null = null;
  for (let chunk = 0; chunk < chunks; chunk++) {
    const columns = chunkAt(chunk);
    const rows = Math.min(CHUNK_NODES, nodes - chunk * CHUNK_NODES);
    for (let row = 0; row < rows; row++) {
      const startNs = columns.start[row]!;
      if (startNs >= untilNs) return { sums, leaf: startNs === untilNs ? { columns, row } : leaf };
      const endNs =
        row + 1 < rows
          ? columns.start[row + 1]!
          : chunk + 1 < chunks
            ? chunkAt(chunk + 1).start[0]!
            : trace.durationNs;
      sums.add(columns, row, Math.min(endNs, untilNs));
      leaf = endNs > untilNs ? { columns, row } : null;
    }
  }
  return { sums, leaf };
}
