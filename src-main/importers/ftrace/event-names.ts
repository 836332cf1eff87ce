/**
 * The names of a file's events, looked up by their bytes: each has its counter and what is done with it.
 * Hot: a lookup a line, without making a string.
 */
import type { NamedCount, ReportBuilder } from '../import-report.ts';

export const EVENT = {
  unused: 0,
  sched_switch: 1,
  sched_waking: 2,
  sched_wakeup: 3,
  sched_wakeup_new: 4,
  sched_migrate_task: 5,
  sched_process_fork: 6,
  sched_process_exec: 7,
  sched_process_exit: 8,
  sys_sched_yield: 9,
  sys_enter_sched_yield: 10,
  sys_exit_sched_yield: 11,
  PERF_RECORD_LOST: 12,
  tracing_mark_write: 13,
  print: 14,
  sys_futex: 15,
  sys_enter_futex: 16,
  sys_exit_futex: 17,
  contention_begin: 18,
  contention_end: 19,
  rseq_update: 20,
  hrtimer_start: 21,
  hrtimer_cancel: 22,
  hrtimer_expire_entry: 23,
  /** Probes that a person has put on a program's lock functions; their names are the person's. */
  'probe: wants a lock': 24,
  'probe: has the lock': 25,
  'probe: gives the lock back': 26,
  PERF_RECORD_LOST_SAMPLES: 27,
} as const;

/** Names that people give probes on lock functions: `acquire_enter`, `pthread_mutex_lock__return`, `release`. */
const TAKES = /(?:^|_)(?:acquire|lock)(?:_+(enter|entry|return|ret|exit))?$/;
const GIVES_BACK = /(?:^|_)(?:release|unlock)(?:_+(?:enter|entry))?$/;

function eventOf(name: string): number {
  if (name in EVENT && !name.includes(' ')) return EVENT[name as keyof typeof EVENT];
  const takes = TAKES.exec(name);
  if (takes !== null) {
    const returns = takes[1] !== undefined && !takes[1].startsWith('en');
    return EVENT[returns ? 'probe: has the lock' : 'probe: wants a lock'];
  }
  return GIVES_BACK.test(name) ? EVENT['probe: gives the lock back'] : EVENT.unused;
}

export interface EventEntry {
  readonly event: number;
  readonly counter: NamedCount;
  readonly name: string;
}

/** What stands where a line's event begins, as it was read before. */
export interface RecalledName {
  readonly entry: EventEntry;
  /** Group and name, `sched:sched_switch`, or the name alone. */
  readonly text: Uint8Array;
}

/** Places of {@link EventNames.recall}; a name takes the place of another one with the same key. */
const RECALLED = 64;
/** Bytes that tell the events of the scheduler apart, behind the `sched_` of their names or that of their group. */
const KEY_BYTES = 13;
const MAX_RECALLED_BYTES = 128;

const COLON = 0x3a;
const OPEN_PARENTHESIS = 0x28;
const SPACE = 0x20;

const BUCKETS = 1024;
/** A file with more names than this is no trace; further ones are looked up again and again, and counted together. */
const MAX_NAMES = 512;

interface Bucket extends EventEntry {
  readonly bytes: Uint8Array;
  readonly next: Bucket | null;
}

export class EventNames {
  private readonly buckets: (Bucket | null)[] = new Array<Bucket | null>(BUCKETS).fill(null);
  private readonly report: ReportBuilder;
  private size = 0;
  private readonly recalled: (RecalledName | null)[] = new Array<RecalledName | null>(RECALLED).fill(null);

  constructor(report: ReportBuilder) {
    this.report = report;
  }

  /** Names of those that may become transitions. */
  get used(): ReadonlySet<string> {
    const names = new Set<string>();
    for (let bucket of this.buckets) {
      for (; bucket !== null; bucket = bucket.next) if (bucket.event !== EVENT.unused) names.add(bucket.name);
    }
    return names;
  }

  /**
   * The event whose text stands at `start` and was {@link remember}ed, if it is one of the last: without looking for
   * its end and hashing it. Null where the name has to be read.
   *
   * @param skipped bytes of the text that say nothing, a group's name
   */
  recall(bytes: Buffer, start: number, end: number, skipped: number): RecalledName | null {
    const at = start + skipped;
    if (at + KEY_BYTES > end) return null;
    const recalled = this.recalled[keyAt(bytes, at)]!;
    if (recalled === null) return null;
    const { text } = recalled;
    const length = text.length;
    const next = start + length;
    if (next >= end) return null;
    const byte = bytes[next]!;
    if (byte !== COLON && byte !== SPACE && byte !== OPEN_PARENTHESIS) return null;
    for (let i = 0; i < length; i++) if (text[i] !== bytes[start + i]) return null;
    return recalled;
  }

  /** The text from `start` up to `end` is the event's. */
  remember(entry: EventEntry, bytes: Buffer, start: number, end: number, skipped: number): void {
    const at = start + skipped;
    // A text that is longer than any name is hardly one that comes again.
    if (at + KEY_BYTES > bytes.length || end - start > MAX_RECALLED_BYTES) return;
    this.recalled[keyAt(bytes, at)] = { entry, text: bytes.subarray(start, end).slice() };
  }

  /** The event whose name stands from `start` up to `end`. */
  find(bytes: Buffer, start: number, end: number): EventEntry {
    let hash = end - start;
    for (let i = start; i < end; i++) hash = (Math.imul(hash, 31) + bytes[i]!) | 0;
    const index = hash & (BUCKETS - 1);
    for (let entry = this.buckets[index]!; entry !== null; entry = entry.next!) {
      if (same(entry.bytes, bytes, start, end)) return entry;
    }
    const name = bytes.toString('latin1', start, end);
    const added: Bucket = {
      event: eventOf(name),
      counter: this.report.counter(name),
      name,
      bytes: bytes.subarray(start, end).slice(),
      next: this.buckets[index]!,
    };
    if (this.size < MAX_NAMES) {
      this.size++;
      this.buckets[index] = added;
    }
    return added;
  }
}

const keyAt = (bytes: Buffer, at: number): number =>
  (bytes[at + 6]! + bytes[at + 8]! * 3 + bytes[at + 10]! * 5 + bytes[at + 12]! * 7) & (RECALLED - 1);

function same(name: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  if (name.length !== end - start) return false;
  for (let i = 0; i < name.length; i++) if (name[i] !== bytes[start + i]) return false;
  return true;
}
