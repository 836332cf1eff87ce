/** What Electron's preload puts into the window, and the IPC channels behind it. */
import type { ClientPipe } from './messages.ts';

/** Name of the property of `window`. */
export const BRIDGE_NAME = 'schedctlWorkbench';

/** IPC channels between the preload and the main process. */
export const CHANNEL = {
  /** A page has loaded and wants a pipe; what the window had before is over. */
  open: 'workbench:open',
  /** Messages, in both directions. */
  message: 'workbench:message',
  /** The page has taken the oldest message that it had not. */
  taken: 'workbench:taken',
  /** Either end has closed the pipe. */
  close: 'workbench:close',
  /** The path of a file that the person has dropped on the window. */
  fileNamed: 'workbench:file-named',
} as const;

export interface ElectronBridge {
  readonly pipe: ClientPipe;
  /** Path of a dropped file; null for what is not a file on disk. */
  pathOfFile(file: unknown): string | null;
}
