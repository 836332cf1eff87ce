/** What a query is: what it takes and what it answers. */
import type { QueryName, RequestParams, Results } from '#shared/api/contract.ts';
import type { TraceDatabase } from '../read/trace-database.ts';

/** The parameters of a query's request without the trace id, already checked. */
export type QueryParams<Name extends QueryName> = Omit<RequestParams<Name>, 'traceId'>;

/** The queries by the names of their requests. */
export type Queries = {
  readonly [Name in QueryName]: (trace: TraceDatabase, params: RequestParams<Name>) => Results[Name];
};
