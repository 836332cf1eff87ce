/** Records a trace file: starts the threads, passes progress on, and tells how it ended. */
import { MessageChannel, Worker, type MessagePort } from 'node:worker_threads';
import { debugLog } from '#main/debug/debug-log.ts';
import type { CancelSignal } from '#shared/base/cancel.ts';
import { fromWireError, toWireError, WorkbenchError } from '#shared/base/errors.ts';
import {
  CLOSE,
  type DeriveData,
  type ProducerData,
  type ProducerToDeriver,
  type RecordProgress,
  type RecordResult,
  type WriterData,
  type WriterToCaller,
} from './messages.ts';
import type { ProducerSpec } from './producer.ts';
import { threadUrl, type ThreadName } from '../threads/thread-url.ts';

export type { ProducerSpec } from './producer.ts';
export type { RecordProgress, RecordResult } from './messages.ts';

const debug = debugLog('recorder');

const YOUNG_GENERATION_MB = 6;

export interface RecordOptions {
  readonly producer: ProducerSpec;
  /** The trace file to be made. */
  readonly path: string;
  /**
   * The person asked to replace existing files: a trace once the new one is complete, an unfinished recording at once.
   */
  readonly replace?: boolean | undefined;
  /** Called about five times a second. */
  readonly onProgress?: ((progress: RecordProgress) => void) | undefined;
  /**
   * Called when everything is written, before the file is closed and renamed: readers must close it now.
   */
  readonly beforeClose?: (() => Promise<void>) | undefined;
  /** Ends the recording early; what was recorded is kept in `PATH.part`, marked incomplete. */
  readonly signal?: CancelSignal | undefined;
  /** The recording stops with `disk-full` when the file would become larger. */
  readonly maxBytes?: number | undefined;
  /** Name and version of the program, for the file. */
  readonly recordedBy?: string | undefined;
}

/** What an import does between two looks at a cancel takes less, unless it waits for its input. */
const CANCELLED_WITHIN_MS = 300;

/**
 * Records until the producer is done, cancelled or fails. Once there are rows, a cancel or a failing
 * producer gives a result that is not `complete`: its `error` says what happened, its `path` is `PATH.part`.
 *
 * Throws WorkbenchError: what the producer's source is wrong with (scenario-invalid, not-found, ...);
 * cancelled (nothing was recorded); usage, busy, unreadable, write-failed (the file cannot be made); disk-full,
 * write-failed (what was recorded until then is in `PATH.part`, which can be opened).
 */
export async function recordTrace(options: RecordOptions): Promise<RecordResult> {
  const { signal } = options;
  if (signal?.aborted === true)
    throw new WorkbenchError('cancelled', 'Cancelled before anything was recorded.');
  debug('begins', () => ({ producer: options.producer.kind, path: options.path }));
  const { port1: toDeriver, port2: fromProducer } = new MessageChannel();
  const { port1: toWriter, port2: fromDeriver } = new MessageChannel();
  const writerData: WriterData = {
    path: options.path,
    rules: { replace: options.replace, sources: sourcesOf(options.producer) },
    fromDeriver,
    maxBytes: options.maxBytes,
    recordedBy: options.recordedBy,
  };
  const writer = start('writer-thread', writerData, [fromDeriver]);
  const deriver = start('derive-thread', { fromProducer, toWriter } satisfies DeriveData, [
    fromProducer,
    toWriter,
  ]);
  const producerData: ProducerData = { spec: options.producer, toDeriver };
  const producer = start('producer-thread', producerData, [toDeriver]);
  let givesUp: NodeJS.Timeout | undefined;
  const cancel = (): void => {
    producer.postMessage('cancel');
    if (options.producer.kind !== 'import') return;
    // It looks up between its lines: an input that has none to give (a pipe) would hold it for ever.
    givesUp = setTimeout(() => {
      const error = toWireError(new WorkbenchError('cancelled', 'The import was cancelled.'));
      deriver.postMessage({ type: 'failed', error } satisfies ProducerToDeriver);
    }, CANCELLED_WITHIN_MS);
  };
  signal?.addEventListener('abort', cancel, { once: true });
  try {
    const result = await new Promise<RecordResult>((resolve, reject) => {
      const broke = (thread: string) => (thrown: unknown) =>
        reject(
          new WorkbenchError(
            'internal',
            `The ${thread} thread of the recording broke: ${toWireError(thrown).message}`,
          ),
        );
      writer.on('error', broke('writer'));
      deriver.on('error', broke('deriving'));
      writer.on('exit', () => reject(new WorkbenchError('internal', 'The writer thread ended early.')));
      // A producer whose thread broke cannot say so itself.
      producer.on('error', (thrown) => {
        const failed: ProducerToDeriver = { type: 'failed', error: toWireError(thrown) };
        deriver.postMessage(failed);
      });
      writer.on('message', (message: WriterToCaller) => {
        if (message.type === 'progress') options.onProgress?.(message.progress);
        else if (message.type === 'done') resolve(message.result);
        else if (message.type === 'written') {
          const letGo = options.beforeClose?.() ?? Promise.resolve();
          void letGo.catch(() => undefined).then(() => writer.postMessage(CLOSE));
        } else reject(fromWireError(message.error));
      });
    });
    const { path, complete, events, incompleteReason } = result;
    debug('ended', () => ({ path, complete, events, incompleteReason }));
    return result;
  } catch (thrown) {
    debug('failed', () => ({ path: options.path, error: toWireError(thrown).message }));
    throw thrown;
  } finally {
    signal?.removeEventListener('abort', cancel);
    clearTimeout(givesUp);
    await Promise.all([producer.terminate(), deriver.terminate(), writer.terminate()]);
  }
}

/** The files that a producer reads. */
function sourcesOf(producer: ProducerSpec): readonly string[] {
  switch (producer.kind) {
    case 'scenario':
      return producer.path === undefined ? [] : [producer.path];
    case 'cut':
      return [producer.path];
    case 'import':
      return [
        producer.path,
        ...(producer.locks === undefined ? [] : [producer.locks]),
        ...(producer.also ?? []),
      ];
  }
}

function start(name: ThreadName, workerData: unknown, transferList: MessagePort[]): Worker {
  return new Worker(threadUrl(name), {
    workerData,
    transferList,
    // What a recording allocates is buffers outside of the heap, soon let go of: collected often, or they pile up.
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB },
  });
}
