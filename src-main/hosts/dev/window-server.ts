/**
 * The window from its sources: Vite's server on 127.0.0.1, which hands a changed module to the pages that show it.
 * Pages have the policy of the built window, and reach the loopback host behind it by the same address.
 */
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer as createTcpServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createServer, mergeConfig, type Plugin, type ViteDevServer } from 'vite';
import { programFolder } from '#main/workbench/program.ts';
import { SOCKET_PATH, TICKET_PATH } from '#shared/api/socket-protocol.ts';
import { renderer } from '../../../electron.vite.config.ts';
import { contentSecurityPolicy, NONCE_PLACEHOLDER } from '../bundle/content-security-policy.ts';
import { isLocalHost } from '../loopback/request-guard.ts';

/** A port of 127.0.0.1 that is free now. */
export async function freePort(): Promise<number> {
  const server = createTcpServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Whether a page of our own, or the person, asks: Vite's own helpers (opening an editor) are not for other sites. */
const isOurs = ({ headers }: IncomingMessage): boolean =>
  isLocalHost(headers.host) && ['same-origin', 'none', undefined].includes(headers['sec-fetch-site']);

function servePage(port: number): Plugin {
  const page = join(programFolder(), 'src-renderer', 'index.html');
  const answer = async (server: ViteDevServer, response: ServerResponse): Promise<void> => {
    const nonce = randomBytes(16).toString('base64');
    const html = await server.transformIndexHtml('/', await readFile(page, 'utf8'));
    response.writeHead(200, {
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Security-Policy': contentSecurityPolicy({ nonce, connectTo: [`ws://127.0.0.1:${port}`] }),
      'X-Content-Type-Options': 'nosniff',
      'Referrer-Policy': 'no-referrer',
      'Cache-Control': 'no-store',
    });
    response.end(html.replaceAll(NONCE_PLACEHOLDER, nonce));
  };
  return {
    name: 'page-with-policy',
    configureServer(server) {
      server.middlewares.use((request, response, next) => {
        if (!isOurs(request)) response.writeHead(403, { 'Content-Length': 0 }).end();
        else if (request.url === '/') answer(server, response).catch(next);
        else if (request.url === '/favicon.ico') response.writeHead(204).end();
        else next();
      });
    },
  };
}

export interface WindowServer {
  readonly vite: ViteDevServer;
  /** Its origin, with a slash at the end. */
  readonly url: string;
}

/** @param hostPort of the loopback host behind it; null where the window reaches its host by other means */
export async function startWindowServer(hostPort: number | null): Promise<WindowServer> {
  const root = programFolder();
  const port = await freePort();
  const behind = { target: `http://127.0.0.1:${hostPort}`, ws: true };
  const vite = await createServer(
    mergeConfig(renderer, {
      configFile: false,
      cacheDir: join(root, '.cache', 'vite'),
      clearScreen: false,
      plugins: [servePage(port)],
      server: {
        host: '127.0.0.1',
        port,
        strictPort: true,
        cors: false,
        // Electron's page has an address of its own, from which this one cannot be told.
        hmr: { protocol: 'ws', host: '127.0.0.1', clientPort: port },
        fs: {
          strict: true,
          allow: ['src-renderer', 'src-shared', 'node_modules', '.cache/vite'].map((name) =>
            join(root, name),
          ),
        },
        proxy: hostPort === null ? undefined : { [`^${SOCKET_PATH}$`]: behind, [`^${TICKET_PATH}$`]: behind },
      },
    }),
  );
  await vite.listen();
  return { vite, url: `http://127.0.0.1:${port}/` };
}
