/** No query scans a table that grows with the trace; SQLite itself says so of every statement that is prepared. */
import { expect, it } from 'vitest';
import { KIND } from '#shared/model/kinds.ts';
import { notesInTrace } from '../notes.ts';
import { DERIVED_TABLES } from '../schema.ts';
import { temporaryFolder, writeSynthetic } from '../testing/temporary-folder.ts';
import { TraceDatabase } from '../trace-database.ts';
import * as queries from './index.ts';

const path = temporaryFolder()('trace.sctrace');
writeSynthetic(path, { events: 30_000, cpus: 3, lwps: 9, locks: 2 });
const durationNs = ((): number => {
  const trace = TraceDatabase.open(path);
  trace.close();
  return trace.durationNs;
})();

/** What no window asks for, and what goes through the whole trace by its nature. */
type Whole = 'contextSwitches' | 'lockHolds' | 'lockWaitNs' | 'lwpNumbers';
type Queries = Omit<typeof queries, Whole>;
type ParamsOf<Name extends keyof Queries> = Parameters<Queries[Name]>[1];

const window = { startNs: durationNs / 3, endNs: durationNs / 2, pixels: 500 };
const filter = { kinds: [KIND.decision], lwps: [1], cpus: [0], causes: [3], objects: [1] };
const around = { sequence: 9000, before: 5, after: 5 };
/** Parameters of every query; the compiler says which are missing. */
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

/** What says how long a trace is in each block of rows, and what series there are: few rows, read once an open file. */
const READ_WHOLE = new Set<string>(['event_block', 'series']);

it.each(Object.keys(params) as (keyof Queries)[])('%s goes by keys', (name) => {
  const trace = TraceDatabase.open(path);
  const query = queries[name] as unknown as (trace: TraceDatabase, params: unknown) => unknown;
  for (const some of params[name]) query(trace, some);
  notesInTrace(trace);
  const growing = ['event', ...DERIVED_TABLES].filter((table) => !READ_WHOLE.has(table));
  for (const sql of trace.preparedSql) {
    const values = sql.match(/\?/g)?.map(() => 1) ?? [];
    const plan = trace.db.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...values) as { detail: string }[];
    for (const { detail } of plan) {
      const scanned = /^SCAN (\w+)/.exec(detail)?.[1];
      expect(growing, `${sql}: ${detail}`).not.toContain(scanned);
    }
  }
  trace.close();
});
