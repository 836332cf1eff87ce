import { createPinia, setActivePinia } from 'pinia';
import { beforeEach, describe, expect, it } from 'vitest';
import type {
  EventName,
  Events,
  Hello,
  RequestName,
  RequestParams,
  Results,
  TraceSummary,
  WorkbenchClient,
} from '#shared/api/contract.ts';
import { WorkbenchError } from '#shared/base/errors.ts';
import { useJobs } from './jobs.ts';
import { useNotices } from './notices.ts';
import { useRecording } from './recording.ts';
import { useConnection } from './connection.ts';
import { useFollowing } from './following.ts';
import { useImporting } from './importing.ts';
import { useOpening } from './opening.ts';
import { useWindowStart } from './window-start.ts';
import { useSession } from './session.ts';

type Answers = { [Name in RequestName]?: (params: RequestParams<Name>) => Results[Name] };

/** A workbench that answers from a table and remembers what it was asked; events are sent by the test. */
class ScriptedClient implements WorkbenchClient {
  readonly asked: (readonly [RequestName, unknown])[] = [];
  private readonly listeners = new Map<string, ((payload: never) => void)[]>();
  private readonly answers: Answers;

  constructor(answers: Answers) {
    this.answers = {
      'workbench.hello': () => hello,
      'recent.list': () => ({ recent: [], samples: [] }),
      'trace.close': () => null,
      'trace.highlight': () => null,
      ...answers,
    };
  }

  async request<Name extends RequestName>(name: Name, params: RequestParams<Name>): Promise<Results[Name]> {
    this.asked.push([name, params]);
    const answer = this.answers[name];
    if (answer === undefined) throw new Error(`unexpected request ${name}`);
    return Promise.resolve(answer(params));
  }

  on<Name extends EventName>(name: Name, listener: (payload: Events[Name]) => void): () => void {
    this.listeners.set(name, [...(this.listeners.get(name) ?? []), listener]);
    return () => undefined;
  }

  send<Name extends EventName>(name: Name, payload: Events[Name]): void {
    for (const listener of this.listeners.get(name) ?? [])
      (listener as (sent: Events[Name]) => void)(payload);
  }

  close(): void {
    this.listeners.clear();
  }

  askedFor(name: RequestName): unknown[] {
    return this.asked.filter(([asked]) => asked === name).map(([, params]) => params);
  }
}

const hello: Hello = { version: '0', host: 'memory', nativeFiles: false, openPath: null };

const summary = (path: string): TraceSummary => ({
  traceId: `id of ${path}`,
  path,
  fileName: path,
  source: 'emulator',
  sourceDetail: '',
  complete: true,
  incompleteReason: null,
  events: 10,
  durationNs: 1_000,
  plannedNs: null,
  digest: '',
  tickNs: null,
  hasSchedctl: true,
  cpus: [],
  processes: [],
  lwps: [],
  pages: [],
  syscalls: [],
  syncs: [],
  warnings: [],
});

const opensTraces: Answers = {
  'trace.identify': ({ path }) => {
    if (path.endsWith('.txt')) return { kind: 'import', format: 'ftrace' };
    if (path.endsWith('.yaml')) return { kind: 'scenario', format: 'scenario' };
    if (path.startsWith('bad')) throw new WorkbenchError('not-a-trace', `${path} is no trace.`);
    return { kind: 'trace', format: 'sctrace' };
  },
  'trace.open': ({ path }) => summary(path),
  'scenario.read': () => ({ text: 'cpus: 1' }),
  'import.start': () => ({ jobId: 'job', path: 'imported.part', sourceBytes: 100 }),
  'job.cancel': () => null,
};

async function connected(answers: Answers, pathOfFile: (file: File) => string | null = () => null) {
  const client = new ScriptedClient(answers);
  const session = useSession();
  let lose = (): void => undefined;
  await useWindowStart().attach({ client, pathOfFile, onClosed: (listener) => (lose = listener) });
  return { client, session, lose: () => lose() };
}

