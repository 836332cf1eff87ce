/**
 * One pipe for each page of each window, over Electron's IPC. Who sends is checked here, for every message; what
 * a message on a pipe says is checked by the pipe's server.
 */
import { isAbsolute } from 'node:path';
import { BrowserWindow, ipcMain, type IpcMainEvent, type WebContents } from 'electron';
import { debugLog } from '#main/debug/debug-log.ts';
import { CHANNEL } from '#shared/api/electron-bridge.ts';
import type { ServerMessage, ServerPipe } from '#shared/api/messages.ts';
import { UNREAD_BYTES } from '../unread-answers.ts';
import { isAppUrl } from './app-scheme.ts';
import { UnreadMessages } from './unread-messages.ts';

const debug = debugLog('hosts');

interface OpenPipe {
  readonly pipe: ServerPipe;
  readonly received: ((message: unknown) => void)[];
  /** The page has taken the oldest message that it had not. */
  taken(): void;
  /** Ends it without telling the page, which is gone or knows. */
  end(): void;
}

function openPipe(contents: WebContents): OpenPipe {
  const received: OpenPipe['received'] = [];
  const closeListeners: (() => void)[] = [];
  const drainListeners: (() => void)[] = [];
  const unread = new UnreadMessages();
  const isFull = (): boolean => unread.bytes > UNREAD_BYTES.full;
  let closed = false;
  const end = () => {
    if (closed) return;
    closed = true;
    received.length = 0;
    for (const listener of closeListeners) listener();
  };
  const pipe: ServerPipe = {
    send(message) {
      if (closed || contents.isDestroyed()) return;
      if (unread.bytes > UNREAD_BYTES.most) {
        pipe.close();
        return;
      }
      contents.send(CHANNEL.message, message);
      unread.sent(message);
    },
    isFull,
    onDrain: (listener) => void drainListeners.push(listener),
    onMessage: (listener) => void received.push(listener),
    onClose(listener) {
      if (closed) listener();
      else closeListeners.push(listener);
    },
    close() {
      if (!closed && !contents.isDestroyed()) contents.send(CHANNEL.close);
      end();
    },
  };
  const taken = (): void => {
    const wasFull = isFull();
    unread.taken();
    if (wasFull && !closed && !isFull()) for (const listener of drainListeners) listener();
  };
  return { pipe, received, taken, end };
}

/** The window that sends: only the top page of one of ours, loaded from our scheme, is listened to. */
function senderOf({ sender, senderFrame }: IpcMainEvent): BrowserWindow | null {
  const isOurs = senderFrame !== null && senderFrame.parent === null && isAppUrl(senderFrame.url);
  return isOurs ? BrowserWindow.fromWebContents(sender) : null;
}

const MAX_PATH = 4096;
const isPath = (value: unknown): value is string =>
  typeof value === 'string' && value.length <= MAX_PATH && isAbsolute(value);

export interface PipeListeners {
  /** A page wants a pipe. */
  readonly onPipe: (pipe: ServerPipe, window: BrowserWindow) => void;
  /** The person has dropped this file on a window: its preload says so, which alone knows the path. */
  readonly onFileNamed: (path: string) => void;
}

export interface WindowPipes {
  /** Sends `message` to the page of `window`, as soon as there is one that listens. */
  send(window: BrowserWindow, message: ServerMessage): void;
}

/** Listens for pages that want a pipe. A page that is reloaded or closed ends its pipe. */
export function acceptWindowPipes({ onPipe, onFileNamed }: PipeListeners): WindowPipes {
  const open = new Map<number, OpenPipe>();
  const waiting = new Map<number, ServerMessage[]>();

  ipcMain.on(CHANNEL.open, (event) => {
    const window = senderOf(event);
    if (window === null) return;
    const { sender } = event;
    const { id } = sender;
    open.get(id)?.end();
    const opened = openPipe(sender);
    open.set(id, opened);
    debug('a window connects', () => ({ id }));
    sender.once('destroyed', () => {
      debug('a window leaves', () => ({ id }));
      opened.end();
      if (open.get(id) === opened) open.delete(id);
      waiting.delete(id);
    });
    onPipe(opened.pipe, window);
  });
  ipcMain.on(CHANNEL.message, (event, message: unknown) => {
    if (senderOf(event) === null) return;
    const { id } = event.sender;
    for (const listener of open.get(id)?.received ?? []) listener(message);
    // The page has sent something, so its listeners are there.
    for (const early of waiting.get(id) ?? []) open.get(id)?.pipe.send(early);
    waiting.delete(id);
  });
  ipcMain.on(CHANNEL.taken, (event) => {
    if (senderOf(event) !== null) open.get(event.sender.id)?.taken();
  });
  ipcMain.on(CHANNEL.close, (event) => {
    // Closes with an answer: the page hears of the end as on any pipe.
    if (senderOf(event) !== null) open.get(event.sender.id)?.pipe.close();
  });
  ipcMain.on(CHANNEL.fileNamed, (event, path: unknown) => {
    if (senderOf(event) !== null && isPath(path)) onFileNamed(path);
  });

  return {
    send(window, message) {
      const { id } = window.webContents;
      const opened = open.get(id);
      if (opened !== undefined && !waiting.has(id)) opened.pipe.send(message);
      else waiting.set(id, [...(waiting.get(id) ?? []), message]);
    },
  };
}
