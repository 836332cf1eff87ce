import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Events, RequestName, RequestParams, Results } from '#shared/api/contract.ts';
import { createWorkbenchService, type HostedService, type ServiceOptions } from './service.ts';

const root = new URL('../../', import.meta.url).pathname;
const CONVOY = join(root, 'traces/real-convoy-spin.ftrace.txt.gz');
const fixture = (name: string): string => join(root, 'test/fixtures/ftrace', name);
const SCENARIO = `# Title: Two threads
cpus: 1
duration: 20 ms
processes:
  - name: app
    lwps:
      - name: worker
        count: 2
        program:
          - loop: forever
            steps:
              - compute: 1ms
`;

let folder: string;
let service: HostedService;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'service-'));
  service = start();
});
afterEach(async () => {
  await service.close();
  await rm(folder, { recursive: true });
});

const start = (options: Partial<ServiceOptions> = {}): HostedService =>
  createWorkbenchService({
    host: 'memory',
    openPath: null,
    configDir: join(folder, 'config'),
    recordingsDir: join(folder, 'recordings'),
    exportsDir: join(folder, 'exports'),
    ...options,
  });

/** A request of a window whose person has named the file that it is about. */
function request<Name extends RequestName>(
  name: Name,
  params: RequestParams<Name>,
  signal: AbortSignal = new AbortController().signal,
): Promise<Results[Name]> {
  const { path, id, also = [] } = params as { path?: string; id?: string; also?: readonly string[] };
  for (const named of [path, id, ...also]) if (named !== undefined) service.permit(named);
  return service.request(name, params, signal) as Promise<Results[Name]>;
}

/** Runs a job to its end. */
async function finished(
  begin: () => Promise<{ jobId: string }>,
): Promise<Events['job.done'] | Events['job.failed']> {
  const ends = new Map<string, Events['job.done'] | Events['job.failed']>();
  const stop = service.subscribe((name, payload) => {
    if (name === 'job.done' || name === 'job.failed') {
      const end = payload as Events['job.done'] | Events['job.failed'];
      ends.set(end.jobId, end);
    }
  });
  const { jobId } = await begin();
  await expect.poll(() => ends.has(jobId), { timeout: 20_000 }).toBe(true);
  stop();
  return ends.get(jobId)!;
}

async function importConvoy(): Promise<string> {
  const end = await finished(() => request('import.start', { path: CONVOY }));
  if (!('path' in end)) throw new Error(end.error.message);
  return end.path;
}

describe('requests', () => {
  it('are refused where there is no such request or its parameters are not valid', async () => {
    const { signal } = new AbortController();
    await expect(service.request('trace.explode', {}, signal)).rejects.toMatchObject({ code: 'bad-request' });
    await expect(service.request('constructor', {}, signal)).rejects.toMatchObject({ code: 'bad-request' });
    await expect(service.request('trace.open', {}, signal)).rejects.toMatchObject({
      code: 'bad-request',
      message: expect.stringContaining('trace.open: parameter .path is not valid') as string,
    });
    await expect(service.request('trace.open', { path: 'here.sctrace' }, signal)).rejects.toMatchObject({
      code: 'bad-request',
      message: expect.stringContaining('is not absolute') as string,
    });
    await expect(service.request('scenario.list', null, signal)).rejects.toMatchObject({
      code: 'bad-request',
    });
  });

  it('are refused once the service is closed', async () => {
    await service.close();
    await expect(request('recent.list', {})).rejects.toMatchObject({ code: 'closed' });
  });

  it('that were cancelled before they began do nothing', async () => {
    const controller = new AbortController();
    controller.abort();
    await expect(request('recent.list', {}, controller.signal)).rejects.toMatchObject({ code: 'cancelled' });
  });
});

