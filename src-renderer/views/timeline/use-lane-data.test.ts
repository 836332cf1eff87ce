import { createPinia, setActivePinia } from 'pinia';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { effectScope, nextTick } from 'vue';
import type { RequestName, TraceSummary, WorkbenchClient } from '#shared/api/contract.ts';
import { useConnection } from '../../stores/connection.ts';
import { useSession } from '../../stores/session.ts';
import { useViewport } from '../../stores/viewport.ts';
import { lanesFromText } from '../../trace-data/testing/lanes-from-text.ts';
import { useLaneData, type LanesInView } from './use-lane-data.ts';

const trace = {
  traceId: 'growing',
  durationNs: 1e9,
  plannedNs: null,
  complete: true,
  hasSchedctl: true,
  syncs: [],
  lwps: [],
} as unknown as TraceSummary;
const inView: LanesInView = {
  visible: [
    { kind: 'cpu', id: 0 },
    { kind: 'lwp', id: 1 },
    { kind: 'sync', id: 2 },
  ],
  nearby: [],
};
const EVERYTHING: readonly RequestName[] = [
  'trace.decisions',
  'trace.lanes',
  'trace.lockWaiters',
  'trace.nopreemptWindows',
  'trace.queueLengths',
  'trace.wakeups',
];

let asked: RequestName[];
const scope = effectScope();

beforeEach(() => {
  vi.useFakeTimers();
  setActivePinia(createPinia());
  asked = [];
  const none = new Float64Array();
  const client = {
    on: () => () => undefined,
    request: (name: RequestName) => {
      asked.push(name);
      if (name === 'trace.lanes') return Promise.resolve(lanesFromText('R', 'R', 'R'));
      return Promise.resolve({ lwp: none, lwpId: none, startNs: none, timeNs: none, lwpOffset: none });
    },
  } as unknown as WorkbenchClient;
  useConnection().attach({ client, pathOfFile: () => null, onClosed: () => undefined });
});
afterEach(() => {
  scope.stop();
  vi.useRealTimers();
});

/** What is asked for until nothing is missing any more. */
async function askedFor(show: () => void): Promise<RequestName[]> {
  asked = [];
  show();
  await vi.runAllTimersAsync();
  return [...new Set(asked)].sort();
}

it('asks for everything again once the trace has grown, and for nothing while it has not', async () => {
  const session = useSession();
  const viewport = useViewport();
  viewport.widthPx = 1000;
  session.trace = trace;
  const data = scope.run(() => useLaneData(() => undefined))!;
  const show = (): void => data.show(trace, inView);
  expect(await askedFor(show)).toEqual(EVERYTHING);
  expect(await askedFor(show)).toEqual([]);
  session.revision++;
  await nextTick();
  expect(await askedFor(show)).toEqual(EVERYTHING);
});
