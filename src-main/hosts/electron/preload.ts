/** Runs in each window before its page, in a world of its own. It forwards and decides nothing. */
import { contextBridge, ipcRenderer, webUtils } from 'electron';
import { BRIDGE_NAME, CHANNEL, type ElectronBridge } from '#shared/api/electron-bridge.ts';
import type { ServerMessage } from '#shared/api/messages.ts';

// Comes to its turn when the page does: while the page stands still, nothing is taken.
ipcRenderer.on(CHANNEL.message, () => ipcRenderer.send(CHANNEL.taken));

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
  pathOfFile(file) {
    // A page cannot make a File with a path: this one comes from the person, who has so named it.
    const path = webUtils.getPathForFile(file as File);
    if (path === '') return null;
    ipcRenderer.send(CHANNEL.fileNamed, path);
    return path;
  },
};

ipcRenderer.send(CHANNEL.open);
contextBridge.exposeInMainWorld(BRIDGE_NAME, bridge);
