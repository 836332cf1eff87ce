/** The window's side of the contract: requests become messages, answers settle promises. */
import type { CancelSignal } from '../base/cancel.ts';
import { fromWireError, WorkbenchError } from '../base/errors.ts';
import type { EventName, Events, WorkbenchClient } from './contract.ts';
import type { ClientPipe } from './messages.ts';

interface Pending {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: WorkbenchError) => void;
}

const closedError = () =>
  new WorkbenchError(
    'closed',
    'The connection to the workbench is closed. Start the workbench again to continue.',
  );
const cancelledError = (name: string) =>
  new WorkbenchError('cancelled', `The request ${name} was cancelled.`);

/**
 * Speaks the contract over `pipe`.
 *
 * A request rejects with a {@link WorkbenchError}: the service's own, `cancelled` as soon as its signal
 * fires (whatever the service still answers is dropped), or `closed` when the pipe closes before the
 * answer. Listeners of events are called in the order of the messages.
 */
export function createClient(pipe: ClientPipe): WorkbenchClient {
  const pending = new Map<number, Pending>();
  const listeners = new Map<string, Set<(payload: never) => void>>();
  let lastId = 0;
  let closed = false;

  pipe.onMessage((message) => {
    if (message.type === 'event') {
      const payload = message.payload as never;
      for (const listener of [...(listeners.get(message.name) ?? [])]) listener(payload);
      return;
    }
    const waiting = pending.get(message.id);
    if (waiting === undefined) return; // cancelled before
    if (message.type === 'result') waiting.resolve(message.result);
    else waiting.reject(fromWireError(message.error));
  });
  pipe.onClose(() => {
    closed = true;
    for (const { reject } of [...pending.values()]) reject(closedError());
  });

  function call(name: string, params: unknown, signal: CancelSignal | undefined): Promise<unknown> {
    if (closed) return Promise.reject(closedError());
    if (signal?.aborted) return Promise.reject(cancelledError(name));
    const id = ++lastId;
    return new Promise((resolve, reject) => {
      const onAbort = () => {
        settle(() => reject(cancelledError(name)));
        pipe.send({ type: 'cancel', id });
      };
      const settle = (how: () => void) => {
        pending.delete(id);
        signal?.removeEventListener('abort', onAbort);
        how();
      };
      pending.set(id, {
        resolve: (result) => settle(() => resolve(result)),
        reject: (error) => settle(() => reject(error)),
      });
      signal?.addEventListener('abort', onAbort, { once: true });
      try {
        pipe.send({ type: 'request', id, name, params });
      } catch (thrown) {
        const why = thrown instanceof Error ? thrown.message : String(thrown);
        settle(() => reject(new WorkbenchError('bad-request', `The request ${name} cannot be sent: ${why}`)));
      }
    });
  }

  return {
    // The service answers a request with the result that the contract gives for its name.
    request: (name, params, options) => call(name, params, options?.signal) as never,
    on<Name extends EventName>(name: Name, listener: (payload: Events[Name]) => void) {
      const forName = listeners.get(name) ?? new Set();
      listeners.set(name, forName);
      forName.add(listener);
      return () => void forName.delete(listener);
    },
    close: () => pipe.close(),
  };
}
