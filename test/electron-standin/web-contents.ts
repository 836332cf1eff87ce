/** `WebContents`: a page of the browser, with its preload. */
import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import type { Protocol } from '../../node_modules/playwright-core/types/protocol.d.ts';
import { browser, type BrowserEvent } from './chromium.ts';
import { makeCloneCodec } from './clone-codec.ts';
import { codec, receiveMessage } from './ipc-main.ts';
import { bridgeEnd, RECEIVE, runPreload, type FromPage } from './page-worlds.ts';
import { emitPreventable } from './preventable.ts';
import { answerRequests, fromPageUrl, toPageUrl } from './schemes.ts';

const PRELOAD_WORLD = 'Electron Isolated Context';
const BINDING = 'electronStandinSend';
/** Known to the two worlds of a page only. */
const BRIDGE_EVENT = `electron-standin-${crypto.randomUUID()}-`;

export interface PageSize {
  readonly width: number;
  readonly height: number;
}

export interface WebPreferences {
  readonly preload?: string;
  readonly sandbox?: boolean;
  readonly contextIsolation?: boolean;
  readonly nodeIntegration?: boolean;
  readonly webSecurity?: boolean;
}

type WindowOpenHandler = (details: { readonly url: string }) => { readonly action: 'allow' | 'deny' };

const byTarget = new Map<string, WebContents>();
let lastId = 0;

export class WebContents extends EventEmitter {
  readonly id = ++lastId;
  /** The window that shows it. */
  readonly owner: unknown;
  private readonly opened: Promise<void>;
  private readonly onGone: () => void;
  private targetId = '';
  private session = '';
  private windowId = 0;
  /** Context of the preload's world; null while there is no page that listens. */
  private preloadContext: number | null = null;
  private pageUrl = '';
  /** Addresses that the app itself navigates to: those are not asked about. */
  private readonly navigating = new Set<string>();
  private windowOpenHandler: WindowOpenHandler = () => ({ action: 'allow' });
  private askedUrl = '';
  private destroyed = false;

  constructor(owner: unknown, size: PageSize, preferences: WebPreferences, onGone: () => void) {
    super();
    this.owner = owner;
    this.onGone = onGone;
    this.opened = this.open(size, preferences);
    this.opened.catch((thrown: unknown) => {
      if (!this.destroyed) process.stderr.write(`stand-in: a page cannot be opened: ${String(thrown)}\n`);
    });
  }

  send(channel: string, ...args: unknown[]): void {
    const text = codec.encode(args);
    if (this.preloadContext === null || this.destroyed) return;
    this.command('Runtime.callFunctionOn', {
      executionContextId: this.preloadContext,
      functionDeclaration: `(channel, args) => ${RECEIVE}(channel, args)`,
      arguments: [{ value: channel }, { value: text }],
    }).catch(() => undefined); // the page is gone
  }

  async loadURL(url: string): Promise<void> {
    await this.opened;
    const pageUrl = new URL(toPageUrl(url)).href;
    this.navigating.add(pageUrl);
    const loaded = new Promise((resolve) => this.once('did-finish-load', resolve));
    const { errorText } = await this.command('Page.navigate', { url: pageUrl });
    if (errorText) throw new Error(`${errorText} loading '${url}'`);
    await loaded;
  }

  reload(): void {
    this.navigating.add(this.pageUrl);
    this.command('Page.reload').catch(() => undefined);
  }

  getURL = (): string => fromPageUrl(this.pageUrl);
  isDestroyed = (): boolean => this.destroyed;
  setWindowOpenHandler(handler: WindowOpenHandler): void {
    this.windowOpenHandler = handler;
  }

  /** As the person or Playwright closes it: the window is asked. */
  close(): void {
    (this.owner as { close(): void }).close();
  }

  async resize({ width, height }: PageSize): Promise<void> {
    await this.opened;
    await browser().send('Browser.setContentsSize', { windowId: this.windowId, width, height });
  }

  async closePage(): Promise<void> {
    await this.opened;
    await browser().send('Target.closeTarget', { targetId: this.targetId });
  }

  /** Called by {@link followPages}. */
  gone(): void {
    byTarget.delete(this.targetId);
    this.destroyed = true;
    this.emit('destroyed');
    this.onGone();
  }

  /** Called by {@link followPages}: whether a document may be loaded into this page. */
  mayNavigate(pageUrl: string): boolean {
    if (this.navigating.delete(pageUrl)) return true;
    return emitPreventable(this, 'will-navigate', fromPageUrl(pageUrl));
  }

