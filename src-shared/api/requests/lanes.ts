/** Lanes of the timeline, and the whole trace behind them. */
import { z } from 'zod';
import type { ColumnOf, CpuId, LwpId, Ns, Seq, SyncId } from '../../base/brands.ts';
import { laneRef, pixels, timeNs, traceId, windowOf } from './parameters.ts';
import { answer, request } from './request.ts';

/** Bits of {@link LaneColumns.flags}. */
export { LANE_FLAG } from '../../model/lane-flags.ts';

/**
 * Intervals of several lanes, lane after lane: those of lane `i` are rows `laneOffset[i]` to
 * `laneOffset[i + 1] - 1`, in order of time and not overlapping.
 *
 * Meaning by lane kind: cpu: `lwp` runs on it, `state` is that LWP's; gaps are idle. lwp: `state`, `cpu` where
 * it is or was, `lwp` its preemptor (-1), `sync` what it waits for (-1). sync: `lwp` holds it, `state`
 * is the holder's lane state.
 */
export interface LaneColumns {
  readonly laneOffset: Int32Array;
  readonly startNs: ColumnOf<Float64Array, Ns>;
  readonly endNs: ColumnOf<Float64Array, Ns>;
  readonly state: Uint8Array;
  readonly cpu: ColumnOf<Int16Array, CpuId>;
  readonly lwp: ColumnOf<Int32Array, LwpId>;
  readonly sync: ColumnOf<Int32Array, SyncId>;
  readonly flags: Uint8Array;
}

/**
 * An interval of a lane, exactly; the fields are those of {@link LaneColumns}. On a CPU's lane it is one run, on a
 * lock's one hold.
 */
export interface LaneSlice {
  readonly startNs: Ns;
  readonly endNs: Ns;
  readonly state: number;
  readonly cpu: CpuId;
  readonly lwp: LwpId;
  readonly sync: SyncId;
  readonly flags: number;
}

/**
 * Null where there is nothing: before the first, after the last, on an idle CPU. Idle time between two runs is skipped.
 */
export interface LaneNeighbours {
  readonly previous: LaneSlice | null;
  readonly at: LaneSlice | null;
  readonly next: LaneSlice | null;
}

/** The whole trace in `buckets` equal parts, for the minimap. Sums over CPUs, in nanoseconds of CPU time. */
export interface OverviewColumns {
  readonly buckets: number;
  readonly bucketNs: Ns;
  readonly runningNs: ColumnOf<Float64Array, Ns>;
  readonly spinningNs: ColumnOf<Float64Array, Ns>;
  /** Runnable or preempted time, over LWPs. */
  readonly waitingNs: ColumnOf<Float64Array, Ns>;
  /** Decisions forced or failsafe in the bucket. */
  readonly revoked: Int32Array;
}

/** The most telling moment of a trace: where a reader should look first. */
export interface Highlight {
  /** A request revoked, one at the failsafe, one deferred; without schedctl data a thread that lost its CPU. */
  readonly what: 'forced' | 'failsafe' | 'deferred' | 'preempted';
  readonly timeNs: Ns;
  /** The row of the decision, null where the moment is not one. */
  readonly sequence: Seq | null;
  readonly lwp: LwpId;
  /** The nopreempt window, or the time spent preempted; empty where none is known. */
  readonly startNs: Ns;
  readonly endNs: Ns;
}

export const laneQueries = {
  'trace.lanes': request(windowOf({ lanes: z.array(laneRef).max(512) }), answer<LaneColumns>()),
  'trace.overview': request(z.object({ traceId, pixels }), answer<OverviewColumns>()),
  /** The moment to open the trace on. */
  'trace.highlight': request(z.object({ traceId }), answer<Highlight | null>()),
  /**
   * What a lane shows at a time, before it and after it: for a CPU, the LWP that ran.
   * `endNs`: where it is `timeNs`, the run of no length there is meant, and not what comes after it at the same time.
   */
  'trace.neighbours': request(
    z.object({ traceId, lane: laneRef, timeNs, endNs: timeNs.optional() }),
    answer<LaneNeighbours>(),
  ),
};
