/** The service's side of the contract: one call serves one window. */
import { createCancelSource, type CancelSource } from '../base/cancel.ts';
import { toWireError, WorkbenchError } from '../base/errors.ts';
import type { WorkbenchService } from './contract.ts';
import { clientMessage, type ServerMessage, type ServerPipe } from './messages.ts';

/** Requests of one window that may be under way at a time; a window of ours needs a few dozen. */
export const MAX_RUNNING_REQUESTS = 256;

/**
 * Answers the requests that arrive on `pipe` and forwards the service's events to it, until it closes;
 * then what is still running for this window is cancelled. The service itself stays open.
 *
 * What does not follow the protocol (no message of ours, an id that is in use) closes the pipe: there is
 * nobody to answer. Parameters are the service's to check.
 */
export function serve(service: WorkbenchService, pipe: ServerPipe): void {
  const running = new Map<number, CancelSource>();
  let closed = false;

  const refuse = () => {
    closed = true;
    pipe.close();
  };

  const answer = (id: number, message: ServerMessage) => {
    running.delete(id);
    if (closed) return;
    try {
      pipe.send(message);
    } catch (thrown) {
      // A result that cannot cross is a defect of the service, but the window still waits for an answer.
      pipe.send({ type: 'error', id, error: toWireError(thrown) });
    }
  };

  const run = async (id: number, name: string, params: unknown) => {
    if (running.size >= MAX_RUNNING_REQUESTS) {
      const busy = new WorkbenchError('busy', 'Too many requests at once; wait for some to finish.');
      pipe.send({ type: 'error', id, error: toWireError(busy) });
      return;
    }
    const source = createCancelSource();
    running.set(id, source);
    try {
      const result = await service.request(name, params, source.signal);
      answer(id, { type: 'result', id, result });
    } catch (thrown) {
      answer(id, { type: 'error', id, error: toWireError(thrown) });
    }
  };

  const unsubscribe = service.subscribe((name, payload) => {
    if (!closed) pipe.send({ type: 'event', name, payload });
  });
  pipe.onClose(() => {
    closed = true;
    unsubscribe();
    for (const source of running.values()) source.cancel();
    running.clear();
  });
  pipe.onMessage((received) => {
    if (closed) return;
    const checked = clientMessage.safeParse(received);
    if (!checked.success) return refuse();
    const message = checked.data;
    if (message.type === 'cancel') running.get(message.id)?.cancel();
    else if (running.has(message.id)) refuse();
    else void run(message.id, message.name, message.params);
  });
}
