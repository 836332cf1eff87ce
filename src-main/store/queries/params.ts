/** What queries take: the parameters of their request without the trace id, already checked. */
import type { RequestName, RequestParams } from '#shared/api/contract.ts';

export type QueryParams<Name extends Extract<RequestName, `trace.${string}`>> = Omit<
  RequestParams<Name>,
  'traceId'
>;
