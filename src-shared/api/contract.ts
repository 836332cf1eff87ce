/**
 * The workbench's contract: every request with its parameters and result, and every event, in one typed
 * map. Hosts only move these messages; the service implements them; the renderer calls them.
 *
 * Parameters come from outside and are checked at run time by their schema, once, where they enter the
 * service. Results are the service's own and are typed only. Bulk data crosses as typed arrays.
 *
 * All times are nanoseconds since the start of the trace.
 */
import type { ClockUnit } from '../model/clock-origin.ts';
import './jitless.ts';
import { z } from 'zod';
import type { CancelSignal } from '../base/cancel.ts';
import type { Problem, WireError } from '../base/errors.ts';
import type { Definition } from '../model/transition-batch.ts';
import { noteDraft, type Note } from './notes.ts';

const timeNs = z.number().finite();
const pixels = z.int().min(1).max(16_384);
const traceId = z.string().min(1).max(64);
const direction = z.enum(['next', 'previous']);
const queryId = z.string().min(1).max(64);
const id = z
  .int()
  .min(0)
  .max(1 << 22);

const window = { traceId, startNs: timeNs, endNs: timeNs, pixels };

/** A lane of the timeline. */
export const laneRef = z.object({ kind: z.enum(['cpu', 'lwp', 'sync']), id });
export type LaneRef = z.infer<typeof laneRef>;

/** Which rows of the event table are wanted; what is absent does not restrict. */
export const eventFilter = z.object({
  kinds: z.array(z.int().min(0).max(65_535)).max(512).optional(),
  lwps: z.array(id).max(4096).optional(),
  cpus: z.array(id).max(1024).optional(),
  causes: z.array(z.int().min(0).max(65_535)).max(512).optional(),
  objects: z.array(id).max(4096).optional(),
});
export type EventFilter = z.infer<typeof eventFilter>;

const path = z.string().min(1).max(4096);

