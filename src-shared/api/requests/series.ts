/** Series over time, for charts and for lanes. */
import { z } from 'zod';
import type { ColumnOf, CpuId, LwpId, Ns, PageId, ProcessId, Seq } from '../../base/brands.ts';
import { cpuId, lwpId, syncId, timeNs, traceId, window, windowOf } from './parameters.ts';
import { answer, request } from './request.ts';

/**
 * Used slots as steps: at `timeNs[i]` page `page[i]` has `used[i]` slots in use, until its next row. In order of time.
 */
export interface SlotSteps {
  readonly timeNs: ColumnOf<Float64Array, Ns>;
  readonly page: ColumnOf<Int32Array, PageId>;
  readonly used: Int32Array;
}

/**
 * The same with the process that has the page then, -1 where that is not known: a page that is gone leaves its number.
 */
export interface SlotOccupancyColumns extends SlotSteps {
  readonly process: ColumnOf<Int32Array, ProcessId>;
}

/** Counts in equal buckets: `counts[row * buckets + bucket]`. */
export interface CountMatrix {
  readonly startNs: Ns;
  readonly bucketNs: Ns;
  readonly buckets: number;
  /** What each row counts: CPU ids, or DECISION values. */
  readonly rows: readonly number[];
  readonly counts: Uint32Array;
}

/** CPU time used, in equal buckets; sums over all CPUs, in nanoseconds. */
export interface CpuUseColumns {
  readonly startNs: Ns;
  readonly bucketNs: Ns;
  readonly buckets: number;
  readonly runningNs: ColumnOf<Float64Array, Ns>;
  readonly spinningNs: ColumnOf<Float64Array, Ns>;
}

/** How often threads moved from one CPU to another. */
export interface MigrationCounts {
  /** The field whose changes are moves: sc_cpu with schedctl data, else t_cpu. */
  readonly field: 'sc_cpu' | 't_cpu';
  readonly cpus: readonly CpuId[];
  /** `counts[from * cpus.length + to]`, by place in `cpus`. */
  readonly counts: Uint32Array;
  /** Stores that were looked at, those that changed nothing included. */
  readonly stores: number;
  /** Where the next request has to go on; null when the time range has been read to its end. */
  readonly nextSequence: Seq | null;
  /** What has been read ends here. */
  readonly countedToNs: Ns;
}

/** Run-queue lengths as steps for several CPUs, CPU after CPU. */
export interface QueueLengthColumns {
  readonly cpuOffset: Int32Array;
  readonly timeNs: ColumnOf<Float64Array, Ns>;
  readonly length: Int32Array;
}

/** LWPs that wait for a lock (or condition, or semaphore), spinning or asleep, as steps; object after object. */
export interface LockWaiterColumns {
  readonly syncOffset: Int32Array;
  readonly timeNs: ColumnOf<Float64Array, Ns>;
  readonly waiters: Int32Array;
}

/**
 * Wake-ups, LWP after LWP in the order asked for, each in order of time. Where several fall on the same pixel, the one
 * that waited longest for a CPU stands for `count` of them.
 */
export interface WakeupColumns {
  /** The row that made it runnable. */
  readonly sequence: ColumnOf<Float64Array, Seq>;
  readonly timeNs: ColumnOf<Float64Array, Ns>;
  /** When it ran, -1 when it stopped, ended, or the trace ended first. */
  readonly runNs: ColumnOf<Float64Array, Ns>;
  readonly lwp: ColumnOf<Int32Array, LwpId>;
  /** LWP on the CPU where it was woken; -1 for a timer, an idle CPU, the world outside. */
  readonly waker: ColumnOf<Int32Array, LwpId>;
  /** CPU where it was woken, -1 for none. */
  readonly wakerCpu: ColumnOf<Int16Array, CpuId>;
  /** CPU where it ran, -1 when it did not. */
  readonly runCpu: ColumnOf<Int16Array, CpuId>;
  readonly count: Int32Array;
}

export const seriesQueries = {
  'trace.slotOccupancy': request(z.object(window), answer<SlotOccupancyColumns>()),
  'trace.cpuUpdates': request(z.object(window), answer<CountMatrix>()),
  'trace.cpuUse': request(z.object(window), answer<CpuUseColumns>()),
  /** Moves between CPUs in a time range. Reads a bounded number of rows: go on from `nextSequence` for the rest. */
  'trace.migrations': request(
    z.object({ traceId, startNs: timeNs, endNs: timeNs, fromSequence: z.int().min(1).optional() }),
    answer<MigrationCounts>(),
  ),
  'trace.queueLengths': request(windowOf({ cpus: z.array(cpuId).max(512) }), answer<QueueLengthColumns>()),
  'trace.lockWaiters': request(windowOf({ syncs: z.array(syncId).max(512) }), answer<LockWaiterColumns>()),
  /** Wake-ups of these LWPs. */
  'trace.wakeups': request(windowOf({ lwps: z.array(lwpId).max(512) }), answer<WakeupColumns>()),
};
