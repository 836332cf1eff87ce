/** The shape of the service's handlers: one for each request of the contract. */
import type { RequestName, RequestParams, Results } from '#shared/api/contract.ts';
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

export type HandlerMap = { readonly [Name in RequestName]: Handler<Name> };
/** The handlers of one file. */
export type HandlersOf<Names extends RequestName> = Pick<HandlerMap, Names>;
