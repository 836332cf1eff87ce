/** What the inspector knows about one moment: fetched together, shown together, so that it never contradicts itself. */
import { assert } from '#shared/base/assert.ts';
import type { WorkbenchClient } from '#shared/api/contract.ts';
import { CAUSE, isSliceExtension } from '#shared/model/causes.ts';
import { TS } from '#shared/model/enums.ts';
import { KIND } from '#shared/model/kinds.ts';
import { MachineState } from '#shared/model/machine-state.ts';
import { SC_FIELDS } from '#shared/model/sc-shared.ts';
import type { InspectorPage } from '../../stores/inspector-pages.ts';
import { eventRow, type EventRow } from '../../trace-data/decode/event-row.ts';
import { sliceTimerOf, type SliceFacts } from '../../trace-data/decode/slice-extension.ts';
import {
  classFields,
  FIELDS_OF,
  knownKinds,
  SHARE_FIELDS,
  shareAccount,
  THREAD_FIELDS,
} from '../../trace-data/decode/inspector-fields.ts';

/** The slice of the LWP's lane at the cursor. */
export interface LwpSlice {
  readonly startNs: number;
  /** LANE_STATE of enums.ts. */
  readonly state: number;
  /** LWP that took its CPU, -1 for none or unknown. */
  readonly preemptor: number;
}

export interface Inspection {
  readonly traceId: string;
  /** Where the cursor is: at or after `rowTimeNs`. */
  readonly timeNs: number;
  /** Last row that has happened; 0 before the first. */
  readonly sequence: number;
  readonly rowTimeNs: number;
  readonly state: MachineState;
  /** The state shown before the cursor last moved; null at first and after a jump. */
  readonly before: MachineState | null;
  readonly page: InspectorPage;
  /** The LWP that the page is about, null where it is about none. */
  readonly lwp: number | null;
  /** The rows that last changed what is shown, by sequence. */
  readonly writers: ReadonlyMap<number, EventRow>;
  readonly slice: LwpSlice | null;
  /** Last decision about the LWP. */
  readonly decision: EventRow | null;
  /**
   * What the rows around that decision tell of the time slice extension that it is about; null where it is about none.
   */
  readonly extension: SliceFacts | null;
}

export interface InspectionRequest {
  readonly traceId: string;
  readonly timeNs: number;
  /** Null: the state after all rows up to `timeNs`. */
  readonly sequence: number | null;
  readonly page: InspectorPage;
}

/**
 * The fields that make up what an LWP is doing on a CPU, and off it: it has been doing so since the latest of them
 * changed.
 */
const ON_CPU_KINDS = [KIND.t_state, KIND.user_spin];
const OFF_CPU_KINDS = [KIND.t_state, KIND.off_cpu_reason];

export const changedAt = (state: MachineState, kind: number, id: number): number =>
  state.changed?.[kind]?.[id] ?? 0;

/** Whether a field was assigned by the last move of the cursor, in either direction. */
export function movedOver(inspection: Inspection, kind: number, id: number): boolean {
  const { state, before } = inspection;
  return before !== null && changedAt(state, kind, id) !== changedAt(before, kind, id);
}

/** Sequence of the row since which the LWP has been doing what it does; 0 since the start. */
export function stateSince(state: MachineState, lwp: number): number {
  const kinds = state.read(KIND.t_state, lwp) === TS.ONPROC ? ON_CPU_KINDS : OFF_CPU_KINDS;
  return Math.max(...kinds.map((kind) => changedAt(state, kind, lwp)));
}

/** Asks the service for everything that the inspector shows. Four rounds at most, each in parallel. */
export async function inspect(
  client: WorkbenchClient,
  request: InspectionRequest,
  previous: Inspection | null,
): Promise<Inspection> {
  const { traceId, timeNs, page } = request;
  const lwp = page.kind === 'lwp' || page.kind === 'decision' ? page.id : null;
  const at = request.sequence === null ? { timeNs } : { sequence: request.sequence };
  const answer = await client.request('trace.stateAt', { traceId, ...at });
  const state = MachineState.deserialize(answer.words);
  const [writers, slice, decision] = await Promise.all([
    fetchWriters(client, traceId, state, page),
    lwp === null ? null : fetchSlice(client, traceId, timeNs, lwp),
    lwp === null ? null : fetchLastDecision(client, traceId, answer.sequence, lwp),
  ]);
  const extension =
    decision !== null && isSliceExtension(decision.cause)
      ? await fetchSliceFacts(client, traceId, decision)
      : null;
  return {
    traceId,
    timeNs,
    sequence: answer.sequence,
    rowTimeNs: answer.timeNs,
    state,
    before: stateBefore(previous, traceId, answer.sequence),
    page,
    lwp,
    writers,
    slice,
    decision,
    extension,
  };
}

/** After a jump over more rows than this nearly everything has changed, and marks would say nothing. */
const STEP_ROWS = 20;

