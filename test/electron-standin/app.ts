/** `app`: the life of the program. */
import { EventEmitter, once } from 'node:events';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { browser, hasBrowser } from './chromium.ts';
import { openWindows } from './open-windows.ts';
import { emitPreventable } from './preventable.ts';

interface HandedOver {
  readonly argv: string[];
  readonly folder: string;
  readonly data: unknown;
}

class App extends EventEmitter {
  readonly isPackaged = false;
  name = 'Electron';
  private version = '';
  private readonly paths = new Map<string, string>([
    ['home', homedir()],
    ['temp', tmpdir()],
    ['appData', process.env['XDG_CONFIG_HOME'] ?? join(homedir(), '.config')],
  ]);
  private ready = false;
  private quitting = false;
  private exitCode = 0;
  /** A second start's message to the first, under way. */
  private handingOver: Socket | null = null;
  private resolveReady: () => void = () => undefined;
  private readonly whenIsReady = new Promise<void>((resolve) => (this.resolveReady = resolve));

  describe({ name, version }: { readonly name?: string; readonly version?: string }): void {
    this.name = name ?? this.name;
    this.version = version ?? '';
  }

  /** Called when everything is there. Playwright holds back `whenReady` by way of this event. */
  becomeReady(): void {
    this.ready = true;
    this.emit('ready', {}, {});
    this.resolveReady();
  }

  whenReady = (): Promise<void> => this.whenIsReady;
  isReady = (): boolean => this.ready;
  getName = (): string => this.name;
  getVersion = (): string => this.version;

  getPath(name: string): string {
    const path = this.paths.get(name);
    if (path !== undefined) return path;
    if (name === 'userData') return join(this.paths.get('appData')!, this.name);
    throw new Error(`Failed to get '${name}' path`);
  }
  setPath(name: string, path: string): void {
    this.paths.set(name, path);
  }

  // Nobody sees what these do.
  enableSandbox(): void {}
  setAppUserModelId(_id: string): void {}
  addRecentDocument(_path: string): void {}
  setAboutPanelOptions(_options: object): void {}
  showAboutPanel(): void {}

  /** The lock is a file that names a process which lives; a socket beside it carries the message. */
  requestSingleInstanceLock(data: unknown = {}): boolean {
    const folder = this.getPath('userData');
    mkdirSync(folder, { recursive: true });
    const lock = join(folder, 'standin-lock');
    const socket = join(folder, 'standin-socket');
    if (isHeld(lock)) {
      const message: HandedOver = { argv: process.argv, folder: process.cwd(), data };
      this.handingOver = connect(socket, () => this.handingOver?.end(JSON.stringify(message)));
      this.handingOver.on('error', () => undefined);
      return false;
    }
    writeFileSync(lock, String(process.pid));
    rmSync(socket, { force: true });
    createServer((connection) => {
      let text = '';
      connection.on('data', (bytes: Buffer) => (text += bytes.toString()));
      connection.on('end', () => {
        const { argv, folder: started, data: handed } = JSON.parse(text) as HandedOver;
        this.emit('second-instance', {}, argv, started, handed);
      });
    })
      .listen(socket)
      .unref();
    process.once('exit', () => [lock, socket].forEach((file) => rmSync(file, { force: true })));
    return true;
  }

  quit(): void {
    if (!emitPreventable(this, 'before-quit')) return;
    this.quitting = true;
    for (const window of [...openWindows]) window.close();
    if (openWindows.size === 0) this.finish();
  }

  exit(code = 0): void {
    this.exitCode = code;
    void this.end();
  }

  /** A window has refused to close. */
  stayOpen(): void {
    this.quitting = false;
  }

  lastWindowClosed(): void {
    if (this.quitting) this.finish();
    else if (this.listenerCount('window-all-closed') > 0) this.emit('window-all-closed');
    else this.quit();
  }

  private finish(): void {
    if (emitPreventable(this, 'will-quit')) void this.end();
    else this.quitting = false;
  }

  private async end(): Promise<void> {
    this.emit('quit', {}, this.exitCode);
    if (this.handingOver?.connecting === true) await once(this.handingOver, 'close').catch(() => undefined);
    if (hasBrowser()) {
      await browser()
        .send('Browser.close')
        .catch(() => undefined);
    }
    process.exit(this.exitCode);
  }
}

function isHeld(lock: string): boolean {
  try {
    process.kill(Number(readFileSync(lock, 'utf8')), 0);
    return true;
  } catch {
    return false;
  }
}

export const app = new App();
