/** What the service and the process that runs a person's SQL say to each other. */
import type { SqlPage, SqlResult } from '#shared/api/contract.ts';
import type { WireError } from '#shared/base/errors.ts';

export type SqlRequest =
  | {
      readonly kind: 'run';
      readonly queryId: string;
      readonly sql: string;
      readonly rowLimit: number;
      readonly pageRows: number;
    }
  | { readonly kind: 'page'; readonly queryId: string; readonly first: number; readonly count: number };

/** One for each request, in order. */
export type SqlReply =
  { readonly result: Omit<SqlResult, 'elapsedMs'> | SqlPage } | { readonly error: WireError };
