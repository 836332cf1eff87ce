/**
 * Entry point of the process that runs a person's SQL on one trace. SQLite cannot be interrupted from JavaScript while
 * it looks for a row, and a thread in the middle of that cannot be ended either; a process can.
 */
import { Worker } from 'node:worker_threads';
import { toWireError, WorkbenchError } from '#shared/base/errors.ts';
import { threadUrl } from '../threads/thread-url.ts';
import { limitMemory, SqlAnswer, TraceDatabase } from '../store/index.ts';
import { answerParent, parentOfHelper } from './sql/helper-process.ts';
import type { SqlReply, SqlRequest } from './sql/protocol.ts';

/** Answers kept for paging. */
const MOST_ANSWERS = 8;

const path = process.argv[2]!;
const answers = new Map<string, SqlAnswer>();
let trace: TraceDatabase | null = null;

function answer(request: SqlRequest): SqlReply {
  try {
    if (trace === null) {
      trace = TraceDatabase.open(path);
      limitMemory(trace);
    }
    if (request.kind === 'page')
      return { result: answerTo(request.queryId).page(request.first, request.count) };
    answers.delete(request.queryId);
    while (answers.size >= MOST_ANSWERS) answers.delete(answers.keys().next().value!);
    const made = new SqlAnswer(trace, request.sql, request.rowLimit);
    answers.set(request.queryId, made);
    const { columns, rows, truncated } = made;
    return { result: { columns, rows, truncated, page: made.page(0, request.pageRows) } };
  } catch (thrown) {
    return { error: toWireError(thrown) };
  }
}

function answerTo(queryId: string): SqlAnswer {
  const found = answers.get(queryId);
  if (found === undefined)
    throw new WorkbenchError('closed', 'The rows of this query are gone: run it again.');
  return found;
}

// Electron ends its own helpers.
const parent = parentOfHelper();
if (parent !== null) new Worker(threadUrl('parent-watch-thread'), { workerData: parent }).unref();
answerParent((request) => answer(request as SqlRequest));
