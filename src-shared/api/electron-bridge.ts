/** What Electron's preload puts into the window, and the IPC channels behind it. */
import type { ClientPipe } from './messages.ts';

/** Name of the property of `window`. */
export const BRIDGE_NAME = 'schedctlWorkbench';
/** IPC channel of messages, in both directions. */
export const MESSAGE_CHANNEL = 'workbench:message';

export interface ElectronBridge {
  readonly pipe: ClientPipe;
  /** Path of a dropped file; null for what is not a file on disk. Any argument is a File. */
  pathOfFile(file: unknown): string | null;
}
