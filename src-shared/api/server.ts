/** The service's side of the contract: one call serves one window. */
import { createCancelSource, type CancelSource } from '../base/cancel.ts';
import { toWireError, WorkbenchError } from '../base/errors.ts';
import type { WindowService } from './contract.ts';
import { checkStructure } from './message-limits.ts';
import { clientMessage, type ClientMessage, type ServerMessage, type ServerPipe } from './messages.ts';

/** Requests of one window that may be under way at a time; a window of ours needs a few dozen. */
export const MAX_RUNNING_REQUESTS = 256;

/** Requests that are begun at a time when a pipe that was full has room again. */
const BEGUN_AT_ONCE = 8;

interface Request {
  readonly id: number;
  readonly name: string;
  readonly params: unknown;
  readonly source: CancelSource;
}

/**
 * Answers the requests that arrive on `pipe` and forwards the service's events to it, until it closes;
 * then what is still running for this window is cancelled, and what it had open is closed. The service itself stays
 * open.
 *
 * A request is begun when the window has taken enough of the answers before it. What does not follow the protocol (no
 * message of ours, one beyond MESSAGE_LIMITS, an id that is in use) closes the pipe: there is no request to answer.
 * Parameters are the service's to check.
 */
export function serve(service: WindowService, pipe: ServerPipe): void {
  /** Begun or not. */
  const running = new Map<number, CancelSource>();
  /** Those that wait until the pipe has room. */
  const waiting: Request[] = [];
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

  const begin = async ({ id, name, params, source }: Request) => {
    try {
      if (source.signal.aborted) throw new WorkbenchError('cancelled', `${name} was cancelled.`);
      const result = await service.request(name, params, source.signal);
      answer(id, { type: 'result', id, result });
    } catch (thrown) {
      answer(id, { type: 'error', id, error: toWireError(thrown) });
    }
    beginWaiting(1);
  };

  /** Few at a time: what their answers will take is not known before. */
  const beginWaiting = (most: number) => {
    if (pipe.isFull?.() === true) return;
    for (const request of waiting.splice(0, most)) void begin(request);
  };

  const accept = (id: number, name: string, params: unknown) => {
    if (running.size >= MAX_RUNNING_REQUESTS) {
      const busy = new WorkbenchError('busy', 'Too many requests at once; wait for some to finish.');
      pipe.send({ type: 'error', id, error: toWireError(busy) });
      return;
    }
    const source = createCancelSource();
    running.set(id, source);
    waiting.push({ id, name, params, source });
    beginWaiting(1);
  };

  const unsubscribe = service.subscribe((name, payload) => {
    if (!closed) pipe.send({ type: 'event', name, payload });
  });
  pipe.onDrain?.(() => beginWaiting(BEGUN_AT_ONCE));
  pipe.onClose(() => {
    closed = true;
    unsubscribe();
    for (const source of running.values()) source.cancel();
    running.clear();
    waiting.length = 0;
    void service.leave();
  });
  pipe.onMessage((received) => {
    if (closed) return;
    const message = messageIn(received);
    if (message === null) refuse();
    else if (message.type === 'cancel') running.get(message.id)?.cancel();
    else if (running.has(message.id)) refuse();
    else accept(message.id, message.name, message.params);
  });
}

/** Null where it is no message of a window. */
function messageIn(received: unknown): ClientMessage | null {
  try {
    checkStructure(received);
  } catch {
    return null;
  }
  return clientMessage.safeParse(received).data ?? null;
}
