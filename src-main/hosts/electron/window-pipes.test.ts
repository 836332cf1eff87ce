import { EventEmitter } from 'node:events';
import type { BrowserWindow } from 'electron';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { CHANNEL } from '#shared/api/electron-bridge.ts';
import type { ServerPipe } from '#shared/api/messages.ts';

// Electron's binary cannot be counted on here: this is the little of it that the module touches.
const electron = vi.hoisted(() => ({
  ipcMain: null as unknown as EventEmitter,
  windows: new Set<unknown>(),
}));
vi.mock('electron', async () => {
  const { EventEmitter: Emitter } = await import('node:events');
  electron.ipcMain = new Emitter();
  return {
    ipcMain: electron.ipcMain,
    protocol: {},
    BrowserWindow: { fromWebContents: (contents: unknown) => (electron.windows.has(contents) ? {} : null) },
  };
});
const { acceptWindowPipes } = await import('./window-pipes.ts');
const { isAppUrl } = await import('./app-scheme.ts');

let lastId = 0;
class Contents extends EventEmitter {
  readonly id = ++lastId;
  readonly sent: [channel: string, message: unknown][] = [];
  send(channel: string, message: unknown) {
    this.sent.push([channel, message]);
  }
  isDestroyed = () => false;
}

function openWindow() {
  const contents = new Contents();
  electron.windows.add(contents);
  const frame: unknown = { url: 'app://workbench/', parent: null };
  return {
    contents,
    window: { webContents: contents } as unknown as BrowserWindow,
    emit: (channel: string, message?: unknown, senderFrame = frame) =>
      electron.ipcMain.emit(channel, { sender: contents, senderFrame }, message),
  };
}

/** Accepts pipes and keeps what arrives on each, and whether it has closed. */
function accept() {
  const accepted: { pipe: ServerPipe; received: unknown[]; closed: boolean }[] = [];
  const named: string[] = [];
  const pipes = acceptWindowPipes({
    onPipe(pipe) {
      const one = { pipe, received: [] as unknown[], closed: false };
      pipe.onMessage((message) => one.received.push(message));
      pipe.onClose(() => (one.closed = true));
      accepted.push(one);
    },
    onFileNamed: (path) => named.push(path),
  });
  return { accepted, named, pipes };
}

afterEach(() => electron.ipcMain.removeAllListeners());

test('a page of ours gets a pipe in both directions', () => {
  const { accepted } = accept();
  const { emit, contents } = openWindow();
  emit(CHANNEL.open);
  emit(CHANNEL.message, { type: 'cancel', id: 1 });
  expect(accepted[0]!.received).toEqual([{ type: 'cancel', id: 1 }]);
  accepted[0]!.pipe.send({ type: 'result', id: 1, result: null });
  expect(contents.sent).toEqual([[CHANNEL.message, { type: 'result', id: 1, result: null }]]);
});

test.each([
  ['another site', { url: 'https://evil.example/', parent: null }],
  ['another host of our scheme', { url: 'app://evil/', parent: null }],
  ['a frame inside our page', { url: 'app://workbench/', parent: {} }],
  ['a frame that is gone', null],
])('%s is not listened to', (_who, frame) => {
  const { accepted } = accept();
  const { emit } = openWindow();
  emit(CHANNEL.open, undefined, frame);
  expect(accepted).toEqual([]);
  emit(CHANNEL.open);
  emit(CHANNEL.message, 'x', frame);
  emit(CHANNEL.close, undefined, frame);
  expect(accepted[0]).toMatchObject({ received: [], closed: false });
});

test('a dropped file is named by an absolute path, from a page of ours', () => {
  const { named } = accept();
  const { emit } = openWindow();
  for (const path of ['relative', 7, null, { path: '/x' }, `/${'x'.repeat(5000)}`]) {
    emit(CHANNEL.fileNamed, path);
  }
  emit(CHANNEL.fileNamed, '/evil', { url: 'https://evil.example/', parent: null });
  expect(named).toEqual([]);
  emit(CHANNEL.fileNamed, '/traces/dropped.sctrace');
  expect(named).toEqual(['/traces/dropped.sctrace']);
});

test('contents that are no window of ours are not listened to', () => {
  const { accepted } = accept();
  const { emit, contents } = openWindow();
  electron.windows.delete(contents);
  emit(CHANNEL.open);
  expect(accepted).toEqual([]);
});

