/** Exports on separate threads, so that a large one blocks nothing else. */
import { Worker } from 'node:worker_threads';
import type { CancelSignal } from '#shared/base/cancel.ts';
import { fromWireError, toWireError, WorkbenchError } from '#shared/base/errors.ts';
import type { ExportRequest, ExportResult } from '../../exporters/export-trace.ts';
import { threadUrl } from '../../threads/thread-url.ts';
import { programName } from '../program.ts';
import type { ExportThreadAnswer, ExportThreadData } from './export-thread.ts';

export interface RunExportOptions {
  readonly signal: CancelSignal;
  /** Called some times a second with the rows written so far. */
  readonly onProgress: (rows: number) => void;
}

/** Throws what exportTrace() throws. */
export async function runExport(
  request: ExportRequest,
  { signal, onProgress }: RunExportOptions,
): Promise<ExportResult> {
  const data: ExportThreadData = { request, createdBy: programName() };
  const worker = new Worker(threadUrl('export-thread'), { workerData: data });
  const cancel = (): void => worker.postMessage('cancel');
  signal.addEventListener('abort', cancel, { once: true });
  if (signal.aborted) cancel();
  try {
    return await new Promise<ExportResult>((resolve, reject) => {
      worker.on('message', (answer: ExportThreadAnswer) => {
        if (answer.type === 'progress') onProgress(answer.rows);
        else if (answer.type === 'done') resolve(answer.result);
        else reject(fromWireError(answer.error));
      });
      const broke = (why: string): void =>
        reject(new WorkbenchError('internal', `The thread of the export ended early${why}`));
      worker.on('error', (thrown) => broke(`: ${toWireError(thrown).message}`));
      worker.on('exit', () => broke('.'));
    });
  } finally {
    signal.removeEventListener('abort', cancel);
    await worker.terminate();
  }
}
