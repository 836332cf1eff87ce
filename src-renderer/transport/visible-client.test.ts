import { expect, it } from 'vitest';
import type { WorkbenchClient } from '#shared/api/contract.ts';
import { WorkbenchError } from '#shared/base/errors.ts';
import { visibleClient } from './visible-client.ts';

/** A host that answers every request so, and tells of one event at once. */
function hostThat(answer: () => unknown): WorkbenchClient {
  return {
    request: (() => Promise.resolve().then(answer)) as WorkbenchClient['request'],
    on: (_name, listener) => {
      listener(answer() as never);
      return () => undefined;
    },
    close: () => undefined,
  };
}

it('shows marks in the names of a trace, and leaves its path as it is', async () => {
  const summary = {
    path: '/traces/a\u202eb',
    fileName: 'a\u202eb',
    lwps: [
      { id: 1, name: 'post\u202egres\u001b[31m\nforged\u0085\u2066' },
      { id: 2, name: 'plain' },
    ],
    syncs: [],
  };
  const client = visibleClient(hostThat(() => summary));
  expect(await client.request('trace.open', { path: 'x' })).toEqual({
    path: '/traces/a\u202eb',
    fileName: 'a\\u{202e}b',
    lwps: [
      { id: 1, name: 'post\\u{202e}gres\\x1b[31m\\nforged\\x85\\u{2066}' },
      { id: 2, name: 'plain' },
    ],
    syncs: [],
  });
});

it('copies nothing where there is nothing to show', async () => {
  const columns = { sequence: new Float64Array(3), names: ['a', 'ש', '👩‍💻'] };
  const client = visibleClient(hostThat(() => columns));
  expect(await client.request('trace.summary', { traceId: 't' })).toBe(columns);
});

it('keeps the lines of a cell, and shows what else is in it', async () => {
  const blob = new Uint8Array([0x1b]);
  const page = { first: 0, count: 3, values: [['two\n\tlines', '\u200ehid\u0007', blob]] };
  const client = visibleClient(hostThat(() => page));
  const seen = await client.request('sql.page', { traceId: 't', queryId: 'q', first: 0, count: 3 });
  expect(seen.values).toEqual([['two\n\tlines', '\\u{200e}hid\\x07', blob]]);
});

it('does not touch a scenario that is edited', async () => {
  const client = visibleClient(hostThat(() => ({ text: 'title: \u202e' })));
  expect(await client.request('scenario.read', { id: 'a' })).toEqual({ text: 'title: \u202e' });
});

it('shows them in errors and in what the host tells unasked', async () => {
  const refuses = visibleClient(
    hostThat(() => {
      throw new WorkbenchError('unreadable', 'a\u202eb is a pipe', { found: '\u009b' });
    }),
  );
  await expect(refuses.request('recent.list', {})).rejects.toMatchObject({
    code: 'unreadable',
    message: 'a\\u{202e}b is a pipe',
    context: { found: '\\x9b' },
  });
  const told: unknown[] = [];
  visibleClient(hostThat(() => ({ path: '\u202e', report: { skipped: [{ firstText: '\u202e' }] } }))).on(
    'job.done',
    (payload) => told.push(payload),
  );
  expect(told).toEqual([{ path: '\u202e', report: { skipped: [{ firstText: '\\u{202e}' }] } }]);
});
