/**
 * The tables that rows are exported from: names instead of ids where a person would want them, units in the column
 * names. One list for CSV, JSON Lines, Parquet and the reference made of it.
 *
 * Names and types here are a format: thousands of exported traces are read by the same query. Add columns at the
 * end; never rename, retype or remove one.
 */
import type { Ns } from '#shared/base/brands.ts';
import { SC_CPU_UPDATE_CAUSES } from '#shared/model/causes.ts';
import { KIND, UNKNOWN_VALUE } from '#shared/model/kinds.ts';
import { LANE_FLAG } from '#shared/model/lane-flags.ts';

export type ExportColumnType = 'int32' | 'int64' | 'double' | 'string';

export interface ExportColumn {
  readonly name: string;
  readonly type: ExportColumnType;
  readonly nullable?: true;
  /** The expression that gives the value, over the table's `from`. */
  readonly sql: string;
  /** What it holds, with the unit. */
  readonly about: string;
}

/** How a time range selects rows: those at a moment in it, or those that overlap it. */
export type ExportTime =
  | { readonly kind: 'none' }
  | { readonly kind: 'moment'; readonly at: string }
  | { readonly kind: 'interval'; readonly start: string; readonly end: string };

export interface ExportTable {
  readonly about: string;
  readonly from: string;
  readonly time: ExportTime;
  readonly order: string;
  readonly columns: readonly ExportColumn[];
}

const int32 = (name: string, sql: string, about: string): ExportColumn => ({
  name,
  type: 'int32',
  sql,
  about,
});
const int64 = (name: string, sql: string, about: string): ExportColumn => ({
  name,
  type: 'int64',
  sql,
  about,
});
const text = (name: string, sql: string, about: string): ExportColumn => ({
  name,
  type: 'string',
  sql,
  about,
});
const orNull = (column: ExportColumn): ExportColumn => ({ ...column, nullable: true });

const lwpName = (id: string): string => `(SELECT name FROM lwp WHERE id = ${id})`;
const processOf = (column: string, lwp: string): string =>
  `(SELECT p.${column} FROM lwp l JOIN process p ON p.id = l.process WHERE l.id = ${lwp})`;
const code = (domain: string, value: string): string =>
  `(SELECT name FROM code WHERE domain = '${domain}' AND value = ${value})`;
const known = (value: string): string => `nullif(${value}, ${UNKNOWN_VALUE})`;
const ifId = (id: string): string => `nullif(${id}, -1)`;

/** The thread that a row is about, by id and by name. */
const thread = (id: string): ExportColumn[] => [
  orNull(int32('lwp', ifId(id), 'LWP (thread), as in the table lwp; null for none')),
  orNull(text('lwp_name', lwpName(id), 'its name')),
  orNull(int64('pid', processOf('pid', id), 'process id')),
  orNull(text('process_name', processOf('name', id), 'name of its process')),
];
const span = (start: string, end: string): ExportColumn[] => [
  int64('start_ns', start, 'first nanosecond, since the start of the trace'),
  int64('end_ns', end, 'nanosecond after the last'),
];
const lock = (id: string): ExportColumn[] => [
  int32('sync', id, 'synchronisation object, as in the table sync'),
  orNull(text('sync_name', `(SELECT name FROM sync WHERE id = ${id})`, 'its name')),
];
const interval = (alias: string): ExportTime => ({
  kind: 'interval',
  start: `${alias}.start_ns`,
  end: `${alias}.end_ns`,
});

