/**
 * The browser that shows the windows, over its DevTools protocol. Commands travel on a pipe, so that Chromium
 * goes away with this process however that ends; the debugging port beside it is Playwright's.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { EventEmitter } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import type { Protocol } from '../../node_modules/playwright-core/types/protocol.d.ts';
import { browserSwitches, findBrowser } from '../../src-main/bootstrap/find-browser.mjs';

type Command = keyof Protocol.CommandParameters;
export type BrowserEvent = keyof Protocol.Events;

interface Message {
  readonly id?: number;
  readonly method?: BrowserEvent;
  readonly params?: unknown;
  readonly sessionId?: string;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

interface Pending {
  readonly method: Command;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

export class Chromium {
  private readonly child: ChildProcess;
  private readonly output: Writable;
  private readonly events = new EventEmitter().setMaxListeners(0);
  private readonly pending = new Map<number, Pending>();
  private lastId = 0;
  private received: Buffer[] = [];

  constructor(executable: string, args: readonly string[]) {
    this.child = spawn(executable, [...args, '--remote-debugging-pipe'], {
      stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'],
    });
    this.output = this.child.stdio[3] as Writable;
    this.output.on('error', () => undefined);
    (this.child.stdio[4] as Readable).on('data', (bytes: Buffer) => this.read(bytes));
    this.child.once('exit', () => {
      for (const { reject } of this.pending.values()) reject(new Error('the browser has ended'));
      this.events.emit('exit');
    });
  }

  /** `session`: of the page that the command is for; absent: the browser itself. */
  send<Method extends Command>(
    method: Method,
    params?: Protocol.CommandParameters[Method],
    session?: string,
  ): Promise<Protocol.CommandReturnValues[Method]> {
    return new Promise((resolve, reject) => {
      const id = ++this.lastId;
      this.pending.set(id, { method, resolve: resolve as (result: unknown) => void, reject });
      this.output.write(`${JSON.stringify({ id, method, params: params ?? {}, sessionId: session })}\0`);
    });
  }

  on<Event extends BrowserEvent>(
    event: Event,
    listener: (params: Protocol.Events[Event], session: string | undefined) => void,
  ): void {
    this.events.on(event, listener);
  }

  /** All events of one page. */
  onSession(session: string, listener: (event: BrowserEvent, params: never) => void): void {
    this.events.on(`session ${session}`, listener as (event: BrowserEvent, params: unknown) => void);
  }

  onExit(listener: () => void): void {
    this.events.once('exit', listener);
  }

  kill(): void {
    this.child.kill('SIGKILL');
  }

  /** Resolves when the debugging port is open, having said so where Playwright looks for it. */
  forwardDebuggerLine(): Promise<void> {
    return new Promise((resolve) => {
      let text = '';
      this.child.stderr!.on('data', (bytes: Buffer) => {
        text += bytes.toString();
        const lines = text.split('\n');
        text = lines.pop()!;
        for (const line of lines) {
          if (!line.startsWith('DevTools listening')) continue;
          process.stderr.write(`${line}\n`);
          resolve();
        }
      });
    });
  }

  private read(bytes: Buffer): void {
    let rest = bytes;
    for (let end = rest.indexOf(0); end !== -1; end = rest.indexOf(0)) {
      this.received.push(rest.subarray(0, end));
      this.take(JSON.parse(Buffer.concat(this.received).toString()) as Message);
      this.received = [];
      rest = rest.subarray(end + 1);
    }
    this.received.push(rest);
  }

  private take({ id, method, params, sessionId, result, error }: Message): void {
    const pending = id === undefined ? undefined : this.pending.get(id);
    if (id !== undefined) this.pending.delete(id);
    if (pending !== undefined) {
      if (error === undefined) pending.resolve(result);
      else pending.reject(new Error(`${pending.method}: ${error.message}`));
    } else if (method !== undefined) {
      this.events.emit(method, params, sessionId);
      if (sessionId !== undefined) this.events.emit(`session ${sessionId}`, method, params);
    }
  }
}

let running: Chromium | null = null;

/** The browser, once {@link startBrowser} has been called. */
export function browser(): Chromium {
  if (running === null) throw new Error('not before the app is ready');
  return running;
}

export const hasBrowser = (): boolean => running !== null;

/** @param debuggingPort null: none */
export async function startBrowser(profile: string, debuggingPort: string | null): Promise<Chromium> {
  const executable = process.env['WORKBENCH_TEST_BROWSER'] ?? findBrowser();
  if (executable === null) throw new Error('the stand-in needs Chromium on the PATH');
  running = new Chromium(executable, [
    '--headless',
    '--no-startup-window',
    '--no-first-run',
    '--disable-gpu',
    '--force-color-profile=srgb',
    `--user-data-dir=${profile}`,
    ...browserSwitches(),
    ...(debuggingPort === null ? [] : [`--remote-debugging-port=${debuggingPort}`]),
  ]);
  const listening = running.forwardDebuggerLine();
  await running.send('Target.setDiscoverTargets', { discover: true });
  if (debuggingPort !== null) await listening;
  return running;
}
