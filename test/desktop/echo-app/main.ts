/** A desktop app whose service is the echo of the contract: the same pipes, bundle and preload as the workbench's. */
import { app, BrowserWindow } from 'electron';
import { APP_URL, registerAppScheme, serveAppScheme } from '#main/hosts/electron/app-scheme.ts';
import { acceptWindowPipes } from '#main/hosts/electron/window-pipes.ts';
import { openRendererBundle } from '#main/hosts/bundle/renderer-bundle.ts';
import { serve } from '#shared/api/server.ts';
import { createEchoService } from '../../contract/echo-service.ts';

async function run(): Promise<void> {
  await app.whenReady();
  serveAppScheme(await openRendererBundle(process.env['ECHO_APP_RENDERER']!));
  acceptWindowPipes({
    onPipe: (pipe) => serve(createEchoService().forWindow(), pipe),
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
