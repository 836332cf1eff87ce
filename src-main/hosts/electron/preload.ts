/** Runs in each window before its page, in a world of its own. It forwards and decides nothing. */
import { contextBridge, ipcRenderer, webUtils } from 'electron';
import { BRIDGE_NAME, CHANNEL, type ElectronBridge } from '#shared/api/electron-bridge.ts';
import type { ServerMessage } from '#shared/api/messages.ts';

let isClosed = false;
ipcRenderer.once(CHANNEL.close, () => (isClosed = true));

const bridge: ElectronBridge = {
  pipe: {
    send: (message) => ipcRenderer.send(CHANNEL.message, message),
    onMessage(listener) {
      // The event stays here: it would give the page a way to send on any channel.
      ipcRenderer.on(CHANNEL.message, (_event, message: ServerMessage) => listener(message));
    },
    onClose(listener) {
      if (isClosed) listener();
      else ipcRenderer.once(CHANNEL.close, () => listener());
    },
    close: () => ipcRenderer.send(CHANNEL.close),
  },
  pathOfFile: (file) => webUtils.getPathForFile(file as File) || null,
};

ipcRenderer.send(CHANNEL.open);
contextBridge.exposeInMainWorld(BRIDGE_NAME, bridge);
