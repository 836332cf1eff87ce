/** Entry point of a trace's thread: opens the trace, then answers one query after the other. */
import { basename } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { toWireError, WorkbenchError } from '#shared/base/errors.ts';
import { summary } from '../store/index.ts';
import { answerQuery } from './queries/answer-query.ts';
import { openUpgraded, type OpenedTrace } from './queries/open-upgraded.ts';
import type { QueryAnswer, QueryThreadData, ToQueryThread } from './queries/protocol.ts';

const port = parentPort!;
const { traceId, copiesFolder, ...started } = workerData as QueryThreadData;
const send = (answer: QueryAnswer): void => port.postMessage(answer);

function open(path: string): OpenedTrace | null {
  try {
    const opened = openUpgraded(path, copiesFolder);
    const { trace, isCopy, warning } = opened;
    try {
      const found = summary(trace, { traceId });
      const warnings = warning === null ? found.warnings : [warning, ...found.warnings];
      // A window names the trace by the file that was asked for.
      const named = isCopy ? { path, fileName: basename(path) } : {};
      send({ opened: { ...found, ...named, warnings }, file: trace.path });
      return opened;
    } catch (thrown) {
      trace.close();
      throw thrown;
    }
  } catch (thrown) {
    send({ error: toWireError(thrown) });
    return null;
  }
}

let opened = open(started.path);
if (opened === null) port.close();
else port.on('message', receive);

function receive(request: ToQueryThread): void {
  if (request === 'close') {
    opened?.trace.close();
    port.close();
  } else if (request === 'release') {
    opened?.trace.close();
    opened = null;
    send({ result: null });
  } else if ('reopen' in request) {
    opened = open(request.reopen);
  } else if (opened === null) {
    send({ error: toWireError(new WorkbenchError('closed', 'The trace is closed: open it again.')) });
  } else {
    const { trace, isCopy } = opened;
    try {
      send({ result: answerQuery(trace, request.name, request.params, { takesNotes: !isCopy }) });
    } catch (thrown) {
      send({ error: toWireError(thrown) });
    }
  }
}