describe('files that the person did not name', () => {
  const { signal } = new AbortController();

  it('are not opened, not identified, not imported and not read, there or not', async () => {
    const secret = join(folder, 'secret.yaml');
    await writeFile(secret, SCENARIO);
    for (const path of [secret, join(folder, 'none.sctrace'), '/etc/passwd']) {
      for (const [name, params] of [
        ['trace.open', { path }],
        ['trace.identify', { path }],
        ['import.start', { path }],
        ['import.start', { path: CONVOY, also: [path] }],
        ['scenario.read', { id: path }],
      ] as const) {
        await expect(service.request(name, params, signal), name).rejects.toMatchObject({
          code: 'not-permitted',
        });
      }
    }
  });

  it('are opened once the host says that the person named them', async () => {
    const named = join(folder, 'named.yaml');
    await writeFile(named, SCENARIO);
    service.permit(named);
    expect(await service.request('trace.identify', { path: named }, signal)).toMatchObject({
      kind: 'scenario',
    });
  });

  it('are not those of the dialog, of the command line and of the recordings', async () => {
    const chosen = join(folder, 'chosen.yaml');
    await writeFile(chosen, SCENARIO);
    const other = start({
      openPath: join(folder, 'x.yaml'),
      openFilesDialog: () => Promise.resolve([chosen]),
    });
    await writeFile(join(folder, 'x.yaml'), SCENARIO);
    await other.request('dialog.openFiles', {}, signal);
    for (const path of [chosen, join(folder, 'x.yaml')]) {
      expect(await other.request('trace.identify', { path }, signal)).toMatchObject({ kind: 'scenario' });
    }
    await other.close();
    const made = await importConvoy();
    const again = start();
    expect(await again.request('trace.open', { path: made }, signal)).toMatchObject({ path: made });
    await again.close();
  });
});

describe('windows of a host', () => {
  const { signal } = new AbortController();

  it('each show what their host says, and tell it what they have open', async () => {
    const told: unknown[] = [];
    const windows = ['/a.sctrace', null].map((path) =>
      service.forWindow({
        openPath: () => path,
        onOpened: (opened, traceId) => told.push([path, opened, traceId]),
        onClosed: (traceId) => told.push([path, traceId]),
        openWindow: (opened) => told.push([path, 'new', opened]),
      }),
    );
    const hellos = await Promise.all(windows.map((one) => one.request('workbench.hello', {}, signal)));
    expect(hellos).toMatchObject([{ openPath: '/a.sctrace' }, { openPath: null }]);
    const path = await importConvoy();
    const { traceId } = (await windows[1]!.request('trace.open', { path }, signal)) as { traceId: string };
    await windows[1]!.request('trace.close', { traceId }, signal);
    await windows[0]!.request('window.open', { path }, signal);
    expect(told).toEqual([
      [null, path, traceId],
      [null, traceId],
      ['/a.sctrace', 'new', path],
    ]);
  });

  it('that go take along what they had open, and nothing of the others', async () => {
    const path = await importConvoy();
    const [leaving, staying] = [service.forWindow(), service.forWindow()];
    const open = (window: typeof leaving): Promise<Results['trace.open']> =>
      window.request('trace.open', { path }, signal) as Promise<Results['trace.open']>;
    const [left, again, kept] = [await open(leaving), await open(leaving), await open(staying)];
    const uploads = [];
    // As many as there may be under way at a time.
    for (let count = 0; count < 8; count++) {
      uploads.push(await leaving.request('upload.begin', { name: 'a.txt', bytes: 5 }, signal));
    }
    await leaving.leave();
    for (const { traceId } of [left, again]) {
      await expect(request('trace.summary', { traceId })).rejects.toMatchObject({ code: 'closed' });
    }
    expect(await request('trace.summary', { traceId: kept.traceId })).toMatchObject({ path });
    await expect(service.request('upload.end', uploads[0], signal)).rejects.toMatchObject({
      code: 'bad-request',
    });
    expect(await request('upload.begin', { name: 'b.txt', bytes: 5 })).toMatchObject({
      uploadId: expect.any(String) as string,
    });
  });

  it('that go while a trace is being opened for them do not leave it open', async () => {
    const path = await importConvoy();
    const window = service.forWindow();
    const opening = window.request('trace.open', { path }, signal) as Promise<Results['trace.open']>;
    await window.leave();
    const { traceId } = await opening;
    await expect(request('trace.summary', { traceId })).rejects.toMatchObject({ code: 'closed' });
  });

  it('are told that their host cannot open another one', async () => {
    await expect(request('window.open', {})).rejects.toMatchObject({ code: 'bad-request' });
  });

  it('hear of settings that another one has saved', async () => {
    const heard: unknown[] = [];
    service.subscribe((name, payload) => name === 'settings.changed' && heard.push(payload));
    await request('settings.write', { settings: { theme: 'light' } });
    expect(heard).toEqual([{ settings: { theme: 'light' } }]);
  });
});