/** All tables by name. */
export const EXPORT_TABLES = {
  event: {
    about: 'Every state transition, in order.',
    from: 'event e JOIN kind k ON k.id = e.kind JOIN cause c ON c.id = e.cause',
    time: { kind: 'moment', at: 'e.time_ns' },
    order: 'e.seq',
    columns: [
      int64('seq', 'e.seq', 'sequence, from 1'),
      int64('time_ns', 'e.time_ns', 'when, in nanoseconds since the start of the trace'),
      text('kind', 'k.name', "the field that was assigned, by the kernel's name"),
      orNull(int32('cpu', ifId('e.cpu'), 'CPU on which it happened, or that it is about')),
      ...thread('e.lwp'),
      int64('object', 'e.object', 'slot, page, process or synchronisation object that it is about; by kind'),
      text('cause', 'c.name', 'function that wrote it'),
      text('written_by', 'c.written_by', 'kernel, user, machine or import'),
      orNull(int64('old_value', known('e.old'), 'value before; null where it is not known')),
      orNull(int64('new_value', known('e.new'), 'value after; null where it is not known')),
    ],
  },
  lwp_state: {
    about: 'State intervals of each thread.',
    from: 'lwp_state s',
    time: interval('s'),
    order: 's.id',
    columns: [
      ...thread('s.lwp'),
      ...span('s.start_ns', 's.end_ns'),
      text(
        'state',
        code('lane_state', 's.state'),
        'running, spinning, runnable, preempted, sleeping, blocked, parked, stopped, exited, unknown',
      ),
      orNull(int32('cpu', ifId('s.cpu'), 'CPU where it is or was')),
      orNull(int32('preempted_by', ifId('s.other'), 'LWP that took its CPU')),
      orNull(text('preempted_by_name', lwpName('s.other'), 'its name')),
      orNull(text('waits_for', '(SELECT name FROM sync WHERE id = s.sync)', 'what it waits for')),
      int32('holds_lock', `(s.flags & ${LANE_FLAG.holdsLock}) <> 0`, '1 where it holds a lock'),
      int32('uncertain', `(s.flags & ${LANE_FLAG.uncertain}) <> 0`, '1 where the source is not exact'),
    ],
  },
  cpu_run: {
    about: 'Runs of threads on each CPU.',
    from: 'cpu_run r',
    time: interval('r'),
    order: 'r.id',
    columns: [int32('cpu', 'r.cpu', 'CPU'), ...thread('r.lwp'), ...span('r.start_ns', 'r.end_ns')],
  },
  nopreempt_window: {
    about: 'Nopreempt windows: requests not to be preempted, from set to cleared.',
    from: 'nopreempt_window w',
    time: { kind: 'interval', start: 'w.start_ns', end: 'w.end_ns' },
    order: 'w.id',
    columns: [
      ...thread('w.lwp'),
      int64('start_ns', 'w.start_ns', 'sc_nopreempt set'),
      orNull(int64('end_ns', ifId('w.end_ns'), 'sc_nopreempt cleared; null when it never was')),
      orNull(
        int64('first_deferred_ns', ifId('w.first_deferred_ns'), 'first time that the kernel let it run on'),
      ),
      orNull(int64('yield_asked_ns', ifId('w.yield_asked_ns'), 'sc_yield set')),
      int32('deferrals', 'w.deferrals', 'times that the kernel let it run on'),
      text(
        'ended',
        code('window_end', 'w.end'),
        'open, unused, honoured, overrun, forced, abandoned, aborted, endedByCall',
      ),
      int64('start_seq', 'w.start_seq', 'event.seq of the start'),
      orNull(int64('end_seq', 'nullif(w.end_seq, 0)', 'event.seq of the end')),
    ],
  },
  decision: {
    about: 'Decisions of preemption control.',
    from: 'decision d',
    time: { kind: 'moment', at: 'd.time_ns' },
    order: 'd.seq',
    columns: [
      int64('seq', 'd.seq', 'event.seq'),
      int64('time_ns', 'd.time_ns', 'when'),
      ...thread('d.lwp'),
      int32('cpu', 'd.cpu', 'CPU'),
      text(
        'outcome',
        code('decision', 'd.outcome'),
        'deferredAtTick, deferredAtPreempt, yielded, failsafe, forced, updateSkipped, aborted, endedByCall',
      ),
      text('place', '(SELECT name FROM cause WHERE id = d.place)', 'function that decided'),
      orNull(
        int32('timeleft_ticks', 'd.timeleft', 'clock ticks left of the quantum, as compared; null for none'),
      ),
      text(
        'without_nopreempt',
        code('without_nopreempt', 'd.without'),
        'what would have happened without the request: same, expired, preempted, promoted',
      ),
    ],
  },
  lock_hold: {
    about: 'Each hold of a lock.',
    from: 'lock_hold h',
    time: interval('h'),
    order: 'h.id',
    columns: [...lock('h.sync'), ...thread('h.lwp'), ...span('h.start_ns', 'h.end_ns')],
  },
  lock_wait: {
    about: 'Each wait for a synchronisation object, spinning or asleep.',
    from: 'lock_wait w',
    time: interval('w'),
    order: 'w.id',
    columns: [
      ...lock('w.sync'),
      ...thread('w.lwp'),
      ...span('w.start_ns', 'w.end_ns'),
      orNull(int32('holder', ifId('w.holder'), 'LWP that held it when the wait began')),
      orNull(text('holder_name', lwpName('w.holder'), 'its name')),
    ],
  },
  slot_occupancy: {
    about: 'Slots in use on each schedctl page, one row per change.',
    from: 'slot_occupancy o',
    time: { kind: 'moment', at: 'o.time_ns' },
    order: 'o.id',
    columns: [
      int64('time_ns', 'o.time_ns', 'from when'),
      int32('page', 'o.page', 'page'),
      int32('used', 'o.used', 'slots in use'),
    ],
  },
  sc_cpu_update: {
    about: 'Stores into sc_cpu: where a thread was switched in.',
    from: 'event e',
    time: { kind: 'moment', at: 'e.time_ns' },
    order: 'e.seq',
    columns: [
      int64('seq', 'e.seq', 'event.seq'),
      int64('time_ns', 'e.time_ns', 'when'),
      ...thread('e.lwp'),
      int32('old_cpu', 'e.old', 'CPU in the slot before'),
      int32('new_cpu', 'e.new', 'CPU stored'),
    ],
  },
  run_queue_length: {
    about: 'Threads on the run queue of each CPU, one row per change.',
    from: 'event e',
    time: { kind: 'moment', at: 'e.time_ns' },
    order: 'e.seq',
    columns: [
      int64('seq', 'e.seq', 'event.seq'),
      int64('time_ns', 'e.time_ns', 'from when'),
      int32('cpu', 'e.cpu', 'CPU'),
      int32('threads', 'e.new', 'threads on its queue'),
    ],
  },
  finding: {
    about: 'What went wrong, and what went well: the costliest of each detector, the worst first.',
    from: 'finding f',
    time: interval('f'),
    order: 'f.id',
    columns: [
      int32('finding', 'f.id', 'ordinal, from 1'),
      text('detector', 'f.detector', 'id of the detector'),
      text('severity', 'f.severity', 'high, medium, low or info'),
      text('summary', 'f.summary', 'one sentence'),
      int64('cost_ns', 'f.cost_ns', 'time of threads that was waited because of it; below 0: saved'),
      int64('spin_ns', 'f.spin_ns', 'part of the cost spent spinning'),
      int64('longest_ns', 'f.longest_ns', 'longest delay of one thread'),
      ...span('f.start_ns', 'f.end_ns'),
      int32('lead', 'f.lead', 'finding that leads those with the same cause'),
      { name: 'confidence', type: 'double', sql: 'f.confidence', about: '0 to 1' },
      orNull(text('doubt', "nullif(f.doubt, '')", 'why confidence is below 1')),
      text('subjects', 'f.subjects', 'JSON: threads, locks, CPUs that it is about'),
      text('evidence', 'f.evidence', 'JSON: time ranges of lanes, and rows'),
      text('advice', 'f.advice', 'what to do'),
    ],
  },
  lwp: {
    about: 'Threads.',
    from: 'lwp l LEFT JOIN process p ON p.id = l.process',
    time: { kind: 'none' },
    order: 'l.id',
    columns: [
      int32('lwp', 'l.id', 'ordinal in this trace, never reused'),
      text('lwp_name', 'l.name', 'last name that it had'),
      int64('lwp_number', 'l.lwp_number', 'LWP number in its process (illumos) or thread id (Linux)'),
      orNull(int64('pid', 'p.pid', 'process id')),
      orNull(text('process_name', 'p.name', 'name of its process')),
    ],
  },
  sync: {
    about: 'Locks, condition variables, semaphores.',
    from: 'sync s',
    time: { kind: 'none' },
    order: 's.id',
    columns: [
      int32('sync', 's.id', 'ordinal in this trace'),
      text('sync_name', 's.name', 'name'),
      text('kind', code('sync_kind', 's.kind'), 'spinlock, mutex, adaptiveMutex, condition, semaphore, ...'),
    ],
  },
  trace: {
    about: 'The trace itself, one row.',
    from: '(SELECT 1)',
    time: { kind: 'none' },
    order: '1',
    columns: [
      text('source', fact('source'), "'emulator', or the format that was imported"),
      text('source_detail', fact('sourceDetail'), 'scenario and seed, or the imported file'),
      text('clock', fact('clock'), "what the times are: 'virtual', or the clock of the source"),
      orNull(int64('tick_ns', fact('tickNs'), 'length of a clock tick in nanoseconds')),
      int64('events', fact('events'), 'rows of event'),
      int64('duration_ns', fact('durationNs'), 'time of the last row'),
      int32('complete', fact('complete'), '1 where nothing is missing'),
      int32('has_schedctl', fact('hasSchedctl'), '1 where there are slots, requests or decisions'),
      text('recorded_by', fact('recordedBy'), 'program and version that recorded it'),
      int64('recorded_at_ms', fact('recordedAtMs'), 'when it was recorded, in milliseconds since 1970'),
    ],
  },
} as const satisfies Record<string, ExportTable>;

