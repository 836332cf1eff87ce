/** Recordings and imports that the service runs for this window: their progress, end, and cancelling them. */
import { defineStore } from 'pinia';
import { shallowRef, triggerRef } from 'vue';
import { fromWireError } from '#shared/base/errors.ts';
import type { Events, JobProgress, WorkbenchClient } from '#shared/api/contract.ts';

export type JobEnd =
  | { readonly kind: 'done'; readonly done: Events['job.done'] }
  | { readonly kind: 'failed'; readonly failed: Events['job.failed'] };

export interface Job {
  progress: JobProgress | null;
  end: JobEnd | null;
  cancelling: boolean;
}

export const useJobs = defineStore('jobs', () => {
  /** By job id. Raw records; `triggerRef` tells the views. */
  const jobs = shallowRef(new Map<string, Job>());
  const waiting = new Map<string, ((end: JobEnd) => void)[]>();
  let client: WorkbenchClient | null = null;

  // The first events of a job may overtake the answer to the request that started it.
  function jobOf(jobId: string): Job {
    let job = jobs.value.get(jobId);
    if (job === undefined) {
      job = { progress: null, end: null, cancelling: false };
      jobs.value.set(jobId, job);
    }
    return job;
  }

  function listen(newClient: WorkbenchClient): void {
    client = newClient;
    newClient.on('job.progress', (progress) => {
      jobOf(progress.jobId).progress = progress;
      triggerRef(jobs);
    });
    newClient.on('job.done', (done) => finish(done.jobId, { kind: 'done', done }));
    newClient.on('job.failed', (failed) => finish(failed.jobId, { kind: 'failed', failed }));
  }

  function finish(jobId: string, end: JobEnd): void {
    jobOf(jobId).end = end;
    triggerRef(jobs);
    for (const resolve of waiting.get(jobId) ?? []) resolve(end);
    waiting.delete(jobId);
  }

  /** Resolves when the job is done; rejects with the WorkbenchError of a failed or cancelled one. */
  async function finished(jobId: string): Promise<Events['job.done']> {
    const ended = jobOf(jobId).end;
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
    jobOf(jobId).cancelling = true;
    triggerRef(jobs);
    await client?.request('job.cancel', { jobId });
  }

  return { jobs, listen, finished, cancel };
});
