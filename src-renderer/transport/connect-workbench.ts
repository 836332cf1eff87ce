/** The window's way to its service: the only place that knows which host it runs in. */
import { createClient } from '#shared/api/client.ts';
import type { WorkbenchClient } from '#shared/api/contract.ts';
import type { ClientPipe } from '#shared/api/messages.ts';
import { electronBridge } from './electron-bridge.ts';
import { visibleClient } from './visible-client.ts';
import { connectSocket } from './websocket.ts';

/** A window that is connected. */
export interface HostConnection {
  readonly client: WorkbenchClient;
  /** Path of a dropped file on the machine of the service; null where the host cannot tell. */
  pathOfFile(file: File): string | null;
  /** Calls `listener` once, when the connection is gone. */
  onClosed(listener: () => void): void;
}

/**
 * Connects this window to its host.
 * @throws {WorkbenchError} `closed`, with a sentence for the person, where there is no host to connect to.
 */
export async function connectWorkbench(): Promise<HostConnection> {
  const bridge = electronBridge();
  const pipe: ClientPipe = bridge?.pipe ?? (await connectSocket(window.location, window.sessionStorage));
  return {
    client: visibleClient(createClient(pipe)),
    pathOfFile: (file) => bridge?.pathOfFile(file) ?? null,
    onClosed: (listener) => pipe.onClose(listener),
  };
}
