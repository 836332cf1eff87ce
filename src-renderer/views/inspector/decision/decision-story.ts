/**
 * The story of a decision: its history in the same request, its writes, its consequences, and the threads it delayed.
 * Fetched for the decision that the page shows, from rows and lanes around it.
 */
import type { EventColumns, WorkbenchClient } from '#shared/api/contract.ts';
import { LANE_STATE, TS } from '#shared/model/enums.ts';
import { KIND, KIND_SPECS } from '#shared/model/kinds.ts';
import { MachineState } from '#shared/model/machine-state.ts';
import { eventRow, type EventRow } from '../../../trace-data/decode/event-row.ts';

/** The delay of a thread that waited for a lock of the one that was off its CPU. */
export interface DelayedThread {
  readonly lwp: number;
  readonly spinningNs: number;
  readonly waitingNs: number;
}

export interface DecisionStory {
  readonly decision: EventRow;
  /** The row that set sc_nopreempt; null where it is not known. */
  readonly requested: EventRow | null;
  /** The row that cleared it, by user code or the kernel, before the decision (a yield comes after it) or after. */
  readonly withdrawn: EventRow | null;
  /** The row that set sc_yield last, at or before the decision. */
  readonly yieldAsked: EventRow | null;
  /** Decisions before this one, in the same request. */
  readonly earlier: readonly EventRow[];
  /** Fields of the thread and its slot that were assigned with the decision, at the same moment. */
  readonly writes: readonly EventRow[];
  /** The next decision about the same thread. */
  readonly next: EventRow | null;
  /** When it left its CPU after the decision; null where that is not in the trace. */
  readonly off: EventRow | null;
  /** When it had a CPU again. */
  readonly back: EventRow | null;
  /** LWP that took the CPU, -1 for none or unknown. */
  readonly preemptor: number;
  /** Locks that it held at the decision. */
  readonly held: readonly number[];
  /** Threads that waited for those locks while it was off its CPU, the longest delay first. */
  readonly delayed: readonly DelayedThread[];
}

/** How long the thread was off its CPU after the decision, in ns; null where it kept it, or did not come back. */
export function offCpuNs({ off, back }: Pick<DecisionStory, 'off' | 'back'>): number | null {
  return off === null || back === null ? null : back.timeNs - off.timeNs;
}

/** Decisions before this one that are looked at; a request rarely sees more than a handful. */
const EARLIER_MOST = 50;
const LANES_MOST = 512;
/** Rows about the thread that are looked at before and behind a decision. */
const ROWS_BEFORE = 12;
const ROWS_AFTER = 60;

const rowsOf = (columns: EventColumns): EventRow[] =>
  Array.from(columns.sequence, (_, index) => eventRow(columns, index));

export async function decisionStory(
  client: WorkbenchClient,
  traceId: string,
  decision: EventRow,
  /** Those that may have waited for its locks, the likeliest first. */
  others: readonly number[],
): Promise<DecisionStory> {
  const { sequence, lwp } = decision;
  const of = { traceId };
  const at = await client.request('trace.stateAt', { ...of, sequence });
  const state = MachineState.deserialize(at.words);
  const slot = state.read(KIND.t_schedctl, lwp);
  const history = (kind: number, before: number, after: number): Promise<EventRow[]> =>
    slot < 0
      ? Promise.resolve([])
      : client
          .request('trace.history', { ...of, kind, subject: slot, sequence: sequence + 1, before, after })
          .then(rowsOf);
  const [before, after, yields, follow, decisions] = await Promise.all([
    history(KIND.sc_nopreempt, 4, 0),
    history(KIND.sc_nopreempt, 0, 1),
    history(KIND.sc_yield, 2, 0),
    client.request('trace.events', {
      ...of,
      sequence,
      before: ROWS_BEFORE,
      after: ROWS_AFTER,
      filter: { lwps: [lwp] },
    }),
    client.request('trace.events', {
      ...of,
      sequence: sequence + 1,
      before: 0,
      after: 12,
      filter: { lwps: [lwp], kinds: [KIND.t_state, KIND.decision] },
    }),
  ]);
  const requested = before.findLast((row) => row.newValue !== 0) ?? null;
  const following = rowsOf(decisions);
  const off = following.find((row) => row.kind === KIND.t_state && row.newValue !== TS.ONPROC) ?? null;
  const back =
    off === null
      ? null
      : (following.find(
          (row) => row.kind === KIND.t_state && row.newValue === TS.ONPROC && row.sequence > off.sequence,
        ) ?? null);
  const held = Array.from({ length: state.countOf('sync') }, (_, sync) => sync).filter(
    (sync) => state.read(KIND.sync_owner, sync) === lwp,
  );
  const [earlier, preemptor, delayed] = await Promise.all([
    earlierDecisions(client, traceId, decision, requested),
    off === null ? -1 : preemptorAt(client, traceId, lwp, off.timeNs),
    off === null || back === null || held.length === 0
      ? []
      : delayedThreads(client, traceId, held, off.timeNs, back.timeNs, others),
  ]);
  return {
    decision,
    requested,
    withdrawn:
      [...before, ...after].find(
        (row) => row.newValue === 0 && row.sequence > (requested?.sequence ?? sequence),
      ) ?? null,
    yieldAsked: yields.findLast((row) => row.newValue !== 0) ?? null,
    earlier,
    writes: writesOf(rowsOf(follow), decision),
    next: following.find((row) => row.kind === KIND.decision) ?? null,
    off,
    back,
    preemptor,
    held,
    delayed,
  };
}

