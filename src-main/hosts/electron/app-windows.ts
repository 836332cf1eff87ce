/** The windows of the workbench: each shows one trace, or the start page. */
import { app, BrowserWindow, dialog } from 'electron';
import type { WindowHost } from '#main/workbench/window-host.ts';
import { preloadFile } from '../app-paths.ts';
import { APP_URL } from './app-scheme.ts';
import type { WindowState, WindowStates } from './window-state.ts';

const DEFAULT_SIZE = { width: 1440, height: 900 };
/** How far a further window stands from the one before, in px. */
const CASCADE = 32;

const OPEN_FILTERS = [
  { name: 'Traces', extensions: ['sctrace'] },
  { name: 'All files (import)', extensions: ['*'] },
];

interface Shown {
  readonly window: BrowserWindow;
  /** What the window shows or is about to; null: the start page. */
  path: string | null;
  /** Of the trace that is open in it. */
  traceId: string | null;
}

export interface AppWindowsOptions {
  readonly states: WindowStates;
  /** Asks a window that is there to open a file. */
  readonly requestOpen: (window: BrowserWindow, path: string) => void;
  /** A window is gone with the trace that it had open. */
  readonly onTraceLeft: (traceId: string) => void;
  /** What windows show has changed. */
  readonly onChange: () => void;
  /** Asked before the last window closes: false keeps it. */
  readonly mayCloseLast: (window: BrowserWindow) => boolean;
}

export class AppWindows {
  private readonly options: AppWindowsOptions;
  private readonly shown = new Map<BrowserWindow, Shown>();

  constructor(options: AppWindowsOptions) {
    this.options = options;
  }

  /** The windows, oldest first. */
  all(): readonly BrowserWindow[] {
    return [...this.shown.keys()];
  }

  /** Whether a trace is open in the window that has the focus. */
  focusedHasTrace(): boolean {
    const window = BrowserWindow.getFocusedWindow();
    return window !== null && (this.shown.get(window)?.traceId ?? null) !== null;
  }

  /** Opens a window on a file, or on the start page. */
  async open(path: string | null): Promise<BrowserWindow> {
    const window = createWindow(await this.placeOfNext());
    const shown: Shown = { window, path, traceId: null };
    this.shown.set(window, shown);
    window.on('close', (event) => {
      if (this.shown.size === 1 && !this.options.mayCloseLast(window)) event.preventDefault();
      else this.options.states.keep(window);
    });
    window.on('closed', () => {
      this.shown.delete(window);
      if (shown.traceId !== null) this.options.onTraceLeft(shown.traceId);
      this.options.onChange();
    });
    void window.loadURL(APP_URL);
    return window;
  }

  /** Shows a file to the person: in the window that has it, else in one on its start page, else in a new one. */
  async show(path: string): Promise<void> {
    const all = [...this.shown.values()];
    const showing = all.find((shown) => shown.path === path);
    if (showing !== undefined) {
      present(showing.window);
      // It may have failed to open it before.
      if (showing.traceId === null) this.options.requestOpen(showing.window, path);
      return;
    }
    const empty = all.find((shown) => shown.path === null);
    if (empty === undefined) {
      await this.open(path);
      return;
    }
    empty.path = path;
    present(empty.window);
    this.options.requestOpen(empty.window, path);
  }

  /** The window that an action without a window of its own is for. */
  async current(): Promise<BrowserWindow> {
    return BrowserWindow.getFocusedWindow() ?? this.all().at(-1) ?? (await this.open(null));
  }

  /** Brings the workbench to the front. */
  async presentCurrent(): Promise<void> {
    present(await this.current());
  }

  /** What the service may ask of a window. */
  hostOf(window: BrowserWindow): WindowHost {
    const shown = this.shown.get(window);
    return {
      openPath: () => shown?.path ?? null,
      openFilesDialog: () => openFilesDialog(window),
      openWindow: (path) => void this.open(path),
      onOpened: (path, traceId) => {
        if (shown === undefined) return;
        Object.assign(shown, { path, traceId });
        window.setRepresentedFilename(path);
        app.addRecentDocument(path);
        this.options.onChange();
      },
      onClosed: (traceId) => {
        // Opening another trace closes the one before after it.
        if (shown?.traceId !== traceId) return;
        Object.assign(shown, { path: null, traceId: null });
        window.setRepresentedFilename('');
        this.options.onChange();
      },
    };
  }

  private async placeOfNext(): Promise<WindowState> {
    const last = this.all().at(-1);
    if (last === undefined) return this.options.states.read();
    const { x, y, width, height } = last.getNormalBounds();
    return { bounds: { x: x + CASCADE, y: y + CASCADE, width, height }, maximized: false };
  }
}

function createWindow({ bounds, maximized }: WindowState): BrowserWindow {
  const window = new BrowserWindow({
    ...(bounds ?? DEFAULT_SIZE),
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
      nodeIntegrationInSubFrames: false,
      nodeIntegrationInWorker: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      webviewTag: false,
      safeDialogs: true,
      navigateOnDragDrop: false,
      spellcheck: false,
      devTools: !app.isPackaged,
    },
  });
  if (maximized) window.maximize();
  window.once('ready-to-show', () => window.show());
  return window;
}

async function openFilesDialog(parent: BrowserWindow): Promise<readonly string[]> {
  const answer = await dialog.showOpenDialog(parent, {
    properties: ['openFile' as const, 'multiSelections' as const],
    filters: OPEN_FILTERS,
  });
  return answer.canceled ? [] : answer.filePaths;
}

/** Brings the window to the front. */
function present(window: BrowserWindow): void {
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
}
