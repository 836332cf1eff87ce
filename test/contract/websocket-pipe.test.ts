import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { WebSocket } from 'ws';
import { startLoopbackHost, type LoopbackHost } from '#main/hosts/loopback/loopback-host.ts';
import { createClient } from '#shared/api/client.ts';
import { socketPipe } from '#shared/api/socket-pipe.ts';
import { SOCKET_PATH, SUBPROTOCOL, TOKEN_SUBPROTOCOL_PREFIX } from '#shared/api/socket-protocol.ts';
import { createEchoService } from './echo-service.ts';
import { pipeContract } from './pipe-contract.ts';

describe('a WebSocket to the loopback host', () => {
  let dir: string;
  let host: LoopbackHost;
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'contract-'));
    await writeFile(join(dir, 'index.html'), '');
    host = await startLoopbackHost({ service: createEchoService(), rendererDir: dir });
  });
  afterAll(async () => {
    await host.close();
    await rm(dir, { recursive: true });
  });

  for (const { title, run } of pipeContract) {
    test(title, async () => {
      const { origin, hash } = new URL(host.url);
      const socket = new WebSocket(
        origin.replace('http', 'ws') + SOCKET_PATH,
        [SUBPROTOCOL, TOKEN_SUBPROTOCOL_PREFIX + new URLSearchParams(hash.slice(1)).get('token')],
        { origin },
      );
      await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
      try {
        await run(createClient(socketPipe(socket)));
      } finally {
        socket.terminate();
      }
    });
  }
});
