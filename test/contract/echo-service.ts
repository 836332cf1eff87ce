/** A service with known answers, to find out what a pipe does to them. */
import {
  requests,
  type EventName,
  type Events,
  type RequestName,
  type WindowService,
  type WorkbenchService,
} from '#shared/api/contract.ts';
import type { CancelSignal } from '#shared/base/cancel.ts';
import { WorkbenchError } from '#shared/base/errors.ts';

/** Rows of the column result: 8 + 4 + 2 + 2 + 1 bytes each, a little over 4 MB. */
export const COLUMN_ROWS = 250_000;

export const knownError = new WorkbenchError('corrupt-trace', 'convoy.sctrace is damaged at row 7.', {
  file: 'convoy.sctrace',
  timeNs: 1.5,
  problems: [{ message: 'row 7', line: 1, column: 2 }],
});

/** Value `row` of every column is `row` in the column's own arithmetic. */
function columns() {
  const ascending = <Column extends { [index: number]: number }>(column: Column) => {
    for (let row = 0; row < COLUMN_ROWS; row++) column[row] = row;
    return column;
  };
  return {
    timeNs: ascending(new Float64Array(COLUMN_ROWS)),
    lwp: ascending(new Int32Array(COLUMN_ROWS)),
    cpu: ascending(new Int16Array(COLUMN_ROWS)),
    kind: ascending(new Uint16Array(COLUMN_ROWS)),
    state: ascending(new Uint8Array(COLUMN_ROWS)),
  };
}

const whenAborted = (signal: CancelSignal) =>
  new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));

function checkParams(name: string, params: unknown): unknown {
  if (!Object.hasOwn(requests, name)) {
    throw new WorkbenchError('bad-request', `There is no request ${name}.`);
  }
  const checked = requests[name as RequestName].params.safeParse(params);
  if (!checked.success) throw new WorkbenchError('bad-request', `${name}: ${checked.error.message}`);
  return checked.data;
}

/**
 * Checks parameters as the workbench does and answers with them. `scenario.read` with one of the ids
 * fail, defect, hang, unsendable does that instead; `trace.lanes` answers with 4 MB of columns. An aborted
 * `hang` is told to all windows as `command.run`, so that it can be seen from the other end; so is a window that left.
 */
export function createEchoService(): WorkbenchService {
  const listeners = new Set<(name: never, payload: never) => void>();
  const emit = <Name extends EventName>(name: Name, payload: Events[Name]) => {
    for (const listener of listeners) listener(name as never, payload as never);
  };
  const special: Readonly<Record<string, (signal: CancelSignal) => unknown>> = {
    fail() {
      throw knownError;
    },
    defect() {
      throw new TypeError('x is not a function');
    },
    async hang(signal) {
      await whenAborted(signal);
      emit('command.run', { command: 'hang ended' });
      throw new WorkbenchError('cancelled', 'The request was cancelled.');
    },
    unsendable: () => ({ a: () => 1 }),
  };
  const window: Omit<WindowService, 'leave'> = {
    async request(name, params, signal) {
      const checked = checkParams(name, params);
      if (name === 'trace.lanes') return columns();
      if (name === 'scenario.read') {
        const action = special[(checked as { id: string }).id];
        if (action !== undefined) return action(signal);
      }
      return { name, params: checked };
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
  const leave = (): Promise<void> => {
    emit('command.run', { command: 'window left' });
    return Promise.resolve();
  };
  return { ...window, forWindow: () => ({ ...window, leave }), close: () => Promise.resolve() };
}
