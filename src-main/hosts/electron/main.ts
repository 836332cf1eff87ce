/** Entry point of the desktop app: owns the app's life, its windows and what the system asks of it. */
import { join } from 'node:path';
import { app, BrowserWindow, dialog } from 'electron';
import { userFolders } from '#main/workbench/files/user-folders.ts';
import { programVersion } from '#main/workbench/program.ts';
import { createWorkbenchService } from '#main/workbench/service.ts';
import type { Results } from '#shared/api/contract.ts';
import { serve } from '#shared/api/server.ts';
import { toWireError } from '#shared/base/errors.ts';
import { endWithLauncher } from '../launcher.ts';
import { onEndSignal } from '../end-signals.ts';
import { rendererDir } from '../app-paths.ts';
import { openRendererBundle } from '../bundle/renderer-bundle.ts';
import { DEV_WINDOW } from '../dev/protocol.ts';
import { registerAppScheme, serveAppScheme, serveAppSchemeFrom } from './app-scheme.ts';
import { AppWindows } from './app-windows.ts';
import { setApplicationMenu } from './application-menu.ts';
import { endOnDefects, handleWindowFailures } from './failures.ts';
import { filesToOpen, type FilesToOpen } from './files-to-open.ts';
import { lockDown } from './lockdown.ts';
import { QuitQuestion, showProgressInTaskbar } from './running-jobs.ts';
import { utilityHelper } from './utility-helper.ts';
import { acceptWindowPipes } from './window-pipes.ts';
import { WindowStates } from './window-state.ts';

async function run(files: FilesToOpen): Promise<void> {
  await app.whenReady();
  lockDown();
  handleWindowFailures();
  const devWindow = app.isPackaged ? undefined : process.env[DEV_WINDOW];
  if (devWindow === undefined) serveAppScheme(await openRendererBundle(rendererDir()));
  else serveAppSchemeFrom(devWindow);
  app.setAboutPanelOptions({
    applicationName: 'schedctl workbench',
    applicationVersion: programVersion(),
    copyright: 'MIT License',
  });

  const service = createWorkbenchService({
    host: 'electron',
    nativeFiles: true,
    openPath: null,
    startHelper: utilityHelper,
  });
  endOnDefects(service);
  // No question is asked: a session or launcher that ends does not wait for an answer.
  onEndSignal(() => void service.close().finally(() => app.exit(0)));
  const quitQuestion = new QuitQuestion(service);
  const never = new AbortController().signal;

  const pipes = acceptWindowPipes({
    onPipe: (pipe, window) => serve(service.forWindow(windows.hostOf(window)), pipe),
    onFileNamed: (path) => service.permit(path),
  });
  const windows: AppWindows = new AppWindows({
    states: new WindowStates(userFolders().config),
    requestOpen: (window, path) =>
      pipes.send(window, { type: 'event', name: 'open.request', payload: { path } }),
    onTraceLeft: (traceId) => {
      // The service may be closing, too.
      service.request('trace.close', { traceId }, never).catch(() => undefined);
    },
    onChange: () => void refreshMenu(),
    mayCloseLast: (window) => process.platform === 'darwin' || quitQuestion.mayEnd(window),
  });
  const openNamed = async (path: string): Promise<void> => {
    service.permit(path);
    await windows.show(path);
  };

  async function refreshMenu(): Promise<void> {
    const lists = await service.request('recent.list', {}, never).catch(() => null);
    setApplicationMenu({
      hasTrace: windows.focusedHasTrace(),
      recent: (lists as Results['recent.list'] | null)?.recent ?? [],
      openRecent: (path) => void openNamed(path),
      run: (command) =>
        void windows
          .current()
          .then((window) => pipes.send(window, { type: 'event', name: 'command.run', payload: { command } })),
    });
  }
  app.on('browser-window-focus', () => void refreshMenu());

  const first = files.takeFirst();
  if (first !== null) service.permit(first);
  await windows.open(first);
  await refreshMenu();
  showProgressInTaskbar(service, () => windows.all());
  files.listen((path) => void (path === null ? windows.presentCurrent() : openNamed(path)));

  app.on('activate', () => void windows.presentCurrent());
  app.on('window-all-closed', () => {
    // On a Mac the app stays, with its menu.
    if (process.platform !== 'darwin') app.quit();
  });
  app.on('before-quit', (event) => {
    if (!quitQuestion.mayEnd(BrowserWindow.getFocusedWindow())) event.preventDefault();
  });
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

// Chromium's profile next to the workbench's own settings, not among them.
app.setPath('userData', join(app.getPath('appData'), 'schedctl-workbench', 'electron'));
app.setAppUserModelId('schedctl-workbench');
app.enableSandbox();
registerAppScheme();
endWithLauncher();
const files = filesToOpen();
if (!files.isFirst) {
  app.quit();
} else {
  run(files).catch((thrown: unknown) => {
    dialog.showErrorBox('The workbench cannot start', toWireError(thrown).message);
    app.exit(1);
  });
}
