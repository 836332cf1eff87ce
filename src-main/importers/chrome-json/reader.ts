/**
 * Entries of Chrome's trace event format (Google's "Trace Event Format" document) to events.
 *
 * Thread states are complete events (`ph` X) of a thread's own track, named by the state: `running`,
 * `runnable`, `preempted`, `sleeping` and so on, with the CPU in `args.cpu`. Requests not to be preempted and
 * locks are async events (b, e), decisions instant ones, as this program's export writes them. Other entries
 * say nothing about the scheduler and are counted.
 */
import type { LwpId, Ns } from '#shared/base/brands.ts';
import { CAUSE, type CauseName } from '#shared/model/causes.ts';
import { DECISION, SYNC_KIND } from '#shared/model/enums.ts';
import { UNKNOWN_VALUE } from '#shared/model/kinds.ts';
import type { LineReader, ReaderContext, ReaderFacts } from '../format.ts';
import { FtraceReader } from '../ftrace/reader.ts';
import { Clock, STAMP } from '../input/clock.ts';
import { NumberedThreads } from '../scheduler-model/numbered-threads.ts';
import { OBSERVED } from '../scheduler-model/record-ring.ts';
import { SchedulerModel } from '../scheduler-model/scheduler-model.ts';
import type { ReportBuilder } from '../import-report.ts';

const OPEN_BRACE = 0x7b;
const TEXT_SHOWN = 400;
/** A longer text is cut. */
const ID_SHOWN = 64;
/** Above the process ids that Linux gives out. */
const FIRST_MADE_UP = 1 << 22;
const NS_PER_US = 1000;
const NS_PER_SECOND = 1e9;

/** What tracks call states: this program's names, and Perfetto's. */
const OBSERVED_OF_NAME: Readonly<Record<string, number>> = {
  running: OBSERVED.running,
  spinning: OBSERVED.spinning,
  runnable: OBSERVED.runnable,
  preempted: OBSERVED.preempted,
  'runnable (preempted)': OBSERVED.preempted,
  sleeping: OBSERVED.sleeping,
  'interruptible sleep': OBSERVED.sleeping,
  'uninterruptible sleep': OBSERVED.uninterruptible,
  blocked: OBSERVED.blocked,
  parked: OBSERVED.parked,
  stopped: OBSERVED.stopped,
  unknown: OBSERVED.unknown,
};

interface Entry {
  readonly ph?: unknown;
  readonly name?: unknown;
  readonly cat?: unknown;
  readonly pid?: unknown;
  readonly tid?: unknown;
  readonly ts?: unknown;
  readonly dur?: unknown;
  readonly args?: Readonly<Record<string, unknown>>;
}

const TS = /"ts"\s*:\s*"?(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)/;

const RUNS = /"name"\s*:\s*"(?:running|spinning)"/i;

/**
 * Time of an entry in nanoseconds, NaN for one without, which goes before all others. At the same time a
 * thread that enters a CPU comes after the one that leaves it.
 */
export function timeOfEntry(bytes: Buffer, start: number, end: number): number {
  const text = bytes.toString('latin1', start, end);
  const match = TS.exec(text);
  if (match === null) return NaN;
  return Math.round(Number(match[1]) * NS_PER_US) + (RUNS.test(text) ? 0.5 : 0);
}

export class ChromeReader implements LineReader {
  private readonly model: SchedulerModel;
  private readonly report: ReportBuilder;
  private readonly clock: Clock;
  private readonly ftrace: FtraceReader;
  private readonly threads: NumberedThreads;
  private readonly processNames = new Map<string, string>();
  /** Numbers for the ids of threads and processes that are texts. */
  private readonly madeUp = new Map<string, number>();
  private readonly threadNames = new Map<string, string>();
  private readonly used = new Set<string>();
  /** Threads whose interval is over and nothing has followed yet: time and LWP. */
  private readonly over = new Map<number, number>();
  private events = 0;
  private textLines = 0;
  private originNs = NaN;
  private number = 0;

  constructor(context: ReaderContext) {
    this.model = context.model;
    this.report = context.report;
    this.clock = new Clock(context.origin);
    this.ftrace = new FtraceReader(context);
    this.threads = new NumberedThreads(context.model);
  }

