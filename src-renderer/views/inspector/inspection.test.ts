import { describe, expect, it } from 'vitest';
import type { EventColumns, RequestName, Results, WorkbenchClient } from '#shared/api/contract.ts';
import { CAUSE } from '#shared/model/causes.ts';
import { DECISION, LANE_STATE, OFF_CPU_REASON, TS } from '#shared/model/enums.ts';
import { KIND } from '#shared/model/kinds.ts';
import { MachineState } from '#shared/model/machine-state.ts';
import { inspect, movedOver, stateSince, type Inspection } from './inspection.ts';

/** A trace of six rows about LWP 0 in slot 3, of which the last is a decision. */
const ROWS: readonly (readonly [
  timeNs: number,
  kind: number,
  object: number,
  cause: number,
  value: number,
])[] = [
  [10, KIND.t_schedctl, 0, CAUSE.schedctl, 3],
  [20, KIND.t_state, 0, CAUSE.disp, TS.ONPROC],
  [30, KIND.sc_nopreempt, 3, CAUSE.schedctl_start, 1],
  [40, KIND.ts_timeleft, 0, CAUSE.ts_tick, -1],
  [40, KIND.off_cpu_reason, 0, CAUSE.preempt, OFF_CPU_REASON.preempted],
  [40, KIND.decision, DECISION.deferredAtTick, CAUSE.ts_tick, 1],
];

function stateAfter(sequence: number): MachineState {
  const state = new MachineState(true);
  ROWS.slice(0, sequence).forEach(([, kind, object, , value], i) => state.assign(kind, object, value, i + 1));
  return state;
}

function columnsOf(sequences: readonly number[]): EventColumns {
  const row = (sequence: number) => ROWS[sequence - 1]!;
  return {
    sequence: Float64Array.from(sequences),
    timeNs: Float64Array.from(sequences, (sequence) => row(sequence)[0]),
    kind: Uint16Array.from(sequences, (sequence) => row(sequence)[1]),
    cpu: new Int16Array(sequences.length),
    lwp: new Int32Array(sequences.length),
    object: Int32Array.from(sequences, (sequence) => row(sequence)[2]),
    cause: Uint16Array.from(sequences, (sequence) => row(sequence)[3]),
    oldValue: new Int32Array(sequences.length),
    newValue: Int32Array.from(sequences, (sequence) => row(sequence)[4]),
  };
}

/** A client that answers from {@link ROWS} as a store does. */
const client = {
  request: (name: RequestName, params: never): Promise<unknown> => {
    const answers: { [Name in RequestName]?: (params: never) => Results[Name] } = {
      'trace.stateAt': ({ sequence, timeNs }: { sequence?: number; timeNs?: number }) => {
        const at = sequence ?? ROWS.filter(([time]) => time <= timeNs!).length;
        return { sequence: at, timeNs: ROWS[at - 1]?.[0] ?? 0, words: stateAfter(at).serialize() };
      },
      'trace.eventsBySequence': ({ sequences }: { sequences: number[] }) => columnsOf(sequences),
      'trace.lanes': () => ({
        laneOffset: Int32Array.of(0, 1),
        startNs: Float64Array.of(20),
        endNs: Float64Array.of(100),
        state: Uint8Array.of(LANE_STATE.running),
        cpu: Int16Array.of(0),
        lwp: Int32Array.of(-1),
        sync: Int32Array.of(-1),
        flags: Uint8Array.of(0),
      }),
      'trace.step': ({ fromSequence }: { fromSequence: number }) =>
        fromSequence > ROWS.length ? { sequence: ROWS.length, timeNs: 40 } : null,
    };
    return Promise.resolve(answers[name]!(params));
  },
} as unknown as WorkbenchClient;

const at = (
  sequence: number | null,
  timeNs: number,
  previous: Inspection | null = null,
  lwp: number | null = 0,
) =>
  inspect(
    client,
    {
      traceId: 't',
      timeNs,
      sequence,
      page: lwp === null ? { kind: 'machine', id: 0 } : { kind: 'lwp', id: lwp },
    },
    previous,
  );

describe('an inspection', () => {
  it('has the state after the row, and the rows that wrote what it shows', async () => {
    const inspection = await at(3, 30);
    expect(inspection.state.read(KIND.sc_nopreempt, 3)).toBe(1);
    expect(inspection.state.read(KIND.ts_timeleft, 0)).toBe(0);
    const writer = inspection.writers.get(3)!;
    expect([writer.timeNs, writer.cause]).toEqual([30, CAUSE.schedctl_start]);
    expect(inspection.decision).toBeNull();
  });

  it('by time takes all rows up to it, the decision at that very time included', async () => {
    const inspection = await at(null, 40);
    expect(inspection.sequence).toBe(ROWS.length);
    expect(inspection.decision?.object).toBe(DECISION.deferredAtTick);
  });

  it('marks what the last move of the cursor passed over, forwards and backwards', async () => {
    const third = await at(3, 30);
    const fourth = await at(4, 40, third);
    expect(movedOver(fourth, KIND.ts_timeleft, 0)).toBe(true);
    expect(movedOver(fourth, KIND.sc_nopreempt, 3)).toBe(false);
    expect(movedOver(await at(3, 30, fourth), KIND.ts_timeleft, 0)).toBe(true);
    expect(movedOver(third, KIND.sc_nopreempt, 3)).toBe(false);
  });

  it('marks nothing after a jump, where nearly everything has changed', async () => {
    const far = { ...(await at(3, 30)), sequence: 3 + 1000 };
    expect((await at(4, 40, far)).before).toBeNull();
    expect(movedOver(await at(4, 40, far), KIND.ts_timeleft, 0)).toBe(false);
  });

  it('keeps the marks when only another thread is chosen', async () => {
    const fourth = await at(4, 40, await at(3, 30));
    const other = await at(4, 40, fourth, null);
    expect(movedOver(other, KIND.ts_timeleft, 0)).toBe(true);
  });

  it('lets a thread run since it got the CPU, whatever is noted about losing it', () => {
    expect(stateSince(stateAfter(5), 0)).toBe(2);
  });
});
