/** Entry point of a trace's thread: opens the trace, then answers one query after the other. */
import { parentPort, workerData } from 'node:worker_threads';
import { toWireError } from '#shared/base/errors.ts';
import { summary, TraceDatabase } from '../store/index.ts';
import { answerQuery } from './queries/answer-query.ts';
import type { QueryAnswer, QueryRequest, QueryThreadData } from './queries/protocol.ts';

const port = parentPort!;
const { path, traceId } = workerData as QueryThreadData;
const send = (answer: QueryAnswer): void => port.postMessage(answer);

function open(): TraceDatabase | null {
  try {
    const trace = TraceDatabase.open(path);
    try {
      send({ opened: summary(trace, { traceId }) });
      return trace;
    } catch (thrown) {
      trace.close();
      throw thrown;
    }
  } catch (thrown) {
    send({ error: toWireError(thrown) });
    return null;
  }
}

const trace = open();
if (trace === null) port.close();
else {
  port.on('message', (request: QueryRequest | 'close') => {
    if (request === 'close') {
      trace.close();
      port.close();
      return;
    }
    try {
      send({ result: answerQuery(trace, request.name, request.params) });
    } catch (thrown) {
      send({ error: toWireError(thrown) });
    }
  });
}
