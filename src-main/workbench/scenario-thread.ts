/** Entry point of the thread that checks scenarios: a long text takes longer than a window may stand still. */
import { parentPort } from 'node:worker_threads';
import type { ScenarioCheck } from '#shared/api/contract.ts';
import { toWireError, type WireError } from '#shared/base/errors.ts';
import { checkScenario, parseScenario } from '../scenario/parse-scenario.ts';

export type CheckRequest =
  | { readonly id: number; readonly ask: 'check'; readonly text: string }
  | { readonly id: number; readonly ask: 'parse'; readonly text: string; readonly fileName: string };

export type CheckAnswer =
  | { readonly id: number; readonly check: ScenarioCheck | null }
  | { readonly id: number; readonly error: WireError };

const port = parentPort!;
port.on('message', (request: CheckRequest) => {
  let answer: CheckAnswer;
  try {
    if (request.ask === 'check') answer = { id: request.id, check: checkScenario(request.text) };
    else {
      parseScenario(request.text, request.fileName);
      answer = { id: request.id, check: null };
    }
  } catch (thrown) {
    answer = { id: request.id, error: toWireError(thrown) };
  }
  port.postMessage(answer);
});