/** Parameters of every request. */
export const requestSchemas = {
  /** First request of a window: what host is this, what should be shown. */
  'workbench.hello': z.object({}),
  'recent.list': z.object({}),
  'settings.read': z.object({}),
  'settings.write': z.object({ settings: z.record(z.string().max(64), z.json()) }),

  /** Opens a .sctrace file that already exists. Other formats go through `import.start`. */
  'trace.open': z.object({ path }),
  'trace.close': z.object({ traceId }),
  /** Is this a trace of ours, or something to import? By content, not by name. */
  'trace.identify': z.object({ path }),

  /** As `trace.open` answered, by now: a trace that is being recorded grows. */
  'trace.summary': z.object({ traceId }),
  'trace.lanes': z.object({ ...window, lanes: z.array(laneRef).max(512) }),
  'trace.overview': z.object({ traceId, pixels }),
  /** The moment to open the trace on. */
  'trace.highlight': z.object({ traceId }),
  'trace.nopreemptWindows': z.object({ ...window, lwps: z.array(id).max(512) }),
  'trace.decisions': z.object({ ...window, lwps: z.array(id).max(512).optional() }),
  'trace.slotOccupancy': z.object(window),
  'trace.cpuUpdates': z.object(window),
  'trace.cpuUse': z.object(window),
  /** Moves between CPUs in a stretch. Reads a bounded number of rows: go on from `nextSequence` for the rest. */
  'trace.migrations': z.object({
    traceId,
    startNs: timeNs,
    endNs: timeNs,
    fromSequence: z.int().min(1).optional(),
  }),
  'trace.decisionCounts': z.object(window),
  'trace.queueLengths': z.object({ ...window, cpus: z.array(id).max(512) }),

  'trace.lockWaiters': z.object({ ...window, syncs: z.array(id).max(512) }),
  /** Wake-ups of these LWPs. */
  'trace.wakeups': z.object({ ...window, lwps: z.array(id).max(512) }),

  /**
   * Sums over an area of the timeline. Threads are those in `lwps` or of `processes`; with neither, all. With `cpus`, runs
   * and time on a CPU count on these only, and without `lwps` and `processes` the threads are those that ran there.
   */
  'trace.aggregates': z.object({
    traceId,
    startNs: timeNs,
    endNs: timeNs,
    cpus: z.array(id).max(1024).optional(),
    lwps: z.array(id).max(65_536).optional(),
    processes: z.array(id).max(65_536).optional(),
    syncs: z.array(id).max(65_536).optional(),
  }),

  /** The single waits for a CPU, holds and answers to sc_yield behind the distributions of `trace.aggregates`, the longest first. */
  'trace.longest': z.object({
    traceId,
    startNs: timeNs,
    endNs: timeNs,
    what: z.enum(['runQueue', 'hold', 'yield']),
    /** Those at least this and below that long. */
    atLeastNs: timeNs,
    belowNs: timeNs,
    limit: z.int().min(1).max(10_000),
  }),

  /** State of the machine after the row `sequence`, or after the last row at or before `timeNs`. */
  'trace.stateAt': z.object({ traceId, timeNs: timeNs.optional(), sequence: z.int().min(0).optional() }),
  'trace.events': z.object({
    traceId,
    /** Rows from this sequence on (`after` of them) and up to it (`before` of them). */
    sequence: z.int().min(0).optional(),
    timeNs: timeNs.optional(),
    before: z.int().min(0).max(10_000),
    after: z.int().min(0).max(10_000),
    filter: eventFilter.optional(),
  }),
  /** The rows with these sequences, in their order (for "last changed by"). */
  'trace.eventsBySequence': z.object({ traceId, sequences: z.array(z.int().min(1)).max(1024) }),
  'trace.step': z.object({
    traceId,
    fromSequence: z.int().min(0),
    direction,
    what: z.enum(['event', 'decision', 'switch']),
    lwp: id.optional(),
  }),

  /** What people added to the trace. */
  /** The nearest row after or before `fromSequence` that the filter lets through. */
  'trace.stepFiltered': z.object({
    traceId,
    fromSequence: z.int().min(0),
    direction,
    filter: eventFilter,
  }),
  /**
   * Rows with every word of the text in the names of their kind, cause, thread or process; nearest first.
   */
  'trace.findEvents': z.object({
    traceId,
    text: z.string().max(256),
    fromSequence: z.int().min(0),
    direction,
    limit: z.int().min(1).max(1000),
    filter: eventFilter.optional(),
  }),
  /** Assignments of one field of one LWP, CPU, slot, ...; anchored as `trace.events`, but at the end by default. */
  'trace.history': z.object({
    traceId,
    kind: z.int().min(0).max(65_535),
    /** Id of the LWP, CPU, slot, page, process or sync object, by the kind's subject. */
    subject: id,
    sequence: z.int().min(0).optional(),
    timeNs: timeNs.optional(),
    before: z.int().min(0).max(10_000),
    after: z.int().min(0).max(10_000),
  }),
  /** What a lane shows at a time, before it and after it: for a CPU, who ran. */
  'trace.neighbours': z.object({ traceId, lane: laneRef, timeNs }),

  'notes.list': z.object({ traceId }),
  /** Adds a note, or replaces the one with its id. Every window hears of it by `notes.changed`. */
  'notes.save': z.object({ traceId, note: noteDraft }),
  'notes.delete': z.object({ traceId, noteId: z.string().min(1).max(64) }),

  /**
   * Runs one SQL statement that reads. The query has a process of its own, so it can be stopped whatever it does: by
   * `sql.cancel`, by cancelling the request, by its time limit. Its rows are kept for `sql.page` until eight later queries
   * on this trace, or the end of that process.
   */
  'sql.run': z.object({
    traceId,
    /** Chosen by the window. */
    queryId,
    sql: z.string().min(1).max(100_000),
    rowLimit: z.int().min(1).max(1_000_000).default(100_000),
    timeLimitMs: z.int().min(1).max(3_600_000).default(30_000),
    /** Rows of the first page. */
    pageRows: z.int().min(0).max(10_000).default(500),
  }),
  'sql.page': z.object({ traceId, queryId, first: z.int().min(0), count: z.int().min(0).max(10_000) }),
  'sql.cancel': z.object({ traceId, queryId }),
  /** Tables and views, for completion and help. */
  'sql.tables': z.object({}),

  'scenario.list': z.object({}),
  'scenario.read': z.object({ id: z.string().min(1).max(256) }),
  'scenario.check': z.object({ text: z.string().max(1 << 20) }),
  'record.start': z.object({
    text: z.string().max(1 << 20),
    name: z.string().min(1).max(256),
    seed: z.int().min(0).max(0xffff_ffff).optional(),
    durationNs: z.number().positive().optional(),
    cpus: z.int().min(1).max(256).optional(),
  }),
  'import.start': z.object({ path }),
  /** Tables whose rows can be exported. */
  'export.tables': z.object({}),
  /**
   * Writes the trace, a stretch of it or rows of it to a file in the exports folder; `job.done` names it. A table or a
   * query is needed for csv and jsonl; parquet without either writes a folder with all tables.
   */
  'export.start': z.object({
    traceId,
    format: z.enum(['sctrace', 'chrome', 'csv', 'jsonl', 'parquet']),
    /** Both or neither. */
    range: z.object({ startNs: timeNs.min(0), endNs: timeNs.min(0) }).optional(),
    table: z.string().max(64).optional(),
    sql: z
      .string()
      .max(1 << 20)
      .optional(),
  }),
  /** A piece of a finished export, for windows that cannot open a file of this machine. */
  'export.read': z.object({
    jobId: z.string().min(1).max(64),
    offset: z.number().min(0),
    bytes: z
      .int()
      .min(1)
      .max(1 << 22),
  }),
  'job.cancel': z.object({ jobId: z.string().min(1).max(64) }),

  /** For hosts whose window cannot name a file on this machine: the bytes are sent instead. */
  'upload.begin': z.object({ name: z.string().min(1).max(512), bytes: z.number().min(0) }),
  'upload.chunk': z.object({ uploadId: z.string().max(64), data: z.instanceof(Uint8Array) }),
  'upload.end': z.object({ uploadId: z.string().max(64) }),
  /** The host's own "open file" dialog; the path, or null where it was cancelled. */
  'dialog.openFile': z.object({}),
  /** Another window, on a file or on none; for hosts that own their windows. */
  'window.open': z.object({ path: path.optional() }),
} as const satisfies Record<string, z.ZodType>;

