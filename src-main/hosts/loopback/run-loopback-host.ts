/** One run of the loopback host, from its start until the person has had enough. */
import type { WorkbenchService } from '#shared/api/contract.ts';
import { rendererDir } from '../app-paths.ts';
import { onEndSignal } from '../end-signals.ts';
import { appWindowBrowser, openAppWindow, type AppWindow } from './app-window.ts';
import { startLoopbackHost, type LoopbackHost } from './loopback-host.ts';

export interface RunOptions {
  readonly service: WorkbenchService;
  readonly port?: number;
  /** Opens an app window where that is possible; else the address is only printed. */
  readonly window: boolean;
  /** Takes lines for the person. */
  readonly print: (line: string) => void;
  /** Called once the host can be reached, to say where in another way than `print` would: the address is said once. */
  readonly onListening?: (host: LoopbackHost) => void;
}

/**
 * Runs the host until its window is closed (if it opened one) or a signal ends it, then closes the host
 * and the service.
 * @throws {WorkbenchError} as {@link startLoopbackHost}
 */
export async function runLoopbackHost(options: RunOptions): Promise<void> {
  const { service, port, window, print } = options;
  const host = await startLoopbackHost({ service, port, rendererDir: rendererDir() });
  let appWindow: AppWindow | null = null;
  let stopListening = (): void => undefined;
  const asked = new Promise<void>((resolve) => {
    stopListening = onEndSignal(resolve, () => appWindow?.kill());
  });
  options.onListening?.(host);
  try {
    const browser = window ? appWindowBrowser() : null;
    if (browser !== null) {
      appWindow = await openAppWindow(browser, host.oneTimeUrl());
      const outcome = await Promise.race([appWindow.closed, asked]);
      appWindow.close();
      await appWindow.closed;
      if (outcome !== false) return;
      print(`${browser} ended with an error.`);
    }
    if (options.onListening === undefined) {
      print('Open this address in a browser on this machine; Ctrl-C ends the workbench:');
      print(host.url);
    }
    await asked;
  } finally {
    await host.close();
    await service.close();
    stopListening();
  }
}