test('two windows do not hear each other', () => {
  const { accepted } = accept();
  const [one, two] = [openWindow(), openWindow()];
  one.emit(CHANNEL.open);
  two.emit(CHANNEL.open);
  two.emit(CHANNEL.message, 'hello');
  accepted[0]!.pipe.send({ type: 'event', name: 'x', payload: null });
  expect(accepted.map(({ received }) => received)).toEqual([[], ['hello']]);
  expect([one.contents.sent.length, two.contents.sent.length]).toEqual([1, 0]);
});

test('a reload ends the old pipe and opens another; a closed window ends its pipe', () => {
  const { accepted } = accept();
  const { emit, contents } = openWindow();
  emit(CHANNEL.open);
  emit(CHANNEL.open);
  expect(accepted.map(({ closed }) => closed)).toEqual([true, false]);
  contents.emit('destroyed');
  expect(accepted.map(({ closed }) => closed)).toEqual([true, true]);
});

test('the page may close; it is told that this is done', () => {
  const { accepted } = accept();
  const { emit, contents } = openWindow();
  emit(CHANNEL.open);
  emit(CHANNEL.close);
  expect(accepted[0]!.closed).toBe(true);
  expect(contents.sent).toEqual([[CHANNEL.close, undefined]]);
  emit(CHANNEL.message, 'too late');
  expect(accepted[0]!.received).toEqual([]);
  accepted[0]!.pipe.send({ type: 'event', name: 'x', payload: null });
  expect(contents.sent).toHaveLength(1);
});

describe('a page that does not take what it is sent', () => {
  const megabytes = (count: number, id: number) =>
    ({ type: 'result', id, result: { column: new Float64Array((count << 20) / 8) } }) as const;

  test('fills its pipe, which has room again when it has taken enough', () => {
    const { accepted } = accept();
    const { emit } = openWindow();
    emit(CHANNEL.open);
    const { pipe } = accepted[0]!;
    let drained = 0;
    pipe.onDrain!(() => drained++);
    for (const id of [1, 2, 3]) pipe.send(megabytes(4, id));
    expect(pipe.isFull!()).toBe(true);
    emit(CHANNEL.taken);
    emit(CHANNEL.taken, undefined, { url: 'https://evil.example/', parent: null });
    expect([pipe.isFull!(), drained]).toEqual([true, 0]);
    emit(CHANNEL.taken);
    expect([pipe.isFull!(), drained]).toEqual([false, 1]);
    emit(CHANNEL.taken);
    expect(drained).toBe(1);
  });

  test('cannot win room by taking what it was not sent', () => {
    const { accepted } = accept();
    const { emit } = openWindow();
    emit(CHANNEL.open);
    for (let i = 0; i < 100; i++) emit(CHANNEL.taken);
    for (const id of [1, 2, 3]) accepted[0]!.pipe.send(megabytes(4, id));
    expect(accepted[0]!.pipe.isFull!()).toBe(true);
  });

  test('is given up in the end, and begins anew when it is loaded again', () => {
    const { accepted } = accept();
    const { emit, contents } = openWindow();
    emit(CHANNEL.open);
    for (let id = 1; id <= 20; id++) accepted[0]!.pipe.send(megabytes(4, id));
    expect(accepted[0]!.closed).toBe(true);
    expect(contents.sent.filter(([channel]) => channel === CHANNEL.message)).toHaveLength(16);
    emit(CHANNEL.open);
    expect(accepted[1]).toMatchObject({ closed: false });
    expect(accepted[1]!.pipe.isFull!()).toBe(false);
  });
});

test('what the host has to say before the page listens waits for it, in order', () => {
  const { accepted, pipes } = accept();
  const { emit, contents, window } = openWindow();
  const event = (command: string) => ({ type: 'event', name: 'command.run', payload: { command } }) as const;
  pipes.send(window, event('first'));
  emit(CHANNEL.open);
  pipes.send(window, event('second'));
  expect(contents.sent).toEqual([]);
  emit(CHANNEL.message, 'the first request');
  pipes.send(window, event('third'));
  expect(accepted[0]!.received).toEqual(['the first request']);
  expect(contents.sent.map(([, message]) => message)).toEqual([
    event('first'),
    event('second'),
    event('third'),
  ]);
});

test('only the exact host of the scheme is ours', () => {
  expect(isAppUrl('app://workbench/assets/index.js')).toBe(true);
  for (const url of [
    'app://workbench.evil/',
    'app:workbench',
    'https://workbench/',
    'file:///etc/passwd',
    '',
  ]) {
    expect(isAppUrl(url), url).toBe(false);
  }
});
