/**
 * The recording that this window runs. It outlives the record dialog: the window shows the trace while it is
 * being recorded, or goes on showing another one.
 */
import { defineStore } from 'pinia';
import { computed, ref, shallowRef, watch } from 'vue';
import { WorkbenchError } from '#shared/base/errors.ts';
import type { JobProgress, RequestParams } from '#shared/api/contract.ts';
import { useJobs } from './jobs.ts';
import { useNotices } from './notices.ts';
import { useHighlight } from './opening-place.ts';
import { usePlayback } from './playback.ts';
import { useSelection } from './selection.ts';
import { useSession } from './session.ts';

export interface RecordingParams {
  readonly scenario: RequestParams<'record.start'>;
  /** How long it is going to be, ns of virtual time; null where that is not known. */
  readonly durationNs: number | null;
  /** Whether the window shows the trace, at once and when it is done. */
  readonly shown: boolean;
}

export const useRecording = defineStore('recording', () => {
  const session = useSession();
  const jobs = useJobs();
  const notices = useNotices();
  const playback = usePlayback();
  const selection = useSelection();
  const showHighlight = useHighlight();

  const name = ref('');
  const durationNs = ref<number | null>(null);
  const starting = ref(false);
  const jobId = ref<string | null>(null);
  /** The file while it is being recorded, where the window is to show it. */
  const livePath = ref<string | null>(null);
  /** The open trace where it is the one that is being recorded. */
  const liveTraceId = ref<string | null>(null);

  const job = computed(() => (jobId.value === null ? undefined : jobs.jobs.get(jobId.value)));
  const running = computed(() => starting.value || jobId.value !== null);
  const progress = computed<JobProgress | null>(() => job.value?.progress ?? null);
  const cancelling = computed(() => job.value?.cancelling ?? false);
  /** Whether what the window shows is still being recorded. */
  const isLive = computed(() => liveTraceId.value !== null && liveTraceId.value === session.traceId);
  const failure = shallowRef<string | null>(null);

  /**
   * Starts a recording; it goes on by itself, and says how it ended by a notice.
   *
   * @returns false where it could not be started: `failure` says why
   */
  async function start(params: RecordingParams): Promise<boolean> {
    if (running.value) return false;
    name.value = params.scenario.name;
    durationNs.value = params.durationNs;
    failure.value = null;
    starting.value = true;
    try {
      const started = await session.workbench().request('record.start', params.scenario);
      livePath.value = params.shown ? started.path : null;
      jobId.value = started.jobId;
      void follow(started.jobId, params.shown);
      return true;
    } catch (thrown) {
      failure.value = thrown instanceof Error ? thrown.message : String(thrown);
      return false;
    } finally {
      starting.value = false;
    }
  }

  async function follow(id: string, shown: boolean): Promise<void> {
    try {
      const { path } = await jobs.finished(id);
      if (isLive.value) await showEnd();
      else if (shown && liveTraceId.value === null) await session.open(path);
      else notices.add('info', `${name.value} is recorded`, path);
    } catch (thrown) {
      await sayWhy(id, thrown);
    } finally {
      jobId.value = null;
      livePath.value = null;
      liveTraceId.value = null;
      await session.refreshRecent();
    }
  }

  /** A reader who has looked at nothing yet is taken to what there is to see. */
  async function showEnd(): Promise<void> {
    await session.refresh();
    const { traceId } = session;
    if (traceId === null || selection.lane !== null || playback.cursorNs > 0) return;
    session.highlight = await session
      .workbench()
      .request('trace.highlight', { traceId })
      .catch(() => null);
    if (session.traceId === traceId) showHighlight();
  }

  async function sayWhy(id: string, thrown: unknown): Promise<void> {
    const end = jobs.jobs.get(id)?.end;
    const partialPath = end?.kind === 'failed' ? end.failed.partialPath : null;
    const cancelled = thrown instanceof WorkbenchError && thrown.code === 'cancelled';
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    const kept = partialPath === null ? '' : ` What was recorded is in ${partialPath}.`;
    if (cancelled) notices.add('info', 'Recording cancelled', kept.trim() || 'Nothing was recorded.');
    else notices.add('error', `Recording ${name.value} failed`, message + kept);
    if (isLive.value) await session.refresh().catch(() => undefined);
    else if (livePath.value !== null && partialPath !== null) await session.open(partialPath);
  }

  let refreshing = false;
  // The service tells of progress a few times a second: then the window asks for what there is by now.
  watch(progress, async (now) => {
    const path = livePath.value;
    if (now === null || now.events === 0 || path === null || refreshing) return;
    // The reader has opened another trace meanwhile: leave it to them.
    if (liveTraceId.value !== null && !isLive.value) return;
    refreshing = true;
    try {
      if (isLive.value) await session.refresh();
      else if (await session.openLive(path)) liveTraceId.value = session.traceId;
    } catch {
      // The file may just be getting its final name. How the recording ended is said when it has.
    } finally {
      refreshing = false;
    }
  });

  async function cancel(): Promise<void> {
    if (jobId.value !== null) await jobs.cancel(jobId.value);
  }

  return { name, durationNs, running, progress, cancelling, isLive, failure, start, cancel };
});
