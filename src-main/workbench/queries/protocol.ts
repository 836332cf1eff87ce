/** What the service and a trace's thread say to each other. */
import type { RequestName, RequestParams, Results, TraceSummary } from '#shared/api/contract.ts';
import type { WireError } from '#shared/base/errors.ts';

/** Requests that a trace's thread answers: all about an open trace but opening and closing it. */
export type QueryName = Exclude<
  Extract<RequestName, `trace.${string}`>,
  'trace.open' | 'trace.close' | 'trace.identify'
>;

export type QueryParamsOf<Name extends QueryName> = RequestParams<Name>;
export type QueryResultOf<Name extends QueryName> = Results[Name];

/** Handed to the thread when it starts. */
export interface QueryThreadData {
  readonly path: string;
  readonly traceId: string;
}

/** One at a time: the next one is sent when the answer to the last one is there. */
export interface QueryRequest {
  readonly name: QueryName;
  readonly params: unknown;
}

/** The first message is the answer to opening; then one for each request. */
export type QueryAnswer =
  { readonly opened: TraceSummary } | { readonly result: unknown } | { readonly error: WireError };
