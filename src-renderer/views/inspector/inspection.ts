/** What the inspector knows about one moment: fetched together, shown together, so that it never contradicts itself. */
import { assert } from '#shared/base/assert.ts';
import type { WorkbenchClient } from '#shared/api/contract.ts';
import { TS } from '#shared/model/enums.ts';
import { KIND } from '#shared/model/kinds.ts';
import { MachineState } from '#shared/model/machine-state.ts';
import { SC_FIELDS } from '#shared/model/sc-shared.ts';
import { eventRow, type EventRow } from '../../trace-data/decode/events.ts';

/** The slice of the LWP's lane at the cursor. */
export interface LwpSlice {
  readonly startNs: number;
  /** LANE_STATE of enums.ts. */
  readonly state: number;
  /** Who took its CPU, -1 where nobody did or nobody knows. */
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
  readonly lwp: number | null;
  /** The rows that last changed what is shown, by sequence. */
  readonly writers: ReadonlyMap<number, EventRow>;
  readonly slice: LwpSlice | null;
  /** Last decision about the LWP. */
  readonly decision: EventRow | null;
}

export interface InspectionRequest {
  readonly traceId: string;
  readonly timeNs: number;
  /** Null: the state after all rows up to `timeNs`. */
  readonly sequence: number | null;
  readonly lwp: number | null;
}

/** Fields of a thread whose writers the inspector names. */
const THREAD_KINDS = [
  KIND.t_state,
  KIND.off_cpu_reason,
  KIND.user_spin,
  KIND.t_pri,
  KIND.t_queue,
  KIND.ts_timeleft,
  KIND.fx_timeleft,
  KIND.fss_timeleft,
  KIND.rt_timeleft,
];

/** The fields that make up what an LWP is doing on a CPU, and off it: it has been doing so since the latest of them changed. */
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

/** Asks the service for everything that the inspector shows. Three rounds at most, each in parallel. */
export async function inspect(
  client: WorkbenchClient,
  request: InspectionRequest,
  previous: Inspection | null,
): Promise<Inspection> {
  const { traceId, timeNs, lwp } = request;
  const at = request.sequence === null ? { timeNs } : { sequence: request.sequence };
  const answer = await client.request('trace.stateAt', { traceId, ...at });
  const state = MachineState.deserialize(answer.words);
  const [writers, slice, decision] = await Promise.all([
    fetchWriters(client, traceId, state, lwp),
    lwp === null ? null : fetchSlice(client, traceId, timeNs, lwp),
    lwp === null ? null : fetchLastDecision(client, traceId, answer.sequence, lwp),
  ]);
  return {
    traceId,
    timeNs,
    sequence: answer.sequence,
    rowTimeNs: answer.timeNs,
    state,
    before: stateBefore(previous, traceId, answer.sequence),
    lwp,
    writers,
    slice,
    decision,
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

async function fetchWriters(
  client: WorkbenchClient,
  traceId: string,
  state: MachineState,
  lwp: number | null,
): Promise<Map<number, EventRow>> {
  const sequences = new Set<number>();
  if (lwp !== null) {
    for (const kind of THREAD_KINDS) sequences.add(changedAt(state, kind, lwp));
    const slot = state.read(KIND.t_schedctl, lwp);
    if (slot >= 0) for (const field of SC_FIELDS) sequences.add(changedAt(state, KIND[field.name], slot));
  }
  sequences.delete(0);
  if (sequences.size === 0) return new Map();
  const columns = await client.request('trace.eventsBySequence', {
    traceId,
    sequences: [...sequences].sort((a, b) => a - b),
  });
  const rows = Array.from(columns.sequence, (_, index) => eventRow(columns, index));
  return new Map(rows.map((row) => [row.sequence, row]));
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
