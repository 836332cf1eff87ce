/** Recordings and imports that the service runs for this window: their progress, end, and cancelling them. */
import { defineStore } from 'pinia';
import { shallowRef } from 'vue';
import { fromWireError } from '#shared/base/errors.ts';
import type { Events, JobProgress, WorkbenchClient } from '#shared/api/contract.ts';

export type JobEnd =
  | { readonly kind: 'done'; readonly done: Events['job.done'] }
  | { readonly kind: 'failed'; readonly failed: Events['job.failed'] };

export interface Job {
  readonly progress: JobProgress | null;
  readonly end: JobEnd | null;
  readonly cancelling: boolean;
}

const NEW_JOB: Job = { progress: null, end: null, cancelling: false };

export const useJobs = defineStore('jobs', () => {
  /** By job id. Replaced as a whole: a change shows as a new map with a new record. */
  const jobs = shallowRef<ReadonlyMap<string, Job>>(new Map());
  const waiting = new Map<string, ((end: JobEnd) => void)[]>();
  let client: WorkbenchClient | null = null;

  /** Changes a job's record; the first events of a job may overtake the answer to the request that started it. */
  function update(jobId: string, change: Partial<Job>): void {
    const job = jobs.value.get(jobId) ?? NEW_JOB;
    jobs.value = new Map(jobs.value).set(jobId, { ...job, ...change });
  }

  function listen(newClient: WorkbenchClient): void {
    client = newClient;
    newClient.on('job.progress', (progress) => update(progress.jobId, { progress }));
    newClient.on('job.done', (done) => finish(done.jobId, { kind: 'done', done }));
    newClient.on('job.failed', (failed) => finish(failed.jobId, { kind: 'failed', failed }));
  }

  function finish(jobId: string, end: JobEnd): void {
    update(jobId, { end });
    for (const resolve of waiting.get(jobId) ?? []) resolve(end);
    waiting.delete(jobId);
  }

  /** Resolves when the job is done; rejects with the WorkbenchError of a failed or cancelled one. */
  async function finished(jobId: string): Promise<Events['job.done']> {
    const ended = jobs.value.get(jobId)?.end;
    const end =
      ended ??
      (await new Promise<JobEnd>((resolve) => {
        waiting.set(jobId, [...(waiting.get(jobId) ?? []), resolve]);
      }));
    if (end.kind === 'failed') throw fromWireError(end.failed.error);
    return end.done;
  }

  /** Asks the service to stop a job; the job then ends as failed with code `cancelled`. */
  async function cancel(jobId: string): Promise<void> {
    update(jobId, { cancelling: true });
    await client?.request('job.cancel', { jobId });
  }

  return { jobs, listen, finished, cancel };
});
