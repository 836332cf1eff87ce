/**
 * The recording that this window runs. It outlives the record dialog: the reader may close the dialog and
 * go on looking at another trace while it records.
 */
import { defineStore } from 'pinia';
import { computed, ref, shallowRef } from 'vue';
import { WorkbenchError } from '#shared/base/errors.ts';
import type { JobProgress, RequestParams } from '#shared/api/contract.ts';
import { useJobs } from './jobs.ts';
import { useSession } from './session.ts';

/** How the last recording ended other than by being done. */
export interface RecordingFailure {
  readonly cancelled: boolean;
  readonly message: string;
  /** What was recorded up to the failure, as a file that can be opened; null where nothing was kept. */
  readonly partialPath: string | null;
}

export const useRecording = defineStore('recording', () => {
  const session = useSession();
  const jobs = useJobs();

  const name = ref('');
  const starting = ref(false);
  const jobId = ref<string | null>(null);
  const failure = shallowRef<RecordingFailure | null>(null);

  const job = computed(() => (jobId.value === null ? undefined : jobs.jobs.get(jobId.value)));
  const running = computed(() => starting.value || jobId.value !== null);
  const progress = computed<JobProgress | null>(() => job.value?.progress ?? null);
  const cancelling = computed(() => job.value?.cancelling ?? false);

  /**
   * Runs a scenario to its end.
   *
   * @returns path of the finished trace; null where it failed or was cancelled (see `failure`)
   */
  async function start(params: RequestParams<'record.start'>): Promise<string | null> {
    if (running.value) return null;
    name.value = params.name;
    failure.value = null;
    starting.value = true;
    try {
      const started = await session.workbench().request('record.start', params);
      jobId.value = started.jobId;
      starting.value = false;
      return (await jobs.finished(started.jobId)).path;
    } catch (thrown) {
      const end = job.value?.end;
      failure.value = {
        cancelled: thrown instanceof WorkbenchError && thrown.code === 'cancelled',
        message: thrown instanceof Error ? thrown.message : String(thrown),
        partialPath: end?.kind === 'failed' ? end.failed.partialPath : null,
      };
      return null;
    } finally {
      starting.value = false;
      jobId.value = null;
    }
  }

  function forgetFailure(): void {
    failure.value = null;
  }

  async function cancel(): Promise<void> {
    if (jobId.value !== null) await jobs.cancel(jobId.value);
  }

  return { name, running, progress, cancelling, failure, start, cancel, forgetFailure };
});
