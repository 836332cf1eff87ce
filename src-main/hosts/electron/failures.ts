/**
 * What happens when a window or the app itself fails. Recordings do not depend on windows: they go on in threads
 * of the main process, and a window that is loaded again shows its trace again.
 */
import { app, dialog, type BrowserWindow } from 'electron';
import type { HostedService } from '#main/workbench/service.ts';

/** Of every window, from now on. */
export function handleWindowFailures(): void {
  app.on('browser-window-created', (_event, window) => {
    window.webContents.on('render-process-gone', (_gone, { reason }) => {
      if (reason !== 'clean-exit') void askAfterCrash(window, reason);
    });
    let asking = false;
    window.on('unresponsive', () => {
      if (asking) return;
      asking = true;
      void askWhileUnresponsive(window).finally(() => (asking = false));
    });
  });
}

async function askAfterCrash(window: BrowserWindow, reason: string): Promise<void> {
  const { response } = await dialog.showMessageBox(window, {
    type: 'error',
    message: 'This window has crashed.',
    detail: `Its process ended (${reason}). No recorded data is lost, and a running recording continues.`,
    buttons: ['Reload', 'Close'],
    defaultId: 0,
    cancelId: 0,
  });
  if (window.isDestroyed()) return;
  if (response === 1) window.destroy();
  else window.webContents.reload();
}

async function askWhileUnresponsive(window: BrowserWindow): Promise<void> {
  const { response } = await dialog.showMessageBox(window, {
    type: 'warning',
    message: 'This window is not responding.',
    detail: 'It may be busy. A running recording continues either way.',
    buttons: ['Wait', 'Reload'],
    defaultId: 0,
    cancelId: 0,
  });
  if (response === 1 && !window.isDestroyed()) window.webContents.reload();
}

/** A defect of the main process: what is being recorded is brought to an end on disk, then the app ends. */
export function endOnDefects(service: HostedService): void {
  process.on('uncaughtException', (error) => {
    dialog.showErrorBox(
      'The workbench has failed',
      `${error.message}\n\nThis is a defect of the program. The recording is kept.`,
    );
    void service.close().finally(() => app.exit(1));
  });
}
