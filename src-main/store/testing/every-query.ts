/** Every query of a window, with parameters: the compiler says which are missing. For tests of what all of them have in common. */
import { KIND } from '#shared/model/kinds.ts';
import * as queries from '../queries/index.ts';
import type { TraceDatabase } from '../read/trace-database.ts';

/** What no window asks for, or only when somebody asks for the worst, and what goes through the whole trace by its nature. */
type Whole = 'contextSwitches' | 'longest' | 'lockHolds' | 'lockWaitNs' | 'lwpNumbers';
type Queries = Omit<typeof queries, Whole>;
type ParamsOf<Name extends keyof Queries> = Parameters<Queries[Name]>[1];

const durationNs = 60_000_000;
const window = { startNs: durationNs / 3, endNs: durationNs / 2, pixels: 500 };
const filter = { kinds: [KIND.decision], lwps: [1], cpus: [0], causes: [3], objects: [1] };
const around = { sequence: 9000, before: 5, after: 5 };
/** For a trace of some 30,000 events over 60 ms. */
const params: { readonly [Name in keyof Queries]: readonly ParamsOf<Name>[] } = {
  summary: [{ traceId: 't' }],
  lanes: [
    {
      ...window,
      lanes: [
        { kind: 'lwp', id: 1 },
        { kind: 'cpu', id: 0 },
        { kind: 'sync', id: 0 },
      ],
    },
  ],
  overview: [window],
  highlight: [{}],
  nopreemptWindows: [{ ...window, lwps: [1] }],
  decisions: [window, { ...window, lwps: [1] }],
  slotOccupancy: [window],
  cpuUse: [window],
  migrations: [window],
  cpuUpdates: [window],
  decisionCounts: [window],
  queueLengths: [{ ...window, cpus: [0] }],
  lockWaiters: [{ ...window, syncs: [0] }],
  wakeups: [{ ...window, lwps: [1] }],
  aggregates: [window, { ...window, lwps: [1], cpus: [0], syncs: [0], processes: [0] }],
  stateAt: [{ timeNs: window.startNs }, { sequence: 20_000 }, {}],
  events: [
    { timeNs: window.startNs, before: 5, after: 5 },
    { ...around, filter },
  ],
  eventsBySequence: [{ sequences: [1, 20_000] }],
  step: [
    { fromSequence: 100, direction: 'next', what: 'switch', lwp: 1 },
    { fromSequence: 20_000, direction: 'previous', what: 'decision' },
  ],
  stepFiltered: [{ fromSequence: 100, direction: 'next', filter }],
  findEvents: [{ text: 'swtch worker', fromSequence: 9000, direction: 'previous', limit: 10 }],
  history: [
    { kind: KIND.sc_yield, subject: 1, ...around },
    { kind: KIND.t_state, subject: 1, before: 5, after: 0 },
  ],
  neighbours: [{ lane: { kind: 'cpu', id: 0 }, timeNs: window.startNs }],
};

export const QUERY_NAMES = Object.keys(params) as (keyof Queries)[];

/** Asks a query everything. Throws what it throws. */
export function ask(trace: TraceDatabase, name: keyof Queries): void {
  const query = queries[name] as unknown as (trace: TraceDatabase, params: unknown) => unknown;
  for (const some of params[name]) query(trace, some);
}