  /** Called by {@link followPages}: the page has opened another one. */
  popup(targetId: string): void {
    const { action } = this.windowOpenHandler({ url: fromPageUrl(this.askedUrl) });
    if (action !== 'deny') throw new Error('the stand-in has no windows that pages open: deny them');
    browser()
      .send('Target.closeTarget', { targetId })
      .catch(() => undefined);
  }

  private async open(size: PageSize, preferences: WebPreferences): Promise<void> {
    const page = { url: 'about:blank', newWindow: true, ...size };
    this.targetId = (await browser().send('Target.createTarget', page)).targetId;
    byTarget.set(this.targetId, this);
    const { targetId } = this;
    this.session = (await browser().send('Target.attachToTarget', { targetId, flatten: true })).sessionId;
    browser().onSession(this.session, (event, params) => this.onEvent(event, params));
    this.windowId = (await browser().send('Browser.getWindowForTarget', { targetId })).windowId;
    // Without it the viewport is shorter than what was asked for.
    await browser().send('Browser.setContentsSize', { windowId: this.windowId, ...size });
    await Promise.all([this.command('Page.enable'), this.command('Runtime.enable')]);
    await this.command('Runtime.addBinding', { name: BINDING, executionContextName: PRELOAD_WORLD });
    await this.command('Page.addScriptToEvaluateOnNewDocument', {
      source: `if (window === top) { (${bridgeEnd.toString()})('page', 'preload', '${BRIDGE_EVENT}'); }`,
    });
    if (preferences.preload !== undefined) {
      await this.command('Page.addScriptToEvaluateOnNewDocument', {
        worldName: PRELOAD_WORLD,
        source: preloadSource(readFileSync(preferences.preload, 'utf8')),
      });
    }
  }

  private command<Method extends keyof Protocol.CommandParameters>(
    method: Method,
    params?: Protocol.CommandParameters[Method],
  ): Promise<Protocol.CommandReturnValues[Method]> {
    return browser().send(method, params, this.session);
  }

  private onEvent(event: BrowserEvent, params: never): void {
    switch (event) {
      case 'Runtime.bindingCalled': {
        const { name, payload, executionContextId } = params as Protocol.Runtime.bindingCalledPayload;
        if (name !== BINDING) return;
        const message = JSON.parse(payload) as FromPage;
        if (message.is === 'ready') this.preloadContext = executionContextId;
        else receiveMessage(this, message.channel, message.args);
        return;
      }
      case 'Page.frameNavigated': {
        const { frame } = params as Protocol.Page.frameNavigatedPayload;
        if (frame.parentId === undefined) this.pageUrl = frame.url;
        return;
      }
      case 'Page.windowOpen':
        // Comes before the new page does, and it alone has the address.
        this.askedUrl = (params as Protocol.Page.windowOpenPayload).url;
        return;
      case 'Page.loadEventFired':
        this.emit('did-finish-load', {});
        return;
      case 'Inspector.targetCrashed':
        this.preloadContext = null;
        this.emit('render-process-gone', {}, { reason: 'crashed', exitCode: 1 });
        return;
      default:
    }
  }
}

/** The preload as a script of its world. */
function preloadSource(preload: string): string {
  return `if (window === top) {
    const codec = (${makeCloneCodec.toString()})();
    const bridge = (${bridgeEnd.toString()})('preload', 'page', '${BRIDGE_EVENT}');
    (${runPreload.toString()})((require) => {
      const module = { exports: {} }, exports = module.exports;
      ${preload}
    }, codec, bridge, '${BINDING}', '${RECEIVE}');
  }`;
}

/** Tells pages what happens to them. Once the browser runs. */
export function followPages(): void {
  browser().on('Target.targetDestroyed', ({ targetId }) => byTarget.get(targetId)?.gone());
  browser().on('Target.targetCreated', ({ targetInfo: { openerId, targetId } }) => {
    if (openerId !== undefined) byTarget.get(openerId)?.popup(targetId);
  });
  // The id of a page's top frame is that of its target; frames inside are nobody's.
  answerRequests((frameId, pageUrl) => byTarget.get(frameId)?.mayNavigate(pageUrl) ?? true);
}

export const webContents = {
  fromDevToolsTargetId: (targetId: string): WebContents | undefined => byTarget.get(targetId),
};