/** Choosing another thread is no move of the cursor: the marks of the last move stay. */
function stateBefore(previous: Inspection | null, traceId: string, sequence: number): MachineState | null {
  if (previous === null || previous.traceId !== traceId) return null;
  if (previous.sequence === sequence) return previous.before;
  return Math.abs(previous.sequence - sequence) <= STEP_ROWS ? previous.state : null;
}

/** Rows that one request takes. */
const WRITERS_MOST = 1024;

/** The rows that last assigned what the page shows. */
async function fetchWriters(
  client: WorkbenchClient,
  traceId: string,
  state: MachineState,
  page: InspectorPage,
): Promise<Map<number, EventRow>> {
  const sequences = shownSequences(state, page);
  sequences.delete(0);
  if (sequences.size === 0) return new Map();
  const columns = await client.request('trace.eventsBySequence', {
    traceId,
    sequences: [...sequences].sort((a, b) => a - b).slice(-WRITERS_MOST),
  });
  const rows = Array.from(columns.sequence, (_, index) => eventRow(columns, index));
  return new Map(rows.map((row) => [row.sequence, row]));
}

function shownSequences(state: MachineState, { kind, id, slot: chosen }: InspectorPage): Set<number> {
  const of = (kinds: readonly number[], subject: number): number[] =>
    kinds.map((each) => changedAt(state, each, subject));
  const ofSlot = (slot: number): number[] =>
    of([...SC_FIELDS.map((field) => KIND[field.name]), KIND.slot_allocated, KIND.slot_lwp], slot);
  // It shows what is so over a range, not what is so at the cursor.
  if (kind === 'finding') return new Set();
  if (kind !== 'lwp' && kind !== 'decision') {
    const own = of(knownKinds(state, FIELDS_OF[kind], id, true), id);
    return new Set(chosen === undefined ? own : [...own, ...ofSlot(chosen)]);
  }
  const sequences = of(knownKinds(state, THREAD_FIELDS, id, true), id);
  sequences.push(...of(knownKinds(state, classFields(state.read(KIND.t_cid, id)), id, true), id));
  const account = shareAccount(state, id);
  if (account !== null) {
    for (const part of ['fssproj', 'fsszone', 'cpupart'] as const) {
      sequences.push(...of(knownKinds(state, SHARE_FIELDS[part], account[part], true), account[part]));
    }
  }
  const slot = state.read(KIND.t_schedctl, id);
  if (slot >= 0) sequences.push(...ofSlot(slot));
  return new Set(sequences);
}

async function fetchSlice(
  client: WorkbenchClient,
  traceId: string,
  timeNs: number,
  lwp: number,
): Promise<LwpSlice | null> {
  const lane = await client.request('trace.lanes', {
    traceId,
    startNs: timeNs,
    endNs: timeNs + 1,
    pixels: 1,
    lanes: [{ kind: 'lwp', id: lwp }],
  });
  const count = lane.laneOffset[1] ?? 0;
  for (let i = count - 1; i >= 0; i--) {
    if (lane.startNs[i]! <= timeNs) {
      return { startNs: lane.startNs[i]!, state: lane.state[i]!, preemptor: lane.lwp[i]! };
    }
  }
  return null;
}

async function fetchLastDecision(
  client: WorkbenchClient,
  traceId: string,
  sequence: number,
  lwp: number,
): Promise<EventRow | null> {
  const target = await client.request('trace.step', {
    traceId,
    // The row at the cursor itself counts.
    fromSequence: sequence + 1,
    direction: 'previous',
    what: 'decision',
    lwp,
  });
  if (target === null) return null;
  const columns = await client.request('trace.eventsBySequence', { traceId, sequences: [target.sequence] });
  assert(columns.sequence.length === 1, `the trace has no row ${target.sequence} that it stepped to`);
  return eventRow(columns, 0);
}

/** Kinds of rows that are about an extension. */
const SLICE_KINDS = [KIND.slice_timer, KIND.slice_syscall, KIND.decision];
/** From the timer to the end of an extension there are four of them at most. */
const SLICE_ROWS_BEFORE = 4;

async function fetchSliceFacts(
  client: WorkbenchClient,
  traceId: string,
  decision: EventRow,
): Promise<SliceFacts> {
  const columns = await client.request('trace.events', {
    traceId,
    sequence: decision.sequence,
    before: SLICE_ROWS_BEFORE,
    after: 2,
    filter: { kinds: SLICE_KINDS, lwps: [decision.lwp] },
  });
  const rows = Array.from(columns.sequence, (_, index) => eventRow(columns, index));
  const before = rows.filter(({ sequence }) => sequence < decision.sequence);
  const timer = before.findLast(({ kind }) => kind === KIND.slice_timer);
  const last = before.at(-1);
  const next = rows.find(({ sequence }) => sequence > decision.sequence);
  return {
    timer: timer === undefined ? null : sliceTimerOf(timer),
    syscall: last?.kind === KIND.slice_syscall ? last.object : null,
    alsoYielded:
      decision.cause === CAUSE.rseq_slice_expired &&
      next?.cause === CAUSE.sys_rseq_slice_yield &&
      next.timeNs === decision.timeNs,
  };
}