/** Lets everything that is already due happen. */
const settle = () => new Promise((resolve) => setTimeout(resolve, 0));

beforeEach(() => setActivePinia(createPinia()));

describe('opening', () => {
  it('shows what the host was started with', async () => {
    const { session } = await connected({
      ...opensTraces,
      'workbench.hello': () => ({ ...hello, openPath: 'a.sctrace' }),
    });
    expect(session.trace?.path).toBe('a.sctrace');
  });

  it('keeps the open trace when the next one cannot be opened, and says why', async () => {
    const { session, client } = await connected(opensTraces);
    await useOpening().open('a.sctrace');
    await useOpening().open('bad.sctrace');
    expect(session.trace?.path).toBe('a.sctrace');
    expect(useOpening().busy).toBeNull();
    expect(useNotices().notices.map(({ message }) => message)).toEqual(['bad.sctrace is no trace.']);
    expect(client.askedFor('trace.close')).toEqual([]);
  });

  it('closes the trace before only when the next one is there', async () => {
    const { session, client } = await connected(opensTraces);
    await useOpening().open('a.sctrace');
    await useOpening().open('b.sctrace');
    expect(session.trace?.path).toBe('b.sctrace');
    expect(client.askedFor('trace.close')).toEqual([{ traceId: 'id of a.sctrace' }]);
  });

  it('imports what is no trace of ours and opens the result, even if the job ends before its answer is looked at', async () => {
    const { session, client } = await connected({
      ...opensTraces,
      'import.start': () => {
        client.send('job.done', {
          jobId: 'job',
          path: 'imported.sctrace',
          complete: true,
          events: 5,
          report: null,
        });
        return { jobId: 'job', path: 'imported.part', sourceBytes: 100 };
      },
    });
    await useOpening().open('log.txt');
    expect(session.trace?.path).toBe('imported.sctrace');
  });

  it('says nothing about an import that the reader cancelled', async () => {
    const { client } = await connected(opensTraces);
    const opening = useOpening().open('log.txt');
    await settle();
    expect(useImporting().running).toEqual({ name: 'log.txt', jobId: 'job', sourceBytes: 100 });
    await useJobs().cancel('job');
    client.send('job.failed', {
      jobId: 'job',
      error: { code: 'cancelled', message: 'Cancelled.', context: {} },
      partialPath: null,
    });
    await opening;
    expect(useImporting().running).toBeNull();
    expect(useNotices().notices).toEqual([]);
  });

  it('brings a scenario to the editor', async () => {
    await connected(opensTraces);
    await useOpening().open('dir/mine.yaml');
    expect(useOpening().scenarioToEdit).toEqual({ name: 'mine.yaml', text: 'cpus: 1' });
  });
});

describe('files of the browser', () => {
  it('are opened where they are when the host knows', async () => {
    const { session, client } = await connected(opensTraces, () => '/there/a.sctrace');
    await useOpening().openFiles([new File(['x'], 'a.sctrace')]);
    expect(session.trace?.path).toBe('/there/a.sctrace');
    expect(client.askedFor('upload.begin')).toEqual([]);
  });

  it('are sent in pieces when it does not', async () => {
    const received: Uint8Array[] = [];
    const { session } = await connected({
      ...opensTraces,
      'upload.begin': () => ({ uploadId: 'u' }),
      'upload.chunk': ({ data }) => {
        received.push(data);
        return null;
      },
      'upload.end': () => ({ path: 'uploaded.sctrace' }),
    });
    await useOpening().openFiles([new File([new Uint8Array(2_500_000).fill(7)], 'a.sctrace')]);
    expect(received.map((piece) => piece.length)).toEqual([1_048_576, 1_048_576, 402_848]);
    expect(session.trace?.path).toBe('uploaded.sctrace');
  });
});

