/** `trace.stateAt`: the whole machine at a moment, from the nearest keyframe and the rows after it. */
import type { StateAt } from '#shared/api/contract.ts';
import { replayTo } from '../read/replay.ts';
import { lastSequenceAt, timeOfSequence } from '../read/sequence-at.ts';
import type { TraceDatabase } from '../read/trace-database.ts';
import type { QueryParams } from './params.ts';

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
