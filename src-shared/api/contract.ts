/**
 * The workbench's contract, whole: every request with its parameters and answer, and every event, in one typed map.
 * Hosts only move these messages; the service implements them; the renderer calls them.
 *
 * A request and what it answers stand together in `requests/`. Bulk data crosses as typed arrays.
 */
import type { CancelSignal } from '../base/cancel.ts';
import { aggregateQueries } from './requests/aggregates.ts';
import { eventQueries } from './requests/events.ts';
import { exportRequests } from './requests/exports.ts';
import { findingQueries } from './requests/findings.ts';
import { importRequests } from './requests/imports.ts';
import { laneQueries } from './requests/lanes.ts';
import { noteRequests } from './requests/notes.ts';
import type { AnswerOf, ParamsOf } from './requests/request.ts';
import { scenarioRequests } from './requests/scenarios.ts';
import { schedctlQueries } from './requests/schedctl.ts';
import { seriesQueries } from './requests/series.ts';
import { sqlRequests } from './requests/sql.ts';
import { openTraceRequests, summaryQueries } from './requests/trace-summary.ts';
import { uploadRequests } from './requests/uploads.ts';
import { workbenchRequests } from './requests/workbench.ts';
import type { EventName, Events } from './service-events.ts';

export { eventFilter, laneRef, type EventFilter, type LaneRef } from './requests/parameters.ts';
export type * from './service-events.ts';
export type * from './requests/workbench.ts';
export type * from './requests/trace-summary.ts';
export { LANE_FLAG } from './requests/lanes.ts';
export type * from './requests/lanes.ts';
export type * from './requests/schedctl.ts';
export type * from './requests/series.ts';
export type * from './requests/aggregates.ts';
export type * from './requests/events.ts';
export type * from './requests/findings.ts';
export type * from './requests/sql.ts';
export type * from './requests/scenarios.ts';
export type * from './requests/imports.ts';

/** Questions to an open trace. Its thread answers them, each by a query of `src-main/store/queries/`. */
export const traceQueries = {
  ...summaryQueries,
  ...laneQueries,
  ...schedctlQueries,
  ...seriesQueries,
  ...aggregateQueries,
  ...eventQueries,
  ...findingQueries,
};
export type QueryName = keyof typeof traceQueries;

/** Every request. */
export const requests = {
  ...workbenchRequests,
  ...openTraceRequests,
  ...traceQueries,
  ...noteRequests,
  ...sqlRequests,
  ...scenarioRequests,
  ...importRequests,
  ...exportRequests,
  ...uploadRequests,
};
export type RequestName = keyof typeof requests;
export type RequestParams<Name extends RequestName> = ParamsOf<(typeof requests)[Name]>;
/** The answer to every request. */
export type Results = { readonly [Name in RequestName]: AnswerOf<(typeof requests)[Name]> };

/** What the renderer holds: one door to the workbench, whatever the host. */
export interface WorkbenchClient {
  request<Name extends RequestName>(
    name: Name,
    params: RequestParams<Name>,
    options?: { readonly signal?: CancelSignal },
  ): Promise<Results[Name]>;
  /** Returns a function that ends the subscription. */
  on<Name extends EventName>(name: Name, listener: (payload: Events[Name]) => void): () => void;
  close(): void;
}

/** What the service is to one window. `params` are unchecked; the service checks them. */
export interface WindowService {
  request(name: string, params: unknown, signal: CancelSignal): Promise<unknown>;
  /** Subscribes to all events. Returns a function that ends the subscription. */
  subscribe(listener: <Name extends EventName>(name: Name, payload: Events[Name]) => void): () => void;
  /** The window has gone: what it had open is closed. What it has started (recordings, exports) goes on. */
  leave(): Promise<void>;
}

/** The service as its hosts see it. Requests made on it directly belong to no window. */
export interface WorkbenchService extends Omit<WindowService, 'leave'> {
  /** The service for a window that has just come. */
  forWindow(): WindowService;
  close(): Promise<void>;
}
