/** Entry point of the desktop app: owns the app's life, its windows and what the system asks of it. */
import { join } from 'node:path';
import { app, BrowserWindow, dialog } from 'electron';
import { createWorkbenchService } from '#main/workbench/service.ts';
import { serve } from '#shared/api/server.ts';
import { toWireError } from '#shared/base/errors.ts';
import { rendererDir } from '../app-paths.ts';
import { openRendererBundle } from '../bundle/renderer-bundle.ts';
import { registerAppScheme, serveAppScheme } from './app-scheme.ts';
import { setApplicationMenu } from './application-menu.ts';
import { filesToOpen, type FilesToOpen } from './files-to-open.ts';
import { lockDown } from './lockdown.ts';
import { openMainWindow } from './main-window.ts';
import { acceptWindowPipes } from './window-pipes.ts';

const OPEN_FILTERS = [
  { name: 'Traces', extensions: ['sctrace'] },
  { name: 'All files, to import', extensions: ['*'] },
];

async function openFileDialog(): Promise<string | null> {
  const options = { properties: ['openFile' as const], filters: OPEN_FILTERS };
  const parent = BrowserWindow.getFocusedWindow();
  const answer = await (parent === null
    ? dialog.showOpenDialog(options)
    : dialog.showOpenDialog(parent, options));
  return answer.filePaths[0] ?? null;
}

/** Brings the window to the front. */
function present(window: BrowserWindow): void {
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
}

async function run(files: FilesToOpen): Promise<void> {
  await app.whenReady();
  lockDown();
  serveAppScheme(await openRendererBundle(rendererDir()));

  const service = createWorkbenchService({
    host: 'electron',
    nativeFiles: true,
    openPath: files.takeFirst(),
    openFileDialog,
  });
  const pipes = acceptWindowPipes((pipe) => serve(service, pipe));
  let window = openMainWindow();
  const currentWindow = () => {
    if (window.isDestroyed()) window = openMainWindow();
    return window;
  };

  setApplicationMenu((command) => {
    pipes.send(currentWindow(), { type: 'event', name: 'command.run', payload: { command } });
  });
  files.listen((path) => {
    const target = currentWindow();
    present(target);
    if (path !== null) pipes.send(target, { type: 'event', name: 'open.request', payload: { path } });
  });
  app.on('activate', () => present(currentWindow()));
  app.on('window-all-closed', () => app.quit());

  let isClosed = false;
  app.on('will-quit', (event) => {
    if (isClosed) return;
    // What is being recorded is brought to an end on disk first.
    event.preventDefault();
    void service.close().finally(() => {
      isClosed = true;
      app.quit();
    });
  });
}

// Chromium's profile beside the workbench's own settings, not among them.
app.setPath('userData', join(app.getPath('appData'), 'schedctl-workbench', 'electron'));
app.enableSandbox();
registerAppScheme();
const files = filesToOpen();
if (!files.isFirst) {
  app.quit();
} else {
  run(files).catch((thrown: unknown) => {
    dialog.showErrorBox('The workbench cannot start', toWireError(thrown).message);
    app.exit(1);
  });
}
