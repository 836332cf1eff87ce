/** What a window that is not ours may send: bytes, messages, parameters. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createWorkbenchService, type HostedService } from '#main/workbench/service.ts';
import { decodeUntrustedMessage, encodeMessage } from '#shared/api/codec.ts';
import { requests, type RequestName } from '#shared/api/contract.ts';
import { createMemoryPipe } from '#shared/api/memory-pipe.ts';
import type { ClientMessage } from '#shared/api/messages.ts';
import { serve } from '#shared/api/server.ts';
import { requestSamples } from '#shared/api/testing/request-samples.ts';
import { createEchoService } from '../contract/echo-service.ts';
import { FUZZ, FUZZ_TIMEOUT_MS, survives } from './fuzz.ts';

const NAMES = Object.keys(requests) as RequestName[];

let folder: string;
let service: HostedService;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'fuzz-api-'));
  service = createWorkbenchService({
    host: 'memory',
    openPath: null,
    configDir: join(folder, 'config'),
    recordingsDir: join(folder, 'recordings'),
  });
});
afterAll(async () => {
  await service.close();
  rmSync(folder, { recursive: true });
});

/** Values as a message may have them, with some that are nearly right. */
const value = fc.oneof(
  fc.anything({ withTypedArray: true, withNullPrototype: true, maxDepth: 3 }),
  fc.constantFrom(
    '/etc/passwd',
    '../x',
    'trace-1',
    -1,
    2 ** 53,
    NaN,
    Infinity,
    '\0',
    'x'.repeat(5000),
    '__proto__',
  ),
);

/** Good parameters in which some are replaced, added or left out. */
const spoiled = (name: RequestName): fc.Arbitrary<unknown> => {
  const sample = fc.constantFrom<object>(...requestSamples[name]);
  return sample.chain((params) => {
    const keys = Object.keys(params);
    const changes = fc.dictionary(keys.length > 0 ? fc.constantFrom(...keys) : fc.string(), value, {
      maxKeys: 3,
    });
    return changes.map((changed) => ({ ...params, ...changed }));
  });
};
const request = fc
  .constantFrom(...NAMES)
  .chain((name) => fc.tuple(fc.constant(name), fc.oneof(value, spoiled(name), spoiled(name))));

test('bytes that are no message are refused, whatever they are', { timeout: FUZZ_TIMEOUT_MS }, async () => {
  const message = encodeMessage({
    type: 'request',
    id: 1,
    name: 'trace.lanes',
    params: { a: new Float64Array(9) },
  });
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc
      .tuple(fc.integer({ min: 0, max: message.length - 1 }), fc.uint8Array({ maxLength: 9 }))
      .map(([at, part]) => {
        const copy = message.slice();
        copy.set(part.subarray(0, copy.length - at), at);
        return copy;
      }),
  );
  await fc.assert(
    fc.asyncProperty(bytes, (given) => survives(() => decodeUntrustedMessage(given))),
    FUZZ,
  );
});

test(
  'a request is answered or refused with a sentence, whatever its parameters',
  { timeout: FUZZ_TIMEOUT_MS },
  async () => {
    const { signal } = new AbortController();
    await fc.assert(
      fc.asyncProperty(request, ([name, params]) => survives(() => service.request(name, params, signal))),
      FUZZ,
    );
  },
);

test(
  'messages out of any order leave the server with a pipe that is open or closed',
  { timeout: FUZZ_TIMEOUT_MS },
  async () => {
    const id = fc.integer({ min: -1, max: 5 });
    const message = fc.oneof(
      value,
      fc.record({
        type: fc.constantFrom('request', 'cancel', 'result'),
        id,
        name: fc.constantFrom(...NAMES),
        params: value,
      }),
      fc.record({ type: fc.constant('cancel'), id }),
      request.map(([name, params]) => ({ type: 'request', id: 3, name, params })),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(message, { minLength: 1, maxLength: 6 }), async (messages) => {
        const { client, server } = createMemoryPipe();
        const echo = createEchoService();
        serve(echo.forWindow(), server);
        let closed = false;
        client.onClose(() => (closed = true));
        const answers: unknown[] = [];
        client.onMessage((answer) => answers.push(answer));
        for (const one of messages) client.send(one as ClientMessage);
        await new Promise((done) => setImmediate(done));
        client.send({ type: 'request', id: 999_999, name: 'recent.list', params: {} });
        await new Promise((done) => setImmediate(done));
        if (closed) return;
        expect(answers).toContainEqual({ type: 'result', id: 999_999, result: expect.anything() as unknown });
        client.close();
      }),
      FUZZ,
    );
  },
);
