/** The producer's end of the channel to the deriver: sends batches, waits where too many are on their way. */
import type { MessagePort } from 'node:worker_threads';
import { fromWireError } from '#shared/base/errors.ts';
import {
  batchBuffers,
  batchCapacity,
  createBatch,
  type TransitionBatch,
  type TransitionSink,
} from '#shared/model/transition-batch.ts';
import { BATCHES_IN_FLIGHT, type ProducerToDeriver, type DeriverToProducer } from './messages.ts';

export class PortSink implements TransitionSink {
  /** How far the producer is, 0 to 1, sent with each batch. */
  fraction: number | null = null;
  private readonly port: MessagePort;
  private readonly emptied: TransitionBatch[] = [];
  private inFlight = 0;
  private failure: Error | null = null;
  private waiting: { resolve: (batch: TransitionBatch) => void; reject: (error: Error) => void } | null =
    null;

  constructor(port: MessagePort) {
    this.port = port;
    port.on('message', (message: DeriverToProducer) => this.onMessage(message));
  }

  write(batch: TransitionBatch): Promise<TransitionBatch> {
    if (this.failure !== null) return Promise.reject(this.failure);
    const rows = batchCapacity(batch);
    const message: ProducerToDeriver = { type: 'batch', batch, fraction: this.fraction };
    this.port.postMessage(message, batchBuffers(batch));
    this.inFlight++;
    const empty = this.emptied.pop();
    if (empty !== undefined) return Promise.resolve(empty);
    if (this.inFlight < BATCHES_IN_FLIGHT) return Promise.resolve(createBatch(rows));
    return new Promise((resolve, reject) => {
      this.waiting = { resolve, reject };
    });
  }

  private onMessage(message: DeriverToProducer): void {
    const waiting = this.waiting;
    if (message.type === 'failed') {
      this.failure = fromWireError(message.error);
      this.waiting = null;
      waiting?.reject(this.failure);
      return;
    }
    this.inFlight--;
    const batch = message.batch;
    batch.length = 0;
    batch.definitions = [];
    if (waiting === null) {
      this.emptied.push(batch);
    } else {
      this.waiting = null;
      waiting.resolve(batch);
    }
  }
}
