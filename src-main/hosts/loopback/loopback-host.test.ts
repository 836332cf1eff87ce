import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { connect as connectTo, type Socket } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { createClient } from '#shared/api/client.ts';
import { socketPipe } from '#shared/api/socket-pipe.ts';
import { decodeMessage, encodeMessage } from '#shared/api/codec.ts';
import { MESSAGE_LIMITS } from '#shared/api/message-limits.ts';
import { SUBPROTOCOL } from '#shared/api/socket-protocol.ts';
import { createEchoService } from '../../../test/contract/echo-service.ts';
import { MAX_STRANGERS } from './strangers.ts';
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
      [Buffer.alloc(MESSAGE_LIMITS.bytes + 1), 1009],
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

describe('windows that do not read', () => {
  /** A host whose service counts what it begins, and says things to all windows. */
  async function startCounting() {
    const echo = createEchoService();
    const counts = { begun: 0, left: 0 };
    const megabytes = new Uint8Array(4 << 20);
    let say: (text: string) => void = () => undefined;
    const counting = await startLoopbackHost({
      rendererDir: dir,
      service: {
        ...echo,
        forWindow: () => ({
          request: () => Promise.resolve({ begun: ++counts.begun, data: megabytes }),
          subscribe(listener) {
            say = (text) => listener('settings.changed', { settings: { text } });
            return () => undefined;
          },
          leave: () => Promise.resolve(void counts.left++),
        }),
      },
    });
    await host.close();
    host = counting;
    const { socket } = await connect();
    return { socket, counts, say: (text: string) => say(text) };
  }
  const lanes = (id: number) =>
    encodeMessage({
      type: 'request',
      id,
      name: 'trace.lanes',
      params: { traceId: 't', startNs: 0, endNs: 1, pixels: 1, lanes: [] },
    });
  const breathe = () => new Promise((resolve) => setTimeout(resolve, 5));

  test('are not worked for until they do; then every request is answered', async () => {
    const { socket, counts } = await startCounting();
    const answers: unknown[] = [];
    socket.on('message', (data: Buffer) =>
      answers.push((decodeMessage(new Uint8Array(data)) as { id: number }).id),
    );
    socket.pause();
    const ids = Array.from({ length: 20 }, (_, at) => at + 1);
    for (const id of ids) {
      socket.send(lanes(id));
      await breathe();
    }
    // Each answer has 4 MB.
    expect(counts.begun).toBeLessThan(10);
    socket.resume();
    await expect.poll(() => answers, { timeout: 10_000 }).toEqual(ids);
  });

  test('are given up when too much waits for them', async () => {
    const { socket, counts, say } = await startCounting();
    socket.pause();
    const text = 'x'.repeat(1 << 20);
    for (let megabytes = 0; megabytes < 100; megabytes++) say(text);
    await expect.poll(() => counts.left).toBe(1);
  });
});

describe('connections without the token', () => {
  const open: Socket[] = [];
  afterEach(() => {
    for (const socket of open.splice(0)) socket.destroy();
  });
  async function openMany(count: number, text: string): Promise<Socket[]> {
    const made = await Promise.all(
      Array.from({ length: count }, async () => {
        const socket = connectTo({ host: '127.0.0.1', port: host.port, allowHalfOpen: true });
        socket.on('error', () => undefined);
        await once(socket, 'connect');
        socket.write(text);
        return socket;
      }),
    );
    open.push(...made);
    return made;
  }
  const upgrade = [
    'GET /api HTTP/1.1',
    'Host: 127.0.0.1',
    'Origin: http://127.0.0.1',
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
    `Sec-WebSocket-Protocol: ${SUBPROTOCOL}, token.x`,
    '',
    '',
  ].join('\r\n');

  test.each([
    ['nothing', ''],
    ['half a request', 'GET / HTTP/1.1\r\nHost: 127.'],
    [
      'a request whose body does not come',
      'GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 999\r\n\r\n',
    ],
    ['a request, and stay', 'GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n'],
    ['an upgrade that is refused, and stay', upgrade],
  ])('do not keep the window out: 200 that send %s', async (_what, text) => {
    await openMany(200, text);
    expect((await send('/')).status).toBe(200);
    const { socket } = await connect();
    await openMany(200, text);
    const answer = await createClient(socketPipe(socket)).request('scenario.read', { id: 'lock-convoy' });
    expect(answer).toMatchObject({ name: 'scenario.read' });
  });

  test('are ended when they were refused, whatever the other side does', async () => {
    const [socket] = await openMany(1, upgrade);
    // Its own half stays open; only the end of the connection is an error for the next write.
    socket!.resume();
    await once(socket!, 'end');
    await expect
      .poll(() => {
        socket!.write('x');
        return socket!.destroyed;
      })
      .toBe(true);
  });

  test('are few: those that were silent for longest go first', async () => {
    const first = await openMany(1, '');
    const closed = once(first[0]!.resume(), 'close');
    await openMany(MAX_STRANGERS, '');
    first[0]!.end();
    await closed;
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
