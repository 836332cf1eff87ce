/** Entry point of the thread that makes transitions. The caller's message 'cancel' ends it early. */
import { parentPort, workerData } from 'node:worker_threads';
import { toWireError } from '#shared/base/errors.ts';
import type { ProducerData, ProducerToDeriver } from './messages.ts';
import { PortSink } from './port-sink.ts';
import { openProducer } from './producers.ts';

const { spec, toDeriver } = workerData as ProducerData;
const cancel = new AbortController();
parentPort!.on('message', () => cancel.abort());
const send = (message: ProducerToDeriver): void => toDeriver.postMessage(message);

try {
  const producer = await openProducer(spec);
  send({ type: 'begin', source: producer.source });
  const sink = new PortSink(toDeriver);
  const end = await producer.run(sink, {
    signal: cancel.signal,
    reached: (fraction) => {
      sink.fraction = fraction;
    },
  });
  send({ type: 'end', end });
} catch (thrown) {
  send({ type: 'failed', error: toWireError(thrown) });
}
// Both ports stay open: the caller ends this thread when the writer is done.
