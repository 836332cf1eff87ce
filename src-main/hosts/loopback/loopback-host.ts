/**
 * The workbench on 127.0.0.1: the same window, over HTTP, and the same api, over a WebSocket.
 *
 * The files are public; the api wants the token of this run. Requests are not logged.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { debugLog } from '#main/debug/debug-log.ts';
import type { WorkbenchService } from '#shared/api/contract.ts';
import { MESSAGE_LIMITS } from '#shared/api/message-limits.ts';
import { serve } from '#shared/api/server.ts';
import {
  FRAGMENT,
  SOCKET_PATH,
  SUBPROTOCOL,
  TICKET_PATH,
  TOKEN_SUBPROTOCOL_PREFIX,
} from '#shared/api/socket-protocol.ts';
import { WorkbenchError } from '#shared/base/errors.ts';
import { openRendererBundle, type RendererBundle } from '../bundle/renderer-bundle.ts';
import { isLocalHost, isOwnOrigin } from './request-guard.ts';
import { createSessionTokens, type SessionTokens } from './session-tokens.ts';
import { CHECK_MS, Strangers } from './strangers.ts';
import { windowPipe } from './window-pipe.ts';

const debug = debugLog('hosts');

/** Windows that may be connected at a time. */
export const MAX_WINDOWS = 16;

export interface LoopbackOptions {
  readonly service: WorkbenchService;
  /** Folder of the built window; null where another server hands the window out (`npm run dev`). */
  readonly rendererDir: string | null;
  /** 0 or absent: any free one. */
  readonly port?: number;
  /** Absent: a new one. For a host that takes the place of another, whose windows keep theirs. */
  readonly token?: string;
}

export interface LoopbackHost {
  /** For people: works as often as wanted while the host runs. Contains the token. */
  readonly url: string;
  readonly port: number;
  /** For command lines: works once, within a minute. */
  oneTimeUrl(): string;
  /** Ends all connections. The service stays open. */
  close(): Promise<void>;
}

/**
 * Starts the host.
 * @throws {WorkbenchError} `not-found`: the window is not built; `busy`: the port is taken; `unreadable`: the
 * system refuses the port.
 */
export async function startLoopbackHost(options: LoopbackOptions): Promise<LoopbackHost> {
  const { rendererDir } = options;
  const bundle = rendererDir === null ? null : await openRendererBundle(rendererDir);
  const tokens = createSessionTokens(Date.now, options.token);
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MESSAGE_LIMITS.bytes,
    perMessageDeflate: false, // never leaves the machine
    handleProtocols: () => SUBPROTOCOL,
  });
  const server = createServer({ connectionsCheckingInterval: CHECK_MS }, (request, response) => {
    answer(request, response, bundle, tokens);
  });
  const strangers = new Strangers(server);
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const status = sockets.clients.size >= MAX_WINDOWS ? 503 : mayConnect(request, tokens);
    if (status !== 101) {
      debug('refuses a window', () => ({ status }));
      socket.on('error', () => socket.destroy());
      // Not left to the other side, which may keep its half open.
      socket.once('finish', () => socket.destroy());
      socket.end(`HTTP/1.1 ${status} Refused\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      // An oversize or malformed frame; ws closes the socket after this.
      webSocket.on('error', () => undefined);
      strangers.leave(socket);
      debug('a window connects', () => ({ windows: sockets.clients.size }));
      webSocket.on('close', (code) => debug('a window leaves', () => ({ code })));
      serve(options.service.forWindow(), windowPipe(webSocket, socket));
    });
  });
  await listen(server, options.port ?? 0);
  const { port } = server.address() as AddressInfo;
  debug('listens', () => ({ port }));
  const page = `http://127.0.0.1:${port}/`;
  return {
    url: `${page}#${FRAGMENT.token}=${tokens.token}`,
    port,
    oneTimeUrl: () => `${page}#${FRAGMENT.ticket}=${tokens.issueTicket()}`,
    async close() {
      for (const webSocket of sockets.clients) webSocket.terminate();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

function listen(server: ReturnType<typeof createServer>, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = error.code === 'EADDRINUSE';
      const message = taken
        ? `Port ${port} of this machine is in use. Choose another, or none to have any free one.`
        : `Could not open port ${port}: ${error.message}. Choose another one, or 0 for any free one.`;
      reject(new WorkbenchError(taken ? 'busy' : 'unreadable', message));
    });
    server.listen({ port, host: '127.0.0.1', exclusive: true }, resolve);
  });
}

/** 101, or the status to refuse an upgrade with. */
function mayConnect(request: IncomingMessage, tokens: SessionTokens): number {
  const { host, origin } = request.headers;
  if (!isLocalHost(host) || !isOwnOrigin(origin, host)) return 403;
  if (request.url !== SOCKET_PATH) return 404;
  const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim());
  if (!offered.includes(SUBPROTOCOL)) return 400;
  const token = offered.find((name) => name.startsWith(TOKEN_SUBPROTOCOL_PREFIX));
  return token !== undefined && tokens.isToken(token.slice(TOKEN_SUBPROTOCOL_PREFIX.length)) ? 101 : 401;
}

/** Answers with a status and nothing else. */
function answerEmpty(response: ServerResponse, status: number): void {
  response.writeHead(status, { 'Content-Length': 0, 'Cache-Control': 'no-store' }).end();
}

function answer(
  request: IncomingMessage,
  response: ServerResponse,
  bundle: RendererBundle | null,
  tokens: SessionTokens,
): void {
  const { host, origin } = request.headers;
  if (!isLocalHost(host)) return answerEmpty(response, 403);
  // The path as it was sent, undecoded: names in the bundle need no escapes.
  const pathname = (request.url ?? '/').split('?', 1)[0]!;

  if (pathname === TICKET_PATH) {
    if (request.method !== 'POST') return answerEmpty(response, 405);
    if (!isOwnOrigin(origin, host)) return answerEmpty(response, 403);
    const ticket = /^Ticket (.+)$/.exec(request.headers.authorization ?? '')?.[1];
    const token = ticket === undefined ? null : tokens.redeem(ticket);
    if (token === null) return answerEmpty(response, 401);
    response.writeHead(200, { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' });
    response.end(token);
    return;
  }
  if (request.method !== 'GET' && request.method !== 'HEAD') return answerEmpty(response, 405);
  // Browsers ask for this on their own, and put an error into the page's console where there is none.
  if (pathname === '/favicon.ico') return answerEmpty(response, 204);
  const file = bundle?.read(pathname, [`ws://${host}`]) ?? null;
  if (file === null) return answerEmpty(response, 404);
  response.writeHead(200, file.headers);
  response.end(request.method === 'HEAD' ? undefined : file.body);
}
