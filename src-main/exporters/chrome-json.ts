/**
 * Chrome's trace event format, as Perfetto and chrome://tracing open it (Google's "Trace Event Format" document).
 *
 * | what | how | cat |
 * |---|---|---|
 * | the thread that ran on each CPU | complete events (X) of a process "CPUs", one thread a CPU | cpu_run |
 * | what each thread was doing | complete events of its own track, named by the state | lwp_state |
 * | requests not to be preempted, locks held, waits for locks | nestable async events (b, e) next to the thread | nopreempt_window, lock_hold, lock_wait |
 * | decisions of preemption control | instant events (i) on the thread | decision |
 * | run-queue lengths, slots in use | counters (C) | run_queue_length, slot_occupancy |
 *
 * Times are microseconds, as the format wants, with three decimals: nothing is lost. What a row of the tables says
 * stands whole in an event's `args`.
 */
import type { CpuId, LwpId, Ns } from '#shared/base/brands.ts';
import type { CpuInfo, LwpInfo, ProcessInfo } from '#shared/api/contract.ts';
import type { Cell } from '#shared/base/csv.ts';
import type { ExportTableName, TimeRange } from './export-tables.ts';

/** Who is in the trace. */
export interface ChromeNames {
  readonly cpus: readonly CpuInfo[];
  readonly processes: readonly ProcessInfo[];
  readonly lwps: readonly LwpInfo[];
  /** The process that has a slot page at a time, -1 where it is not known. */
  pageOwner(page: number, timeNs: Ns): number;
}

/**
 * The process that stands for the CPUs, and behind it its threads. Above all ids that Linux and illumos give, and not
 * negative: Perfetto takes a negative id for none, and puts the CPUs into process 0.
 */
const CPUS_PID = 1 << 30;
const cpuTid = (cpu: CpuId): number => CPUS_PID + 1 + cpu;

type Row = Readonly<Record<string, Cell>>;
type TraceEvent = Readonly<Record<string, unknown>>;

/** Turns rows of the export tables into trace events. */
export class ChromeEvents {
  private readonly names: ChromeNames;
  private readonly range: TimeRange;
  private readonly tids = new Map<number, { readonly pid: number; readonly tid: number }>();
  private asyncId = 0;

  /** @param range what lies outside is cut off */
  constructor(names: ChromeNames, range: TimeRange) {
    this.names = names;
    this.range = range;
    // Thread ids must differ across the whole file, which LWP numbers of different processes do not.
    const unique = new Set(names.lwps.map((lwp) => lwp.lwpNumber)).size === names.lwps.length;
    const pids = new Map(names.processes.map((process) => [process.id, process.pid]));
    for (const lwp of names.lwps) {
      const tid = unique ? lwp.lwpNumber : lwp.id + 1;
      this.tids.set(lwp.id, { pid: pids.get(lwp.process) ?? 0, tid });
    }
  }

  /** The events that name processes and threads. */
  *metadata(): Iterable<TraceEvent> {
    yield named('process_name', CPUS_PID, CPUS_PID, 'CPUs');
    yield { ph: 'M', name: 'process_sort_index', pid: CPUS_PID, tid: CPUS_PID, args: { sort_index: -1 } };
    for (const cpu of this.names.cpus) yield named('thread_name', CPUS_PID, cpuTid(cpu.id), cpu.name);
    for (const { pid, name: title } of this.names.processes) yield named('process_name', pid, pid, title);
    for (const lwp of this.names.lwps) {
      const { pid, tid } = this.track(lwp.id);
      yield named('thread_name', pid, tid, lwp.name);
    }
  }

  /** The events of one row. */
  *ofRow(table: ChromeTable, row: Row): Iterable<TraceEvent> {
    switch (table) {
      case 'cpu_run':
        yield* this.slice(table, name(row.lwp_name), CPUS_PID, cpuTid(row.cpu as number), row);
        break;
      case 'lwp_state': {
        const { pid, tid } = this.track(row.lwp as number);
        if (row.state !== 'exited') yield* this.slice(table, row.state as string, pid, tid, row);
        break;
      }
      case 'nopreempt_window':
        yield* this.async(table, 'nopreempt', row);
        break;
      case 'lock_hold':
        yield* this.async(table, `holds ${name(row.sync_name)}`, row);
        break;
      case 'lock_wait':
        yield* this.async(table, `waits for ${name(row.sync_name)}`, row);
        break;
      case 'decision': {
        const at = this.track(row.lwp as number);
        yield {
          ph: 'i',
          s: 't',
          cat: table,
          name: row.outcome,
          ...at,
          ts: us(row.time_ns),
          args: argsOf(row),
        };
        break;
      }
      case 'run_queue_length':
        yield this.counter(table, `run queue of CPU ${row.cpu as number}`, CPUS_PID, row, row.threads);
        break;
      case 'slot_occupancy': {
        const page = row.page as number;
        const process = this.names.pageOwner(page, Number(row.time_ns));
        const pid = this.names.processes.find(({ id }) => id === process)?.pid ?? CPUS_PID;
        yield this.counter(table, `slots of page ${page}`, pid, row, row.used);
        break;
      }
    }
  }

  private track(lwp: LwpId): { readonly pid: number; readonly tid: number } {
    return this.tids.get(lwp) ?? { pid: 0, tid: lwp + 1 };
  }

  private *slice(cat: string, title: string, pid: number, tid: number, row: Row): Iterable<TraceEvent> {
    const start = Math.max(row.start_ns as number, this.range.startNs);
    const end = Math.min(row.end_ns as number, this.range.endNs);
    // A run of no length is exported; an interval that the range cuts down to no length is not.
    if (end < start || (end === start && row.end_ns !== row.start_ns)) return;
    yield { ph: 'X', cat, name: title, pid, tid, ts: us(start), dur: us(end - start), args: argsOf(row) };
  }

  private *async(cat: string, title: string, row: Row): Iterable<TraceEvent> {
    const start = Math.max(row.start_ns as number, this.range.startNs);
    const end = Math.min((row.end_ns as number | null) ?? this.range.endNs, this.range.endNs);
    const both = { cat, name: title, id: ++this.asyncId, ...this.track(row.lwp as number) };
    yield { ph: 'b', ...both, ts: us(start), args: argsOf(row) };
    yield { ph: 'e', ...both, ts: us(Math.max(start, end)) };
  }

  private counter(cat: string, title: string, pid: number, row: Row, value: Cell): TraceEvent {
    return { ph: 'C', cat, name: title, pid, tid: pid, ts: us(row.time_ns), args: { value } };
  }
}

/** Tables whose rows become events, in the order in which they are written. */
export const CHROME_TABLES = [
  'cpu_run',
  'lwp_state',
  'nopreempt_window',
  'lock_hold',
  'lock_wait',
  'decision',
  'run_queue_length',
  'slot_occupancy',
] as const satisfies readonly ExportTableName[];
export type ChromeTable = (typeof CHROME_TABLES)[number];

const us = (timeNs: Cell): number => (timeNs as number) / 1000;
const name = (cell: Cell): string => (typeof cell === 'string' ? cell : 'unknown');

function named(kind: string, pid: number, tid: number, text: string): TraceEvent {
  return { ph: 'M', name: kind, pid, tid, args: { name: text } };
}

/** Everything that the row says, without what it does not know. */
function argsOf(row: Row): Record<string, Cell> {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null));
}
