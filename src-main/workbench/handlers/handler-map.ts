/** The shape of the service's handlers: one for each request of the contract that is no question to an open trace. */
import type { QueryName, RequestName, RequestParams, Results } from '#shared/api/contract.ts';
import type { CancelSignal } from '#shared/base/cancel.ts';
import type { HeldByWindow } from '../held-by-window.ts';
import type { WindowHost } from '../window-host.ts';

/** The window that asks. */
export interface AskingWindow {
  readonly host: WindowHost;
  readonly held: HeldByWindow;
}

export type Handler<Name extends RequestName> = (
  params: RequestParams<Name>,
  signal: CancelSignal,
  window: AskingWindow,
) => Promise<Results[Name]> | Results[Name];

export type HandlerMap = { readonly [Name in Exclude<RequestName, QueryName>]: Handler<Name> };
/** The handlers of one file. */
export type HandlersOf<Names extends keyof HandlerMap> = Pick<HandlerMap, Names>;
