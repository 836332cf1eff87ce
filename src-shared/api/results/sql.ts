/** The SQL console. */

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
