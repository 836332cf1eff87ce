/**
 * Entry point of the thread between producer and writer: computes the derived data of each batch and passes both on.
 * SQLite's thread then only inserts rows, which is the bottleneck of a recording.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { toWireError } from '#shared/base/errors.ts';
import { batchBuffers } from '#shared/model/transition-batch.ts';
import { derivedBuffers, type DerivedBatch } from '../store/derive/derived-batch.ts';
import { FindingsPass } from '../findings/pass.ts';
import { Derivation } from '../store/derive/derivation.ts';
import type { CommitFacts } from '../store/format/meta.ts';
import { rowsWithinLimit, tooLong } from '../store/derive/time-limit.ts';
import type {
  DeriveData,
  DeriverToProducer,
  DeriverToWriter,
  ProducerToDeriver,
  WriterToDeriver,
} from './messages.ts';

const { fromProducer, toWriter } = workerData as DeriveData;

/** A commit at least this often, so that a killed recording loses little. */
const COMMIT_EVERY_MS = 1000;

/** Made anew when it is known what is recorded. */
let derivation = new Derivation();
let over = false;
let committedMs = performance.now();

const send = (message: DeriverToWriter, derived?: DerivedBatch, buffers: ArrayBuffer[] = []): void =>
  toWriter.postMessage(message, derived === undefined ? buffers : [...buffers, ...derivedBuffers(derived)]);

/** Brings everything up to date that is to be committed; sends part of it ahead where it is much. */
const flush = (): CommitFacts =>
  derivation.flush(() => {
    const derived = derivation.take();
    send({ type: 'part', derived }, derived);
  });

function onMessage(message: ProducerToDeriver): void {
  switch (message.type) {
    case 'begin':
      derivation = new Derivation({}, new FindingsPass(message.source));
      send(message);
      break;
    case 'batch': {
      const { batch, fraction } = message;
      const within = rowsWithinLimit(batch);
      if (within < batch.length) {
        const error = toWireError(tooLong(derivation.events + within + 1, batch.columns.timeNs[within]!));
        batch.length = within;
        onMessage(message);
        onMessage({ type: 'failed', error });
        break;
      }
      derivation.addBatch(batch);
      const isDue = derivation.isCommitDue || performance.now() - committedMs > COMMIT_EVERY_MS;
      const commit = isDue ? flush() : null;
      if (isDue) committedMs = performance.now();
      const derived = derivation.take();
      const { events } = derivation;
      const timeNs = derivation.router.nowNs;
      send({ type: 'batch', batch, derived, commit, events, timeNs, fraction }, derived, batchBuffers(batch));
      break;
    }
    case 'end':
    case 'failed': {
      derivation.finish();
      const facts = flush();
      const derived = derivation.take();
      if (message.type === 'end') send({ type: 'end', end: message.end, derived, facts }, derived);
      else send({ type: 'failed', error: message.error, derived, facts }, derived);
      over = true;
      break;
    }
  }
}

function receive(message: ProducerToDeriver): void {
  if (over) return;
  try {
    onMessage(message);
  } catch (thrown) {
    // A row that no trace can contain: the rows since the last commit cannot be kept.
    over = true;
    send({ type: 'broken', error: toWireError(thrown) });
  }
}

fromProducer.on('message', receive);
// The caller speaks for a producer whose thread broke.
parentPort!.on('message', receive);
toWriter.on('message', (message: WriterToDeriver) => {
  if (message.type === 'failed') {
    fromProducer.postMessage(message satisfies DeriverToProducer);
    return;
  }
  derivation.reuse(message.derived);
  if (message.type === 'emptied-part') return;
  const { batch } = message;
  fromProducer.postMessage({ type: 'emptied', batch } satisfies DeriverToProducer, batchBuffers(batch));
});
