/** `trace.stateAt`: the whole machine at a moment, from the nearest keyframe and the rows after it. */
import type { StateAt } from '#shared/api/contract.ts';
import { InvariantError } from '#shared/base/assert.ts';
import { MachineState } from '#shared/model/machine-state.ts';
import { MOST_ROWS, unpackState } from '../keyframes.ts';
import { eventRows } from '../event-rows.ts';
import { lastSequenceAt, timeOfSequence } from '../sequence-at.ts';
import { limitsOf } from '../subject-limits.ts';
import type { TraceDatabase } from '../trace-database.ts';
import type { QueryParams } from './params.ts';

const KEYFRAME = 'SELECT seq, state FROM keyframe WHERE seq <= ? ORDER BY seq DESC LIMIT 1';

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
  const limits = limitsOf(trace);
  const state = keyframe === undefined ? new MachineState(true, limits) : unpackState(keyframe[1], limits);
  const next = (keyframe?.[0] ?? 0) + 1;
  if (sequence - next >= MOST_ROWS)
    throw new InvariantError(`the keyframe before event ${sequence} is missing`);
  for (const [seq, , kind, cpu, lwp, object, , , newValue] of eventRows(trace, next, sequence)) {
    state.apply(kind, cpu, lwp, object, newValue, seq);
  }
  return state;
}