  readLine(bytes: Buffer, start: number, end: number, number: number): void {
    this.number = number;
    if (bytes[start] !== OPEN_BRACE) {
      if (end > start) {
        this.textLines++;
        this.ftrace.readLine(bytes, start, end, number);
      } else this.report.otherLines++;
      return;
    }
    const text = bytes.toString('utf8', start, end);
    const before = this.events;
    const reason = this.readEntry(text);
    if (reason === null && this.events === before) this.report.otherLines++;
    if (reason !== null) this.report.skip(reason, number, text.slice(0, TEXT_SHOWN));
  }

  end(): void {
    if (this.textLines > 0) this.ftrace.end();
    let lastNs = 0;
    for (const endNs of this.over.values()) lastNs = Math.max(lastNs, endNs);
    this.settleOver(lastNs);
    this.model.lastsUntil(lastNs);
  }

  finish(): ReaderFacts {
    if (this.textLines > 0 && this.events === 0) return this.ftrace.finish();
    if (this.events === 0) {
      this.report.skip(
        'no entry tells what a thread or CPU is doing, and there is no systemTraceEvents: slices of programs alone make no timeline of threads',
        this.number,
        '',
      );
    }
    return {
      clock: 'microseconds of the exported trace',
      clockUnit: 'nanosecond',
      origin: this.clock.start,
      events: this.events + (this.textLines > 0 ? this.ftrace.finish().events : 0),
      usedEvents: this.used,
      warnings: [
        ...(this.madeUp.size === 0
          ? []
          : [
              `${this.madeUp.size} ids of processes and threads are texts, not numbers: they are shown as names, with numbers from ${FIRST_MADE_UP} on that are not in the file.`,
            ]),
        'The file has states and no transitions: causes, priorities and what happened within a state are not in it.',
      ],
    };
  }

  private readEntry(text: string): string | null {
    let entry: Entry;
    try {
      entry = JSON.parse(text) as Entry;
    } catch {
      return 'it is not JSON';
    }
    const pid = idOf(entry.pid);
    const tid = idOf(entry.tid);
    const name = typeof entry.name === 'string' ? entry.name : '';
    if (entry.ph === 'M') {
      const given = entry.args?.['name'];
      if (typeof given === 'string' && name === 'process_name') this.processNames.set(String(pid), given);
      if (typeof given === 'string' && name === 'thread_name') {
        this.threadNames.set(`${String(pid)}/${String(tid)}`, given);
      }
      return null;
    }
    const label =
      typeof entry.cat === 'string' && entry.cat !== ''
        ? entry.cat.slice(0, 64)
        : `phase ${String(entry.ph).slice(0, 4)}`;
    const tell = this.meaning(entry, name, label);
    if (tell === null) {
      this.report.counter(label).count++;
      return null;
    }
    if (pid === null || tid === null) return 'its pid or tid is neither a whole number nor a name';
    const timeNs = Math.round(Number(entry.ts) * NS_PER_US);
    if (!Number.isSafeInteger(timeNs)) return 'its time (ts) is not a number of microseconds';
    const id = this.threads.id(pid, String(tid));
    if (id < 0) return 'there are more threads than can be held';
    this.events++;
    this.used.add(label);
    this.report.counter(label).count++;
    const sinceStart = this.sinceStart(timeNs);
    this.settleOver(sinceStart);
    this.model.beginAnywhere(sinceStart, this.number);
    const processName =
      this.processNames.get(String(pid)) ?? (typeof pid === 'string' ? pid : `process ${pid}`);
    const threadName =
      this.threadNames.get(`${pid}/${tid}`) ?? (typeof tid === 'string' ? tid : `thread ${tid}`);
    const lwp = this.threads.describe(
      id,
      this.numberOfId(pid, `p${pid}`),
      this.numberOfId(tid, `t${pid}/${tid}`),
      processName,
      threadName,
    );
    tell(lwp, sinceStart);
    return null;
  }

  /** A number for an id that the file writes as a text, in the order of their coming. */
  private numberOfId(id: number | string, key: string): number {
    if (typeof id === 'number') return id;
    const known = this.madeUp.get(key) ?? FIRST_MADE_UP + this.madeUp.size;
    this.madeUp.set(key, known);
    return known;
  }

