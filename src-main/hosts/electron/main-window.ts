/** The window of the workbench. */
import { app, BrowserWindow } from 'electron';
import { preloadFile } from '../app-paths.ts';
import { APP_URL } from './app-scheme.ts';

/** Opens a window on the workbench; its page connects by itself. */
export function openMainWindow(): BrowserWindow {
  const window = new BrowserWindow({
    width: 1440,
    height: 900,
    minWidth: 960,
    minHeight: 600,
    title: 'schedctl workbench',
    // Painted before the page is there: no white flash in a dark room.
    backgroundColor: '#0D0F13',
    show: false,
    webPreferences: {
      preload: preloadFile(),
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webSecurity: true,
      spellcheck: false,
      devTools: !app.isPackaged,
    },
  });
  window.once('ready-to-show', () => window.show());
  void window.loadURL(APP_URL);
  return window;
}
