/**
 * What runs in each page before its own scripts, once in the page's world and once in the preload's.
 *
 * These functions are sent to pages as source text: they may use nothing from outside themselves. A call
 * crosses between the worlds as a synchronous event whose detail Chromium clones, so that what cannot be cloned
 * cannot cross, as with Electron's contextBridge.
 */
import type { CloneCodec } from './clone-codec.ts';

export interface BridgeEnd {
  expose(key: string, api: unknown): void;
}

type Wrapped =
  | { readonly is: 'value'; readonly value: unknown }
  | { readonly is: 'function'; readonly id: number }
  | { readonly is: 'array'; readonly entries: readonly Wrapped[] }
  | { readonly is: 'object'; readonly entries: readonly (readonly [string, Wrapped])[] };

type Detail =
  | { readonly does: 'expose'; readonly key: string; readonly value: Wrapped }
  | { readonly does: 'call'; readonly id: number; readonly args: readonly Wrapped[] }
  | { readonly does: 'return'; readonly value: Wrapped }
  | { readonly does: 'throw'; readonly message: string };

/** One end of the bridge; `eventName` is a secret of the two. */
export function bridgeEnd(own: string, other: string, eventName: string): BridgeEnd {
  const functions = new Map<number, (...args: unknown[]) => unknown>();
  const ids = new Map<unknown, number>();
  // The page may replace these later.
  const dispatch = EventTarget.prototype.dispatchEvent.bind(window);
  const Event = CustomEvent;
  let answer: Detail | null = null;

  const post = (detail: Detail): void => void dispatch(new Event(eventName + other, { detail }));

  const wrap = (value: unknown): Wrapped => {
    if (typeof value === 'function') {
      const id = ids.get(value) ?? ids.size + 1;
      ids.set(value, id);
      functions.set(id, value as () => unknown);
      return { is: 'function', id };
    }
    try {
      return { is: 'value', value: structuredClone(value) };
    } catch {
      // Functions inside are no reason to refuse it; proxies and host objects are.
    }
    const hasFunction = (part: Wrapped): boolean =>
      part.is === 'function' ||
      (part.is === 'array' && part.entries.some(hasFunction)) ||
      (part.is === 'object' && part.entries.some(([, entry]) => hasFunction(entry)));
    let wrapped: Wrapped | null = null;
    if (Array.isArray(value)) wrapped = { is: 'array', entries: value.map(wrap) };
    else if (Object.getPrototypeOf(value) === Object.prototype) {
      const entries = Object.entries(value as object);
      wrapped = { is: 'object', entries: entries.map(([key, entry]) => [key, wrap(entry)] as const) };
    }
    if (wrapped === null || !hasFunction(wrapped)) throw new Error('An object could not be cloned.');
    return wrapped;
  };

  const unwrap = (wrapped: Wrapped): unknown => {
    switch (wrapped.is) {
      case 'value':
        return wrapped.value;
      case 'array':
        return Object.freeze(wrapped.entries.map(unwrap));
      case 'object':
        return Object.freeze(Object.fromEntries(wrapped.entries.map(([key, entry]) => [key, unwrap(entry)])));
      case 'function':
        return (...args: unknown[]) => {
          post({ does: 'call', id: wrapped.id, args: args.map(wrap) });
          const returned = answer;
          answer = null;
          if (returned?.does === 'throw') throw new Error(returned.message);
          return returned?.does === 'return' ? unwrap(returned.value) : undefined;
        };
    }
  };

  const call = (id: number, args: readonly Wrapped[]): Detail => {
    try {
      return { does: 'return', value: wrap(functions.get(id)!(...args.map(unwrap))) };
    } catch (thrown) {
      return { does: 'throw', message: thrown instanceof Error ? thrown.message : String(thrown) };
    }
  };

  window.addEventListener(
    eventName + own,
    (event) => {
      event.stopImmediatePropagation();
      const detail = (event as CustomEvent<Detail>).detail;
      if (detail.does === 'expose') {
        Object.defineProperty(window, detail.key, { value: unwrap(detail.value), enumerable: true });
      } else if (detail.does === 'call') post(call(detail.id, detail.args));
      else answer = detail;
    },
    true,
  );
  return { expose: (key, api) => post({ does: 'expose', key, value: wrap(api) }) };
}

/** What a page sends to the main process, as JSON: that its preload runs, or a message with encoded arguments. */
export type FromPage =
  { readonly is: 'ready' } | { readonly is: 'message'; readonly channel: string; readonly args: string };

/** Name of the function in the preload's world that takes what the main process sends. */
export const RECEIVE = 'electronStandinReceive';

/**
 * Runs a preload: gives it the `electron` that a sandboxed one gets.
 *
 * @param bindingName the function that carries a text to the main process; taken away from the world
 */
export function runPreload(
  preload: (require: (name: string) => unknown) => void,
  codec: CloneCodec,
  bridge: BridgeEnd,
  bindingName: string,
  receiveName: string,
): void {
  type Listener = (event: object, ...args: unknown[]) => void;
  const world = globalThis as unknown as Record<string, unknown>;
  const binding = world[bindingName] as (text: string) => void;
  delete world[bindingName];
  const send = (message: FromPage): void => binding(JSON.stringify(message));
  const listeners = new Map<string, Listener[]>();
  const on = (channel: string, listener: Listener): void => {
    listeners.set(channel, [...(listeners.get(channel) ?? []), listener]);
  };
  const off = (channel: string, listener: Listener): void => {
    listeners.set(
      channel,
      (listeners.get(channel) ?? []).filter((other) => other !== listener),
    );
  };
  const ipcRenderer = {
    send: (channel: string, ...args: unknown[]) => send({ is: 'message', channel, args: codec.encode(args) }),
    on,
    once(channel: string, listener: Listener) {
      const first: Listener = (...args) => {
        off(channel, first);
        listener(...args);
      };
      on(channel, first);
    },
  };
  world[receiveName] = (channel: string, args: string) => {
    for (const listener of listeners.get(channel) ?? []) listener({}, ...(codec.decode(args) as unknown[]));
  };
  send({ is: 'ready' });
  preload((name) => {
    if (name !== 'electron') throw new Error(`module not found: ${name}`);
    return {
      ipcRenderer,
      contextBridge: { exposeInMainWorld: (key: string, api: unknown) => bridge.expose(key, api) },
      // Files of a page have no path that the page could tell, and Chromium tells nobody else.
      webUtils: { getPathForFile: () => '' },
    };
  });
}
