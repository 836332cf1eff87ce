/**
 * The trace file's tables. A `.sctrace` file is a SQLite database with the application id and the schema
 * version below; every table is described here, column by column, with units.
 *
 * Three groups: what happened (`event` and the dimension tables), what the recorder derived from it for
 * people with a SQL console (`lwp_state`, `cpu_run`, ... one row for each thing), and what it derived for
 * the views (`series` and `chunk`: columns packed so that any zoom reads a bounded number of rows, see
 * levels/). Derived tables can be made again from the events; `verify` does so.
 */

/** "sctr" as a big-endian number: what file(1) and `PRAGMA application_id` show. */
export const APPLICATION_ID = 0x73637472;

/** `PRAGMA user_version`. A file with a higher one needs a newer program. */
export const SCHEMA_VERSION = 5;

/** Larger than SQLite's default: rows are appended and read in runs, so that large pages only save work. */
export const PAGE_SIZE = 16_384;
/**
 * The bytes of SQLite's header that give the write version and, after it, the read version; and the value of both for a
 * write-ahead log.
 */
export const WRITE_VERSION_AT = 18;
export const WITH_LOG = 2;

/** Rows of `event` that one row of `event_block` describes. */
export const EVENT_BLOCK_ROWS = 4096;

interface TableSpec {
  readonly about: string;
  /** `name TYPE` as SQL, and what it holds. */
  readonly columns: readonly (readonly [sql: string, about: string])[];
  /** Further clauses inside the parentheses. */
  readonly constraints?: string;
  readonly withoutRowid?: true;
}

const ID = 'id INTEGER PRIMARY KEY';
const START = ['start_ns INTEGER NOT NULL', 'first nanosecond'] as const;
const END = ['end_ns INTEGER NOT NULL', 'nanosecond after the last'] as const;