describe('the window', () => {
  it('is greeted with what it can do and should show', async () => {
    const other = start({
      host: 'electron',
      openPath: 'x.sctrace',
      openFilesDialog: () => Promise.resolve(['/a', '/b']),
    });
    const { signal } = new AbortController();
    expect(await other.request('workbench.hello', {}, signal)).toEqual({
      version: '0.1.0',
      host: 'electron',
      nativeFiles: true,
      openPath: join(process.cwd(), 'x.sctrace'),
    });
    expect(await other.request('dialog.openFiles', {}, signal)).toEqual({ paths: ['/a', '/b'] });
    await other.close();
    expect(await request('workbench.hello', {})).toMatchObject({ nativeFiles: false, openPath: null });
    await expect(request('dialog.openFiles', {})).rejects.toMatchObject({ code: 'bad-request' });
  });

  it('is shown the samples that come with the program', async () => {
    const { samples } = await request('recent.list', {});
    expect(samples.map(({ name }) => name)).toContain('real-convoy-spin.ftrace.txt.gz');
  });

  it('gets back the settings that it wrote, also from the next service', async () => {
    expect(await request('settings.read', {})).toEqual({ settings: {} });
    const settings = { theme: 'dark', panelPx: { charts: 200 }, folded: { minimap: true } };
    await request('settings.write', { settings });
    await service.close();
    service = start();
    expect(await request('settings.read', {})).toEqual({ settings });
  });

  it('is told once when the settings file is broken; the file is set aside and the defaults hold', async () => {
    await request('settings.write', { settings: { theme: 'dark' } });
    const file = join(folder, 'config/settings.json');
    await writeFile(file, '{ "theme": ');
    await expect(request('settings.read', {})).rejects.toMatchObject({
      code: 'unreadable',
      message: expect.stringContaining('settings.json is damaged. It is kept as') as string,
    });
    expect(await request('settings.read', {})).toEqual({ settings: {} });
    const kept = (await readdir(join(folder, 'config'))).find((name) => name.includes('.broken-'))!;
    expect(await readFile(join(folder, 'config', kept), 'utf8')).toBe('{ "theme": ');
  });

  it('finds many settings written at once in the order in which they were written', async () => {
    await Promise.all(Array.from({ length: 20 }, (_, n) => request('settings.write', { settings: { n } })));
    expect(await request('settings.read', {})).toEqual({ settings: { n: 19 } });
    expect(await readdir(join(folder, 'config'))).toEqual(['settings.json']);
  });
});

describe('files', () => {
  it('are told apart by their content', async () => {
    const scenario = join(folder, 'no-extension');
    await writeFile(scenario, SCENARIO);
    expect(await request('trace.identify', { path: scenario })).toEqual({
      kind: 'scenario',
      format: 'scenario',
    });
    expect(await request('trace.identify', { path: CONVOY })).toEqual({ kind: 'import', format: 'ftrace' });
    const trace = await importConvoy();
    expect(await request('trace.identify', { path: trace })).toEqual({ kind: 'trace', format: 'sctrace' });
  });

  it('of no known kind are answered with what was found and what to do', async () => {
    await expect(request('trace.identify', { path: fixture('binary-head-perf.data') })).rejects.toMatchObject(
      {
        code: 'unknown-format',
        message: expect.stringContaining('perf script') as string,
      },
    );
    const text = join(folder, 'hello.txt');
    await writeFile(text, 'hello\n');
    await expect(request('trace.identify', { path: text })).rejects.toMatchObject({ code: 'unknown-format' });
    await expect(request('trace.identify', { path: join(folder, 'none') })).rejects.toMatchObject({
      code: 'not-found',
    });
  });

  it('that are no traces cannot be opened', async () => {
    await expect(request('trace.open', { path: CONVOY })).rejects.toMatchObject({ code: 'not-a-trace' });
    await expect(request('trace.open', { path: join(folder, 'none') })).rejects.toMatchObject({
      code: 'not-found',
    });
  });
});

