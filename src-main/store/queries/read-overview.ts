/** The stored overview as columns. */
import type { Ns } from '#shared/base/brands.ts';
import { InvariantError } from '#shared/base/assert.ts';
import { checkedRows } from '../read/checked-rows.ts';
import { OVERVIEW_BUCKETS, OVERVIEW_COLUMNS } from '../levels/curves/overview.ts';
import type { TraceDatabase } from '../read/trace-database.ts';

export interface StoredOverview {
  readonly bucketNs: Ns;
  /** The values of a column of OVERVIEW, one for each of the OVERVIEW_BUCKETS. */
  column(column: number): Float64Array;
}

/** Throws InvariantError where it is missing or has the wrong length. */
export function readOverview(trace: TraceDatabase): StoredOverview {
  const [row] = checkedRows(trace, 'SELECT bucket_ns, data FROM overview WHERE id = 1', ['integer', 'bytes']);
  if (row === undefined || row[0] < 1 || row[1].byteLength !== OVERVIEW_BUCKETS * OVERVIEW_COLUMNS * 8) {
    throw new InvariantError('the overview is missing or has the wrong length');
  }
  const stored = new Float64Array(row[1].slice().buffer);
  return {
    bucketNs: row[0],
    column: (column) => stored.subarray(column * OVERVIEW_BUCKETS, (column + 1) * OVERVIEW_BUCKETS),
  };
}