export type RequestName = keyof typeof requestSchemas;
export type RequestParams<Name extends RequestName> = z.infer<(typeof requestSchemas)[Name]>;

// ---- results ---------------------------------------------------------------------------------------

/** What a window can do depends on its host. */
export interface Hello {
  readonly version: string;
  readonly host: 'electron' | 'loopback' | 'memory';
  /** True where `dialog.openFile` works and dropped files have paths; otherwise files are uploaded. */
  readonly nativeFiles: boolean;
  /** What to show first: a file named on the command line, or a sample. */
  readonly openPath: string | null;
}

export interface RecentFile {
  readonly path: string;
  readonly name: string;
  /** Milliseconds since 1970, as Date.now() gives. */
  readonly openedAtMs: number;
}

type Dimension<Table extends Definition['table']> = Omit<Extract<Definition, { table: Table }>, 'table'>;
export type CpuInfo = Dimension<'cpu'>;
export type ProcessInfo = Dimension<'process'>;
export type LwpInfo = Dimension<'lwp'>;
export type PageInfo = Dimension<'page'>;
export type SyncInfo = Dimension<'sync'>;

export interface TraceSummary {
  readonly traceId: string;
  readonly path: string;
  readonly fileName: string;
  /** 'emulator', or the format that was imported ('ftrace', ...). */
  readonly source: string;
  /** One line: scenario and seed, or the imported file. */
  readonly sourceDetail: string;
  readonly complete: boolean;
  /** Why it is incomplete, as a sentence; null for a complete trace. */
  readonly incompleteReason: string | null;
  readonly events: number;
  /** Time of the last row. */
  readonly durationNs: number;
  readonly digest: string;
  /** Length of a clock tick, null where the source has none. */
  readonly tickNs: number | null;
  /** 'unknown': times are counts of the source's clock, not nanoseconds. Absent: they are nanoseconds. */
  readonly clockUnit?: ClockUnit;
  /** Whether the trace has any schedctl data (slots, nopreempt, decisions). */
  readonly hasSchedctl: boolean;
  readonly cpus: readonly CpuInfo[];
  readonly processes: readonly ProcessInfo[];
  readonly lwps: readonly LwpInfo[];
  readonly pages: readonly PageInfo[];
  readonly syncs: readonly SyncInfo[];
  /** Things to know about the trace: losses, repairs, assumptions. */
  readonly warnings: readonly string[];
}

