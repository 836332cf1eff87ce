/** How much an interval of a lane counts against its neighbours where there is room for one only. */
import type { LwpId, Ns } from '#shared/base/brands.ts';
import { LANE_STATE } from '#shared/model/enums.ts';

/** By its state, its LWP and its length. 0: it has nothing to show, and stands only where nothing else is. */
export type LaneWeight = (state: number, lwp: LwpId, durationNs: Ns) => number;

/** What a run of no length counts: it has something to show. */
const POINT_NS = 1;

/** An LWP that does not exist has nothing to show. */
export const lwpLaneWeight: LaneWeight = (state, _lwp, durationNs) =>
  state === LANE_STATE.exited ? 0 : Math.max(durationNs, POINT_NS);

/** A CPU that is half idle must not look idle: only runs (or holds) count. */
export const heldLaneWeight: LaneWeight = (_state, lwp, durationNs) =>
  lwp === -1 ? 0 : Math.max(durationNs, POINT_NS);
