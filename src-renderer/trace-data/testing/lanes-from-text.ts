/**
 * Lane columns from a picture, for tests: one line for a lane, one character for 10 ns.
 *
 *   R running   S spinning   r runnable   P preempted   s sleeping   p parked   b blocked   ? unknown
 *   . nothing   H running with a lock held
 *
 * Equal neighbours make one interval; a `|` between them (which takes no time) starts a new one, and an `i` is a run of
 * no length.
 */
import type { Ns } from '#shared/base/brands.ts';
import { LANE_FLAG, type LaneColumns } from '#shared/api/contract.ts';
import { LANE_STATE, type LaneState } from '#shared/model/enums.ts';

export const NS_PER_CHARACTER = 10;

const STATES: Readonly<Record<string, LaneState>> = {
  R: LANE_STATE.running,
  H: LANE_STATE.running,
  S: LANE_STATE.spinning,
  r: LANE_STATE.runnable,
  P: LANE_STATE.preempted,
  s: LANE_STATE.sleeping,
  p: LANE_STATE.parked,
  b: LANE_STATE.blocked,
  '?': LANE_STATE.unknown,
};

export function lanesFromText(...lanes: readonly string[]): LaneColumns {
  const laneOffset = [0];
  const rows: { startNs: Ns; endNs: Ns; state: number; flags: number }[] = [];
  for (const lane of lanes) {
    let at = 0;
    let open: string | null = null;
    for (const character of lane) {
      const startNs = at * NS_PER_CHARACTER;
      if (character === '|' || character === 'i') {
        if (character === 'i') rows.push({ startNs, endNs: startNs, state: LANE_STATE.running, flags: 0 });
        open = null;
        continue;
      }
      const endNs = ++at * NS_PER_CHARACTER;
      const state = STATES[character];
      if (state === undefined) open = null;
      else if (open === character) rows.at(-1)!.endNs = endNs;
      else {
        rows.push({ startNs, endNs, state, flags: character === 'H' ? LANE_FLAG.holdsLock : 0 });
        open = character;
      }
    }
    laneOffset.push(rows.length);
  }
  return {
    laneOffset: Int32Array.from(laneOffset),
    startNs: Float64Array.from(rows, (row) => row.startNs),
    endNs: Float64Array.from(rows, (row) => row.endNs),
    state: Uint8Array.from(rows, (row) => row.state),
    cpu: new Int16Array(rows.length),
    lwp: new Int32Array(rows.length).fill(-1),
    sync: new Int32Array(rows.length).fill(-1),
    flags: Uint8Array.from(rows, (row) => row.flags),
  };
}
