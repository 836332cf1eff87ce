/** Checks scenarios on a thread of their own, which is started by the first one. */
import { Worker } from 'node:worker_threads';
import type { ScenarioCheck } from '#shared/api/contract.ts';
import { fromWireError, WorkbenchError } from '#shared/base/errors.ts';
import { threadUrl } from '../threads/thread-url.ts';
import type { CheckAnswer, CheckRequest } from './scenario-thread.ts';

interface Waiting {
  readonly resolve: (check: ScenarioCheck | null) => void;
  readonly reject: (error: Error) => void;
}

type WithoutId<Request> = Request extends CheckRequest ? Omit<Request, 'id'> : never;

export class ScenarioChecks {
  private worker: Worker | null = null;
  private readonly waiting = new Map<number, Waiting>();
  private lastId = 0;

  /** Every problem of a text, and the facts of a valid scenario. */
  async check(text: string): Promise<ScenarioCheck> {
    return (await this.ask({ ask: 'check', text }))!;
  }

  /** Throws WorkbenchError 'scenario-invalid' where the text is no scenario. */
  async parse(text: string, fileName: string): Promise<void> {
    await this.ask({ ask: 'parse', text, fileName });
  }

  async close(): Promise<void> {
    await this.worker?.terminate();
  }

  private ask(request: WithoutId<CheckRequest>): Promise<ScenarioCheck | null> {
    const id = ++this.lastId;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.running().postMessage({ ...request, id });
    });
  }

  private running(): Worker {
    if (this.worker !== null) return this.worker;
    const worker = new Worker(threadUrl('scenario-thread'));
    worker.on('message', (answer: CheckAnswer) => {
      const waiting = this.waiting.get(answer.id);
      this.waiting.delete(answer.id);
      if ('error' in answer) waiting?.reject(fromWireError(answer.error));
      else waiting?.resolve(answer.check);
    });
    let reason = '';
    worker.on('error', (error: unknown) => (reason = error instanceof Error ? `: ${error.message}` : ''));
    worker.on('exit', () => {
      this.worker = null;
      const ended = new WorkbenchError(
        'internal',
        `The thread that checks scenarios ended${reason}. Try again.`,
      );
      for (const { reject } of this.waiting.values()) reject(ended);
      this.waiting.clear();
    });
    this.worker = worker;
    return worker;
  }
}