describe('a trace of an earlier version', () => {
  it('shows how far its upgrade is, and can be cancelled without a word', async () => {
    const session = useSession();
    const { client } = await connected({
      ...opensTraces,
      'trace.open': ({ path }) => {
        client.send('trace.upgrading', { path: 'other.sctrace', events: 1, allEvents: 2 });
        client.send('trace.upgrading', { path, events: 30, allEvents: 100 });
        expect(useOpening().busy).toMatchObject({ what: 'opening', upgrade: { events: 30, allEvents: 100 } });
        useOpening().busy?.cancel();
        throw new WorkbenchError('cancelled', 'The upgrade was cancelled.');
      },
    });
    await useOpening().open('old.sctrace');
    expect([useOpening().busy, session.trace]).toEqual([null, null]);
    expect(useNotices().notices).toEqual([]);
  });
});

describe('an upload', () => {
  it('that the reader cancels sends no more, and says nothing', async () => {
    const session = useSession();
    const { client } = await connected({
      ...opensTraces,
      'upload.begin': () => ({ uploadId: 'u' }),
      'upload.chunk': () => {
        useOpening().busy?.cancel();
        return null;
      },
      'upload.cancel': () => null,
    });
    await useOpening().openFiles([new File([new Uint8Array(2_500_000)], 'a.sctrace')]);
    expect(client.askedFor('upload.chunk')).toHaveLength(1);
    expect(client.askedFor('upload.cancel')).toEqual([{ uploadId: 'u' }]);
    expect([useOpening().busy, session.trace]).toEqual([null, null]);
    expect(useNotices().notices).toEqual([]);
  });
});

describe('the connection', () => {
  it('when it is gone leaves the trace on the screen and says so', async () => {
    const { session, lose } = await connected(opensTraces);
    await useOpening().open('a.sctrace');
    lose();
    expect(useConnection().connected).toBe(false);
    expect(session.trace?.path).toBe('a.sctrace');
    expect(useNotices().notices[0]?.title).toBe('The connection to the workbench is lost');
  });
});

/** Answers of a workbench that writes `written`, which has `events.now` rows by now and another name from 21 on. */
const growing = (written: string, events: { now: number }): Answers => ({
  ...opensTraces,
  'trace.open': ({ path }) => ({
    ...summary(path),
    complete: path !== `${written}.part`,
    events: events.now,
  }),
  'trace.summary': () => ({
    ...summary(`${written}.part`),
    path: events.now > 20 ? `${written}.sctrace` : `${written}.part`,
    complete: events.now > 20,
    events: events.now,
  }),
});

const progressOf = (job: 'record' | 'import', jobId: string, written: number): Events['job.progress'] => ({
  jobId,
  job,
  events: written,
  timeNs: 0,
  fraction: 0.5,
  bytes: 0,
  eventsPerSecond: 0,
  remainingMs: null,
});

const doneOf = (jobId: string, path: string): Events['job.done'] => ({
  jobId,
  path,
  complete: true,
  events: 25,
  report: null,
});

describe('an import', () => {
  const events = { now: 10 };
  beforeEach(() => (events.now = 10));
  const imports = growing('imported', events);

  it('fills the window while it runs, and keeps its place when it is done', async () => {
    const { session, client } = await connected(imports);
    const opening = useOpening().open('log.txt');
    await settle();
    expect(useOpening().busy).toBeNull();
    client.send('job.progress', progressOf('import', 'job', 10));
    await settle();
    expect(useFollowing().isLive).toBe(true);
    const { traceId } = session;
    events.now = 25;
    client.send('job.done', doneOf('job', 'imported.sctrace'));
    await opening;
    expect(session.traceId).toBe(traceId);
    expect(session.trace?.path).toBe('imported.sctrace');
    expect(session.completed).toBe(traceId);
    expect([useFollowing().isLive, useImporting().running]).toEqual([false, null]);
  });

  it('that the reader has left is offered when it is done, not put before what they look at', async () => {
    const { session, client } = await connected(imports);
    const opening = useOpening().open('log.txt');
    await settle();
    client.send('job.progress', progressOf('import', 'job', 10));
    await settle();
    await useOpening().open('a.sctrace');
    client.send('job.progress', progressOf('import', 'job', 20));
    client.send('job.done', doneOf('job', 'imported.sctrace'));
    await opening;
    expect(session.trace?.path).toBe('a.sctrace');
    const [notice] = useNotices().notices;
    expect(notice).toMatchObject({ title: 'Imported log.txt', action: { label: 'Open' } });
    await notice!.action!.run();
    expect(session.trace?.path).toBe('imported.sctrace');
  });

  it('that is cancelled leaves what it has shown', async () => {
    const { session, client } = await connected(imports);
    const opening = useOpening().open('log.txt');
    await settle();
    client.send('job.progress', progressOf('import', 'job', 10));
    await settle();
    client.send('job.failed', {
      jobId: 'job',
      error: { code: 'cancelled', message: 'Cancelled.', context: {} },
      partialPath: 'imported.part',
    });
    await opening;
    expect(session.trace?.path).toBe('imported.part');
    expect(useFollowing().isLive).toBe(false);
    expect(useNotices().notices[0]).toMatchObject({ severity: 'info', title: 'Import cancelled' });
  });
});

