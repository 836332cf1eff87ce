/** Entry point of the thread of an export: writes the file, tells how far it is, and stops when it is told to. */
import { parentPort, workerData } from 'node:worker_threads';
import { toWireError, type WireError } from '#shared/base/errors.ts';
import { exportTrace, type ExportRequest, type ExportResult } from '../../exporters/export-trace.ts';

export interface ExportThreadData {
  readonly request: ExportRequest;
  readonly createdBy: string;
}

export type ExportThreadAnswer =
  | { readonly type: 'progress'; readonly rows: number }
  | { readonly type: 'done'; readonly result: ExportResult }
  | { readonly type: 'failed'; readonly error: WireError };

const port = parentPort!;
const { request, createdBy } = workerData as ExportThreadData;
const say = (answer: ExportThreadAnswer): void => port.postMessage(answer);
const controller = new AbortController();

port.on('message', () => controller.abort());
exportTrace(request, {
  createdBy,
  signal: controller.signal,
  onProgress: (rows) => say({ type: 'progress', rows }),
})
  .then(
    (result) => say({ type: 'done', result }),
    (thrown: unknown) => say({ type: 'failed', error: toWireError(thrown) }),
  )
  .finally(() => port.close());
