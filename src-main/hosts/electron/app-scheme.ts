/** app://workbench/: the window's own files and nothing else. */
import { protocol } from 'electron';
import type { RendererBundle } from '../bundle/renderer-bundle.ts';

const SCHEME = 'app';
const HOST = 'workbench';
export const APP_ORIGIN = `${SCHEME}://${HOST}`;
export const APP_URL = `${APP_ORIGIN}/`;

/** Before the app is ready: makes the scheme one with origins, to which the rules for https apply. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([{ scheme: SCHEME, privileges: { standard: true, secure: true } }]);
}

/** Once the app is ready. */
export function serveAppScheme(bundle: RendererBundle): void {
  protocol.handle(SCHEME, (request) => {
    const { host, pathname } = new URL(request.url);
    if (host !== HOST || request.method !== 'GET') return new Response(null, { status: 403 });
    const file = bundle.read(pathname, []);
    if (file === null) return new Response(null, { status: 404 });
    return new Response(file.body, { headers: file.headers });
  });
}

/** Once the app is ready: what the window's own server on this machine answers, while the program is worked on. */
export function serveAppSchemeFrom(server: string): void {
  protocol.handle(SCHEME, (request) => {
    const { host, pathname, search } = new URL(request.url);
    if (host !== HOST || request.method !== 'GET') return new Response(null, { status: 403 });
    return fetch(new URL(pathname + search, server));
  });
}

/** Whether `url` is a page of ours. The origin of a custom scheme is opaque to Node's URL, so by its parts. */
export function isAppUrl(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol: scheme, host } = new URL(url);
  return scheme === `${SCHEME}:` && host === HOST;
}
