/** Entry point of the thread that writes a trace: batches come in from the deriver, progress goes to the caller. */
import { parentPort, workerData } from 'node:worker_threads';
import { toWireError, type WireError } from '#shared/base/errors.ts';
import { batchBuffers } from '#shared/model/transition-batch.ts';
import { derivedBuffers, type DerivedBatch } from '../store/derive/derived-batch.ts';
import type { CommitFacts } from '../store/format/meta.ts';
import { TraceFile } from '../store/write/trace-file.ts';
import {
  CLOSE,
  type DeriverToWriter,
  type WriterData,
  type WriterToCaller,
  type WriterToDeriver,
} from './messages.ts';
import type { ProducerEnd } from './producer.ts';
import { ProgressMeter } from './progress-meter.ts';

const { path, rules, fromDeriver, maxBytes, recordedBy } = workerData as WriterData;
const tell = (message: WriterToCaller): void => parentPort!.postMessage(message);
const answer = (message: WriterToDeriver, transfer: ArrayBuffer[] = []): void =>
  fromDeriver.postMessage(message, transfer);

const CANCELLED_REASON = 'It was cancelled before the end.';

let file: TraceFile | null = null;
let over = false;
/** Ends the file; null while there is more to write. */
let close: (() => void) | null = null;
const meter = new ProgressMeter((progress) => tell({ type: 'progress', progress }));

function onMessage(message: DeriverToWriter): void {
  switch (message.type) {
    case 'begin':
      file = new TraceFile(path, message.source, {
        ...rules,
        ...(maxBytes === undefined ? {} : { maxBytes }),
        ...(recordedBy === undefined ? {} : { recordedBy }),
      });
      break;
    case 'batch': {
      const { batch, derived, commit, events, timeNs, fraction } = message;
      file!.write(batch, derived);
      answer({ type: 'emptied', batch, derived: { ...derived, packed: [] } }, [
        ...batchBuffers(batch),
        ...derivedBuffers(derived),
      ]);
      if (commit !== null) file!.commit(commit);
      meter.report({ events, timeNs, bytes: file!.bytes }, fraction);
      break;
    }
    case 'part': {
      const { derived } = message;
      file!.writeDerived(derived);
      answer({ type: 'emptied-part', derived: { ...derived, packed: [] } }, derivedBuffers(derived));
      break;
    }
    case 'end':
      finish(file!, message.derived, message.facts, message.end, null);
      break;
    case 'failed':
      fail(message.error, message.derived, message.facts);
      break;
    case 'broken':
      breakOff(message.error);
      break;
  }
}

/** The producer cannot go on: what there is is kept, if it is anything. */
function fail(error: WireError, derived: DerivedBatch, facts: CommitFacts): void {
  if (file === null || facts.events === 0) {
    file?.discard();
    tell({ type: 'failed', error });
    return;
  }
  const incompleteReason = error.code === 'cancelled' ? CANCELLED_REASON : error.message;
  finish(file, derived, facts, { incompleteReason, warnings: [], source: {}, report: null }, error);
}

function finish(
  trace: TraceFile,
  derived: DerivedBatch,
  facts: CommitFacts,
  end: ProducerEnd,
  error: WireError | null,
): void {
  trace.writeDerived(derived);
  close = () => closeFile(trace, facts, end, error);
  tell({ type: 'written' });
}

/** Whoever read the file has let go of it. */
function closeFile(trace: TraceFile, facts: CommitFacts, end: ProducerEnd, error: WireError | null): void {
  const written = trace.finish(facts, { ...end, brokenOff: error !== null });
  const { incompleteReason, warnings, report } = end;
  tell({
    type: 'done',
    result: { ...written, complete: incompleteReason === null, incompleteReason, error, warnings, report },
  });
}

/** What was committed stays under the name that the error tells. */
function breakOff(error: WireError): void {
  over = true;
  try {
    file?.abandon();
  } finally {
    answer({ type: 'failed', error });
    tell({ type: 'failed', error });
  }
}

fromDeriver.on('message', (message: DeriverToWriter) => {
  if (over) return;
  try {
    onMessage(message);
    over ||= message.type === 'end' || message.type === 'failed';
  } catch (thrown) {
    breakOff(toWireError(thrown));
  }
});
parentPort!.on('message', (message: typeof CLOSE) => {
  if (message !== CLOSE) return;
  try {
    close?.();
  } catch (thrown) {
    breakOff(toWireError(thrown));
  }
});
