/** `trace.stateAt`: the whole machine at a moment, from the nearest keyframe and the rows after it. */
import type { StateAt } from '#shared/api/contract.ts';
import { InvariantError } from '#shared/base/assert.ts';
import { MachineState } from '#shared/model/machine-state.ts';
import { MOST_ROWS, unpackState } from '../keyframes.ts';
import { lastSequenceAt, timeOfSequence } from '../sequence-at.ts';
import { subjectLimits } from '../subject-limits.ts';
import type { TraceDatabase } from '../trace-database.ts';
import type { QueryParams } from './params.ts';

const KEYFRAME = 'SELECT seq, state FROM keyframe WHERE seq <= ? ORDER BY seq DESC LIMIT 1';
const ROWS = 'SELECT kind, cpu, lwp, object, new FROM event WHERE seq BETWEEN ? AND ? ORDER BY seq';

/** `sequence` wins over `timeNs`; with neither, the end of the trace. */
export function stateAt(trace: TraceDatabase, params: QueryParams<'trace.stateAt'>): StateAt {
  return trace.guard(() => {
    const sequence =
      params.sequence !== undefined
        ? Math.min(params.sequence, trace.events)
        : params.timeNs !== undefined
          ? lastSequenceAt(trace, params.timeNs)
          : trace.events;
    return {
      sequence,
      timeNs: sequence === 0 ? 0 : timeOfSequence(trace, sequence),
      words: replayTo(trace, sequence).serialize(),
    };
  });
}

/** The machine after the row `sequence`, with changes tracked. */
export function replayTo(trace: TraceDatabase, sequence: number): MachineState {
  const keyframe = trace.prepare(KEYFRAME).get(sequence) as [number, Uint8Array] | undefined;
  const limits = trace.cached('subjectLimits', () => subjectLimits(trace.db));
  const state = keyframe === undefined ? new MachineState(true, limits) : unpackState(keyframe[1], limits);
  let next = (keyframe?.[0] ?? 0) + 1;
  if (sequence - next >= MOST_ROWS)
    throw new InvariantError(`the keyframe before event ${sequence} is missing`);
  const rows = trace.prepare(ROWS).all(next, sequence) as [number, number, number, number, number][];
  if (rows.length !== sequence - next + 1) {
    throw new InvariantError(`events ${next} to ${sequence} have gaps`);
  }
  for (const [kind, cpu, lwp, object, newValue] of rows) {
    state.apply(kind, cpu, lwp, object, newValue, next++);
  }
  return state;
}
