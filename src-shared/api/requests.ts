/**
 * Every request to the workbench with its parameters. They come from outside and are checked at run time by these
 * schemas, once, where they enter the service.
 *
 * All times are nanoseconds since the start of the trace.
 */
import './jitless.ts';
import { z } from 'zod';
import { noteDraft } from './notes.ts';

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

/** Most pixels of all lanes or curves of one answer together: a screen of 7680 pixels has 270 of the lowest lanes. */
const MOST_LANE_PIXELS = 1 << 21;

/** A window with a list of what is to be drawn in it; what the answer may take is bounded by both together. */
const windowOf = <List extends Record<string, z.ZodType<readonly unknown[] | undefined>>>(
  lists: List,
): z.ZodObject<typeof window & List> =>
  z.object({ ...window, ...lists }).refine(
    (params) => {
      const drawn = Object.keys(lists).map((name) => (params as Record<string, unknown>)[name]);
      const rows = drawn.reduce<number>((sum, list) => sum + (Array.isArray(list) ? list.length : 0), 0);
      return rows * (params as { pixels: number }).pixels <= MOST_LANE_PIXELS;
    },
    { error: `more than ${MOST_LANE_PIXELS} pixels in all; ask for fewer lanes or pixels at a time` },
  );

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
  'trace.lanes': windowOf({ lanes: z.array(laneRef).max(512) }),
  'trace.overview': z.object({ traceId, pixels }),
  /** The moment to open the trace on. */
  'trace.highlight': z.object({ traceId }),
  'trace.nopreemptWindows': windowOf({ lwps: z.array(id).max(512) }),
  'trace.decisions': windowOf({ lwps: z.array(id).max(512).optional() }),
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
  'trace.queueLengths': windowOf({ cpus: z.array(id).max(512) }),

  'trace.lockWaiters': windowOf({ syncs: z.array(id).max(512) }),
  /** Wake-ups of these LWPs. */
  'trace.wakeups': windowOf({ lwps: z.array(id).max(512) }),

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
  /**
   * What a lane shows at a time, before it and after it: for a CPU, who ran.
   * `endNs`: where it is `timeNs`, the run of no length there is meant, and not what comes after it at the same time.
   */
  'trace.neighbours': z.object({ traceId, lane: laneRef, timeNs, endNs: timeNs.optional() }),

  /** What people added to the trace. */
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
  /** Imports one file, or several that are records of one run (further traces, a lock log), as one trace. */
  'import.start': z.object({ path, also: z.array(path).max(15).optional() }),
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
    /** Text in CSV that spreadsheets would calculate: made text unless it is wanted as it is. */
    formulas: z.enum(['kept', 'text']).optional(),
  }),
  /** The files of a finished export, for windows that cannot open a file of this machine. */
  'export.files': z.object({ jobId: z.string().min(1).max(64) }),
  /** A piece of one of them; `file` counts in the order of `export.files`. */
  'export.read': z.object({
    jobId: z.string().min(1).max(64),
    file: z.int().min(0).max(1_000),
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
  /** The rest of the file is not going to be sent: what has arrived of it goes. */
  'upload.cancel': z.object({ uploadId: z.string().max(64) }),
  /** The host's own "open" dialog; no path where it was cancelled. */
  'dialog.openFiles': z.object({}),
  /** Another window, on a file or on none; for hosts that own their windows. */
  'window.open': z.object({ path: path.optional() }),
} as const satisfies Record<string, z.ZodType>;

export type RequestName = keyof typeof requestSchemas;
export type RequestParams<Name extends RequestName> = z.infer<(typeof requestSchemas)[Name]>;