export type ExportTableName = keyof typeof EXPORT_TABLES;

/** Which events a table is made of. */
const EVENTS_OF: Partial<Record<ExportTableName, string>> = {
  sc_cpu_update: `e.kind = ${KIND.sc_cpu} AND e.cause IN (${SC_CPU_UPDATE_CAUSES.join(', ')})`,
  run_queue_length: `e.kind = ${KIND.disp_nrunnable}`,
};

export const EXPORT_TABLE_NAMES = Object.keys(EXPORT_TABLES) as readonly ExportTableName[];

/** A time range, in nanoseconds since the start of the trace; both ends belong to it. */
export interface TimeRange {
  readonly startNs: Ns;
  readonly endNs: Ns;
}

export interface ExportSelect {
  readonly sql: string;
  readonly parameters: readonly number[];
}

/** The statement that reads a table, or the rows of it that touch `range`. It needs base tables only. */
export function exportSelect(name: ExportTableName, range: TimeRange | null): ExportSelect {
  const table: ExportTable = EXPORT_TABLES[name];
  const columns = table.columns.map((column) => `${column.sql} AS ${column.name}`).join(', ');
  const conditions: string[] = [];
  const parameters: number[] = [];
  const events = EVENTS_OF[name];
  if (events !== undefined) conditions.push(events);
  if (range !== null && table.time.kind === 'moment') {
    conditions.push(`${table.time.at} BETWEEN ? AND ?`);
    parameters.push(range.startNs, range.endNs);
  } else if (range !== null && table.time.kind === 'interval') {
    // An open interval has no end, and a run of no length belongs to the range at whose start it lies.
    conditions.push(
      `(${table.time.end} > ? OR ${table.time.start} >= ? OR ${table.time.end} < 0) AND ${table.time.start} < ?`,
    );
    parameters.push(range.startNs, range.startNs, range.endNs);
  }
  const where = conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`;
  return { sql: `SELECT ${columns} FROM ${table.from}${where} ORDER BY ${table.order}`, parameters };
}

function fact(key: string): string {
  return `(SELECT value FROM meta WHERE key = '${key}')`;
}
