/**
 * What an import did with its source: read, made, skipped, lost, repaired. Kept with the trace and shown to
 * the person who imported it, so that nothing is dropped or put right in silence.
 */

import type { CpuId, Ns } from '#shared/base/brands.ts';
import type { ClockUnit } from '#shared/model/clock-origin.ts';

/** Text of a line as it is quoted in a report: cut, so that a hostile line cannot fill it. */
const QUOTE_LENGTH = 160;
/** Losses listed one by one; further ones are only counted. */
const MAX_LISTED_LOSSES = 1000;
/** Distinct skip reasons and event names listed; further ones are only counted. */
const MAX_LISTED_NAMES = 200;

const OTHER_REASONS = 'for other reasons';

/** Lines that could not be read, by reason. */
export interface Skip {
  readonly reason: string;
  count: number;
  /** The first such line: number from 1, and its text, cut. */
  readonly firstLine: number;
  readonly firstText: string;
}

/** A place where the source itself says that it lost events. */
export interface Loss {
  /** -1 where the source does not name the CPU. */
  readonly cpu: CpuId;
  /** -1 where the source does not say how many. */
  readonly events: number;
  readonly line: number;
  /** Time of the last event of that CPU before the gap, and of the first one after it (-1: there is none). */
  readonly fromNs: Ns;
  toNs: Ns;
}

/** Places where the source contradicts itself or leaves something out, and what was assumed. */
const REPAIRS = {
  broken_chain: 'a thread leaves a CPU that no line shows it enter; its run begins at the first sign of it',
  hidden_handover:
    'the task column names another thread than the last switch; the old run ends, the new one begins there',
  unknown_first_state: 'the first line of a CPU shows a thread already running; its run begins there',
  after_loss: 'after lost events a CPU shows a thread running; its run begins there',
  ran_elsewhere: 'a thread enters a CPU while another one still shows it; the older run ends there',
  woken_unseen: 'a sleeping thread enters a CPU and no line shows it wake up',
  tid_reused: 'a thread id appears again after its thread has ended; it is a new thread',
  taken_while_held:
    'a thread takes a lock that another one has not given back yet (its release is written late, or not at all); the older hold ends there',
  time_step_back: 'a line is older than the one before it; it is taken to be at the same time',
} as const;
export type RepairKind = keyof typeof REPAIRS;

export interface Repair {
  readonly kind: RepairKind;
  readonly about: string;
  count: number;
  readonly firstLine: number;
}

export interface NamedCount {
  readonly name: string;
  count: number;
}

export interface ImportReport {
  /** Name of the format, such as 'ftrace'. */
  readonly format: string;
  /** Clock of the source: its name where the source tells it, else what the stamps look like. */
  readonly clock: string;
  /** What the source's stamps count: times of the trace are nanoseconds, or raw units where that is not known. */
  readonly clockUnit: ClockUnit;
  /** Stamp of the first event as the source writes it: time 0 of the trace. Null where no event was read. */
  readonly origin: string | null;
  /** Length of a clock tick where the source tells it; Linux has none. */
  readonly tickNs: Ns | null;
  readonly bytes: number;
  /** All lines, comments and unreadable ones included. */
  readonly lines: number;
  /** Lines that are events of the source, used or not. */
  readonly events: number;
  /**
   * Lines that tell no event and need not: empty lines, comments, headers, call stacks, what surrounds the trace,
   * messages of lost events. With the events and the lines skipped they are all lines.
   */
  readonly otherLines: number;
  /** Rows made from them. */
  readonly transitions: number;
  /** Time of the last event. */
  readonly durationNs: Ns;
  readonly cpus: number;
  readonly processes: number;
  readonly lwps: number;
  /** How often each event of the source occurs, most frequent first. */
  readonly eventCounts: readonly NamedCount[];
  /** Events that were read and have nothing to say about the scheduler, most frequent first. */
  readonly unusedEvents: readonly NamedCount[];
  readonly skipped: readonly Skip[];
  readonly losses: readonly Loss[];
  /** Sum over all losses that say how many. */
  readonly eventsLost: number;
  readonly repairs: readonly Repair[];
  /** Switch lines whose outgoing thread is not the one that came in with the CPU's previous switch line. */
  readonly brokenChains: number;
  /** Events that a second file of the same run had once more; left out. */
  readonly repeated: number;
  /** False where the source ended early (cut compressed data). */
  readonly complete: boolean;
  /** What a reader of the trace should know: whole sentences. */
  readonly warnings: readonly string[];
}

/** Collects the counts while a file is read. */
export class ReportBuilder {
  readonly skipped: Skip[] = [];
  readonly losses: Loss[] = [];
  readonly repairs: Repair[] = [];
  /** See {@link ImportReport.otherLines}. */
  otherLines = 0;
  lossCount = 0;
  eventsLost = 0;
  private readonly names = new Map<string, NamedCount>();

  skip(reason: string, line: number, text: string): void {
    const known = this.skipped.find((skip) => skip.reason === reason);
    if (known) known.count++;
    else if (this.skipped.length < MAX_LISTED_NAMES || reason === OTHER_REASONS) {
      this.skipped.push({ reason, count: 1, firstLine: line, firstText: quote(text) });
    } else if (reason !== OTHER_REASONS) this.skip(OTHER_REASONS, line, text);
  }

  /** Counts a repair and returns how many there are of its kind. */
  repair(kind: RepairKind, line: number): void {
    const known = this.repairs.find((repair) => repair.kind === kind);
    if (known) known.count++;
    else this.repairs.push({ kind, about: REPAIRS[kind], count: 1, firstLine: line });
  }

  repairCount(kind: RepairKind): number {
    return this.repairs.find((repair) => repair.kind === kind)?.count ?? 0;
  }

  /** Notes a loss; the returned object takes the end of the gap when it is known. */
  loss(cpu: CpuId, events: number, line: number, fromNs: Ns): Loss {
    const loss: Loss = { cpu, events, line, fromNs, toNs: -1 };
    this.lossCount++;
    if (events > 0) this.eventsLost += events;
    if (this.losses.length < MAX_LISTED_LOSSES) this.losses.push(loss);
    return loss;
  }

  /** Counter of an event name, made on first use. */
  counter(name: string): NamedCount {
    let counter = this.names.get(name);
    if (counter === undefined) {
      const listed = this.names.size < MAX_LISTED_NAMES ? name : 'other';
      counter = this.names.get(listed);
      if (counter === undefined) {
        counter = { name: listed, count: 0 };
        this.names.set(listed, counter);
      }
    }
    return counter;
  }

  /** Events of all names so far. */
  get eventsCounted(): number {
    let sum = 0;
    for (const { count } of this.names.values()) sum += count;
    return sum;
  }

  /** Counters of all event names, most frequent first. */
  counters(): NamedCount[] {
    return [...this.names.values()].sort((a, b) => b.count - a.count || a.name.localeCompare(b.name));
  }
}

/** A line as a report quotes it: control characters shown as `?`, cut at {@link QUOTE_LENGTH}. */
export function quote(text: string): string {
  const plain = text.replace(/[\u0000-\u001f\u007f]/g, '?');
  return plain.length > QUOTE_LENGTH ? `${plain.slice(0, QUOTE_LENGTH)}…` : plain;
}
