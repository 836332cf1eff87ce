/** Entry point of the thread that writes a trace: batches come in from the producer, progress goes to the caller. */
import { parentPort, workerData } from 'node:worker_threads';
import { toWireError, type WireError } from '#shared/base/errors.ts';
import { batchBuffers } from '#shared/model/transition-batch.ts';
import { TraceWriter } from '../store/trace-writer.ts';
import type { ProducerToWriter, WriterData, WriterToCaller, WriterToProducer } from './messages.ts';
import type { ProducerEnd } from './producer.ts';
import { ProgressMeter } from './progress-meter.ts';

const { path, fromProducer, maxBytes, recordedBy } = workerData as WriterData;
const tell = (message: WriterToCaller): void => parentPort!.postMessage(message);
const answer = (message: WriterToProducer, transfer: ArrayBuffer[] = []): void =>
  fromProducer.postMessage(message, transfer);

const CANCELLED_REASON = 'It was cancelled before its end.';

/** A commit at least this often, so that a killed recording loses little. */
const COMMIT_EVERY_MS = 1000;

let writer: TraceWriter | null = null;
let over = false;
let committedMs = performance.now();
const meter = new ProgressMeter((progress) => tell({ type: 'progress', progress }));

function onMessage(message: ProducerToWriter): void {
  switch (message.type) {
    case 'begin':
      writer = new TraceWriter(path, message.source, {
        ...(maxBytes === undefined ? {} : { maxBytes }),
        ...(recordedBy === undefined ? {} : { recordedBy }),
      });
      break;
    case 'batch':
      writer!.write(message.batch);
      answer({ type: 'emptied', batch: message.batch }, batchBuffers(message.batch));
      if (performance.now() - committedMs > COMMIT_EVERY_MS) {
        writer!.commit();
        committedMs = performance.now();
      }
      meter.report(writer!, message.fraction);
      break;
    case 'end':
      finish(writer!, message.end, null);
      break;
    case 'failed':
      fail(message.error);
      break;
  }
}

/** The producer cannot go on: what there is is kept, if it is anything. */
function fail(error: WireError): void {
  if (writer === null || writer.events === 0) {
    writer?.discard();
    tell({ type: 'failed', error });
    return;
  }
  const incompleteReason = error.code === 'cancelled' ? CANCELLED_REASON : error.message;
  finish(writer, { incompleteReason, warnings: [], source: {}, report: null }, error);
}

function finish(trace: TraceWriter, end: ProducerEnd, error: WireError | null): void {
  const written = trace.finish({ ...end, brokenOff: error !== null });
  const { incompleteReason, warnings, report } = end;
  tell({
    type: 'done',
    result: { ...written, complete: incompleteReason === null, incompleteReason, error, warnings, report },
  });
}

function receive(message: ProducerToWriter): void {
  if (over) return;
  try {
    onMessage(message);
    over = message.type === 'end' || message.type === 'failed';
  } catch (thrown) {
    // Writing failed: what was committed stays under the name that the error tells.
    over = true;
    const error = toWireError(thrown);
    try {
      writer?.abandon();
    } finally {
      answer({ type: 'failed', error });
      tell({ type: 'failed', error });
    }
  }
}

fromProducer.on('message', receive);
// The caller speaks for a producer whose thread broke.
parentPort!.on('message', receive);