describe('a recording', () => {
  const events = { now: 10 };
  beforeEach(() => (events.now = 10));
  const starts: Answers = {
    ...growing('r', events),
    'record.start': () => ({ jobId: 'r', path: 'r.part' }),
  };
  const progress = (written: number): Events['job.progress'] => progressOf('record', 'r', written);
  const params = { scenario: { text: '', name: 'a.yaml' }, durationNs: null, shown: true };

  it('is shown once there is something in it, grows, and keeps its place when it is done', async () => {
    const { session, client } = await connected(starts);
    const recording = useRecording();
    expect(await recording.start(params)).toBe(true);
    client.send('job.progress', progress(10));
    await settle();
    expect(recording.progress?.events).toBe(10);
    expect(useFollowing().isLive).toBe(true);
    const opened = session.traceId;
    events.now = 20;
    client.send('job.progress', progress(20));
    await settle();
    expect(session.trace?.events).toBe(20);
    expect(session.revision).toBe(1);

    events.now = 25;
    client.send('job.done', doneOf('r', 'r.sctrace'));
    await settle();
    expect(session.traceId).toBe(opened);
    expect(session.trace?.path).toBe('r.sctrace');
    expect(recording.running).toBe(false);
  });

  it('leaves another trace on the screen where it is not to be shown, says where it is and offers to open it', async () => {
    const { session, client } = await connected(starts);
    await useOpening().open('a.sctrace');
    const recording = useRecording();
    await recording.start({ ...params, shown: false });
    client.send('job.progress', progress(10));
    client.send('job.done', doneOf('r', 'r.sctrace'));
    await settle();
    expect(session.trace?.path).toBe('a.sctrace');
    const [notice] = useNotices().notices;
    expect(notice).toMatchObject({ severity: 'info', message: 'r.sctrace', action: { label: 'Open' } });
    await notice!.action!.run();
    expect(session.trace?.path).toBe('r.sctrace');
  });

  it('that fails keeps what was recorded within reach', async () => {
    const { session, client } = await connected(starts);
    await useRecording().start(params);
    client.send('job.failed', {
      jobId: 'r',
      error: { code: 'disk-full', message: 'The disk is full.', context: {} },
      partialPath: 'r.part',
    });
    await settle();
    expect(useNotices().notices[0]?.message).toBe('The disk is full. The recording up to then is in r.part.');
    expect(session.trace?.path).toBe('r.part');
  });

  it('that fails after the reader has left it offers what was recorded', async () => {
    const { session, client } = await connected(starts);
    await useRecording().start(params);
    client.send('job.progress', progress(10));
    await settle();
    await useOpening().open('a.sctrace');
    client.send('job.failed', {
      jobId: 'r',
      error: { code: 'disk-full', message: 'The disk is full.', context: {} },
      partialPath: 'r.part',
    });
    await settle();
    expect(session.trace?.path).toBe('a.sctrace');
    expect(useNotices().notices[0]).toMatchObject({ severity: 'error', action: { label: 'Open' } });
  });
});
