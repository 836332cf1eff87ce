/** One pipe for each page of each window, over Electron's IPC. */
import { BrowserWindow, ipcMain, type IpcMainEvent, type WebContents } from 'electron';
import { CHANNEL } from '#shared/api/electron-bridge.ts';
import type { ServerMessage, ServerPipe } from '#shared/api/messages.ts';
import { isAppUrl } from './app-scheme.ts';

interface OpenPipe {
  readonly pipe: ServerPipe;
  readonly received: ((message: unknown) => void)[];
  /** Ends it without telling the page, which is gone or knows. */
  end(): void;
}

function openPipe(contents: WebContents): OpenPipe {
  const received: OpenPipe['received'] = [];
  const closeListeners: (() => void)[] = [];
  let closed = false;
  const end = () => {
    if (closed) return;
    closed = true;
    received.length = 0;
    for (const listener of closeListeners) listener();
  };
  const pipe: ServerPipe = {
    send(message) {
      if (!closed && !contents.isDestroyed()) contents.send(CHANNEL.message, message);
    },
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
  return { pipe, received, end };
}

/** Only the top page of one of our windows, loaded from our scheme, is listened to. */
function isOurs({ sender, senderFrame }: IpcMainEvent): boolean {
  return (
    senderFrame !== null &&
    senderFrame.parent === null &&
    isAppUrl(senderFrame.url) &&
    BrowserWindow.fromWebContents(sender) !== null
  );
}

export interface WindowPipes {
  /** Sends `message` to the page of `window`, as soon as there is one that listens. */
  send(window: BrowserWindow, message: ServerMessage): void;
}

/**
 * Listens for pages that want a pipe; each is given to `onPipe`. A page that is reloaded or closed ends its
 * pipe.
 */
export function acceptWindowPipes(onPipe: (pipe: ServerPipe) => void): WindowPipes {
  const open = new Map<number, OpenPipe>();
  const waiting = new Map<number, ServerMessage[]>();

  ipcMain.on(CHANNEL.open, (event) => {
    if (!isOurs(event)) return;
    const { sender } = event;
    const { id } = sender;
    open.get(id)?.end();
    const opened = openPipe(sender);
    open.set(id, opened);
    sender.once('destroyed', () => {
      opened.end();
      if (open.get(id) === opened) open.delete(id);
      waiting.delete(id);
    });
    onPipe(opened.pipe);
  });
  ipcMain.on(CHANNEL.message, (event, message: unknown) => {
    if (!isOurs(event)) return;
    const { id } = event.sender;
    for (const listener of open.get(id)?.received ?? []) listener(message);
    // The page has sent something, so its listeners are there.
    for (const early of waiting.get(id) ?? []) open.get(id)?.pipe.send(early);
    waiting.delete(id);
  });
  ipcMain.on(CHANNEL.close, (event) => {
    // Closes with an answer: the page hears of the end as on any pipe.
    if (isOurs(event)) open.get(event.sender.id)?.pipe.close();
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
