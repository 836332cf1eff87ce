/** Traces of earlier versions in a window: opened by way of a copy, the original untouched. */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Events, RequestName, RequestParams, Results, WorkbenchService } from '#shared/api/contract.ts';
import { writeEarlierSynthetic } from '../store/testing/temporary-folder.ts';
import { createWorkbenchService } from './service.ts';

const OLD = new URL('../../test/fixtures/upgrades/schema-1-emulated.sctrace.gz', import.meta.url);
let folder: string;
let service: WorkbenchService;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'upgraded-'));
  service = createWorkbenchService({
    host: 'memory',
    openPath: null,
    configDir: join(folder, 'config'),
    cacheDir: join(folder, 'cache'),
    recordingsDir: folder,
  });
});
afterEach(async () => {
  await service.close();
  await rm(folder, { recursive: true });
});
const request = <Name extends RequestName>(
  name: Name,
  params: RequestParams<Name>,
  signal = new AbortController().signal,
): Promise<Results[Name]> => service.request(name, params, signal) as Promise<Results[Name]>;

it('open as one copy, say so, and keep their notes next to the settings', async () => {
  const path = join(folder, 'old.sctrace');
  const bytes = gunzipSync(await readFile(OLD));
  await writeFile(path, bytes);
  const first = await request('trace.open', { path });
  expect(first).toMatchObject({ path, fileName: 'old.sctrace', complete: true, events: 2456 });
  expect(first.warnings[0]).toMatch(/earlier version \(schema 1\).*upgraded copy/);
  const second = await request('trace.open', { path });
  const copies = await readdir(join(folder, 'cache', 'upgraded'));
  expect(copies).toHaveLength(1);

  const { traceId } = second;
  const note = { kind: 'bookmark', startNs: 5, endNs: null, content: {} } as const;
  expect(await request('notes.save', { traceId, note })).toMatchObject({ place: 'user' });
  expect((await request('notes.list', { traceId: first.traceId })).notes).toHaveLength(1);
  const answer = await request('sql.run', {
    traceId,
    queryId: 'q',
    sql: 'SELECT count(*) FROM event',
    rowLimit: 1,
    timeLimitMs: 20_000,
    pageRows: 1,
  });
  expect(answer.page.values[0]).toEqual(Float64Array.of(2456));
  expect((await readFile(path)).equals(bytes)).toBe(true);
  expect((await readdir(folder)).sort()).toEqual(['cache', 'config', 'old.sctrace']);

  // A copy that was damaged is made again.
  await writeFile(join(folder, 'cache', 'upgraded', copies[0]!), 'rubbish');
  await expect(request('trace.open', { path })).resolves.toMatchObject({ events: 2456 });
});

it('are exported from the copy', async () => {
  const path = join(folder, 'old.sctrace');
  await writeFile(path, gunzipSync(await readFile(OLD)));
  const { traceId } = await request('trace.open', { path });
  const exported = async (params: Omit<RequestParams<'export.start'>, 'traceId'>): Promise<unknown> => {
    const end = new Promise((resolve) => {
      service.subscribe((name, payload) => {
        if (name === 'job.done' || name === 'job.failed') resolve({ name, payload });
      });
    });
    await request('export.start', { traceId, ...params });
    return end;
  };
  expect(await exported({ format: 'csv', table: 'event' })).toMatchObject({
    name: 'job.done',
    payload: { events: 2456 },
  });
  expect(await exported({ format: 'sctrace' })).toMatchObject({ name: 'job.done' });
});

/** Of so many events that its upgrade takes a while. */
const LONG = { events: 60_000, cpus: 2, lwps: 4, locks: 1 };

it('tell how far their upgrade is', async () => {
  const path = join(folder, 'long.sctrace');
  writeEarlierSynthetic(path, LONG);
  const told: Events['trace.upgrading'][] = [];
  service.subscribe((name, payload) => {
    if (name === 'trace.upgrading') told.push(payload as Events['trace.upgrading']);
  });
  const { events } = await request('trace.open', { path });
  expect(told.length).toBeGreaterThan(0);
  for (const progress of told) expect(progress).toMatchObject({ path, allEvents: events });
});

it('stay as they were when their upgrade is cancelled, and nothing is left of it', async () => {
  const path = join(folder, 'long.sctrace');
  writeEarlierSynthetic(path, LONG);
  const bytes = await readFile(path);
  const controller = new AbortController();
  service.subscribe((name) => {
    if (name === 'trace.upgrading') controller.abort();
  });
  await expect(request('trace.open', { path }, controller.signal)).rejects.toMatchObject({
    code: 'cancelled',
  });
  expect((await readFile(path)).equals(bytes)).toBe(true);
  expect(await readdir(join(folder, 'cache', 'upgraded'))).toEqual([]);
  await expect(request('trace.open', { path })).resolves.toMatchObject({ path });
});
