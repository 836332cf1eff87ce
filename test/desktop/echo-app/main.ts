/** A desktop app whose service is the echo of the contract: the same pipes, bundle and preload as the workbench's. */
import { app, BrowserWindow, ipcMain } from 'electron';
import { APP_URL, registerAppScheme, serveAppScheme } from '#main/hosts/electron/app-scheme.ts';
import { acceptWindowPipes } from '#main/hosts/electron/window-pipes.ts';
import { openRendererBundle } from '#main/hosts/bundle/renderer-bundle.ts';
import type { WindowService } from '#shared/api/contract.ts';
import { CHANNEL } from '#shared/api/electron-bridge.ts';
import { serve } from '#shared/api/server.ts';
import { createEchoService } from '../../contract/echo-service.ts';

/**
 * What the test reads in this process: the requests that were begun, and the messages that the page has taken, in
 * order.
 */
const happened: ('begun' | 'taken')[] = [];
Object.assign(globalThis, { happened });
ipcMain.on(CHANNEL.taken, () => happened.push('taken'));

function echoWindow(): WindowService {
  const window = createEchoService().forWindow();
  const request: WindowService['request'] = (name, params, signal) => {
    happened.push('begun');
    return window.request(name, params, signal);
  };
  return { ...window, request };
}

async function run(): Promise<void> {
  await app.whenReady();
  serveAppScheme(await openRendererBundle(process.env['ECHO_APP_RENDERER']!));
  acceptWindowPipes({
    onPipe: (pipe) => serve(echoWindow(), pipe),
    onFileNamed: () => undefined,
  });
  const window = new BrowserWindow({
    webPreferences: { preload: process.env['ECHO_APP_PRELOAD']!, sandbox: true, contextIsolation: true },
  });
  await window.loadURL(APP_URL);
}

app.enableSandbox();
registerAppScheme();
void run();
