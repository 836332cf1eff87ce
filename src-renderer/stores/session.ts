/**
 * The window's connection to the workbench and the trace that is open in it.
 *
 * One trace at a time. Opening another keeps the present one until the new one is there, so a file that
 * cannot be opened costs nothing. Bulk data is never kept here: views ask `client` for what they show.
 */
import { defineStore } from 'pinia';
import { computed, markRaw, ref, shallowRef } from 'vue';
import type {
  Hello,
  Highlight,
  ImportSummary,
  RecentFile,
  TraceSummary,
  WorkbenchClient,
} from '#shared/api/contract.ts';
import { visibleText } from '#shared/base/visible-text.mjs';
import { useJobs } from './jobs.ts';
import { followLive, type LiveTrace } from './live-trace.ts';
import { useNotices, type Severity } from './notices.ts';
import { isCancelled } from './thrown.ts';
import { uploadFile } from './upload.ts';
import { showTimesAsCounts } from '../trace-data/format-time.ts';

/** What the transport gives a window: the door to the workbench, and what only its host can tell. */
export interface HostWindow {
  readonly client: WorkbenchClient;
  /** Path of a dropped file on the machine of the service; null where the host cannot tell. */
  pathOfFile(file: File): string | null;
  /** Calls `listener` once, when the connection is gone. */
  onClosed(listener: () => void): void;
}

/** Events of a trace that are in its upgraded copy so far, and all. */
export interface UpgradeProgress {
  readonly path: string;
  readonly events: number;
  readonly allEvents: number;
}

/** What the window is busy with; `name` is the file's. */
export type Busy =
  | {
      readonly what: 'opening';
      readonly name: string;
      /** A trace of an earlier version is upgraded first: how far that has come, null where it need not be. */
      readonly upgrade: UpgradeProgress | null;
      readonly cancel: () => void;
    }
  | { readonly what: 'uploading'; readonly name: string; readonly bytes: number; readonly cancel: () => void }
  | null;

/** The import that this window runs. */
export interface Importing {
  readonly name: string;
  readonly jobId: string;
  /** Size of the source. */
  readonly sourceBytes: number;
}

/** To be shown. */
const baseName = (path: string): string =>
  visibleText(path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1));

