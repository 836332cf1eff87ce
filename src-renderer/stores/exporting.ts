/** The export that this window runs. It outlives its dialog, like a recording. */
import { defineStore } from 'pinia';
import { computed, ref, shallowRef } from 'vue';
import type { Events, RequestParams } from '#shared/api/contract.ts';
import { exportedBlob } from './exported-blob.ts';
import { useJobs } from './jobs.ts';
import { saveBlob } from './save-file.ts';
import { useSession } from './session.ts';
import { isCancelled, messageOf } from './thrown.ts';

export const useExporting = defineStore('exporting', () => {
  const session = useSession();
  const jobs = useJobs();

  const starting = ref(false);
  const jobId = ref<string | null>(null);
  /** The last export that was written. */
  const done = shallowRef<Events['job.done'] | null>(null);
  /** Why the last export failed, as a sentence; null where it did not, or was cancelled. */
  const failure = ref<string | null>(null);

  const running = computed(() => starting.value || jobId.value !== null);
  const rows = computed(() =>
    jobId.value === null ? 0 : (jobs.jobs.get(jobId.value)?.progress?.events ?? 0),
  );

  async function start(params: Omit<RequestParams<'export.start'>, 'traceId'>): Promise<void> {
    const { traceId } = session;
    if (running.value || traceId === null) return;
    forget();
    starting.value = true;
    try {
      const started = await session.workbench().request('export.start', { ...params, traceId });
      jobId.value = started.jobId;
      done.value = await jobs.finished(started.jobId);
    } catch (thrown) {
      if (!isCancelled(thrown)) failure.value = messageOf(thrown);
    } finally {
      starting.value = false;
      jobId.value = null;
    }
  }

  /** Brings the finished export into the browser's downloads: for windows on another machine than the workbench. */
  async function saveCopy(): Promise<void> {
    if (done.value === null) return;
    const { name, blob } = await exportedBlob(session.workbench(), done.value.jobId);
    saveBlob(name, blob);
  }

  async function cancel(): Promise<void> {
    if (jobId.value !== null) await jobs.cancel(jobId.value);
  }

  function forget(): void {
    done.value = null;
    failure.value = null;
  }

  return { running, rows, done, failure, start, saveCopy, cancel, forget };
});