describe('an open trace', () => {
  it('answers every question about it, and none once it is closed', async () => {
    const path = await importConvoy();
    const trace = await request('trace.open', { path });
    const { traceId, durationNs } = trace;
    expect(trace).toMatchObject({ path, source: 'ftrace', complete: true, hasSchedctl: false, tickNs: null });
    expect(trace.cpus.map(({ name }) => name)).toEqual(['CPU 0', 'CPU 1']);
    const window = { traceId, startNs: 0, endNs: durationNs, pixels: 800 };
    const worker = trace.lwps.find(({ name }) => name === 'worker-0')!.id;
    const lanes = await request('trace.lanes', {
      ...window,
      lanes: [
        { kind: 'cpu', id: 0 },
        { kind: 'lwp', id: worker },
      ],
    });
    expect(lanes.laneOffset).toHaveLength(3);
    expect(lanes.laneOffset[2]).toBe(lanes.startNs.length);
    expect(lanes.laneOffset[1]).toBeGreaterThan(10);
    expect((await request('trace.overview', { traceId, pixels: 100 })).runningNs.some((ns) => ns > 0)).toBe(
      true,
    );
    expect((await request('trace.decisions', window)).sequence).toHaveLength(0);
    expect((await request('trace.nopreemptWindows', { ...window, lwps: [worker] })).lwp).toHaveLength(0);
    expect((await request('trace.slotOccupancy', window)).used).toHaveLength(0);
    expect((await request('trace.cpuUpdates', window)).buckets).toBeGreaterThan(0);
    expect((await request('trace.decisionCounts', window)).buckets).toBeGreaterThan(0);
    expect((await request('trace.queueLengths', { ...window, cpus: [0] })).cpuOffset).toHaveLength(2);
    const events = await request('trace.events', { traceId, sequence: 1, before: 0, after: 10 });
    expect([...events.sequence]).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect((await request('trace.eventsBySequence', { traceId, sequences: [3, 5] })).kind).toHaveLength(2);
    const step = await request('trace.step', { traceId, fromSequence: 5, direction: 'next', what: 'event' });
    expect(step).toMatchObject({ sequence: 6 });
    const state = await request('trace.stateAt', { traceId, timeNs: durationNs / 2 });
    expect(state.words).toBeInstanceOf(Int32Array);
    expect(state.sequence).toBeGreaterThan(100);

    await request('trace.close', { traceId });
    await expect(request('trace.stateAt', { traceId, timeNs: 0 })).rejects.toMatchObject({ code: 'closed' });
  });

  it('is remembered as recent, newest first', async () => {
    const path = await importConvoy();
    const { traceId } = await request('trace.open', { path });
    const { recent } = await request('recent.list', {});
    expect(recent[0]).toMatchObject({ path, name: basename(path) });
    await request('trace.close', { traceId });
  });

  it('gives up a query that is cancelled, and answers the others', async () => {
    const { traceId } = await request('trace.open', { path: await importConvoy() });
    const controller = new AbortController();
    const queries = Array.from({ length: 5 }, () => request('trace.overview', { traceId, pixels: 50 }));
    const cancelled = request('trace.overview', { traceId, pixels: 50 }, controller.signal);
    controller.abort();
    await expect(cancelled).rejects.toMatchObject({ code: 'cancelled' });
    for (const query of queries) expect((await query).buckets).toBeGreaterThan(0);
  });
});

