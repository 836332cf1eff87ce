/** Sums over an area of the timeline. */
import { z } from 'zod';
import type { ColumnOf, CpuId, LwpId, Ns, ProcessId, SyncId } from '../../base/brands.ts';
import { cpuId, lwpId, processId, syncId, timeNs, traceId } from './parameters.ts';
import { answer, request } from './request.ts';

/**
 * Sums over a time range, exact to the nanosecond. A run, wait or hold that is open at an edge counts as one, with its
 * time inside the range. An event at the end of the range is outside it, except at the end of the trace.
 *
 * Tables are columns in order of id; rows in which nothing happened are left out. Durations count in the distributions
 * where they end, in full.
 */
export interface Aggregates {
  /** The area as far as it lies in the trace. */
  readonly startNs: Ns;
  readonly endNs: Ns;
  readonly threads: ThreadSums;
  readonly processes: ProcessSums;
  readonly cpus: CpuSums;
  readonly states: StateSums;
  readonly locks: LockSums;
  readonly decisions: DecisionSums;
  /** From runnable or preempted to the run that followed. */
  readonly runQueueLatency: Distribution;
  /** From taking a lock to releasing it. */
  readonly holdTime: Distribution;
  /** From the kernel's store into sc_yield to the yield() that answered. */
  readonly yieldLatency: Distribution;
}

/** Time in each state; `onCpuNs` is running and spinning. */
export interface StateTimes {
  readonly onCpuNs: ColumnOf<Float64Array, Ns>;
  readonly runningNs: ColumnOf<Float64Array, Ns>;
  readonly spinningNs: ColumnOf<Float64Array, Ns>;
  readonly runnableNs: ColumnOf<Float64Array, Ns>;
  readonly preemptedNs: ColumnOf<Float64Array, Ns>;
  readonly sleepingNs: ColumnOf<Float64Array, Ns>;
  readonly blockedNs: ColumnOf<Float64Array, Ns>;
  readonly parkedNs: ColumnOf<Float64Array, Ns>;
  readonly stoppedNs: ColumnOf<Float64Array, Ns>;
  readonly unknownNs: ColumnOf<Float64Array, Ns>;
}

/** What threads did, for each thread or each process. */
export interface ThreadTotals extends StateTimes {
  readonly runs: Float64Array;
  /** Switches from running or spinning to preempted. */
  readonly involuntarySwitches: Float64Array;
  /** Switches from running or spinning to sleeping, blocked or parked. */
  readonly voluntarySwitches: Float64Array;
  /** Runs that began on another CPU than the run before. */
  readonly migrations: Float64Array;
  /** Waits for a CPU that ended with a run, and their sum. */
  readonly runQueueWaits: Float64Array;
  readonly runQueueNs: ColumnOf<Float64Array, Ns>;
  /** Time that the thread waited for locks, conditions and semaphores, spinning, asleep or preempted meanwhile. */
  readonly lockWaitNs: ColumnOf<Float64Array, Ns>;
}

export interface ThreadSums extends ThreadTotals {
  readonly lwp: ColumnOf<Int32Array, LwpId>;
  readonly process: ColumnOf<Int32Array, ProcessId>;
}

export interface ProcessSums extends ThreadTotals {
  readonly process: ColumnOf<Int32Array, ProcessId>;
  /** Threads that existed. */
  readonly threads: Int32Array;
}

/** `busyNs` and `idleNs` make up the area; what is busy but neither running nor spinning is the switch itself. */
export interface CpuSums {
  readonly cpu: ColumnOf<Int32Array, CpuId>;
  readonly busyNs: ColumnOf<Float64Array, Ns>;
  readonly runningNs: ColumnOf<Float64Array, Ns>;
  readonly spinningNs: ColumnOf<Float64Array, Ns>;
  readonly idleNs: ColumnOf<Float64Array, Ns>;
  readonly runs: Float64Array;
}

/** The threads' time by LANE_STATE of enums.ts. */
export interface StateSums {
  readonly state: Uint8Array;
  readonly timeNs: ColumnOf<Float64Array, Ns>;
  /** Times that a thread was in the state, without interruption. */
  readonly intervals: Float64Array;
}

export interface LockSums {
  readonly sync: ColumnOf<Int32Array, SyncId>;
  readonly holds: Float64Array;
  readonly holdNs: ColumnOf<Float64Array, Ns>;
  /** Held while the holder had no CPU. */
  readonly offCpuHoldNs: ColumnOf<Float64Array, Ns>;
  /** Waits, their time, and the threads that waited: of the threads of the area. */
  readonly waits: Float64Array;
  readonly waitNs: ColumnOf<Float64Array, Ns>;
  readonly waiters: Int32Array;
}

/** Decisions about the threads of the area, by DECISION of enums.ts; all outcomes, whether they occur or not. */
export interface DecisionSums {
  readonly outcome: Uint8Array;
  readonly count: Float64Array;
  /** Threads about which it was decided so. */
  readonly threads: Int32Array;
}

/** How durations are distributed; buckets without any are left out. Percentiles are exact to an eighth. */
export interface Distribution {
  readonly count: number;
  readonly sumNs: Ns;
  readonly p50Ns: Ns;
  readonly p90Ns: Ns;
  readonly p99Ns: Ns;
  /** The end of the highest bucket: no duration is longer. 0 where there is none. */
  readonly atMostNs: Ns;
  /** From `bucketStartNs[i]` to just below `bucketEndNs[i]`. */
  readonly bucketStartNs: ColumnOf<Float64Array, Ns>;
  readonly bucketEndNs: ColumnOf<Float64Array, Ns>;
  readonly bucketCount: Float64Array;
}

/** In order of length, the longest first. */
export interface LongestColumns {
  readonly startNs: ColumnOf<Float64Array, Ns>;
  readonly endNs: ColumnOf<Float64Array, Ns>;
  readonly lwp: ColumnOf<Int32Array, LwpId>;
  /** The lock that was held; -1 for what is no hold. */
  readonly sync: ColumnOf<Int32Array, SyncId>;
}

export const aggregateQueries = {
  /**
   * Sums over a time range. Threads are those in `lwps` or of `processes`; with neither, all. With `cpus`, runs
   * and time on a CPU count on these only, and without `lwps` and `processes` the threads are those that ran there.
   */
  'trace.aggregates': request(
    z.object({
      traceId,
      startNs: timeNs,
      endNs: timeNs,
      cpus: z.array(cpuId).max(1024).optional(),
      lwps: z.array(lwpId).max(65_536).optional(),
      processes: z.array(processId).max(65_536).optional(),
      syncs: z.array(syncId).max(65_536).optional(),
    }),
    answer<Aggregates>(),
  ),
  /**
   * The single waits for a CPU, holds and answers to sc_yield behind the distributions of `trace.aggregates`, the
   * longest first.
   */
  'trace.longest': request(
    z.object({
      traceId,
      startNs: timeNs,
      endNs: timeNs,
      what: z.enum(['runQueue', 'hold', 'yield']),
      /** Those at least this and below that long. */
      atLeastNs: timeNs,
      belowNs: timeNs,
      limit: z.int().min(1).max(10_000),
    }),
    answer<LongestColumns>(),
  ),
};
