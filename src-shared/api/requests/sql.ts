/** The SQL console. */
import { z } from 'zod';
import { traceId } from './parameters.ts';
import { answer, request } from './request.ts';

/** What the values of a column are: a time on the timeline in ns, a row of `event`, an id. */
export type SqlRole = 'time' | 'sequence' | 'lwp' | 'cpu' | 'sync' | 'process';

export interface SqlColumn {
  readonly name: string;
  /** By the table's column that it shows, whatever it is called in the query; by its name where it is computed. */
  readonly role: SqlRole | null;
}

/** Why rows are missing: there were more than the limit, or they took more memory than is given. */
export type SqlTruncation = 'rows' | 'bytes';

export interface SqlResult {
  readonly columns: readonly SqlColumn[];
  /** Rows that can be paged through. */
  readonly rows: number;
  readonly truncated: SqlTruncation | null;
  readonly elapsedMs: number;
  readonly page: SqlPage;
}

/** Rows `first` to `first + count - 1`, column by column. Integers beyond 2^53 are text. */
export interface SqlPage {
  readonly first: number;
  readonly count: number;
  readonly values: readonly (Float64Array | readonly (string | number | Uint8Array | null)[])[];
}

export interface SqlTable {
  readonly name: string;
  readonly kind: 'table' | 'view';
  readonly about: string;
  readonly columns: readonly { readonly name: string; readonly about: string }[];
}

/** Chosen by the window. */
const queryId = z.string().min(1).max(64);

export const sqlRequests = {
  /**
   * Runs one read-only SQL statement. The query has a process of its own, so it can be stopped whatever it does: by
   * `sql.cancel`, by cancelling the request, by its time limit. Its rows are kept for `sql.page` until eight later
   * queries on this trace, or the end of that process.
   */
  'sql.run': request(
    z.object({
      traceId,
      queryId,
      sql: z.string().min(1).max(100_000),
      rowLimit: z.int().min(1).max(1_000_000).default(100_000),
      timeLimitMs: z.int().min(1).max(3_600_000).default(30_000),
      /** Rows of the first page. */
      pageRows: z.int().min(0).max(10_000).default(500),
    }),
    answer<SqlResult>(),
  ),
  'sql.page': request(
    z.object({ traceId, queryId, first: z.int().min(0), count: z.int().min(0).max(10_000) }),
    answer<SqlPage>(),
  ),
  'sql.cancel': request(z.object({ traceId, queryId }), answer<null>()),
  /** Tables and views, for completion and help. */
  'sql.tables': request(z.object({}), answer<{ readonly tables: readonly SqlTable[] }>()),
};
