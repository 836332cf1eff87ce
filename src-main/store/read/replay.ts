/** The whole machine at an event: from the nearest keyframe and the rows after it. */
import type { Seq } from '#shared/base/brands.ts';
import { InvariantError } from '#shared/base/assert.ts';
import { MachineState } from '#shared/model/machine-state.ts';
import { createBatch } from '#shared/model/transition-batch.ts';
import { MOST_ROWS, unpackState } from '../format/keyframes.ts';
import { eventRows, putEventRow } from './event-rows.ts';
import type { TraceDatabase } from './trace-database.ts';
import { checkedRow } from './checked-rows.ts';

const KEYFRAME = 'SELECT seq, state FROM keyframe WHERE seq <= ? ORDER BY seq DESC LIMIT 1';

/** The machine after the row `sequence`, with changes tracked. */
export function replayTo(trace: TraceDatabase, sequence: Seq): MachineState {
  const keyframe = checkedRow(trace, KEYFRAME, ['integer', 'bytes'], sequence);
  const limits = trace.subjectLimits;
  const state = keyframe === undefined ? new MachineState(true, limits) : unpackState(keyframe[1], limits);
  const next = (keyframe?.[0] ?? 0) + 1;
  if (sequence - next >= MOST_ROWS)
    throw new InvariantError(`the keyframe before event ${sequence} is missing`);
  const { columns } = createBatch(1);
  for (const row of eventRows(trace, next, sequence)) {
    putEventRow(columns, 0, row);
    state.apply(columns, 0, row[0]);
  }
  return state;
}