export interface Identified {
  readonly kind: 'trace' | 'import' | 'scenario';
  /** 'sctrace', 'ftrace', 'scenario', ... */
  readonly format: string;
}

/** Bits of {@link LaneColumns.flags}. */
export { LANE_FLAG } from '../model/lane-flags.ts';

/**
 * Intervals of several lanes, lane after lane: those of lane `i` are rows `laneOffset[i]` to
 * `laneOffset[i + 1] - 1`, in order of time and not overlapping.
 *
 * Meaning by lane kind: cpu: `lwp` runs on it, `state` is that LWP's; gaps are idle. lwp: `state`, `cpu` where
 * it is or was, `lwp` who preempted it (-1), `sync` what it waits for (-1). sync: `lwp` holds it, `state`
 * is the holder's lane state.
 */
export interface LaneColumns {
  readonly laneOffset: Int32Array;
  readonly startNs: Float64Array;
  readonly endNs: Float64Array;
  readonly state: Uint8Array;
  readonly cpu: Int16Array;
  readonly lwp: Int32Array;
  readonly sync: Int32Array;
  readonly flags: Uint8Array;
}

/** The whole trace in `buckets` equal parts, for the minimap. Sums over CPUs, in nanoseconds of CPU time. */
export interface OverviewColumns {
  readonly buckets: number;
  readonly bucketNs: number;
  readonly runningNs: Float64Array;
  readonly spinningNs: Float64Array;
  /** Runnable or preempted time, over LWPs. */
  readonly waitingNs: Float64Array;
  /** Decisions forced or failsafe in the bucket. */
  readonly revoked: Int32Array;
}

/** The most telling moment of a trace: where a reader should look first. */
export interface Highlight {
  /** A request revoked, one at the failsafe, one deferred; without schedctl data a thread that lost its CPU. */
  readonly what: 'forced' | 'failsafe' | 'deferred' | 'preempted';
  readonly timeNs: number;
  /** The row of the decision, null where the moment is not one. */
  readonly sequence: number | null;
  readonly lwp: number;
  /** The nopreempt window, or the time spent preempted; empty where none is known. */
  readonly startNs: number;
  readonly endNs: number;
}

/**
 * nopreempt windows, LWP after LWP in the order asked for, each in order of start. Times are -1 where the thing
 * never happened. Where several begin on the same pixel, one row stands for `count` of them: from the start
 * of the first to the end of the last, with the worst ending and the sum of the deferrals.
 */
export interface NopreemptWindowColumns {
  readonly lwp: Int32Array;
  readonly startNs: Float64Array;
  readonly endNs: Float64Array;
  readonly firstDeferredNs: Float64Array;
  readonly yieldAskedNs: Float64Array;
  readonly deferrals: Int32Array;
  /** WINDOW_END of enums.ts. */
  readonly end: Uint8Array;
  readonly startSequence: Float64Array;
  readonly endSequence: Float64Array;
  readonly count: Int32Array;
}

/** Decisions in order; where several fall on the same pixel of one LWP, the most severe stands for them with their count. */
export interface DecisionColumns {
  readonly sequence: Float64Array;
  readonly timeNs: Float64Array;
  readonly lwp: Int32Array;
  readonly cpu: Int16Array;
  /** DECISION of enums.ts. */
  readonly outcome: Uint8Array;
  /** Cause id: the function that decided. */
  readonly place: Uint16Array;
  readonly timeleft: Int32Array;
  /** WITHOUT_NOPREEMPT of enums.ts. */
  readonly without: Uint8Array;
  readonly count: Int32Array;
}

