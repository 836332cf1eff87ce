/**
 * The service's end of an open trace: its thread, and the queries that wait for it.
 *
 * The thread is given one query at a time, so that what waits can still be cancelled: a window that zooms
 * asks for more than it will look at.
 */
import { Worker } from 'node:worker_threads';
import type { QueryName, TraceSummary } from '#shared/api/contract.ts';
import type { CancelSignal } from '#shared/base/cancel.ts';
import { fromWireError, WorkbenchError } from '#shared/base/errors.ts';
import { threadUrl } from '../../threads/thread-url.ts';
import type {
  FromQueryThread,
  QueryAnswer,
  QueryRequest,
  QueryThreadData,
  StoreQueryName,
  UpgradeProgress,
} from './protocol.ts';

interface Waiting {
  readonly request: QueryRequest | 'release' | { readonly reopen: string };
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
  /** The answer is no longer wanted. */
  cancelled: boolean;
}

const cancelledError = (): WorkbenchError => new WorkbenchError('cancelled', 'The query was cancelled.');

/** V8's default is 48. */
const YOUNG_GENERATION_MB = 6;

export interface OpenOptions {
  /** Ends an upgrade; a trace of this version is there before a person can cancel. */
  readonly signal?: CancelSignal;
  readonly onUpgrading?: (progress: UpgradeProgress) => void;
}

export class TraceThread {
  private opened: { readonly summary: TraceSummary; readonly file: string };
  private readonly worker: Worker;
  private readonly queue: Waiting[] = [];
  private current: Waiting | null = null;
  private ended: WorkbenchError | null = null;
  /** The file is closed for a while: queries wait. */
  private released = false;

  private constructor(worker: Worker, summary: TraceSummary, file: string) {
    this.worker = worker;
    this.opened = { summary, file };
    worker.on('message', (message: FromQueryThread) => {
      if (!('upgrading' in message)) this.onAnswer(message);
    });
    worker.on('error', (error) => this.end(threadFailure(error)));
    worker.on('exit', () => this.end(new WorkbenchError('closed', 'The trace is closed.')));
  }

  /** Opens a trace on a new thread. Throws what opening it throws; cancelled. */
  static async open(
    path: string,
    traceId: string,
    copiesFolder: string,
    options: OpenOptions = {},
  ): Promise<TraceThread> {
    const data: QueryThreadData = { path, traceId, copiesFolder };
    const worker = new Worker(threadUrl('query-thread'), {
      workerData: data,
      // Answers are short-lived columns outside of the heap: collected often, or they pile up to hundreds of MB.
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB },
    });
    const answer = await firstAnswer(worker, options);
    if ('opened' in answer && options.signal?.aborted !== true) {
      return new TraceThread(worker, answer.opened, answer.file);
    }
    await worker.terminate();
    if ('opened' in answer) throw cancelledError();
    throw 'error' in answer ? fromWireError(answer.error) : threadFailure(undefined);
  }

  /** What the trace was when it was opened. */
  get summary(): TraceSummary {
    return this.opened.summary;
  }

  /** The file that is read: a copy where the trace is of an earlier version. */
  get file(): string {
    return this.opened.file;
  }

  /** Closes the file once what is asked for now is answered. Later queries wait for {@link reopen}. */
  async release(): Promise<void> {
    if (this.ended !== null || this.released) return;
    const closed = this.first('release');
    this.released = true;
    await closed;
  }

  /** Goes on with the file at `path`. Throws what opening it throws; then the trace is closed. */
  async reopen(path: string): Promise<void> {
    if (this.ended !== null || !this.released) return;
    this.released = false;
    try {
      await this.first({ reopen: path });
    } catch (thrown) {
      await this.close();
      throw thrown;
    }
  }

  /** Before all that waits. */
  private first(request: Waiting['request']): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.queue.unshift({ request, resolve, reject, cancelled: false });
      this.next();
    });
  }

  query(name: QueryName | StoreQueryName, params: unknown, signal: CancelSignal): Promise<unknown> {
    if (this.ended !== null) return Promise.reject(this.ended);
    if (signal.aborted) return Promise.reject(cancelledError());
    return new Promise((resolve, reject) => {
      const waiting: Waiting = {
        request: { name, params },
        resolve: (result) => {
          signal.removeEventListener('abort', onAbort);
          resolve(result);
        },
        reject: (error) => {
          signal.removeEventListener('abort', onAbort);
          reject(error);
        },
        cancelled: false,
      };
      const onAbort = (): void => {
        waiting.cancelled = true;
        const at = this.queue.indexOf(waiting);
        if (at >= 0) this.queue.splice(at, 1);
        waiting.reject(cancelledError());
      };
      signal.addEventListener('abort', onAbort, { once: true });
      this.queue.push(waiting);
      this.next();
    });
  }

  /** Closes the file and ends the thread; queries under way fail with 'closed'. */
  async close(): Promise<void> {
    this.end(new WorkbenchError('closed', 'The trace is closed.'));
    const exited = new Promise<void>((resolve) => this.worker.once('exit', () => resolve()));
    this.worker.postMessage('close');
    await exited;
  }

  private next(): void {
    if (this.current !== null) return;
    if (this.released && this.queue[0]?.request !== 'release') return;
    const waiting = this.queue.shift();
    if (waiting === undefined) return;
    this.current = waiting;
    this.worker.postMessage(waiting.request);
  }

  private onAnswer(answer: QueryAnswer): void {
    const waiting = this.current;
    this.current = null;
    if (waiting !== null && !waiting.cancelled) {
      if ('error' in answer) waiting.reject(fromWireError(answer.error));
      else if ('result' in answer) waiting.resolve(answer.result);
      else {
        this.opened = { summary: answer.opened, file: answer.file };
        waiting.resolve(null);
      }
    }
    this.next();
  }

  private end(reason: WorkbenchError): void {
    if (this.ended !== null) return;
    this.ended = reason;
    const waiting = this.current === null ? this.queue : [this.current, ...this.queue];
    this.current = null;
    for (const query of waiting.splice(0)) if (!query.cancelled) query.reject(reason);
  }
}

/** The thread's answer to being started: whether it could open the trace. */
function firstAnswer(worker: Worker, { signal, onUpgrading }: OpenOptions): Promise<QueryAnswer> {
  return new Promise((resolve, reject) => {
    const settle = (done: () => void): void => {
      worker.off('message', onMessage);
      worker.off('error', onError);
      worker.off('exit', onExit);
      signal?.removeEventListener('abort', onAbort);
      done();
    };
    // It tidies up after itself, and answers.
    const onAbort = (): void => worker.postMessage('close');
    const onMessage = (message: FromQueryThread): void => {
      if ('upgrading' in message) onUpgrading?.(message.upgrading);
      else settle(() => resolve(message));
    };
    const onError = (error: unknown): void => settle(() => reject(threadFailure(error)));
    const onExit = (): void => settle(() => reject(threadFailure(undefined)));
    worker.on('message', onMessage);
    worker.on('error', onError);
    worker.on('exit', onExit);
    if (signal?.aborted === true) onAbort();
    else signal?.addEventListener('abort', onAbort, { once: true });
  });
}

function threadFailure(error: unknown): WorkbenchError {
  const reason = error instanceof Error ? `: ${error.message}` : '';
  return new WorkbenchError(
    'internal',
    `The thread that reads the trace ended unexpectedly${reason}. Open the trace again.`,
  );
}
