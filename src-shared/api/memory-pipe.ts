/** Two pipe ends joined in one process: for tests, and for a service in the same process as its window. */
import type { ClientPipe, Pipe, ServerPipe } from './messages.ts';

/** One end: its listener, and the messages that wait for one. */
interface End {
  readonly messages: ((message: never) => void)[];
  readonly closes: (() => void)[];
  readonly early: unknown[];
}

const newEnd = (): End => ({ messages: [], closes: [], early: [] });

/**
 * Makes both ends of a pipe. As on any real pipe a message arrives after the sender has gone on, in
 * order, and nothing arrives after the close. `copy` is applied to each message (the default passes the
 * object itself).
 */
export function createMemoryPipe(copy: (message: unknown) => unknown = (message) => message): {
  readonly client: ClientPipe;
  readonly server: ServerPipe;
} {
  const ends = [newEnd(), newEnd()] as const;
  let closed = false;

  const deliver = (to: End, message: unknown) => {
    if (closed) return;
    if (to.messages.length === 0) to.early.push(message);
    for (const listener of to.messages) listener(message as never);
  };
  const close = () => {
    if (closed) return;
    closed = true;
    for (const end of ends) for (const listener of end.closes) listener();
  };
  const pipe = (own: End, other: End): Pipe<unknown, never> => ({
    send(message) {
      if (closed) return;
      const sent = copy(message);
      void Promise.resolve().then(() => deliver(other, sent));
    },
    onMessage(listener) {
      own.messages.push(listener);
      for (const message of own.early.splice(0)) listener(message as never);
    },
    onClose(listener) {
      if (closed) listener();
      else own.closes.push(listener);
    },
    close,
  });
  return { client: pipe(ends[0], ends[1]), server: pipe(ends[1], ends[0]) };
}
