/** `BrowserWindow`: a page, and what the app says about its frame, which nobody sees. */
import { EventEmitter } from 'node:events';
import { app } from './app.ts';
import { openWindows } from './open-windows.ts';
import { emitPreventable } from './preventable.ts';
import { WebContents, type WebPreferences } from './web-contents.ts';

interface Bounds {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

interface WindowOptions extends Partial<Bounds> {
  readonly show?: boolean;
  readonly title?: string;
  readonly webPreferences?: WebPreferences;
}

/** Of these the stand-in could not show the effect: its pages are always isolated and always sandboxed. */
function refuseOpenDoors({ sandbox, contextIsolation, nodeIntegration, webSecurity }: WebPreferences): void {
  if (sandbox === true && contextIsolation !== false && nodeIntegration !== true && webSecurity !== false)
    return;
  throw new Error('the stand-in has only windows that are sandboxed and isolated, without Node in them');
}

const focus: { window: BrowserWindow | null } = { window: null };
let lastId = 0;

export class BrowserWindow extends EventEmitter {
  readonly id = ++lastId;
  readonly webContents: WebContents;
  private bounds: Bounds;
  private title: string;
  private destroyed = false;
  private visible: boolean;
  private minimized = false;
  private maximized = false;

  static getAllWindows = (): BrowserWindow[] => [...openWindows] as BrowserWindow[];
  static getFocusedWindow = (): BrowserWindow | null => focus.window;
  static fromWebContents = (contents: WebContents): BrowserWindow | null =>
    contents.owner instanceof BrowserWindow ? contents.owner : null;

  constructor({ x = 0, y = 0, width = 800, height = 600, ...options }: WindowOptions = {}) {
    super();
    if (!app.isReady()) throw new Error('Cannot create BrowserWindow before app is ready');
    const preferences = options.webPreferences ?? {};
    refuseOpenDoors(preferences);
    this.bounds = { x, y, width, height };
    this.title = options.title ?? '';
    this.visible = options.show !== false;
    openWindows.add(this);
    focus.window = this;
    this.webContents = new WebContents(this, { width, height }, preferences, () => this.closed());
    this.webContents.once('did-finish-load', () => this.emit('ready-to-show', {}));
    app.emit('web-contents-created', {}, this.webContents);
    app.emit('browser-window-created', {}, this);
    app.emit('browser-window-focus', {}, this);
  }

  loadURL = (url: string): Promise<void> => this.webContents.loadURL(url);

  show(): void {
    this.visible = true;
    this.focus();
  }
  isVisible = (): boolean => this.visible;

  focus(): void {
    focus.window = this;
    this.emit('focus', {});
    app.emit('browser-window-focus', {}, this);
  }
  isFocused = (): boolean => focus.window === this;

  close(): void {
    if (this.destroyed) return;
    if (emitPreventable(this, 'close')) this.destroy();
    else app.stayOpen();
  }

  destroy(): void {
    this.webContents.closePage().catch(() => undefined);
  }
  isDestroyed = (): boolean => this.destroyed;

  getTitle = (): string => this.title;
  setTitle(title: string): void {
    this.title = title;
  }

  getNormalBounds = (): Bounds => this.bounds;
  getBounds = (): Bounds => this.bounds;
  setBounds(bounds: Partial<Bounds>): void {
    this.bounds = { ...this.bounds, ...bounds };
    this.webContents.resize(this.bounds).catch(() => undefined);
    this.emit('resize', {});
    this.emit('move', {});
  }

  isMinimized = (): boolean => this.minimized;
  minimize(): void {
    this.minimized = true;
  }
  restore(): void {
    this.minimized = false;
  }
  isMaximized = (): boolean => this.maximized;
  maximize(): void {
    this.maximized = true;
    this.emit('maximize', {});
  }
  unmaximize(): void {
    this.maximized = false;
    this.emit('unmaximize', {});
  }

  // Nobody sees these; specs replace them to hear of it.
  setProgressBar(_fraction: number): void {}
  setRepresentedFilename(_path: string): void {}

  private closed(): void {
    if (this.destroyed) return;
    this.destroyed = true;
    openWindows.delete(this);
    if (focus.window === this) focus.window = null;
    this.emit('closed');
    if (openWindows.size === 0) app.lastWindowClosed();
  }
}
