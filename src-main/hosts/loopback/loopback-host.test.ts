import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { createClient } from '#shared/api/client.ts';
import { socketPipe } from '#shared/api/socket-pipe.ts';
import { MAX_CLIENT_MESSAGE_BYTES, SUBPROTOCOL } from '#shared/api/socket-protocol.ts';
import { createEchoService } from '../../../test/contract/echo-service.ts';
import { MAX_WINDOWS, startLoopbackHost, type LoopbackHost } from './loopback-host.ts';

let dir: string;
let host: LoopbackHost;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'loopback-'));
  await writeFile(join(dir, 'index.html'), '<title>workbench</title>');
});
afterAll(() => rm(dir, { recursive: true }));
beforeEach(async () => {
  host = await startLoopbackHost({ service: createEchoService(), rendererDir: dir });
});
afterEach(() => host.close());

const token = () => new URL(host.url).hash.slice('#token='.length);

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** Sends a request exactly as written: fetch would tidy the path and refuse the headers. */
function send(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = httpRequest({ host: '127.0.0.1', port: host.port, path, headers, method }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString()));
      response.on('end', () => resolve({ status: response.statusCode!, headers: response.headers, text }));
    });
    request.on('error', reject);
    request.end();
  });
}

interface Attempt {
  readonly path?: string;
  readonly origin?: string;
  readonly hostHeader?: string;
  readonly protocols?: string[];
}

const sockets: WebSocket[] = [];
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.terminate();
});

/** Opens a WebSocket: 101, or the status of the refusal. */
function connect(attempt: Attempt = {}): Promise<{ status: number; socket: WebSocket }> {
  const own = `127.0.0.1:${host.port}`;
  const socket = new WebSocket(
    `ws://${own}${attempt.path ?? '/api'}`,
    attempt.protocols ?? [SUBPROTOCOL, `token.${token()}`],
    { headers: { Host: attempt.hostHeader ?? own }, origin: attempt.origin ?? `http://${own}` },
  );
  sockets.push(socket);
  return new Promise((resolve, reject) => {
    socket.on('open', () => resolve({ status: 101, socket }));
    socket.on('unexpected-response', (request, response) => {
      resolve({ status: response.statusCode!, socket });
      request.destroy();
    });
    socket.on('error', reject);
  });
}

describe('files', () => {
  test('the window is served with its policy', async () => {
    const page = await send('/');
    expect(page.status).toBe(200);
    expect(page.text).toContain('<title>workbench</title>');
    expect(page.headers['content-security-policy']).toContain(`ws://127.0.0.1:${host.port}`);
  });

  test.each(['/../package.json', '/..%2f..%2fetc/passwd', '//etc/passwd', '/assets/', '/nothing.js'])(
    '%s is not found',
    async (path) => expect((await send(path)).status).toBe(404),
  );

  test('a host name that is not this machine is refused (DNS rebinding)', async () => {
    for (const name of [
      'evil.example',
      'evil.example:80',
      '127.0.0.1.evil.example',
      'localhost@evil.example',
    ]) {
      expect((await send('/', { Host: name })).status, name).toBe(403);
    }
  });

  test('localhost on another port is taken: that is an SSH tunnel', async () => {
    expect((await send('/', { Host: 'localhost:9000' })).status).toBe(200);
  });

  test('nothing but reading is answered', async () => {
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS'])
      expect((await send('/', {}, method)).status).toBe(405);
  });

  test('other addresses of this machine do not answer', async () => {
    const outside = Object.values(networkInterfaces())
      .flatMap((addresses) => addresses ?? [])
      .filter(({ internal, family }) => !internal && family === 'IPv4');
    for (const { address } of outside) {
      await expect(fetch(`http://${address}:${host.port}/`)).rejects.toThrow();
    }
  });
});

