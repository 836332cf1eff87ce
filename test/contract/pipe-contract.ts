/**
 * What every pipe between a window and the service must do. The checks know nothing of a test runner, nor
 * of the pipe: each gets a client whose other end is served by {@link createEchoService}.
 */
import assert from 'node:assert/strict';
import type { Events, RequestName, WorkbenchClient } from '#shared/api/contract.ts';
import { requestSamples } from '#shared/api/testing/request-samples.ts';
import { WorkbenchError } from '#shared/base/errors.ts';
import { COLUMN_ROWS, knownError } from './echo-service.ts';

export interface PipeCheck {
  readonly title: string;
  readonly run: (client: WorkbenchClient) => Promise<void>;
}

const names = Object.keys(requestSamples) as RequestName[];
/** As any window may call it: names and parameters that the types would refuse. */
const untyped =
  (client: WorkbenchClient) =>
  (name: string, params: unknown): Promise<unknown> =>
    client.request(name as 'recent.list', params as Record<string, never>);

async function failure(promise: Promise<unknown>): Promise<WorkbenchError> {
  const thrown = await promise.then(
    (result) => assert.fail(`it answered ${JSON.stringify(result)}`),
    (error: unknown) => error,
  );
  assert.ok(thrown instanceof WorkbenchError, String(thrown));
  return thrown;
}

const nextEvent = (client: WorkbenchClient) =>
  new Promise<Events['command.run']>((resolve) => {
    const stop = client.on('command.run', (payload) => {
      stop();
      resolve(payload);
    });
  });

export const pipeContract: readonly PipeCheck[] = [
  ...names
    .filter((name) => name !== 'trace.lanes')
    .map((name) => ({
      title: `${name}: parameters and result arrive as they were sent`,
      async run(client: WorkbenchClient) {
        for (const params of requestSamples[name])
          assert.deepEqual(await untyped(client)(name, params), { name, params });
      },
    })),
  ...names.map((name) => ({
    title: `${name}: parameters of the wrong type are refused with a sentence`,
    async run(client: WorkbenchClient) {
      for (const bad of [null, 'text', 7, []]) {
        const error = await failure(untyped(client)(name, bad));
        assert.equal(error.code, 'bad-request');
        assert.ok(error.message.startsWith(name), error.message);
      }
    },
  })),
  {
    title: 'a request that does not exist is refused',
    async run(client) {
      assert.equal((await failure(untyped(client)('trace.format', {}))).code, 'bad-request');
      assert.equal((await failure(untyped(client)('constructor', {}))).code, 'bad-request');
    },
  },
  {
    title: 'a failing service: code, message and context arrive, the stack does not',
    async run(client) {
      const error = await failure(client.request('scenario.read', { id: 'fail' }));
      assert.equal(error.code, knownError.code);
      assert.equal(error.message, knownError.message);
      assert.deepEqual(error.context, knownError.context);
      assert.ok(!error.stack?.includes('echo-service'));
    },
  },
  {
    title: 'a defect of the service is reported as internal',
    async run(client) {
      const error = await failure(client.request('scenario.read', { id: 'defect' }));
      assert.equal(error.code, 'internal');
      assert.match(error.message, /x is not a function/);
    },
  },
  {
    title: 'parameters that cannot cross reject the request and leave the pipe open',
    async run(client) {
      assert.equal((await failure(untyped(client)('recent.list', { a: () => 1 }))).code, 'bad-request');
      await client.request('recent.list', {});
    },
  },
  {
    title: 'a result that cannot cross is an error for its request only',
    async run(client) {
      const unsendable = failure(client.request('scenario.read', { id: 'unsendable' }));
      await client.request('recent.list', {});
      assert.equal((await unsendable).code, 'internal');
    },
  },
  {
    title: 'cancelling rejects at once, tells the service, and leaves other requests alone',
    async run(client) {
      const ended = nextEvent(client);
      const controller = new AbortController();
      const hanging = failure(client.request('scenario.read', { id: 'hang' }, controller));
      const other = client.request('recent.list', {});
      await other;
      controller.abort();
      assert.equal((await hanging).code, 'cancelled');
      assert.deepEqual(await ended, { command: 'hang ended' });
    },
  },
  {
    title: 'a request with a signal that has fired already is not sent',
    async run(client) {
      const signal = AbortSignal.abort();
      assert.equal((await failure(client.request('recent.list', {}, { signal }))).code, 'cancelled');
    },
  },
  {
    title: 'answers find their requests when many are under way',
    async run(client) {
      const ids = Array.from({ length: 200 }, (_, i) => `scenario-${i}`);
      const answers = await Promise.all(ids.map((id) => untyped(client)('scenario.read', { id })));
      assert.deepEqual(
        answers,
        ids.map((id) => ({ name: 'scenario.read', params: { id } })),
      );
    },
  },
  {
    title: 'a result of 4 MB of columns arrives whole, with its types',
    async run(client) {
      const result = (await client.request('trace.lanes', requestSamples['trace.lanes'][0])) as unknown;
      const { timeNs, lwp, cpu, kind, state } = result as Record<string, Float64Array>;
      const types = [timeNs, lwp, cpu, kind, state].map((column) => column!.constructor.name);
      assert.deepEqual(types, ['Float64Array', 'Int32Array', 'Int16Array', 'Uint16Array', 'Uint8Array']);
      for (let row = 0; row < COLUMN_ROWS; row++) {
        const same =
          timeNs![row] === row &&
          lwp![row] === row &&
          cpu![row] === (row << 16) >> 16 &&
          kind![row] === (row & 0xffff) &&
          state![row] === (row & 0xff);
        if (!same) assert.fail(`row ${row} differs`);
      }
      assert.equal(timeNs!.length, COLUMN_ROWS);
    },
  },
  {
    title: 'a closed pipe rejects what is under way and what comes after',
    async run(client) {
      const hanging = failure(client.request('scenario.read', { id: 'hang' }));
      client.close();
      assert.equal((await hanging).code, 'closed');
      assert.equal((await failure(client.request('recent.list', {}))).code, 'closed');
    },
  },
];
