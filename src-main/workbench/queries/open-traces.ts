/** The traces that windows have open, by the id that they were given. */
import { resolve } from 'node:path';
import type { QueryName, TraceSummary } from '#shared/api/contract.ts';
import type { CancelSignal } from '#shared/base/cancel.ts';
import { WorkbenchError } from '#shared/base/errors.ts';
import type { StoreQueries, StoreQueryName } from './protocol.ts';
import { TraceThread, type OpenOptions } from './trace-thread.ts';

/** Each has a thread. A window that went away without closing its trace makes room by being the oldest. */
const MAX_OPEN = 16;

export class OpenTraces {
  /** In order of use, the one used last at the end. */
  private readonly threads = new Map<string, TraceThread>();
  private readonly opening = new Set<Promise<TraceThread>>();
  /** Files that their recorder is closing, and what they will be then: opening one has to wait. */
  private readonly closing = new Map<string, Promised>();
  private next = 1;
  private readonly limit: number;
  private readonly copiesFolder: string;

  /** @param copiesFolder where copies of traces of earlier versions are made */
  constructor(copiesFolder: string, limit: number = MAX_OPEN) {
    this.copiesFolder = copiesFolder;
    this.limit = limit;
  }

  /** Opens a trace. Throws what the store throws for a file that is none; cancelled. */
  async open(path: string, options: OpenOptions = {}): Promise<TraceSummary> {
    const traceId = `trace-${this.next++}`;
    const file = resolve(path);
    const opening = this.openFile((await this.closing.get(file)?.becomes) ?? file, traceId, options);
    this.opening.add(opening);
    const thread = await opening.finally(() => this.opening.delete(opening));
    if (this.threads.size > this.limit) await this.close(this.threads.keys().next().value!);
    return thread.summary;
  }

  query<Name extends StoreQueryName>(
    traceId: string,
    name: Name,
    params: StoreQueries[Name]['params'],
    signal: CancelSignal,
  ): Promise<StoreQueries[Name]['result']>;
  query(traceId: string, name: QueryName, params: unknown, signal: CancelSignal): Promise<unknown>;
  query(
    traceId: string,
    name: QueryName | StoreQueryName,
    params: unknown,
    signal: CancelSignal,
  ): Promise<unknown> {
    const thread = this.threads.get(traceId);
    if (thread === undefined) {
      return Promise.reject(notOpen());
    }
    this.threads.delete(traceId);
    this.threads.set(traceId, thread);
    return thread.query(name, params, signal);
  }

  /** The file that is read for an open trace, null for one that is not (any more). */
  fileOf(traceId: string): string | null {
    return this.threads.get(traceId)?.file ?? null;
  }

  /** The path under which a trace was opened, null for one that is not open (any more). */
  pathOf(traceId: string): string | null {
    return this.threads.get(traceId)?.summary.path ?? null;
  }

  /** What is known of an open trace. Throws WorkbenchError closed. */
  summaryOf(traceId: string): TraceSummary {
    const thread = this.threads.get(traceId);
    if (thread === undefined) throw notOpen();
    return thread.summary;
  }

  /** Lets go of the file at `path`, for its recorder; the traces stay open, their queries wait for {@link reopen}. */
  async release(path: string): Promise<void> {
    this.closing.set(path, promised());
    // One that is just being opened is let go of as well.
    await Promise.allSettled(this.opening);
    await Promise.all(this.of(path).map((thread) => thread.release()));
  }

  /**
   * Continues with the current file at `path`. A trace whose file is gone is closed.
   *
   * @returns how many traces do
   */
  async reopen(path: string, now: string): Promise<number> {
    const threads = this.of(path);
    await Promise.all(threads.map((thread) => thread.reopen(now).catch(() => undefined)));
    this.closing.get(path)?.settle(now);
    this.closing.delete(path);
    return threads.length;
  }

  private async openFile(file: string, traceId: string, options: OpenOptions): Promise<TraceThread> {
    const thread = await TraceThread.open(file, traceId, this.copiesFolder, options);
    this.threads.set(traceId, thread);
    return thread;
  }

  private of(path: string): TraceThread[] {
    return [...this.threads.values()].filter(({ file }) => file === path);
  }

  /** Closes a trace; one that is not open (any more) is no error. */
  async close(traceId: string): Promise<void> {
    const thread = this.threads.get(traceId);
    this.threads.delete(traceId);
    await thread?.close();
  }

  async closeAll(): Promise<void> {
    await Promise.all([...this.threads.keys()].map((traceId) => this.close(traceId)));
  }
}

const notOpen = (): WorkbenchError =>
  new WorkbenchError('closed', 'This trace is no longer open: open it again.');
interface Promised {
  readonly becomes: Promise<string>;
  readonly settle: (path: string) => void;
}

function promised(): Promised {
  let settle: Promised['settle'] = () => undefined;
  const becomes = new Promise<string>((resolve) => (settle = resolve));
  return { becomes, settle };
}
