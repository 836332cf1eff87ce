/** Entry point of a trace's thread: opens the trace, then answers one query after the other. */
import { basename } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { createCancelSource } from '#shared/base/cancel.ts';
import { toWireError, WorkbenchError } from '#shared/base/errors.ts';
import { summary } from '../store/index.ts';
import { answerQuery } from './queries/answer-query.ts';
import { openUpgraded, type OpenedTrace } from './queries/open-upgraded.ts';
import type { FromQueryThread, QueryThreadData, ToQueryThread } from './queries/protocol.ts';

const port = parentPort!;
const { traceId, copiesFolder, ...started } = workerData as QueryThreadData;
const send = (message: FromQueryThread): void => port.postMessage(message);
/** How often the progress of an upgrade is told. */
const PROGRESS_MS = 100;

/** Ends what is being opened. */
let opening = createCancelSource();

async function open(path: string): Promise<OpenedTrace | null> {
  opening = createCancelSource();
  let toldMs = -Infinity;
  const onProgress = (events: number, allEvents: number): void => {
    const nowMs = performance.now();
    if (nowMs - toldMs < PROGRESS_MS) return;
    toldMs = nowMs;
    send({ upgrading: { events, allEvents } });
  };
  try {
    const opened = await openUpgraded(path, copiesFolder, { signal: opening.signal, onProgress });
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

let opened: OpenedTrace | null = null;
let isOpening = false;
let isClosed = false;
port.on('message', (request: ToQueryThread) => void receive(request));
await openNow(started.path);
if (opened === null) port.close();

async function openNow(path: string): Promise<void> {
  isOpening = true;
  const found = await open(path);
  isOpening = false;
  opened = found;
  if (isClosed) close();
}

function close(): void {
  isClosed = true;
  if (isOpening) {
    // Its answer is still to be sent.
    opening.cancel();
    return;
  }
  opened?.trace.close();
  port.close();
}

async function receive(request: ToQueryThread): Promise<void> {
  if (request === 'close') {
    close();
  } else if (request === 'release') {
    opened?.trace.close();
    opened = null;
    send({ result: null });
  } else if ('reopen' in request) {
    await openNow(request.reopen);
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