const SUBJECTS_SHOWN: ReadonlySet<string | undefined> = new Set(['lwp', 'slot']);

/**
 * Assignments to the thread and its slot around the decision, at its moment: some come before its probe fires (the
 * tick taken, a request revoked), some behind, up to the switch or another decision.
 */
function writesOf(rows: readonly EventRow[], decision: EventRow): EventRow[] {
  const at = rows.findIndex((row) => row.sequence === decision.sequence);
  const isEnd = (row: EventRow): boolean =>
    row.timeNs !== decision.timeNs || row.kind === KIND.decision || row.kind === KIND.cpu_dispthread;
  let first = at;
  while (first > 0 && !isEnd(rows[first - 1]!)) first--;
  let end = at + 1;
  while (end < rows.length && !isEnd(rows[end]!)) end++;
  return rows
    .slice(first, end)
    .filter(
      (row) =>
        row.kind !== KIND.decision &&
        row.oldValue !== row.newValue &&
        SUBJECTS_SHOWN.has(KIND_SPECS[row.kind]?.subject),
    );
}

async function earlierDecisions(
  client: WorkbenchClient,
  traceId: string,
  decision: EventRow,
  requested: EventRow | null,
): Promise<EventRow[]> {
  if (requested === null) return [];
  const columns = await client.request('trace.events', {
    traceId,
    sequence: decision.sequence,
    before: EARLIER_MOST,
    after: 0,
    filter: { kinds: [KIND.decision], lwps: [decision.lwp] },
  });
  return rowsOf(columns).filter(({ sequence }) => sequence > requested.sequence);
}

async function preemptorAt(
  client: WorkbenchClient,
  traceId: string,
  lwp: number,
  timeNs: number,
): Promise<number> {
  const lane = await client.request('trace.lanes', {
    traceId,
    startNs: timeNs,
    endNs: timeNs + 1,
    pixels: 1,
    lanes: [{ kind: 'lwp', id: lwp }],
  });
  for (let i = (lane.laneOffset[1] ?? 0) - 1; i >= 0; i--) {
    if (lane.state[i] === LANE_STATE.preempted) return lane.lwp[i]!;
  }
  return -1;
}

/** Time that threads spent waiting for one of these locks in a range. */
async function delayedThreads(
  client: WorkbenchClient,
  traceId: string,
  locks: readonly number[],
  startNs: number,
  endNs: number,
  lwps: readonly number[],
): Promise<DelayedThread[]> {
  if (endNs <= startNs) return [];
  const asked = lwps.slice(0, LANES_MOST);
  const lanes = await client.request('trace.lanes', {
    traceId,
    startNs,
    endNs,
    pixels: 2_000,
    lanes: asked.map((id) => ({ kind: 'lwp' as const, id })),
  });
  const delayed = asked.map((lwp, index): DelayedThread => {
    let spinningNs = 0;
    let waitingNs = 0;
    for (let row = lanes.laneOffset[index]!; row < lanes.laneOffset[index + 1]!; row++) {
      if (!locks.includes(lanes.sync[row]!)) continue;
      const lengthNs = Math.min(endNs, lanes.endNs[row]!) - Math.max(startNs, lanes.startNs[row]!);
      if (lanes.state[row] === LANE_STATE.spinning) spinningNs += Math.max(0, lengthNs);
      else waitingNs += Math.max(0, lengthNs);
    }
    return { lwp, spinningNs, waitingNs };
  });
  const cost = (thread: DelayedThread): number => thread.spinningNs + thread.waitingNs;
  return delayed.filter((thread) => cost(thread) > 0).sort((a, b) => cost(b) - cost(a));
}