/** Used slots as steps: at `timeNs[i]` page `page[i]` has `used[i]` slots in use, until its next row. In order of time. */
export interface SlotOccupancyColumns {
  readonly timeNs: Float64Array;
  readonly page: Int32Array;
  readonly used: Int32Array;
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

/**
 * Sums of an area, exact to the nanosecond. What is open at its edges counts as far as it lies in it: as one run, wait or
 * hold, with the time inside. What happens at the last nanosecond of the area's end is no longer in it, but at the end of
 * the trace.
 *
 * Tables are columns in order of id; rows in which nothing happened are left out. Durations count in the distributions
 * where they end, in full.
 */
export interface Aggregates {
  /** The area as far as it lies in the trace. */
  readonly startNs: number;
  readonly endNs: number;
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
  readonly onCpuNs: Float64Array;
  readonly runningNs: Float64Array;
  readonly spinningNs: Float64Array;
  readonly runnableNs: Float64Array;
  readonly preemptedNs: Float64Array;
  readonly sleepingNs: Float64Array;
  readonly blockedNs: Float64Array;
  readonly parkedNs: Float64Array;
  readonly stoppedNs: Float64Array;
  readonly unknownNs: Float64Array;
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
  readonly runQueueNs: Float64Array;
  /** Time that the thread waited for locks, conditions and semaphores, spinning, asleep or preempted meanwhile. */
  readonly lockWaitNs: Float64Array;
}

export interface ThreadSums extends ThreadTotals {
  readonly lwp: Int32Array;
  readonly process: Int32Array;
}

export interface ProcessSums extends ThreadTotals {
  readonly process: Int32Array;
  /** Threads that existed. */
  readonly threads: Int32Array;
}

/** `busyNs` and `idleNs` make up the area; what is busy but neither running nor spinning is the switch itself. */
export interface CpuSums {
  readonly cpu: Int32Array;
  readonly busyNs: Float64Array;
  readonly runningNs: Float64Array;
  readonly spinningNs: Float64Array;
  readonly idleNs: Float64Array;
  readonly runs: Float64Array;
}

/** The threads' time by LANE_STATE of enums.ts. */
export interface StateSums {
  readonly state: Uint8Array;
  readonly timeNs: Float64Array;
  /** Times that a thread was in the state, without interruption. */
  readonly intervals: Float64Array;
}

export interface LockSums {
  readonly sync: Int32Array;
  readonly holds: Float64Array;
  readonly holdNs: Float64Array;
  /** Held while the holder had no CPU. */
  readonly offCpuHoldNs: Float64Array;
  /** Waits, their time, and the threads that waited: of the threads of the area. */
  readonly waits: Float64Array;
  readonly waitNs: Float64Array;
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
  readonly sumNs: number;
  readonly p50Ns: number;
  readonly p90Ns: number;
  readonly p99Ns: number;
  /** The end of the highest bucket: no duration is longer. 0 where there is none. */
  readonly atMostNs: number;
  /** From `bucketStartNs[i]` to just below `bucketEndNs[i]`. */
  readonly bucketStartNs: Float64Array;
  readonly bucketEndNs: Float64Array;
  readonly bucketCount: Float64Array;
}

/** In order of length, the longest first. */
export interface LongestColumns {
  readonly startNs: Float64Array;
  readonly endNs: Float64Array;
  readonly lwp: Int32Array;
  /** The lock that was held; -1 for what is no hold. */
  readonly sync: Int32Array;
}

export interface StateAt {
  /** 0 before the first row. */
  readonly sequence: number;
  /** Time of that row; 0 before the first. */
  readonly timeNs: number;
  /** MachineState.serialize(), with changes tracked. */
  readonly words: Int32Array<ArrayBuffer>;
}

/** Rows of the event table, in order. */
export interface EventColumns {
  readonly sequence: Float64Array;
  readonly timeNs: Float64Array;
  readonly kind: Uint16Array;
  readonly cpu: Int16Array;
  readonly lwp: Int32Array;
  readonly object: Int32Array;
  readonly cause: Uint16Array;
  readonly oldValue: Int32Array;
  readonly newValue: Int32Array;
}

/** An interval of a lane, exactly; the fields are those of {@link LaneColumns}. On a CPU's lane it is one run, on a lock's one hold. */
export interface LaneSlice {
  readonly startNs: number;
  readonly endNs: number;
  readonly state: number;
  readonly cpu: number;
  readonly lwp: number;
  readonly sync: number;
  readonly flags: number;
}

/** Null where there is nothing: before the first, after the last, on an idle CPU. Idle time between two runs is skipped. */
export interface LaneNeighbours {
  readonly previous: LaneSlice | null;
  readonly at: LaneSlice | null;
  readonly next: LaneSlice | null;
}

export interface StepTarget {
  readonly sequence: number;
  readonly timeNs: number;
}

/** What the values of a column are: a time on the timeline in ns, a row of `event`, an id. */
export type SqlRole = 'time' | 'sequence' | 'lwp' | 'cpu' | 'sync' | 'process';

export interface SqlColumn {
  readonly name: string;
  /** By the table's column that it shows, whatever it is called in the query; by its name where it is computed. */
  readonly role: SqlRole | null;
}

/** Why rows are missing: there were more than the limit, or they took more memory than is given. */
export type SqlTruncation = 'rows' | 'bytes';

export interface SqlResult {
  readonly columns: readonly SqlColumn[];
  /** Rows that can be paged through. */
  readonly rows: number;
  readonly truncated: SqlTruncation | null;
  readonly elapsedMs: number;
  readonly page: SqlPage;
}

/** Rows `first` to `first + count - 1`, column by column. Integers beyond 2^53 are text. */
export interface SqlPage {
  readonly first: number;
  readonly count: number;
  readonly values: readonly (Float64Array | readonly (string | number | Uint8Array | null)[])[];
}

export interface SqlTable {
  readonly name: string;
  readonly kind: 'table' | 'view';
  readonly about: string;
  readonly columns: readonly { readonly name: string; readonly about: string }[];
}

export interface ScenarioInfo {
  readonly id: string;
  readonly title: string;
  /** What to see in it. */
  readonly about: string;
  /** Null for one that is not valid. */
  readonly facts: ScenarioCheck['facts'];
}

export interface ScenarioCheck {
  readonly problems: readonly Problem[];
  /** Facts of a valid scenario, null for an invalid one. */
  readonly facts: {
    readonly title: string;
    readonly cpus: number;
    readonly lwps: number;
    readonly durationNs: number;
    readonly seed: number;
  } | null;
}

/** What an import read, skipped, lost and repaired. */
export interface ImportSummary {
  /** Name of the format, such as 'ftrace'. */
  readonly format: string;
  readonly clock: string;
  /** All lines, comments and unreadable ones included. */
  readonly lines: number;
  /** Lines that are events of the source, used or not; and the rows made of them. */
  readonly events: number;
  readonly transitions: number;
  /** Lines that could not be read, by reason, each with the first of them: its number from 1, and its text, cut. */
  readonly skipped: readonly {
    readonly reason: string;
    readonly count: number;
    readonly firstLine: number;
    readonly firstText: string;
  }[];
  /** Where the source itself says that it lost events; `cpu` -1 for no CPU, `events` -1 for no number. */
  readonly losses: readonly {
    readonly cpu: number;
    readonly events: number;
    readonly line: number;
    readonly fromNs: number;
  }[];
  readonly eventsLost: number;
  /** What the source contradicts itself about or leaves out, and what was assumed. */
  readonly repairs: readonly { readonly about: string; readonly count: number; readonly firstLine: number }[];
  /** Events that were read and say nothing about the scheduler. */
  readonly unusedEvents: readonly { readonly name: string; readonly count: number }[];
  readonly warnings: readonly string[];
}

export interface Results {
  'workbench.hello': Hello;
  'recent.list': { readonly recent: readonly RecentFile[]; readonly samples: readonly RecentFile[] };
  'settings.read': { readonly settings: Readonly<Record<string, z.infer<ReturnType<typeof z.json>>>> };
  'settings.write': null;
  'trace.open': TraceSummary;
  'trace.close': null;
  'trace.identify': Identified;
  'trace.summary': TraceSummary;
  'trace.lanes': LaneColumns;
  'trace.overview': OverviewColumns;
  'trace.highlight': Highlight | null;
  'trace.nopreemptWindows': NopreemptWindowColumns;
  'trace.decisions': DecisionColumns;
  'trace.slotOccupancy': SlotOccupancyColumns;
  'trace.cpuUpdates': CountMatrix;
  'trace.cpuUse': CpuUseColumns;
  'trace.migrations': MigrationCounts;
  'trace.decisionCounts': CountMatrix;
  'trace.queueLengths': QueueLengthColumns;
  'trace.lockWaiters': LockWaiterColumns;
  'trace.wakeups': WakeupColumns;
  'trace.aggregates': Aggregates;
  'trace.longest': LongestColumns;
  'trace.stateAt': StateAt;
  'trace.events': EventColumns;
  'trace.eventsBySequence': EventColumns;
  'trace.step': StepTarget | null;
  'trace.stepFiltered': StepTarget | null;
  'trace.findEvents': EventColumns;
  'trace.history': EventColumns;
  'trace.neighbours': LaneNeighbours;
  'notes.list': { readonly notes: readonly Note[] };
  'notes.save': Note;
  'notes.delete': null;
  'sql.run': SqlResult;
  'sql.page': SqlPage;
  'sql.cancel': null;
  'sql.tables': { readonly tables: readonly SqlTable[] };
  'scenario.list': readonly ScenarioInfo[];
  'scenario.read': { readonly text: string };
  'scenario.check': ScenarioCheck;
  /** `path`: the trace while it is being recorded; it can be opened and looked at meanwhile. */
  'record.start': { readonly jobId: string; readonly path: string };
  'import.start': { readonly jobId: string };
  'export.tables': readonly { readonly name: string; readonly about: string }[];
  'export.start': { readonly jobId: string };
  /** `totalBytes`: of the whole file. */
  'export.read': { readonly data: Uint8Array<ArrayBuffer>; readonly totalBytes: number };
  'job.cancel': null;
  'upload.begin': { readonly uploadId: string };
  'upload.chunk': null;
  'upload.end': { readonly path: string };
  'dialog.openFile': { readonly path: string | null };
  'window.open': null;
}

// Every request has a result and the other way round; the compiler says which is missing.
type SameKeys<A, B> = [keyof A] extends [keyof B] ? ([keyof B] extends [keyof A] ? true : never) : never;
true satisfies SameKeys<typeof requestSchemas, Results>;

// ---- events ----------------------------------------------------------------------------------------

export interface JobProgress {
  readonly jobId: string;
  readonly job: 'record' | 'import' | 'export';
  /** Rows written so far. */
  readonly events: number;
  /** Virtual time reached by a recording. */
  readonly timeNs: number;
  /** 0 to 1 where the end is known, else null. */
  readonly fraction: number | null;
  /** Size of the file so far. */
  readonly bytes: number;
  readonly eventsPerSecond: number;
}

/** Events that the service sends to every window. */
export interface Events {
  'job.progress': JobProgress;
  'job.done': {
    readonly jobId: string;
    readonly path: string;
    readonly complete: boolean;
    readonly events: number;
    /** What an import did with its source; null for a recording. */
    readonly report: ImportSummary | null;
  };
  'job.failed': { readonly jobId: string; readonly error: WireError; readonly partialPath: string | null };
  /** Notes on the trace at `path` were added, changed or deleted, in whichever window. */
  'notes.changed': { readonly path: string };
  /** A window has saved settings, which are those of all windows. */
  'settings.changed': { readonly settings: Results['settings.read']['settings'] };
  /** The host asks the window to open a file (second instance, file association, menu). */
  'open.request': { readonly path: string };
  /** The host's menu asks for a command of the palette. */
  'command.run': { readonly command: string };
}
export type EventName = keyof Events;

/** What the renderer holds: one door to the workbench, whatever the host. */
export interface WorkbenchClient {
  request<Name extends RequestName>(
    name: Name,
    params: RequestParams<Name>,
    options?: { readonly signal?: CancelSignal },
  ): Promise<Results[Name]>;
  /** Returns a function that ends the subscription. */
  on<Name extends EventName>(name: Name, listener: (payload: Events[Name]) => void): () => void;
  close(): void;
}

/** What the service is to its hosts. `params` are unchecked; the service checks them. */
export interface WorkbenchService {
  request(name: string, params: unknown, signal: CancelSignal): Promise<unknown>;
  /** Subscribes to all events. Returns a function that ends the subscription. */
  subscribe(listener: <Name extends EventName>(name: Name, payload: Events[Name]) => void): () => void;
  close(): Promise<void>;
}