describe('scenarios', () => {
  it('of the program are listed with what to see in them, and read by their id', async () => {
    const list = await request('scenario.list', {});
    const convoy = list.find(({ id }) => id === 'lock-convoy.yaml')!;
    expect(convoy.title).not.toBe('lock-convoy.yaml');
    expect((await request('scenario.read', { id: convoy.id })).text).toContain('# Title:');
  });

  it('are read by path, and nothing outside the folder by name', async () => {
    const path = join(folder, 'mine.yaml');
    await writeFile(path, SCENARIO);
    expect(await request('scenario.read', { id: path })).toEqual({ text: SCENARIO });
    await expect(request('scenario.read', { id: '../README.md' })).rejects.toMatchObject({
      code: 'not-found',
    });
  });

  it('are checked as they are edited', async () => {
    expect((await request('scenario.check', { text: SCENARIO })).facts).toMatchObject({ cpus: 1, lwps: 2 });
    const broken = await request('scenario.check', { text: 'cpus: many\n' });
    expect(broken.facts).toBeNull();
    expect(broken.problems[0]).toMatchObject({ line: 1 });
  });
});

describe('recording', () => {
  it('makes a trace in the recordings folder, named after the scenario, and reports', async () => {
    const progress: string[] = [];
    service.subscribe((name) => {
      progress.push(name);
    });
    const end = await finished(() => request('record.start', { text: SCENARIO, name: 'Two threads.yaml' }));
    expect(end).toMatchObject({ complete: true });
    const { path, events } = end as Events['job.done'];
    expect(path.startsWith(join(folder, 'recordings', 'Two-threads-'))).toBe(true);
    expect(events).toBeGreaterThan(0);
    const trace = await request('trace.open', { path });
    expect(trace).toMatchObject({ events, source: 'emulator', durationNs: expect.any(Number) as number });
    expect(trace.lwps.map(({ name }) => name).sort()).toEqual(['worker 0', 'worker 1']);
    expect(progress.at(-1)).toBe('job.done');
  });

  it('refuses a scenario with a mistake at once, naming the line', async () => {
    await expect(request('record.start', { text: 'cpus: many\n', name: 'x' })).rejects.toMatchObject({
      code: 'scenario-invalid',
      context: { line: 1 },
    });
    await expect(stat(join(folder, 'recordings'))).rejects.toThrow();
  });

  it('keeps what was written when it is cancelled', async () => {
    const long = SCENARIO.replace('20 ms', '10 min');
    let jobId = '';
    service.subscribe((name) => {
      if (name === 'job.progress') void request('job.cancel', { jobId });
    });
    const end = await finished(async () => {
      const started = await request('record.start', { text: long, name: 'long' });
      jobId = started.jobId;
      return started;
    });
    expect(end).toMatchObject({ error: { code: 'cancelled' } });
    const { partialPath } = end as Events['job.failed'];
    const trace = await request('trace.open', { path: partialPath! });
    expect(trace.complete).toBe(false);
    expect(trace.events).toBeGreaterThan(0);
  });
});

describe('a trace that is viewed while it records', () => {
  /** Starts a recording and opens it as soon as there is something in it. */
  async function openLive(duration: string) {
    const ends: (Events['job.done'] | Events['job.failed'])[] = [];
    service.subscribe((name, payload) => {
      if (name === 'job.done' || name === 'job.failed') ends.push(payload as Events['job.done']);
    });
    const text = SCENARIO.replace('20 ms', duration);
    const { jobId, path } = await request('record.start', { text, name: 'live' });
    let trace: Results['trace.open'] | null = null;
    await expect
      .poll(
        async () => {
          trace = await request('trace.open', { path }).catch(() => null);
          return trace?.events ?? 0;
        },
        { timeout: 20_000 },
      )
      .toBeGreaterThan(0);
    return { jobId, path, ends, first: trace as unknown as Results['trace.open'] };
  }

  it('grows, and its lanes with it', async () => {
    const { jobId, first, ends } = await openLive('100 min');
    const { traceId } = first;
    await expect
      .poll(async () => (await request('trace.summary', { traceId })).events, { timeout: 20_000 })
      .toBeGreaterThan(first.events);
    const now = await request('trace.summary', { traceId });
    expect(now.durationNs).toBeGreaterThan(first.durationNs);
    const lanes = await request('trace.lanes', {
      traceId,
      startNs: first.durationNs,
      endNs: now.durationNs,
      pixels: 100,
      lanes: [{ kind: 'cpu', id: 0 }],
    });
    expect(lanes.startNs.length).toBeGreaterThan(0);

    await request('job.cancel', { jobId });
    await expect.poll(() => ends.length, { timeout: 20_000 }).toBe(1);
    // The same trace goes on to be readable, closed and incomplete.
    const end = await request('trace.summary', { traceId });
    expect(end).toMatchObject({ complete: false, path: (ends[0] as Events['job.failed']).partialPath });
    expect(await readdir(join(folder, 'recordings'))).toEqual([basename(end.path)]);
  });

  it('gets its name when it is complete, and stays open under it', async () => {
    const { path, first, ends } = await openLive('150 s');
    await expect.poll(() => ends.length, { timeout: 20_000 }).toBe(1);
    const { traceId } = first;
    const end = await request('trace.summary', { traceId });
    expect(end).toMatchObject({ traceId, complete: true, path: path.replace(/\.part$/, '') });
    expect(end.events).toBe((ends[0] as Events['job.done']).events);
    expect(await readdir(join(folder, 'recordings'))).toEqual([basename(end.path)]);
  });
});

