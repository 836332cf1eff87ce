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
} as const;

/** Events that become transitions. */
export const USED_EVENTS: ReadonlySet<string> = new Set(
  Object.keys(EVENT).filter((name) => name !== 'unused'),
);

export interface EventEntry {
  readonly event: number;
  readonly counter: NamedCount;
  readonly name: string;
}

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

  constructor(report: ReportBuilder) {
    this.report = report;
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
      event: name in EVENT ? EVENT[name as keyof typeof EVENT] : EVENT.unused,
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

function same(name: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  if (name.length !== end - start) return false;
  for (let i = 0; i < name.length; i++) if (name[i] !== bytes[start + i]) return false;
  return true;
}
