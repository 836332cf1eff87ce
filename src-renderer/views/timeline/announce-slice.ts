/** A chosen slice in one sentence, for screen readers: on which lane, what, how long, why. */
import { LANE_FLAG, type LaneRef } from '#shared/api/contract.ts';
import type { LaneState } from '#shared/model/enums.ts';
import type { NameTable } from '#renderer/trace-data/decode/names.ts';
import { STATE_LOOKS } from '#renderer/trace-data/decode/states.ts';
import { formatDuration } from '#renderer/trace-data/format-time.ts';
import type { LaneCache } from '#renderer/trace-data/lane-cache.ts';
import { intervalAt } from '#renderer/trace-data/lane-columns.ts';
import { sliceText } from './slice-text.ts';

interface ChosenSlice {
  readonly lane: LaneRef;
  readonly startNs: number;
  readonly endNs: number;
  readonly state: number;
}

/**
 * `backend 07: Preempted 3.41 ms, last on CPU 3, by autovacuum launcher, from 1.230 002 400 s`. Without the reasons
 * while the lane's columns do not tell the slice from its neighbours.
 */
export function announceSlice(slice: ChosenSlice, lanes: Pick<LaneCache, 'get'>, names: NameTable): string {
  const { kind, id } = slice.lane;
  const lane = kind === 'lwp' ? names.lwp(id) : kind === 'cpu' ? names.cpu(id) : names.sync(id);
  const found = lanes.get(kind, id);
  const row = found === undefined ? -1 : intervalAt(found.columns, found.lane, slice.startNs);
  if (found === undefined || row < 0 || (found.columns.flags[row]! & LANE_FLAG.merged) !== 0) {
    const { name } = STATE_LOOKS[slice.state as LaneState];
    return `${lane}: ${name}, ${formatDuration(slice.endNs - slice.startNs)}`;
  }
  const { title, aside, facts } = sliceText(kind, found.columns, row, names);
  const parts = [title, aside, ...facts.map(([label, value]) => `${label} ${value}`)];
  return `${lane}: ${parts.filter((part) => part !== '').join(', ')}`;
}
