/**
 * The recording that this window runs. It outlives the record dialog: the window shows the trace while it is
 * being recorded, or goes on showing another one.
 */
import { defineStore } from 'pinia';
import { computed, ref, shallowRef } from 'vue';
import type { Ns } from '#shared/base/brands.ts';
import type { JobProgress, RequestParams } from '#shared/api/contract.ts';
import { useJobs } from './jobs.ts';
import { useNotices } from './notices.ts';
import { useFollowing } from './following.ts';
import { useOpening } from './opening.ts';
import { useRecentFiles } from './recent-files.ts';
import { useSession } from './session.ts';
import { isCancelled, messageOf } from './thrown.ts';

export interface RecordingParams {
  readonly scenario: RequestParams<'record.start'>;
  /** How long it is going to be, ns of virtual time; null where that is not known. */
  readonly durationNs: Ns | null;
  /** Whether the window shows the trace, at once and when it is done. */
  readonly shown: boolean;
}

export const useRecording = defineStore('recording', () => {
  const following = useFollowing();
  const opening = useOpening();
  const recentFiles = useRecentFiles();
  const session = useSession();
  const jobs = useJobs();
  const notices = useNotices();

  const name = ref('');
  const durationNs = ref<number | null>(null);
  const starting = ref(false);
  const jobId = ref<string | null>(null);

  const job = computed(() => (jobId.value === null ? undefined : jobs.jobs.get(jobId.value)));
  const running = computed(() => starting.value || jobId.value !== null);
  const progress = computed<JobProgress | null>(() => job.value?.progress ?? null);
  const cancelling = computed(() => job.value?.cancelling ?? false);
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
      jobId.value = started.jobId;
      void follow(started.jobId, params.shown ? started.path : null);
      return true;
    } catch (thrown) {
      failure.value = messageOf(thrown);
      return false;
    } finally {
      starting.value = false;
    }
  }

  /** @param path the file while it is recorded; null where it is not to be shown */
  async function follow(id: string, path: string | null): Promise<void> {
    const followed = path === null ? null : following.follow(id, path);
    /** Not shown yet, although it is to be. */
    const isDue = (): boolean => followed?.wasShown() === false;
    try {
      const { path: recorded } = await jobs.finished(id);
      if (isDue()) await opening.open(recorded);
      else if (followed?.isShown() !== true) {
        opening.offer('info', `Recorded ${name.value}`, recorded, recorded);
      }
    } catch (thrown) {
      const end = jobs.jobs.get(id)?.end;
      const partialPath = end?.kind === 'failed' ? end.failed.partialPath : null;
      sayWhy(thrown, partialPath, isDue() || followed?.isShown() === true);
      if (isDue() && partialPath !== null) await opening.open(partialPath);
    } finally {
      if (followed !== null) await following.end(followed).catch(() => undefined);
      jobId.value = null;
      await recentFiles.refresh();
    }
  }

  /** @param isShown whether the window shows what there is, so that it need not be offered */
  function sayWhy(thrown: unknown, partialPath: string | null, isShown: boolean): void {
    const [severity, title, why] = isCancelled(thrown)
      ? (['info', 'Recording cancelled', ''] as const)
      : (['error', `Recording ${name.value} failed`, messageOf(thrown)] as const);
    if (partialPath === null) {
      notices.add(severity, title, why || 'Nothing was recorded.');
      return;
    }
    const message = `${why} The recording up to then is in ${partialPath}.`.trim();
    if (isShown) notices.add(severity, title, message);
    else opening.offer(severity, title, message, partialPath);
  }

  async function cancel(): Promise<void> {
    if (jobId.value !== null) await jobs.cancel(jobId.value);
  }

  return { name, durationNs, running, progress, cancelling, failure, start, cancel };
});