export const useSession = defineStore('session', () => {
  const notices = useNotices();
  const jobs = useJobs();

  const host = shallowRef<HostWindow | null>(null);
  const hello = shallowRef<Hello | null>(null);
  /** Facts of the open trace; null where none is open. Raw: never reactive inside. */
  const trace = shallowRef<TraceSummary | null>(null);
  /** The moment to show first in the open trace; null where it has none that stands out. */
  const highlight = shallowRef<Highlight | null>(null);
  /** Counts how often the open trace has grown: what was read of it before is to be asked for again. */
  const revision = ref(0);
  const busy = shallowRef<Busy>(null);
  /** The trace that is being opened. */
  let openingPath: string | null = null;
  /** 0 to 1 while a file is being uploaded. */
  const uploadFraction = ref(0);
  /** The newest import, until it has ended; the window is free for other things meanwhile. */
  const importing = shallowRef<Importing | null>(null);
  /** What the last import of this window did with its source. */
  const importReport = shallowRef<(ImportSummary & { readonly name: string }) | null>(null);
  const connected = ref(false);
  /** Whether what the host wanted shown first has been opened, or has failed to. */
  const settled = ref(false);
  const recent = shallowRef<readonly RecentFile[]>([]);
  const samples = shallowRef<readonly RecentFile[]>([]);
  /** Text of a scenario that somebody opened or dropped, for the record dialog to pick up. */
  const scenarioToEdit = shallowRef<{ readonly name: string; readonly text: string } | null>(null);

  /** The trace that a job of this window writes, where it shows it meanwhile. The newest job's: one is followed at a time. */
  const live = shallowRef<LiveTrace | null>(null);
  /** Whether what the window shows is still being written. */
  const isLive = computed(() => live.value?.isShown() ?? false);
  /** Id of the last trace that has become whole while it was shown. */
  const completed = ref<string | null>(null);

  const client = computed<WorkbenchClient | null>(() => host.value?.client ?? null);
  const traceId = computed<string | null>(() => trace.value?.traceId ?? null);

  /** The door to the workbench; for code that only runs once there is one. */
  function workbench(): WorkbenchClient {
    if (host.value === null) throw new Error('the window is not connected to the workbench yet');
    return host.value.client;
  }

  /** Takes over a connection, asks what to show first, and opens it. */
  async function attach(window: HostWindow): Promise<void> {
    host.value = markRaw(window);
    connected.value = true;
    window.onClosed(connectionLost);
    jobs.listen(window.client);
    window.client.on('open.request', ({ path }) => void open(path));
    window.client.on('trace.upgrading', showUpgrade);
    hello.value = markRaw(await window.client.request('workbench.hello', {}));
    await refreshRecent();
    if (hello.value.openPath !== null) await open(hello.value.openPath);
    settled.value = true;
  }

  /** The connection is gone; what is on the screen stays readable, nothing more can be asked. */
  function connectionLost(): void {
    connected.value = false;
    busy.value = null;
    notices.add(
      'error',
      'The connection to the workbench is gone',
      'What is on the screen stays. Start the workbench again to go on: it opens a new window, or prints the new address; this one is of no more use.',
    );
  }

  async function refreshRecent(): Promise<void> {
    try {
      const lists = await workbench().request('recent.list', {});
      recent.value = markRaw(lists.recent);
      samples.value = markRaw(lists.samples);
    } catch (thrown) {
      notices.fail('The recent files cannot be listed', thrown);
    }
  }

  /** Opens a file by path, whatever it is: a trace at once, other formats by importing, a scenario in the record dialog. */
  async function open(path: string): Promise<void> {
    const name = baseName(path);
    const signal = beginOpening(name, path);
    try {
      const identified = await workbench().request('trace.identify', { path });
      if (identified.kind === 'scenario') {
        const { text } = await workbench().request('scenario.read', { id: path });
        scenarioToEdit.value = { name, text };
      } else if (identified.kind === 'import') {
        await importAndOpen([path], name);
      } else {
        await openTrace(path, signal);
      }
    } catch (thrown) {
      notices.fail(`${name} cannot be opened`, thrown);
    } finally {
      busy.value = null;
    }
  }

  /** Opens one file as {@link open} does; several are records of one run, and are imported as one trace. */
  async function openTogether(paths: readonly string[]): Promise<void> {
    const [first, ...others] = paths;
    if (first === undefined) return;
    if (others.length === 0) {
      await open(first);
      return;
    }
    const name = `${baseName(first)} and ${others.length === 1 ? baseName(others[0]!) : `${others.length} more`}`;
    beginOpening(name, null);
    try {
      await importAndOpen(paths, name);
    } catch (thrown) {
      notices.fail(`${name} cannot be opened together`, thrown);
    } finally {
      busy.value = null;
    }
  }

  /** Opens files that the reader dropped or chose in the browser, as {@link openTogether} does. */
  async function openFiles(files: readonly File[]): Promise<void> {
    const paths: string[] = [];
    for (const file of files) {
      const path = host.value?.pathOfFile(file) ?? (await upload(file));
      if (path === null) return;
      paths.push(path);
    }
    await openTogether(paths);
  }

  /** Null where it failed, which the reader has been told. */
  async function upload(file: File): Promise<string | null> {
    const controller = new AbortController();
    const cancel = (): void => controller.abort();
    busy.value = { what: 'uploading', name: visibleText(file.name), bytes: file.size, cancel };
    uploadFraction.value = 0;
    try {
      return await uploadFile(
        workbench(),
        file,
        (fraction) => (uploadFraction.value = fraction),
        controller.signal,
      );
    } catch (thrown) {
      notices.fail(`${file.name} cannot be opened`, thrown);
      return null;
    } finally {
      busy.value = null;
    }
  }

  /** @param path of the trace that may have to be upgraded, null for none */
  function beginOpening(name: string, path: string | null): AbortSignal {
    const controller = new AbortController();
    openingPath = path;
    busy.value = { what: 'opening', name, upgrade: null, cancel: () => controller.abort() };
    return controller.signal;
  }

  /** Other windows may have traces upgraded as well. */
  function showUpgrade(progress: UpgradeProgress): void {
    if (busy.value?.what !== 'opening' || progress.path !== openingPath) return;
    busy.value = { ...busy.value, upgrade: progress };
  }

  async function openTrace(path: string, signal?: AbortSignal): Promise<void> {
    const options = signal === undefined ? {} : { signal };
    const opened = markRaw(await workbench().request('trace.open', { path }, options));
    const { traceId: openedId } = opened;
    // Known before anything is shown, so that the view does not jump; without it the trace opens at its start.
    const telling = await workbench()
      .request('trace.highlight', { traceId: openedId })
      .catch(() => null);
    const previous = trace.value;
    highlight.value = telling;
    showTimesAsCounts(opened.clockUnit === 'unknown');
    trace.value = opened;
    if (previous !== null && previous.traceId !== opened.traceId) {
      // The old trace's views are gone; that it cannot be closed is no news for the reader.
      await workbench()
        .request('trace.close', { traceId: previous.traceId })
        .catch(() => undefined);
    }
    await refreshRecent();
  }

  /** Opens a trace that is being written. Answers with its id, or null where there is nothing in it yet. */
  async function openLive(path: string): Promise<string | null> {
    const opened = markRaw(await workbench().request('trace.open', { path }));
    if (opened.events === 0) {
      await workbench().request('trace.close', { traceId: opened.traceId });
      return null;
    }
    const previous = trace.value;
    highlight.value = null;
    showTimesAsCounts(opened.clockUnit === 'unknown');
    trace.value = opened;
    if (previous !== null) {
      await workbench()
        .request('trace.close', { traceId: previous.traceId })
        .catch(() => undefined);
    }
    return opened.traceId;
  }

  /** Shows what a job writes to `path` while it writes it. Whoever started the job ends it with {@link endLive}. */
  function followJob(jobId: string, path: string): LiveTrace {
    const followed = followLive(path, {
      progress: () => jobs.jobs.get(jobId)?.progress ?? null,
      openLive,
      refresh,
      shownId: () => traceId.value,
    });
    live.value = followed;
    return followed;
  }

  /** The job has ended: the trace, where it is shown, is shown as what it has become. */
  async function endLive(followed: LiveTrace): Promise<void> {
    const isShown = followed.isShown();
    followed.stop();
    if (live.value === followed) live.value = null;
    if (!isShown) return;
    await refresh();
    const id = traceId.value;
    if (id === null || trace.value?.complete !== true) return;
    const telling = await workbench()
      .request('trace.highlight', { traceId: id })
      .catch(() => null);
    if (traceId.value !== id) return;
    highlight.value = telling;
    completed.value = id;
  }

  /** Asks what the open trace is by now: one that is being recorded grows, and gets another name at its end. */
  async function refresh(): Promise<void> {
    const id = traceId.value;
    if (id === null) return;
    const now = markRaw(await workbench().request('trace.summary', { traceId: id }));
    if (traceId.value !== id || trace.value === null) return;
    const same =
      now.events === trace.value.events &&
      now.complete === trace.value.complete &&
      now.path === trace.value.path;
    if (same) return;
    trace.value = now;
    revision.value++;
  }

  async function importAndOpen([path, ...also]: readonly string[], name: string): Promise<void> {
    const started = await workbench().request('import.start', { path: path!, also });
    const { jobId, path: partialPath, sourceBytes } = started;
    busy.value = null;
    importing.value = { name, jobId, sourceBytes };
    const followed = followJob(jobId, partialPath);
    try {
      const done = await jobs.finished(jobId);
      importReport.value = done.report === null ? null : markRaw({ name, ...done.report });
      if (!followed.wasShown()) await openTrace(done.path);
      else if (!followed.isShown()) offer('info', `${name} is imported`, done.path, done.path);
    } catch (thrown) {
      if (followed.isShown() && isCancelled(thrown)) {
        notices.add('info', 'Import cancelled', 'What was imported up to there stays open.');
      } else throw thrown;
    } finally {
      if (importing.value?.jobId === jobId) importing.value = null;
      await endLive(followed);
    }
    await refreshRecent();
  }

  /** Tells of a trace that is not shown, and offers to open it. */
  function offer(severity: Severity, title: string, message: string, path: string): void {
    notices.add(severity, title, message, { label: 'Open', run: () => open(path) });
  }

  /** Closes the open trace and shows the start view. */
  async function close(): Promise<void> {
    const closing = trace.value;
    if (closing === null) return;
    trace.value = null;
    await workbench()
      .request('trace.close', { traceId: closing.traceId })
      .catch(() => undefined);
    await refreshRecent();
  }

  return {
    host,
    hello,
    trace,
    highlight,
    revision,
    importing,
    importReport,
    traceId,
    client,
    busy,
    uploadFraction,
    connected,
    settled,
    recent,
    samples,
    scenarioToEdit,
    workbench,
    attach,
    refreshRecent,
    isLive,
    completed,
    followJob,
    endLive,
    open,
    openTogether,
    openFiles,
    offer,
    close,
  };
});
