import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { importFile } from '../make-trace.ts';
import { OpenTraces } from './open-traces.ts';

let folder: string;
let path: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'open-traces-'));
  path = join(folder, 'latfmt.sctrace');
  const source = new URL('../../../test/fixtures/ftrace/latfmt.txt', import.meta.url).pathname;
  await importFile({ source, path }, {});
});
afterAll(() => rm(folder, { recursive: true }));

const { signal } = new AbortController();
const ask = (traces: OpenTraces, traceId: string): Promise<unknown> =>
  traces.query(traceId, 'trace.overview', { traceId, pixels: 10 }, signal);

it('makes room when too many are open: the one that was not used for longest is closed', async () => {
  const traces = new OpenTraces('/nowhere', 2);
  const [first, second] = [await traces.open(path), await traces.open(path)];
  await ask(traces, first.traceId);
  const third = await traces.open(path);
  await expect(ask(traces, second.traceId)).rejects.toMatchObject({
    code: 'closed',
    message: 'This trace is no longer open: open it again.',
  });
  for (const { traceId } of [first, third]) expect(await ask(traces, traceId)).toMatchObject({ buckets: 10 });
  await traces.closeAll();
  await expect(ask(traces, third.traceId)).rejects.toMatchObject({ code: 'closed' });
});

it('fails the queries that wait when the trace is closed', async () => {
  const traces = new OpenTraces('/nowhere');
  const { traceId } = await traces.open(path);
  const waiting = [ask(traces, traceId), ask(traces, traceId)].map((query) =>
    expect(query).rejects.toMatchObject({ code: 'closed' }),
  );
  await traces.close(traceId);
  await Promise.all(waiting);
});
