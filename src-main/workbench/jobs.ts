/** Recordings and imports under way. They report by events and may be cancelled; the service ends with them. */
import { randomUUID } from 'node:crypto';
import type { EventName, Events, JobProgress } from '#shared/api/contract.ts';
import { toWireError, WorkbenchError, type WireError } from '#shared/base/errors.ts';

/** Jobs at a time: each keeps two threads busy. */
const MAX_JOBS = 4;

/** How a job's work ended: with `error`, `path` is what could be kept. */
export interface JobResult {
  readonly path: string;
  readonly complete: boolean;
  readonly events: number;
  readonly error: WireError | null;
  /** What an import did with its source; absent for other work. */
  readonly report?: Events['job.done']['report'];
}

export type Emit = <Name extends EventName>(name: Name, payload: Events[Name]) => void;
export type ProgressOf = Omit<JobProgress, 'jobId' | 'job'>;

/** The work of a job. */
export type JobWork = (run: {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: ProgressOf) => void;
}) => Promise<JobResult>;

export class Jobs {
  private readonly emit: Emit;
  private readonly running = new Map<
    string,
    { job: JobProgress['job']; controller: AbortController; done: Promise<void> }
  >();

  constructor(emit: Emit) {
    this.emit = emit;
  }

  /**
   * Starts a job and returns its id at once; it begins after the caller has had a chance to tell the id.
   *
   * @param partialPath where what was written of a job that fails can be opened, if the file is there
   */
  start(job: JobProgress['job'], work: JobWork, partialPath: () => string | null): string {
    if (this.running.size >= MAX_JOBS) {
      throw new WorkbenchError('busy', 'Other recordings or imports are running: wait for one to finish.');
    }
    const jobId = randomUUID();
    const controller = new AbortController();
    const done = new Promise<void>((resolve) => {
      setImmediate(() => {
        void this.run(jobId, job, work, controller.signal, partialPath).finally(resolve);
      });
    });
    this.running.set(jobId, { job, controller, done });
    return jobId;
  }

  /** Asks a job to end. A job that is over is no error: the two may cross. */
  cancel(jobId: string): void {
    this.running.get(jobId)?.controller.abort();
  }

  /** What is under way, oldest first. */
  kinds(): readonly JobProgress['job'][] {
    return [...this.running.values()].map(({ job }) => job);
  }

  /** Cancels all jobs and waits until they have put their files in order. */
  async close(): Promise<void> {
    const jobs = [...this.running.values()];
    for (const { controller } of jobs) controller.abort();
    await Promise.all(jobs.map(({ done }) => done));
  }

  private async run(
    jobId: string,
    job: JobProgress['job'],
    work: JobWork,
    signal: AbortSignal,
    partialPath: () => string | null,
  ): Promise<void> {
    try {
      const result = await work({
        signal,
        onProgress: (progress) => this.emit('job.progress', { jobId, job, ...progress }),
      });
      const { path, complete, events, error, report = null } = result;
      if (error === null) this.emit('job.done', { jobId, path, complete, events, report });
      else this.emit('job.failed', { jobId, error, partialPath: path });
    } catch (thrown) {
      this.emit('job.failed', { jobId, error: toWireError(thrown), partialPath: partialPath() });
    } finally {
      this.running.delete(jobId);
    }
  }
}