/** All tables by name, in the order in which they are made. */
export const TABLES = {
  meta: {
    about: 'Facts about the recording; see meta.ts for the keys.',
    columns: [
      ['key TEXT PRIMARY KEY', 'name of the fact'],
      ['value ANY', 'text or number'],
    ],
    withoutRowid: true,
  },
  event: {
    about: 'Every state transition, in order. Time never decreases with the sequence.',
    columns: [
      ['seq INTEGER PRIMARY KEY', 'sequence, from 1 without gaps'],
      ['time_ns INTEGER NOT NULL', 'nanoseconds since the start'],
      ['kind INTEGER NOT NULL', 'which field was assigned: table kind'],
      ['cpu INTEGER NOT NULL', 'CPU on which it happened, or that it is about; -1 for none'],
      ['lwp INTEGER NOT NULL', 'LWP that it is about, or that acted; -1 for none'],
      ['object INTEGER NOT NULL', 'slot, page, process, sync object, or 0; by kind'],
      ['cause INTEGER NOT NULL', 'which function wrote it: table cause'],
      ['old INTEGER NOT NULL', 'value before'],
      ['new INTEGER NOT NULL', 'value after'],
    ],
  },
  event_block: {
    about: `Kinds, causes, CPUs, LWPs and objects in each block of ${EVENT_BLOCK_ROWS} events, so that a search can skip blocks.`,
    columns: [
      ['block INTEGER PRIMARY KEY', `events block * ${EVENT_BLOCK_ROWS} + 1 and on`],
      ['start_ns INTEGER NOT NULL', 'time of the first'],
      ['kinds BLOB NOT NULL', 'bit set of kinds, bit 0 of byte 0 is kind 0'],
      ['causes BLOB NOT NULL', 'bit set of causes'],
      ['cpus BLOB NOT NULL', 'CPUs that occur, as 16-bit integers'],
      ['lwps BLOB NOT NULL', 'LWPs that occur, switched ones included, as 32-bit integers'],
      ['objects BLOB NOT NULL', 'slots, pages, processes and sync objects assigned to, as 32-bit integers'],
    ],
  },
  cpu: {
    about: 'CPUs.',
    columns: [
      [ID, 'CPU number'],
      ['name TEXT NOT NULL', 'name'],
    ],
  },
  process: {
    about: 'Processes; an id is never reused, a pid may be.',
    columns: [
      [ID, 'ordinal in this trace'],
      ['pid INTEGER NOT NULL', 'process id'],
      ['name TEXT NOT NULL', 'last name that it had'],
    ],
  },
  lwp: {
    about: 'LWPs (threads).',
    columns: [
      [ID, 'ordinal in this trace, never reused'],
      ['process INTEGER NOT NULL', 'process.id'],
      ['lwp_number INTEGER NOT NULL', 'LWP number in its process (illumos) or thread id (Linux)'],
      ['name TEXT NOT NULL', 'last name that it had'],
    ],
  },
  page: {
    about: 'Pages of shared schedctl structures; for Linux the rseq areas of a process.',
    columns: [
      [ID, 'ordinal in this trace'],
      [
        'process INTEGER NOT NULL',
        'process.id of its last owner: page numbers are reused; events of page_process say when',
      ],
      ['address INTEGER', 'user address, null where it is not known or there is no page (rseq areas)'],
      ['kind INTEGER NOT NULL', "code.value of domain 'page_kind'"],
    ],
  },
  sync: {
    about: 'Locks, condition variables, semaphores.',
    columns: [
      [ID, 'ordinal in this trace'],
      ['process INTEGER NOT NULL', 'process.id'],
      ['kind INTEGER NOT NULL', "code.value of domain 'sync_kind'"],
      ['name TEXT NOT NULL', 'name'],
    ],
  },
  syscall: {
    about: 'System calls that rows refer to.',
    columns: [
      [ID, 'ordinal in this trace'],
      ['name TEXT NOT NULL', 'name, or `number 39` where the source tells the number'],
    ],
  },
  kind: {
    about: 'Transition kinds: the fields of the machine.',
    columns: [
      [ID, 'event.kind'],
      ['name TEXT NOT NULL', "the kernel's name of the field"],
      ['subject TEXT NOT NULL', 'what the field belongs to'],
      ['format TEXT NOT NULL', 'how the value reads'],
      ['about TEXT NOT NULL', 'one line, with the unit'],
    ],
  },
  cause: {
    about: 'Functions that make transitions.',
    columns: [
      [ID, 'event.cause'],
      ['name TEXT NOT NULL', 'function'],
      ['written_by TEXT NOT NULL', 'kernel, user, machine or import'],
      ['about TEXT NOT NULL', 'one line'],
    ],
  },
  code: {
    about: 'Names of coded values.',
    columns: [
      ['domain TEXT NOT NULL', 'lane_state, decision, without_nopreempt, window_end, sync_kind or page_kind'],
      ['value INTEGER NOT NULL', 'as stored'],
      ['name TEXT NOT NULL', 'as read'],
    ],
    constraints: 'PRIMARY KEY (domain, value)',
    withoutRowid: true,
  },
  lwp_state: {
    about:
      'State intervals of each LWP, in order of end. Every interval has a length, except for a run and the gap between two runs. An interrupted recording lacks the intervals that were open at its end.',
    columns: [
      [ID, 'order of end'],
      ['lwp INTEGER NOT NULL', 'lwp.id'],
      START,
      END,
      ['state INTEGER NOT NULL', "code.value of domain 'lane_state'"],
      ['cpu INTEGER NOT NULL', 'CPU where it is or was, -1 for none yet'],
      ['other INTEGER NOT NULL', 'LWP that preempted it, -1 for none'],
      ['sync INTEGER NOT NULL', 'sync.id waited for, -1 for none'],
      ['flags INTEGER NOT NULL', '2: not exactly known, 4: holds a lock'],
    ],
  },
  cpu_run: {
    about:
      'Runs of LWPs on each CPU, in order of end. A run within one tick of the source clock has no length.',
    columns: [
      [ID, 'order of end'],
      ['cpu INTEGER NOT NULL', 'cpu.id'],
      ['lwp INTEGER NOT NULL', 'lwp.id'],
      START,
      END,
    ],
  },
  slot_occupancy: {
    about: 'Slots in use on each page, one row per change.',
    columns: [
      [ID, 'order'],
      ['time_ns INTEGER NOT NULL', 'from when'],
      ['page INTEGER NOT NULL', 'page.id'],
      ['used INTEGER NOT NULL', 'slots in use'],
    ],
  },
  nopreempt_window: {
    about:
      'Nopreempt windows: requests not to be preempted, from set to cleared, in order of end. A time is -1 if the step never happened.',
    columns: [
      [ID, 'order of end'],
      ['lwp INTEGER NOT NULL', 'lwp.id'],
      ['slot INTEGER NOT NULL', 'slot of the shared structure'],
      ['start_ns INTEGER NOT NULL', 'sc_nopreempt set'],
      ['end_ns INTEGER NOT NULL', 'sc_nopreempt cleared, -1 when it never was'],
      ['first_deferred_ns INTEGER NOT NULL', 'first time that the kernel let it run on'],
      ['yield_asked_ns INTEGER NOT NULL', 'sc_yield set'],
      ['yielded_ns INTEGER NOT NULL', 'yield() that answered: sc_yield cleared; may come after the end'],
      ['deferrals INTEGER NOT NULL', 'times that the kernel let it run on'],
      ['end INTEGER NOT NULL', "code.value of domain 'window_end'"],
      ['start_seq INTEGER NOT NULL', 'event.seq of the start'],
      ['end_seq INTEGER NOT NULL', 'event.seq of the end, 0 for none'],
    ],
  },
  decision: {
    about: 'Decisions of preemption control.',
    columns: [
      ['seq INTEGER PRIMARY KEY', 'event.seq'],
      ['time_ns INTEGER NOT NULL', 'when'],
      ['lwp INTEGER NOT NULL', 'lwp.id'],
      ['cpu INTEGER NOT NULL', 'CPU'],
      ['outcome INTEGER NOT NULL', "code.value of domain 'decision'"],
      ['place INTEGER NOT NULL', 'cause.id of the function that decided'],
      [
        'timeleft INTEGER',
        'ticks left of the quantum, as compared; null where none were, or it is not known',
      ],
      ['without INTEGER NOT NULL', "code.value of domain 'without_nopreempt'"],
    ],
  },
  lock_hold: {
    about: 'Each hold of a lock, in order of release.',
    columns: [
      [ID, 'order of release'],
      ['sync INTEGER NOT NULL', 'sync.id'],
      ['lwp INTEGER NOT NULL', 'lwp.id'],
      START,
      END,
    ],
  },
  lock_wait: {
    about: 'Each wait for a synchronisation object, spinning or asleep, in order of end.',
    columns: [
      [ID, 'order of end'],
      ['sync INTEGER NOT NULL', 'sync.id'],
      ['lwp INTEGER NOT NULL', 'lwp.id'],
      START,
      END,
      ['holder INTEGER NOT NULL', 'LWP that held it when the wait began, -1 for none'],
    ],
  },
  wakeup: {
    about: 'Each wake-up of an LWP, in order of the run that followed.',
    columns: [
      [ID, 'order of the run, or of the end where there was none'],
      ['lwp INTEGER NOT NULL', 'lwp.id of the woken'],
      [
        'waker INTEGER NOT NULL',
        'lwp.id of the LWP that ran on the CPU of the wake-up; -1 for a timer, an idle CPU, an external source',
      ],
      ['wake_ns INTEGER NOT NULL', 'when it became runnable'],
      ['run_ns INTEGER NOT NULL', 'when it ran, -1 when it never did'],
      ['waker_cpu INTEGER NOT NULL', 'CPU where it was woken, -1 for none'],
      ['run_cpu INTEGER NOT NULL', 'CPU where it ran, -1 when it never did'],
      ['wake_seq INTEGER NOT NULL', 'event.seq of the wake-up'],
    ],
  },
  field_change: {
    about:
      'Changes of the fields that findings ask about beside the lanes: priorities, classes, bindings, processor sets, ticks, lost events.',
    columns: [
      [ID, 'order'],
      ['time_ns INTEGER NOT NULL', 'from when'],
      ['kind INTEGER NOT NULL', 'kind.id; of ts_flags and fss_flags the bits TSRESTORE and FSSRESTORE alone'],
      ['subject INTEGER NOT NULL', 'LWP, CPU, page or other that the kind is of'],
      ['value INTEGER NOT NULL', 'value from then on; of a note: what it says'],
    ],
  },
  finding: {
    about:
      'What went wrong, and what went well: the costliest of each detector, the worst first. A recording that was cut off has none.',
    columns: [
      [ID, 'ordinal, from 1'],
      ['detector TEXT NOT NULL', 'id of the detector'],
      ['severity TEXT NOT NULL', 'high, medium, low or info'],
      ['summary TEXT NOT NULL', 'one sentence'],
      ['cost_ns INTEGER NOT NULL', "ns of threads' time waited because of it; below 0: saved"],
      ['spin_ns INTEGER NOT NULL', 'part of the cost spent spinning'],
      ['longest_ns INTEGER NOT NULL', 'longest delay of one thread'],
      START,
      END,
      ['lead INTEGER NOT NULL', 'finding.id of the one that leads those with the same cause'],
      ['confidence REAL NOT NULL', '0 to 1'],
      ['doubt TEXT NOT NULL', 'why confidence is below 1, else empty'],
      ['subjects TEXT NOT NULL', 'JSON: threads, locks, CPUs that it is about'],
      ['evidence TEXT NOT NULL', 'JSON: time ranges of lanes, and rows'],
      ['advice TEXT NOT NULL', 'what to do'],
    ],
  },
  finding_pass: {
    about: 'The pass that made the findings. No row where none has been made.',
    columns: [
      [ID, 'always 1'],
      ['version INTEGER NOT NULL', 'of the detectors'],
      ['totals TEXT NOT NULL', 'JSON: of each detector how many it found, and their cost'],
      ['not_observable TEXT NOT NULL', 'JSON: questions that the trace cannot answer, and why'],
      ['ledger TEXT NOT NULL', 'JSON: time that threads waited, by what explains it'],
    ],
  },
  keyframe: {
    about: 'The whole machine after a row: see MachineState.serialize().',
    columns: [
      ['seq INTEGER PRIMARY KEY', 'event.seq of the last row applied'],
      ['time_ns INTEGER NOT NULL', 'time of that row'],
      ['state BLOB NOT NULL', 'serialized state as 32-bit little-endian words, raw deflate'],
      ['state_digest TEXT NOT NULL', 'MachineState.digest()'],
      ['event_digest TEXT NOT NULL', 'digest of rows 1..seq'],
    ],
  },
  series: {
    about: 'The data that views draw: one row per lane or curve.',
    columns: [
      [ID, 'ordinal'],
      ['kind INTEGER NOT NULL', 'SERIES of levels/series.ts'],
      ['object INTEGER NOT NULL', 'CPU, LWP, page, ... that it is about'],
      ['nodes INTEGER NOT NULL', 'nodes at level 0'],
    ],
    constraints: 'UNIQUE (kind, object)',
  },
  chunk: {
    about: "A series' nodes, 512 a row, level by level.",
    columns: [
      [ID, '(series * 16 + level) * 2^23 + ordinal'],
      ['data BLOB NOT NULL', 'packed, little-endian: see levels/series.ts; tiles: levels/tiles/tile.ts'],
    ],
  },
  lane_sum: {
    about: 'Sums of a series up to every 1024th node, for aggregates over any time range.',
    columns: [
      [ID, 'series * 2^23 + ordinal, from 1'],
      ['end_ns INTEGER NOT NULL', 'where the last of its nodes ends'],
      ['data BLOB NOT NULL', 'numbers of 7 bits a byte: see sums/number-list.ts and the sums of its kind'],
    ],
  },
  overview: {
    about: 'The whole trace in a few thousand equal parts.',
    columns: [
      [ID, 'always 1'],
      ['bucket_ns INTEGER NOT NULL', 'length of a part'],
      ['data BLOB NOT NULL', 'four columns of 64-bit floats: running, spinning, waiting ns, revocations'],
    ],
  },
  highlight: {
    about: 'The most telling moment of the trace: see derive/highlights.ts. No row if there is none.',
    columns: [
      [ID, 'always 1'],
      ['what TEXT NOT NULL', 'forced, failsafe, deferred, decision or preempted'],
      ['time_ns INTEGER NOT NULL', 'when'],
      ['seq INTEGER NOT NULL', 'event.seq of the decision, 0 where it is none'],
      ['lwp INTEGER NOT NULL', 'lwp.id'],
      ['start_ns INTEGER NOT NULL', 'start of the request or of the wait; of a decision: when'],
      ['end_ns INTEGER NOT NULL', 'its end; of a decision: when'],
    ],
  },
  note: {
    about: 'Bookmarks and notes on the trace.',
    columns: [
      [ID, 'ordinal'],
      ['kind TEXT NOT NULL', 'bookmark, annotation or view'],
      ['start_ns INTEGER', 'from, or null'],
      ['end_ns INTEGER', 'to, or null'],
      ['content TEXT NOT NULL', 'JSON'],
      ['created_ms INTEGER NOT NULL', 'milliseconds since 1970'],
    ],
  },
} as const satisfies Record<string, TableSpec>;

export type TableName = keyof typeof TABLES;

/** Column names of a table, in order. */
export function columnNames(table: TableName): string[] {
  return TABLES[table].columns.map(([sql]) => sql.slice(0, sql.indexOf(' ')));
}

/** The statement that makes a table. */
export function createTableSql(table: TableName): string {
  const spec: TableSpec = TABLES[table];
  const parts = spec.columns.map(([sql]) => sql);
  if (spec.constraints !== undefined) parts.push(spec.constraints);
  return `CREATE TABLE ${table} (${parts.join(', ')}) STRICT${spec.withoutRowid ? ', WITHOUT ROWID' : ''}`;
}

/** Tables whose rows follow from the events: made while recording, checked by verify. */
export const DERIVED_TABLES = [
  'event_block',
  'lwp_state',
  'cpu_run',
  'slot_occupancy',
  'nopreempt_window',
  'decision',
  'lock_hold',
  'lock_wait',
  'wakeup',
  'field_change',
  'finding',
  'finding_pass',
  'keyframe',
  'series',
  'chunk',
  'lane_sum',
  'overview',
  'highlight',
] as const satisfies readonly TableName[];