describe('the api', () => {
  test('answers a window with the token', async () => {
    const { socket } = await connect();
    const answer = await createClient(socketPipe(socket)).request('scenario.read', { id: 'lock-convoy' });
    expect(answer).toEqual({ name: 'scenario.read', params: { id: 'lock-convoy' } });
  });

  test('works through a tunnel, whose page has another port', async () => {
    expect((await connect({ hostHeader: 'localhost:9000', origin: 'http://localhost:9000' })).status).toBe(
      101,
    );
  });

  test.each<[string, Attempt, number]>([
    ['no token', { protocols: [SUBPROTOCOL] }, 401],
    ['a wrong token', { protocols: [SUBPROTOCOL, `token.${'A'.repeat(43)}`] }, 401],
    ['an empty token', { protocols: [SUBPROTOCOL, 'token.x'] }, 401],
    ['another protocol', { protocols: ['other'] }, 400],
    ['another path', { path: '/api?x' }, 404],
    ['a page of another site', { origin: 'https://evil.example' }, 403],
    ['a page of another port here', { origin: 'http://127.0.0.1:1' }, 403],
    ['a sandboxed page', { origin: 'null' }, 403],
    ['a rebound name', { hostHeader: 'evil.example', origin: 'http://evil.example' }, 403],
  ])('refuses %s', async (_what, attempt, status) => {
    expect((await connect(attempt)).status).toBe(status);
  });

  test('refuses a client that sends no Origin', async () => {
    const { status } = await send('/api', {
      Connection: 'Upgrade',
      Upgrade: 'websocket',
      'Sec-WebSocket-Version': '13',
      'Sec-WebSocket-Key': 'AAAAAAAAAAAAAAAAAAAAAA==',
      'Sec-WebSocket-Protocol': `${SUBPROTOCOL}, token.${token()}`,
    });
    expect(status).toBe(403);
  });

  test('hangs up on a message that is too long, on text, and on bytes of no meaning', async () => {
    const messages: [string | Buffer, number][] = [
      [Buffer.alloc(MAX_CLIENT_MESSAGE_BYTES + 1), 1009],
      ['{"type":"request"}', 1003],
      [Buffer.of(0xc1), 1003],
    ];
    for (const [message, code] of messages) {
      const { socket } = await connect();
      const closed = new Promise((resolve) => socket.on('close', resolve));
      socket.send(message);
      expect(await closed).toBe(code);
    }
    expect((await connect()).status).toBe(101);
  });

  test('refuses more windows than the limit, and takes one again when one is gone', async () => {
    const open = await Promise.all(Array.from({ length: MAX_WINDOWS }, () => connect()));
    expect((await connect()).status).toBe(503);
    const first = open[0]!.socket;
    const gone = new Promise((resolve) => first.on('close', resolve));
    first.close();
    await gone;
    await expect.poll(async () => (await connect()).status).toBe(101);
  });
});

describe('tickets', () => {
  const buy = (ticket: string, origin = `http://127.0.0.1:${host.port}`) =>
    send('/api/ticket', { Authorization: `Ticket ${ticket}`, Origin: origin }, 'POST');
  const newTicket = () => new URL(host.oneTimeUrl()).hash.slice('#ticket='.length);

  test('a ticket buys the token once', async () => {
    const ticket = newTicket();
    expect(await buy(ticket)).toMatchObject({ status: 200, text: token() });
    expect(await buy(ticket)).toMatchObject({ status: 401, text: '' });
  });

  test('other sites and other methods cannot buy it, nor use it up', async () => {
    const ticket = newTicket();
    expect((await buy(ticket, 'http://evil.example')).status).toBe(403);
    expect((await send('/api/ticket', { Authorization: `Ticket ${ticket}` })).status).toBe(405);
    expect((await buy(ticket)).status).toBe(200);
  });
});

describe('starting and ending', () => {
  test('a port that is taken is an error with a sentence', async () => {
    const second = startLoopbackHost({ service: createEchoService(), rendererDir: dir, port: host.port });
    await expect(second).rejects.toMatchObject({
      code: 'busy',
      message: `Port ${host.port} of this machine is in use. Choose another, or none to have any free one.`,
    });
  });

  test('closing ends the connections', async () => {
    const { socket } = await connect();
    const closed = new Promise((resolve) => socket.on('close', resolve));
    await host.close();
    await closed;
    await expect(send('/')).rejects.toThrow(/ECONNREFUSED/);
    host = await startLoopbackHost({ service: createEchoService(), rendererDir: dir });
  });
});
