import { expect, test } from 'vitest';
import { createEchoService } from '../../test/contract/echo-service.ts';
import { createMemoryPipe } from './memory-pipe.ts';
import type { ServerMessage } from './messages.ts';
import { MAX_RUNNING_REQUESTS, serve } from './server.ts';

/** A window that sends what it likes. */
function connect() {
  const { client, server } = createMemoryPipe();
  serve(createEchoService().forWindow(), server);
  const received: ServerMessage[] = [];
  let closed = false;
  client.onMessage((message) => received.push(message));
  client.onClose(() => (closed = true));
  return { send: (message: unknown) => client.send(message as never), received, isClosed: () => closed };
}
const settled = () => new Promise((resolve) => setTimeout(resolve, 5));
const hang = (id: number) => ({ type: 'request', id, name: 'scenario.read', params: { id: 'hang' } });

const endless: unknown[] = [];
endless.push(endless);

test.each([
  ['text', 'hello'],
  ['no type', { id: 1 }],
  ['an id that is no number', { type: 'request', id: '1', name: 'recent.list', params: {} }],
  ['a list that contains itself', endless],
  ['a message of the other direction', { type: 'result', id: 1, result: null }],
])('a peer that does not speak the protocol is hung up on: %s', async (_what, message) => {
  const window = connect();
  window.send(message);
  window.send({ type: 'request', id: 2, name: 'recent.list', params: {} });
  await settled();
  expect(window.isClosed()).toBe(true);
  expect(window.received).toEqual([]);
});

test('an id that is still in use hangs up', async () => {
  const window = connect();
  window.send(hang(1));
  window.send(hang(1));
  await settled();
  expect(window.isClosed()).toBe(true);
});

test('one window cannot have more requests under way than the limit', async () => {
  const window = connect();
  for (let id = 1; id <= MAX_RUNNING_REQUESTS + 1; id++) window.send(hang(id));
  await settled();
  expect(window.received).toMatchObject([{ id: MAX_RUNNING_REQUESTS + 1, error: { code: 'busy' } }]);
  window.send({ type: 'cancel', id: 1 });
  await settled();
  window.send({ type: 'request', id: 1000, name: 'recent.list', params: {} });
  await settled();
  expect(window.received.at(-1)).toMatchObject({ type: 'result', id: 1000 });
});

test('cancelling what is not running does nothing', async () => {
  const window = connect();
  window.send({ type: 'cancel', id: 77 });
  await settled();
  expect(window.isClosed()).toBe(false);
});

test('closing cancels what is running and ends the events', async () => {
  const { client, server } = createMemoryPipe();
  const echo = createEchoService().forWindow();
  let aborted = false;
  let subscribed = 0;
  let left = 0;
  serve(
    {
      ...echo,
      request(name, params, signal) {
        signal.addEventListener('abort', () => (aborted = true));
        return echo.request(name, params, signal);
      },
      leave: () => Promise.resolve(void left++),
      subscribe(listener) {
        subscribed++;
        const end = echo.subscribe(listener);
        return () => (subscribed--, end());
      },
    },
    server,
  );
  client.send(hang(1) as never);
  await settled();
  expect(subscribed).toBe(1);
  client.close();
  expect(aborted).toBe(true);
  expect(subscribed).toBe(0);
  expect(left).toBe(1);
});

test('nothing is begun for a window that does not take its answers, until it does', async () => {
  const { client, server } = createMemoryPipe();
  let isFull = true;
  let drain = (): void => undefined;
  serve(createEchoService().forWindow(), {
    ...server,
    isFull: () => isFull,
    onDrain: (listener) => (drain = listener),
  });
  const received: ServerMessage[] = [];
  client.onMessage((message) => received.push(message));
  for (const id of [1, 2, 3]) client.send({ type: 'request', id, name: 'recent.list', params: {} });
  client.send({ type: 'cancel', id: 2 });
  await settled();
  expect(received).toEqual([]);
  isFull = false;
  drain();
  await settled();
  expect(received).toMatchObject([
    { type: 'error', id: 2, error: { code: 'cancelled' } },
    { type: 'result', id: 1 },
    { type: 'result', id: 3 },
  ]);
});
