/** One run of the loopback host, from its start until the person has had enough. */
import type { WorkbenchService } from '#shared/api/contract.ts';
import { rendererDir } from '../app-paths.ts';
import { appWindowBrowser, openAppWindow } from './app-window.ts';
import { startLoopbackHost, type LoopbackHost } from './loopback-host.ts';

export interface RunOptions {
  readonly service: WorkbenchService;
  readonly port?: number;
  /** Opens an app window where that is possible; else the address is only printed. */
  readonly window: boolean;
  /** Takes lines for the person. */
  readonly print: (line: string) => void;
  /** Called once the host can be reached. */
  readonly onListening?: (host: LoopbackHost) => void;
}

/** The first of these signals asks the host to end. */
const END_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

function endSignal(): { readonly received: Promise<void>; stopListening(): void } {
  let onSignal: () => void = () => undefined;
  const received = new Promise<void>((resolve) => (onSignal = resolve));
  for (const signal of END_SIGNALS) process.once(signal, onSignal);
  return {
    received,
    stopListening: () => END_SIGNALS.forEach((signal) => process.removeListener(signal, onSignal)),
  };
}

/**
 * Runs the host until its window is closed (if it opened one) or a signal ends it, then closes the host
 * and the service.
 * @throws {WorkbenchError} as {@link startLoopbackHost}
 */
export async function runLoopbackHost(options: RunOptions): Promise<void> {
  const { service, port, window, print } = options;
  const host = await startLoopbackHost({ service, port, rendererDir: rendererDir() });
  const signal = endSignal();
  options.onListening?.(host);
  try {
    const browser = window ? appWindowBrowser() : null;
    if (browser !== null) {
      const appWindow = await openAppWindow(browser, host.oneTimeUrl());
      const outcome = await Promise.race([appWindow.closed, signal.received]);
      appWindow.close();
      await appWindow.closed;
      if (outcome !== false) return;
      print(`${browser} ended with an error.`);
    }
    print('Open this address in a browser on this machine; Ctrl-C ends the workbench:');
    print(host.url);
    await signal.received;
  } finally {
    signal.stopListening();
    await host.close();
    await service.close();
  }
}