describe('importing', () => {
  it('refuses what needs no importing, and what cannot be', async () => {
    const path = await importConvoy();
    await expect(request('import.start', { path })).rejects.toMatchObject({ code: 'bad-request' });
    await expect(request('import.start', { path: fixture('binary-head-trace.dat') })).rejects.toMatchObject({
      code: 'unknown-format',
    });
  });
});

describe('importing the records of one run', () => {
  const locks = fixture('locklogs/convoy-spin.csv.gz');

  it('joins a lock log to its trace, in whatever order they are given', async () => {
    const end = await finished(() => request('import.start', { path: locks, also: [CONVOY] }));
    const { path } = end as Events['job.done'];
    expect(basename(path)).toContain(basename(CONVOY).split('.')[0]!);
    const { traceId, syncs, durationNs } = await request('trace.open', { path });
    expect(syncs.map(({ name }) => name)).toEqual(['convoy-spin']);
    const { holds } = (await request('trace.aggregates', { traceId, startNs: 0, endNs: durationNs })).locks;
    // The log's acquisitions (expected-holders.json).
    expect([...holds]).toEqual([260]);
  });

  it('merges traces of two tools', async () => {
    const perf = fixture('convoy-spin.perf-script.txt.gz');
    const end = await finished(() => request('import.start', { path: CONVOY, also: [perf] }));
    expect((end as Events['job.done']).report).toMatchObject({ format: 'ftrace + perf-script' });
  });

  it('says which file cannot be part of it', async () => {
    const trace = await importConvoy();
    await expect(request('import.start', { path: CONVOY, also: [trace] })).rejects.toMatchObject({
      code: 'bad-request',
      message: expect.stringContaining(basename(trace)) as string,
    });
    await expect(request('import.start', { path: locks, also: [locks, CONVOY] })).rejects.toMatchObject({
      code: 'bad-request',
      message: expect.stringContaining('only one can be joined') as string,
    });
    await expect(request('import.start', { path: locks })).rejects.toMatchObject({ code: 'unknown-format' });
  });
});

describe('uploads', () => {
  const send = async (
    name: string,
    bytes: Uint8Array<ArrayBuffer>,
    announced = bytes.length,
  ): Promise<string> => {
    const { uploadId } = await request('upload.begin', { name, bytes: announced });
    for (let at = 0; at < bytes.length; at += 10_000) {
      await request('upload.chunk', { uploadId, data: bytes.subarray(at, at + 10_000) });
    }
    return (await request('upload.end', { uploadId })).path;
  };

  it('arrive whole under their own name, and are gone with the service', async () => {
    const bytes = new Uint8Array(await readFile(CONVOY));
    const path = await send('../../etc/convoy.txt.gz', bytes);
    expect(basename(path)).toBe('convoy.txt.gz');
    expect(new Uint8Array(await readFile(path))).toEqual(bytes);
    expect(await request('trace.identify', { path })).toEqual({ kind: 'import', format: 'ftrace' });
    await service.close();
    await expect(stat(path)).rejects.toThrow();
  });

  it('that are cancelled are removed, whether they were under way or not', async () => {
    const { uploadId } = await request('upload.begin', { name: 'a', bytes: 25_000 });
    await request('upload.chunk', { uploadId, data: new Uint8Array(10_000) });
    await request('upload.cancel', { uploadId });
    await expect(request('upload.end', { uploadId })).rejects.toMatchObject({ code: 'bad-request' });
    await request('upload.cancel', { uploadId });
  });

  it('that are longer or shorter than announced are refused and removed', async () => {
    const bytes = new Uint8Array(25_000);
    await expect(send('a', bytes, 15_000)).rejects.toMatchObject({ code: 'bad-request' });
    await expect(send('a', bytes, 30_000)).rejects.toMatchObject({ code: 'bad-request' });
    await expect(request('upload.end', { uploadId: 'none' })).rejects.toMatchObject({ code: 'bad-request' });
  });
});