  /** What an entry tells the model, null for nothing. */
  private meaning(entry: Entry, name: string, label: string): ((lwp: LwpId, timeNs: Ns) => void) | null {
    const { model } = this;
    const args = entry.args ?? {};
    if (entry.ph === 'X') {
      // Its track is a CPU, and its name that of a thread, whatever that is called.
      if (label === 'cpu_run') return null;
      const observed = OBSERVED_OF_NAME[name.toLowerCase()];
      if (observed === undefined) return null;
      const cpu = numberOf(args['cpu'] ?? NaN);
      const durationNs = Math.round(Number(entry.dur ?? 0) * NS_PER_US);
      return (lwp, timeNs) => {
        model.observed(lwp, observed, SchedulerModel.holdsCpu(cpu) ? cpu : -1);
        this.over.set(lwp, timeNs + (durationNs > 0 ? durationNs : 0));
      };
    }
    const begins = entry.ph === 'b';
    if (begins || entry.ph === 'e') {
      if (label === 'nopreempt_window') return (lwp) => this.request(lwp, begins);
      if (label !== 'lock_hold' && label !== 'lock_wait') return null;
      const title =
        typeof args['sync_name'] === 'string' ? args['sync_name'] : name.replace(/^(?:holds|waits for) /, '');
      const lock = model.locks.id('', title.slice(0, 64), SYNC_KIND.unknown);
      if (lock < 0) return null;
      if (label === 'lock_hold') {
        return (lwp) => (begins ? model.lockAcquired(lwp, lock) : model.lockReleased(lwp, lock));
      }
      return (lwp) => (begins ? model.futexWait(lwp, lock) : model.futexDone(lwp));
    }
    if (entry.ph === 'i' && label === 'decision') {
      const outcome = DECISION[name as keyof typeof DECISION];
      if (outcome === undefined) return null;
      const place = args['place'];
      const cause =
        typeof place === 'string' && place in CAUSE ? CAUSE[place as CauseName] : CAUSE.import_marker;
      const timeleft = numberOf(args['timeleft_ticks'] ?? args['timeleft']);
      return (lwp) =>
        void model.decided(lwp, outcome, Number.isInteger(timeleft) ? timeleft : UNKNOWN_VALUE, cause);
    }
    return null;
  }

  private request(lwp: LwpId, begins: boolean): void {
    if (begins) this.model.requestBegan(lwp, CAUSE.schedctl_start);
    else this.model.requestEnded(lwp, CAUSE.schedctl_stop);
  }

  /** A thread of which nothing follows the end of its last interval has exited, unless the file ends there. */
  private settleOver(nowNs: Ns): void {
    for (const [lwp, endNs] of this.over) {
      if (endNs >= nowNs) continue;
      this.over.delete(lwp);
      this.model.beginAnywhere(endNs, this.number);
      this.model.observed(lwp, OBSERVED.exited, -1);
    }
  }

  private sinceStart(timeNs: Ns): number {
    if (Number.isNaN(this.originNs)) {
      const digits = Buffer.from(String(timeNs), 'latin1');
      const stamp = {
        stampKind: STAMP.nanoseconds,
        stampWhole: Math.floor(timeNs / NS_PER_SECOND),
        stampRest: timeNs % NS_PER_SECOND,
        stampStart: 0,
        stampEnd: digits.length,
      };
      const first = this.clock.timeNs(stamp, digits);
      this.originNs = timeNs - first;
    }
    return timeNs - this.originNs;
  }
}

/** A number (also one beyond 32 bits, as pthread_self() has them), or a text; null for what is neither. */
function idOf(value: unknown): number | string | null {
  if (typeof value === 'number') return Number.isSafeInteger(value) && value >= 0 ? value : null;
  if (typeof value !== 'string' || value === '') return null;
  const number = numberOf(value);
  return Number.isSafeInteger(number) && number >= 0 ? number : value.slice(0, ID_SHOWN);
}

const numberOf = (value: unknown): number =>
  typeof value === 'number'
    ? value
    : typeof value === 'string' && /^-?\d{1,15}$/.test(value)
      ? Number(value)
      : NaN;
