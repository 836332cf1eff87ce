/** Series over time, for charts and for lanes. */
import { z } from 'zod';
import { id, timeNs, traceId, window, windowOf } from './parameters.ts';
import { answer, request } from './request.ts';

/** Used slots as steps: at `timeNs[i]` page `page[i]` has `used[i]` slots in use, until its next row. In order of time. */
export interface SlotSteps {
  readonly timeNs: Float64Array;
  readonly page: Int32Array;
  readonly used: Int32Array;
}

/** The same with the process that has the page then, -1 where that is not known: a page that is gone leaves its number. */
export interface SlotOccupancyColumns extends SlotSteps {
  readonly process: Int32Array;
}

/** Counts in equal buckets: `counts[row * buckets + bucket]`. */
export interface CountMatrix {
  readonly startNs: number;
  readonly bucketNs: number;
  readonly buckets: number;
  /** What each row counts: CPU ids, or DECISION values. */
  readonly rows: readonly number[];
  readonly counts: Uint32Array;
}

/** CPU time used, in equal buckets; sums over all CPUs, in nanoseconds. */
export interface CpuUseColumns {
  readonly startNs: number;
  readonly bucketNs: number;
  readonly buckets: number;
  readonly runningNs: Float64Array;
  readonly spinningNs: Float64Array;
}

/** How often threads moved from one CPU to another. */
export interface MigrationCounts {
  /** The field whose changes are moves: sc_cpu with schedctl data, else t_cpu. */
  readonly field: 'sc_cpu' | 't_cpu';
  readonly cpus: readonly number[];
  /** `counts[from * cpus.length + to]`, by place in `cpus`. */
  readonly counts: Uint32Array;
  /** Stores that were looked at, those that changed nothing included. */
  readonly stores: number;
  /** Where the next request has to go on; null where the stretch has been read to its end. */
  readonly nextSequence: number | null;
  /** What has been read ends here. */
  readonly countedToNs: number;
}

/** Run-queue lengths as steps for several CPUs, CPU after CPU. */
export interface QueueLengthColumns {
  readonly cpuOffset: Int32Array;
  readonly timeNs: Float64Array;
  readonly length: Int32Array;
}

/** LWPs that wait for a lock (or condition, or semaphore), spinning or asleep, as steps; object after object. */
export interface LockWaiterColumns {
  readonly syncOffset: Int32Array;
  readonly timeNs: Float64Array;
  readonly waiters: Int32Array;
}

/**
 * Wake-ups, LWP after LWP in the order asked for, each in order of time. Where several fall on the same pixel, the one
 * that waited longest for a CPU stands for `count` of them.
 */
export interface WakeupColumns {
  /** The row that made it runnable. */
  readonly sequence: Float64Array;
  readonly timeNs: Float64Array;
  /** When it ran, -1 when it stopped, ended, or the trace ended first. */
  readonly runNs: Float64Array;
  readonly lwp: Int32Array;
  /** LWP on the CPU where it was woken; -1 for a timer, an idle CPU, the world outside. */
  readonly waker: Int32Array;
  /** CPU where it was woken, -1 for none. */
  readonly wakerCpu: Int16Array;
  /** CPU where it ran, -1 when it did not. */
  readonly runCpu: Int16Array;
  readonly count: Int32Array;
}

export const seriesQueries = {
  'trace.slotOccupancy': request(z.object(window), answer<SlotOccupancyColumns>()),
  'trace.cpuUpdates': request(z.object(window), answer<CountMatrix>()),
  'trace.cpuUse': request(z.object(window), answer<CpuUseColumns>()),
  /** Moves between CPUs in a stretch. Reads a bounded number of rows: go on from `nextSequence` for the rest. */
  'trace.migrations': request(
    z.object({ traceId, startNs: timeNs, endNs: timeNs, fromSequence: z.int().min(1).optional() }),
    answer<MigrationCounts>(),
  ),
  'trace.queueLengths': request(windowOf({ cpus: z.array(id).max(512) }), answer<QueueLengthColumns>()),
  'trace.lockWaiters': request(windowOf({ syncs: z.array(id).max(512) }), answer<LockWaiterColumns>()),
  /** Wake-ups of these LWPs. */
  'trace.wakeups': request(windowOf({ lwps: z.array(id).max(512) }), answer<WakeupColumns>()),
};