describe('exports', () => {
  it('write what was asked for into the exports folder, and can be read back in pieces', async () => {
    const { traceId } = await request('trace.open', { path: await importConvoy() });
    const range = { startNs: 1e9, endNs: 1.01e9 };
    const end = await finished(() =>
      request('export.start', { traceId, format: 'csv', table: 'lwp_state', range }),
    );
    if (!('path' in end)) throw new Error(end.error.message);
    expect(end.path.startsWith(join(folder, 'exports'))).toBe(true);
    const text = await readFile(end.path, 'utf8');
    expect(text.split('\r\n').length).toBe(end.events + 2);

    const { data, totalBytes } = await request('export.read', {
      jobId: end.jobId,
      file: 0,
      offset: 3,
      bytes: 10,
    });
    expect(totalBytes).toBe(Buffer.byteLength(text));
    expect(Buffer.from(data).toString()).toBe(text.slice(3, 13));
    const behind = await request('export.read', { jobId: end.jobId, file: 0, offset: totalBytes, bytes: 10 });
    expect(behind.data.length).toBe(0);
  });

  it('of all tables are a folder whose files can be read back one by one', async () => {
    const { traceId } = await request('trace.open', { path: await importConvoy() });
    const range = { startNs: 1e9, endNs: 1.01e9 };
    const end = await finished(() => request('export.start', { traceId, format: 'parquet', range }));
    if (!('path' in end)) throw new Error(end.error.message);
    const { jobId } = end;
    const { name, isFolder, files } = await request('export.files', { jobId });
    expect([name, isFolder]).toEqual([basename(end.path), true]);
    expect(files.map((file) => file.name)).toEqual((await readdir(end.path)).sort());
    const last = files.length - 1;
    const { data, totalBytes } = await request('export.read', { jobId, file: last, offset: 0, bytes: 4 });
    expect(Buffer.from(data).toString()).toBe('PAR1');
    expect(totalBytes).toBe(files[last]!.bytes);
    await expect(
      request('export.read', { jobId, file: files.length, offset: 0, bytes: 4 }),
    ).rejects.toMatchObject({ code: 'bad-request' });
  });

  it('cut a time range out as a trace that opens', async () => {
    const { traceId } = await request('trace.open', { path: await importConvoy() });
    const range = { startNs: 1e9, endNs: 1.2e9 };
    const end = await finished(() => request('export.start', { traceId, format: 'sctrace', range }));
    if (!('path' in end)) throw new Error(end.error.message);
    const cut = await request('trace.open', { path: end.path });
    expect(cut).toMatchObject({ complete: true, events: end.events });
    expect(cut.durationNs).toBeLessThanOrEqual(2e8);
  });

  it('are refused at once where they mean nothing', async () => {
    const { traceId } = await request('trace.open', { path: await importConvoy() });
    await expect(request('export.start', { traceId, format: 'csv' })).rejects.toMatchObject({
      code: 'usage',
    });
    await expect(request('export.start', { traceId, format: 'csv', table: 'x' })).rejects.toMatchObject({
      code: 'bad-request',
    });
    await expect(request('export.start', { traceId: 'gone', format: 'chrome' })).rejects.toMatchObject({
      code: 'closed',
    });
    await expect(
      request('export.read', { jobId: 'none', file: 0, offset: 0, bytes: 1 }),
    ).rejects.toMatchObject({
      code: 'bad-request',
    });
  });
});
