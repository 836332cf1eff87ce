/** Notes through the service: where they are kept, and that every window hears of them. */
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { RequestName, RequestParams, Results, WorkbenchService } from '#shared/api/contract.ts';
import { SyntheticTrace } from '../store/testing/synthetic-trace.ts';
import { TEST_SOURCE, writeSynthetic } from '../store/testing/temporary-folder.ts';
import { TraceWriter } from '../store/write/trace-writer.ts';
import { createWorkbenchService } from './service.ts';

let folder: string;
let service: WorkbenchService;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'notes-'));
  service = start();
});
afterEach(async () => {
  await service.close();
  await rm(folder, { recursive: true });
});
const start = (): WorkbenchService =>
  createWorkbenchService({
    host: 'memory',
    openPath: null,
    configDir: join(folder, 'config'),
    recordingsDir: folder,
  });
const request = <Name extends RequestName>(name: Name, params: RequestParams<Name>): Promise<Results[Name]> =>
  service.request(name, params, new AbortController().signal) as Promise<Results[Name]>;
const note = { kind: 'annotation', startNs: 10, endNs: 20, content: { text: 'the holder is off' } } as const;

it('are kept in a finished trace, and every window on it hears of a change', async () => {
  const path = join(folder, 'one.sctrace');
  writeSynthetic(path, { events: 500 });
  const heard: unknown[] = [];
  service.subscribe((name, payload) => {
    if (name === 'notes.changed') heard.push(payload);
  });
  const one = await request('trace.open', { path });
  const other = await request('trace.open', { path });
  const saved = await request('notes.save', { traceId: one.traceId, note });
  expect(saved).toMatchObject({ ...note, place: 'trace' });
  expect(await request('notes.list', { traceId: other.traceId })).toEqual({ notes: [saved] });
  await request('notes.save', {
    traceId: other.traceId,
    note: { ...note, id: saved.id, content: { text: 'changed' } },
  });
  await request('notes.delete', { traceId: one.traceId, noteId: saved.id });
  expect((await request('notes.list', { traceId: one.traceId })).notes).toEqual([]);
  expect(heard).toEqual([{ path }, { path }, { path }]);
  await expect(stat(join(folder, 'config', 'notes'))).rejects.toThrow();
});

it('are kept next to the settings while the trace cannot be written, and follow it', async () => {
  const path = join(folder, 'running.sctrace');
  const writer = new TraceWriter(path, TEST_SOURCE);
  for (const batch of new SyntheticTrace({ events: 500 }).batches()) writer.write(batch);
  writer.commit();
  const running = await request('trace.open', { path: writer.partPath });
  const saved = await request('notes.save', { traceId: running.traceId, note });
  expect(saved.place).toBe('user');
  const second = await request('notes.save', { traceId: running.traceId, note });
  await request('notes.delete', { traceId: running.traceId, noteId: second.id });
  await service.close();
  writer.finish({ incompleteReason: null });

  service = start();
  const finished = await request('trace.open', { path });
  expect((await request('notes.list', { traceId: finished.traceId })).notes).toEqual([saved]);
  const { traceId } = finished;
  await request('notes.save', { traceId, note: { ...note, id: saved.id, content: { text: 'b' } } });
  expect((await request('notes.list', { traceId })).notes).toMatchObject([{ id: saved.id, place: 'user' }]);
});

it('of a kind that there is not, or too large, are refused', async () => {
  const { signal } = new AbortController();
  const save = (bad: object): Promise<unknown> =>
    service.request('notes.save', { traceId: 'trace-1', note: { ...note, ...bad } }, signal);
  await expect(save({ kind: 'spell' })).rejects.toMatchObject({ code: 'bad-request' });
  await expect(save({ content: { text: 'x'.repeat(70_000) } })).rejects.toMatchObject({
    code: 'bad-request',
  });
});
