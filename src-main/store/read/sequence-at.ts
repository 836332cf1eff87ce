/** From times to sequences and back. Time never decreases with the sequence, so no index is needed. */
import type { Ns, Seq } from '#shared/base/brands.ts';
import { InvariantError } from '#shared/base/assert.ts';
import { EVENT_BLOCK_ROWS } from '../format/schema.ts';
import type { TraceDatabase } from './trace-database.ts';
import { checkedRow } from './checked-rows.ts';

const TIME = 'SELECT time_ns FROM event WHERE seq = ?';
const BLOCK_TIME = 'SELECT start_ns FROM event_block WHERE block = ?';

/** Time of a row in ns. Throws InvariantError where there is no such row. */
export function timeOfSequence(trace: TraceDatabase, sequence: Seq): Ns {
  const row = checkedRow(trace, TIME, ['integer'], sequence);
  if (row === undefined) throw new InvariantError(`event ${sequence} is missing`);
  return row[0];
}

/** The last row at or before `timeNs`; 0 where all rows are later. */
export function lastSequenceAt(trace: TraceDatabase, timeNs: Ns): number {
  const events = trace.events;
  if (events === 0) return 0;
  const blocks = Math.ceil(events / EVENT_BLOCK_ROWS);
  const block = lastWhere(0, blocks - 1, (at) => {
    const row = checkedRow(trace, BLOCK_TIME, ['integer'], at);
    if (row === undefined) throw new InvariantError(`event block ${at} is missing`);
    return row[0] <= timeNs;
  });
  if (block < 0) return 0;
  const first = block * EVENT_BLOCK_ROWS + 1;
  const last = Math.min(events, first + EVENT_BLOCK_ROWS - 1);
  return lastWhere(first, last, (at) => timeOfSequence(trace, at) <= timeNs);
}

/** The largest index in `low..high` for which `holds`, `low - 1` for none; it holds for a beginning of the range. */
function lastWhere(low: number, high: number, holds: (index: number) => boolean): number {
  let from = low;
  let to = high;
  while (from <= to) {
    const middle = Math.floor((from + to) / 2);
    if (holds(middle)) from = middle + 1;
    else to = middle - 1;
  }
  return to;
}
