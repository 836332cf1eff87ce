/**
 * `protocol`: schemes of the app's own. Chromium refuses to navigate to a scheme that it was not built with,
 * so app://HOST/x is https://HOST.app.standin.test/x in the page, and requests for that are answered here.
 */
import type { Protocol } from '../../node_modules/playwright-core/types/protocol.d.ts';
import { browser, hasBrowser } from './chromium.ts';

interface Privileges {
  readonly standard?: boolean;
  readonly secure?: boolean;
}

type Handler = (request: Request) => Response | Promise<Response>;

const privileges = new Map<string, Privileges>();
const handlers = new Map<string, Handler>();

const SUFFIX = 'standin.test';

/** The address that Chromium is given for an address of the app. */
export const toPageUrl = (url: string): string =>
  url.replace(/^([a-z][a-z0-9+.-]*):\/\/([^/?#]*)/i, (whole, scheme: string, host: string) =>
    handlers.has(scheme) ? `https://${host}.${scheme}.${SUFFIX}` : whole,
  );

/** The other direction of {@link toPageUrl}. */
export const fromPageUrl = (url: string): string =>
  url.replace(/^https:\/\/([^/]*?)\.([^./]+)\.standin\.test/, '$2://$1');

export const protocol = {
  registerSchemesAsPrivileged(schemes: readonly { scheme: string; privileges?: Privileges }[]): void {
    if (hasBrowser()) throw new Error('schemes are registered before the app is ready');
    for (const { scheme, privileges: given } of schemes) privileges.set(scheme, given ?? {});
  },

  handle(scheme: string, handler: Handler): void {
    const { standard, secure } = privileges.get(scheme) ?? {};
    if (standard !== true || secure !== true) {
      throw new Error(
        `${scheme}: is not registered as standard and secure. In Electron its pages would have no origin; here they ` +
          'would have one all the same, so it is refused.',
      );
    }
    handlers.set(scheme, handler);
    const own = [...handlers.keys()].map((name) => ({ urlPattern: `https://*.${name}.${SUFFIX}/*` }));
    // Documents of anybody, so that the app is asked before a page goes there.
    const documents = { urlPattern: '*', resourceType: 'Document' } as const;
    void browser().send('Fetch.enable', { patterns: [...own, documents] });
  },
};

/**
 * Answers requests for the app's schemes.
 *
 * @param mayNavigate asked for each document, with the id of its frame and the page's own address for it
 */
export function answerRequests(mayNavigate: (frameId: string, pageUrl: string) => boolean): void {
  browser().on('Fetch.requestPaused', (paused, session) => {
    answer(paused, session, mayNavigate).catch((thrown: unknown) => {
      process.stderr.write(`stand-in: ${paused.request.url}: ${String(thrown)}\n`);
      const failed = { requestId: paused.requestId, errorReason: 'Failed' } as const;
      browser()
        .send('Fetch.failRequest', failed, session)
        .catch(() => undefined);
    });
  });
}

async function answer(
  { requestId, request, resourceType, frameId }: Protocol.Fetch.requestPausedPayload,
  session: string | undefined,
  mayNavigate: (frameId: string, pageUrl: string) => boolean,
): Promise<void> {
  const url = fromPageUrl(request.url);
  if (resourceType === 'Document' && !mayNavigate(frameId, request.url)) {
    await browser().send('Fetch.failRequest', { requestId, errorReason: 'Aborted' }, session);
    return;
  }
  const handler = handlers.get(url.slice(0, url.indexOf(':')));
  if (handler === undefined || url === request.url) {
    await browser().send('Fetch.continueRequest', { requestId }, session);
    return;
  }
  // Chromium's browser shell asks for this, Electron has none.
  if (resourceType === 'Other' && new URL(url).pathname === '/favicon.ico') {
    await browser().send('Fetch.fulfillRequest', { requestId, responseCode: 204 }, session);
    return;
  }
  const response = await handler(
    new Request(url, { method: request.method, headers: request.headers as Record<string, string> }),
  );
  const body = Buffer.from(await response.arrayBuffer()).toString('base64');
  const responseHeaders = [...response.headers].map(([name, value]) => ({ name, value }));
  const fulfilled = { requestId, responseCode: response.status, responseHeaders, body };
  await browser().send('Fetch.fulfillRequest', fulfilled, session);
}
