/** `ipcMain`: messages from preloads. */
import { EventEmitter } from 'node:events';
import { makeCloneCodec } from './clone-codec.ts';

export const codec = makeCloneCodec();
export const ipcMain = new EventEmitter();

/** The part of WebContents that a message's event has. */
interface Sender {
  getURL(): string;
}

/** Preloads run in the top frame of a page only. */
export function receiveMessage(sender: Sender, channel: string, args: string): void {
  const senderFrame = { url: sender.getURL(), parent: null };
  ipcMain.emit(channel, { sender, senderFrame }, ...(codec.decode(args) as unknown[]));
}
