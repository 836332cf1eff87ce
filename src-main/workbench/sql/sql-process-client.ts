/**
 * The service's end of the process that runs SQL on one trace. Started by the first query, again after it had to be
 * killed.
 */
import { fileURLToPath } from 'node:url';
import type { SqlPage, SqlResult } from '#shared/api/contract.ts';
import type { CancelSignal } from '#shared/base/cancel.ts';
import { fromWireError, WorkbenchError } from '#shared/base/errors.ts';
import { threadUrl } from '../../threads/thread-url.ts';
import type { HelperProcess, StartHelper } from './helper-process.ts';
import type { SqlReply, SqlRequest } from './protocol.ts';

/** Memory of JavaScript; what SQLite may take is limited in the process itself. */
const HEAP_MB = 512;

export interface SqlRun {
  readonly queryId: string;
  readonly sql: string;
  readonly rowLimit: number;
  readonly pageRows: number;
  readonly timeLimitMs: number;
}

interface Waiting {
  readonly request: SqlRequest;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

export class SqlProcessClient {
  private readonly path: string;
  private readonly startHelper: StartHelper;
  private child: HelperProcess | null = null;
  private current: Waiting | null = null;
  private readonly queue: Waiting[] = [];

  /** @param path the trace */
  constructor(path: string, startHelper: StartHelper) {
    this.path = path;
    this.startHelper = startHelper;
  }

  /**
   * Throws WorkbenchError query-failed: it is wrong, would change something, or took longer than its limit; cancelled.
   */
  async run(run: SqlRun, signal: CancelSignal): Promise<SqlResult> {
    const { queryId, sql, rowLimit, pageRows, timeLimitMs } = run;
    const startMs = performance.now();
    const request: SqlRequest = { kind: 'run', queryId, sql, rowLimit, pageRows };
    const stop = (why: WorkbenchError): void => this.stop(request, why);
    const onAbort = (): void => stop(new WorkbenchError('cancelled', 'The query was cancelled.'));
    const timer = setTimeout(() => {
      const seconds = timeLimitMs / 1000;
      const why = `The query took longer than ${seconds} s and was stopped. Narrow it down, or allow more time.`;
      stop(new WorkbenchError('query-failed', why, { sql }));
    }, timeLimitMs);
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      const result = (await this.ask(request)) as Omit<SqlResult, 'elapsedMs'>;
      return { ...result, elapsedMs: performance.now() - startMs };
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
    }
  }

  /** Throws WorkbenchError closed where the rows are kept no longer. */
  page(queryId: string, first: number, count: number): Promise<SqlPage> {
    return this.ask({ kind: 'page', queryId, first, count }) as Promise<SqlPage>;
  }

  /** Stops a query that runs or waits; another one is no error. */
  cancel(queryId: string): void {
    const all = this.current === null ? this.queue : [this.current, ...this.queue];
    for (const { request } of [...all]) {
      if (request.kind === 'run' && request.queryId === queryId) {
        this.stop(request, new WorkbenchError('cancelled', 'The query was cancelled.'));
      }
    }
  }

  close(): void {
    const closed = new WorkbenchError('closed', 'The trace is closed.');
    for (const waiting of this.queue.splice(0)) waiting.reject(closed);
    this.kill(closed);
  }

  private ask(request: SqlRequest): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.queue.push({ request, resolve, reject });
      this.next();
    });
  }

  private next(): void {
    if (this.current !== null) return;
    const waiting = this.queue.shift();
    if (waiting === undefined) return;
    this.current = waiting;
    this.child ??= this.start();
    this.child.send(waiting.request);
  }

  private start(): HelperProcess {
    const child = this.startHelper(fileURLToPath(threadUrl('sql-process')), [this.path], HEAP_MB);
    child.onEnd(() => {
      if (this.child !== child) return;
      // It ended by itself: out of memory, or killed from outside.
      this.child = null;
      this.settle(({ reject }) =>
        reject(
          new WorkbenchError(
            'query-failed',
            'The process that runs queries ended unexpectedly; the query may need too much memory. Narrow it down and run it again.',
          ),
        ),
      );
    });
    child.onMessage((message) => {
      if (this.child !== child) return;
      const reply = message as SqlReply;
      this.settle(({ resolve, reject }) => {
        if ('error' in reply) reject(fromWireError(reply.error));
        else resolve(reply.result);
      });
    });
    return child;
  }

  private settle(answer: (waiting: Waiting) => void): void {
    const waiting = this.current;
    this.current = null;
    if (waiting !== null) answer(waiting);
    this.next();
  }

  private stop(request: SqlRequest, why: WorkbenchError): void {
    if (this.current?.request === request) {
      this.kill(why);
      return;
    }
    const at = this.queue.findIndex((waiting) => waiting.request === request);
    if (at >= 0) this.queue.splice(at, 1)[0]!.reject(why);
  }

  /** Ends the process, whatever it is doing. */
  private kill(why: WorkbenchError): void {
    const child = this.child;
    this.child = null;
    child?.kill();
    this.settle(({ reject }) => reject(why));
  }
}
