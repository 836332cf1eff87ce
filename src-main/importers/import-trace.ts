/** Turns a trace of another tool into transitions: opens it, recognises its format, streams it through. */
import { basename } from 'node:path';
import type { Ns } from '#shared/base/brands.ts';
import { debugLog } from '#main/debug/debug-log.ts';
import type { CancelSignal } from '#shared/base/cancel.ts';
import { WorkbenchError } from '#shared/base/errors.ts';
import type { TransitionSink } from '#shared/model/transition-batch.ts';
import type { FileIdentities } from '../files/file-identity.ts';
import type { LineReader, TraceFormat } from './format.ts';
import { identifySource, unknownFormat } from './formats.ts';
import { ReportBuilder, type ImportReport } from './import-report.ts';
import { TIMER_FUNCTIONS } from './ftrace/slice-extension.ts';
import { Origin } from './input/clock.ts';
import { LineQueue, mergeOn, type MergedSource } from './input/merge-lines.ts';
import { readError, SourceFile } from './input/source-file.ts';
import { SourceLines } from './input/source-lines.ts';
import { KernelSymbols } from './kernel-symbols/kernel-symbols.ts';
import { StampGuard } from './input/stamp-guard.ts';
import { LockFeed } from './lock-log/lock-feed.ts';
import { readLockLog, type LockLog } from './lock-log/lock-log.ts';
import { checkTogether } from './merged-records.ts';
import { readRseqCounts, type RseqCounts } from './rseq-stats/rseq-stats.ts';
import { Repeats } from './scheduler-model/repeats.ts';
import { SchedulerModel } from './scheduler-model/scheduler-model.ts';
import { TransitionProbe } from '#shared/model/transition-probe.ts';
import { reportWarnings } from './warnings.ts';

const debug = debugLog('importers');

export interface ImportProgress {
  /** Bytes of the file (compressed as it is) read so far, and its size. */
  readonly bytesRead: number;
  readonly bytesTotal: number;
  readonly lines: number;
  /** Rows made so far. */
  readonly transitions: number;
  /** Time reached, since the first event. */
  readonly timeNs: Ns;
}

export interface ImportOptions {
  /** Called after each chunk of the source, some hundreds of times a second at most. */
  readonly onProgress?: (progress: ImportProgress) => void;
  readonly signal?: CancelSignal | undefined;
  /** A lock log of the same run, on the same clock (see lock-log/lock-log.ts). */
  readonly locks?: string | undefined;
  /** Further records of the same run, on the same clock: what they have and the first file has not is added. */
  readonly also?: readonly string[] | undefined;
  /** Symbols of the kernel that the trace is from (see kernel-symbols/kernel-symbols.ts). */
  readonly kallsyms?: string | undefined;
  /** Two copies of rseq/stats, from before and after the run (see rseq-stats/rseq-stats.ts). */
  readonly rseqStats?: readonly [string, string] | undefined;
  /** Which of these files the names have to lead to, where that was settled before. */
  readonly identities?: FileIdentities | undefined;
}

/**
 * Imports a trace file. Memory does not grow with the file.
 *
 * @param path a file in one of the formats of formats.ts, plain or gzip, recognised by its content
 * @param sink receives definitions and transitions in order of time, the first event at time 0
 * @returns what was read, made, skipped, lost and repaired
 * @throws WorkbenchError 'not-found' or 'unreadable' where a file cannot be read, 'unknown-format' where
 *   it is in no format that is read (with the command that converts it, where there is one), 'import-failed'
 *   where files do not belong together, 'cancelled'; whatever the sink rejects with
 */
export async function importTrace(
  path: string,
  sink: TransitionSink,
  options: ImportOptions = {},
): Promise<ImportReport> {
  const { locks, kallsyms, rseqStats, identities } = options;
  const log = locks === undefined ? null : await readLockLog(locks, identities);
  const symbols =
    kallsyms === undefined ? null : await KernelSymbols.read(kallsyms, TIMER_FUNCTIONS, identities);
  const sliceCounts = rseqStats === undefined ? null : await readRseqCounts(...rseqStats, identities);
  const files: SourceFile[] = [];
  try {
    const found: { source: SourceFile; format: TraceFormat }[] = [];
    for (const file of [path, ...(options.also ?? [])]) {
      const source = await SourceFile.open(file, identities);
      files.push(source);
      const { head, format } = await identifySource(source);
      if (format === null || 'advice' in format) throw unknownFormat(file, head, format);
      debug('recognised', () => ({ file, format: format.name }));
      found.push({ source, format });
    }
    const report = await new Import(found, { log, symbols, sliceCounts }, sink, options).run();
    debug('read', () => ({
      path,
      lines: report.lines,
      complete: report.complete,
      warnings: report.warnings.length,
    }));
    return report;
  } finally {
    await Promise.all(files.map((file) => file.close()));
  }
}

/** What to say of a source that tells nothing of who runs. */
const NO_SCHEDULER =
  'No scheduler event was recorded (there is no sched_switch): the trace has no runs, only the ' +
  'threads that its other events name. Record the events of the group sched with the others: ' +
  'echo 1 > /sys/kernel/tracing/events/sched/enable, trace-cmd record -e sched, or perf record -a -e "sched:*".';

interface Reading {
  readonly lines: SourceLines;
  readonly reader: LineReader;
  readonly queue: LineQueue | null;
}

/** What was given besides the traces. */
interface Beside {
  readonly log: LockLog | null;
  readonly symbols: KernelSymbols | null;
  readonly sliceCounts: RseqCounts | null;
}

/** One import: its files, all told to one model. */
class Import {
  private readonly found: readonly { source: SourceFile; format: TraceFormat }[];
  private readonly beside: Beside;
  private readonly sink: TransitionSink;
  private readonly options: ImportOptions;
  private readonly report = new ReportBuilder();
  private readonly writer = new TransitionProbe();
  private readonly model = new SchedulerModel(this.writer, this.report);
  private readonly readings: Reading[] = [];

  constructor(
    found: readonly { source: SourceFile; format: TraceFormat }[],
    beside: Beside,
    sink: TransitionSink,
    options: ImportOptions,
  ) {
    this.found = found;
    this.beside = beside;
    this.sink = sink;
    this.options = options;
  }

  async run(): Promise<ImportReport> {
    const { model, report } = this;
    const { log, symbols, sliceCounts } = this.beside;
    const origin = new Origin(await this.earliestNs());
    const merged = this.found.length > 1;
    const repeats = merged ? new Repeats() : null;
    model.repeats = repeats;
    if (log !== null) model.feed = new LockFeed(model, log, origin);
    for (const { source, format } of this.found) {
      const head = await source.head();
      const reader = format.createReader({ model, report, head, origin, symbols, sliceCounts });
      const queue = merged ? new LineQueue(format.createOrder?.() ?? (() => NaN)) : null;
      const lines = await SourceLines.start(
        source,
        format,
        report,
        (bytes, start, end, number) => {
          if (queue === null) reader.readLine(bytes, start, end, number);
          else queue.push(bytes, start, end, number);
        },
        reader.timeOf === undefined ? null : (bytes, start, end) => reader.timeOf!(bytes, start, end),
      );
      this.readings.push({ lines, reader, queue });
    }
    const sources = this.readings.map(({ lines, reader, queue }, index): MergedSource => ({
      lines,
      queue: queue!,
      ended: false,
      deliver: (bytes, start, end, number) => {
        repeats!.source = index;
        reader.readLine(bytes, start, end, number);
      },
    }));
    while (merged ? await mergeOn(sources) : await this.readings[0]!.lines.readOn()) await this.handOn();
    for (const { reader } of this.readings) reader.end?.();
    model.finish();
    const together =
      repeats === null
        ? []
        : checkTogether(
            repeats,
            this.found.map(({ source }) => basename(source.path)),
          );
    return this.finish((repeats?.count ?? 0) + model.lockEventsRepeated, together);
  }

  /** Gives the sink what has been made, looks for a cancel, tells how far it is. */
  private async handOn(): Promise<void> {
    const { signal, onProgress } = this.options;
    const { path } = this.found[0]!.source;
    if (signal?.aborted) {
      throw new WorkbenchError('cancelled', `The import of ${basename(path)} was cancelled.`, { file: path });
    }
    await this.writer.drain(this.sink);
    onProgress?.({
      bytesRead: this.sum(({ lines }) => lines.source.bytesRead),
      bytesTotal: this.sum(({ lines }) => lines.source.size),
      lines: this.sum(({ lines }) => lines.lines),
      transitions: this.writer.total,
      timeNs: this.model.timeNs,
    });
  }

  private async finish(repeated: number, together: readonly string[]): Promise<ImportReport> {
    const { report, model, writer } = this;
    const facts = this.readings.map(({ reader }) => reader.finish());
    for (const [index, { events }] of facts.entries()) {
      if (events > 0) continue;
      const { source } = this.found[index]!;
      throw unknownFormat(source.path, await source.head(), null, report.skipped[0]);
    }
    await writer.finish(this.sink);
    const [first] = facts;
    const counts = report.counters();
    const truncations = this.found.flatMap(({ source }) => source.truncation ?? []);
    const result: ImportReport = {
      format: this.found.map(({ format }) => format.name).join(' + '),
      clock: first!.clock,
      clockUnit: first!.clockUnit,
      origin: first!.origin,
      tickNs: first!.tickNs ?? null,
      bytes: this.sum(({ lines }) => lines.source.bytesRead),
      lines: this.sum(({ lines }) => lines.lines),
      events: facts.reduce((sum, { events }) => sum + events, 0),
      otherLines: report.otherLines + this.sum(({ lines }) => lines.emptyLines),
      transitions: writer.total,
      durationNs: model.timeNs,
      cpus: model.cpuCount,
      processes: model.processCount,
      lwps: model.lwpCount,
      eventCounts: counts,
      unusedEvents: counts.filter((counter) => !facts.some(({ usedEvents }) => usedEvents.has(counter.name))),
      skipped: [
        ...report.skipped,
        ...(this.beside.log?.skipped ?? []).map((skip) => ({
          ...skip,
          reason: `${this.beside.log!.fileName}: ${skip.reason}`,
        })),
      ],
      losses: report.losses,
      eventsLost: report.eventsLost,
      repairs: report.repairs,
      brokenChains: model.brokenChains,
      repeated,
      complete: truncations.length === 0,
      warnings: [],
    };
    const warnings = new Set([
      ...truncations,
      ...(model.runsSeen ? [] : [NO_SCHEDULER]),
      ...together,
      ...facts.flatMap((fact) => fact.warnings),
      ...reportWarnings(result, report.lossCount),
    ]);
    return { ...result, warnings: [...warnings] };
  }

  /** When the earliest record of the run begins, where there are several; null where there is one. */
  private async earliestNs(): Promise<bigint | null> {
    const { log } = this.beside;
    const starts: bigint[] = log === null ? [] : [log.baseNs + BigInt(log.firstNs)];
    if (this.found.length > 1) {
      for (const { source, format } of this.found) {
        const timeOf = format.createOrder?.();
        if (timeOf === undefined) continue;
        const time = firstTimeNs((await source.head()).lines, timeOf, basename(source.path));
        if (Number.isSafeInteger(time)) starts.push(BigInt(time));
      }
    }
    return starts.length === 0 ? null : starts.reduce((a, b) => (a < b ? a : b));
  }

  private sum(of: (reading: Reading) => number): number {
    return this.readings.reduce((sum, reading) => sum + of(reading), 0);
  }
}

/** Time of the first of some lines whose stamp can be right, NaN where there is none. */
function firstTimeNs(
  lines: readonly string[],
  timeOf: (bytes: Buffer, start: number, end: number) => number,
  fileName: string,
): Ns {
  let first = NaN;
  const guard = new StampGuard(
    timeOf,
    (bytes, start, end) => {
      if (Number.isNaN(first)) first = timeOf(bytes, start, end);
    },
    new ReportBuilder(),
    fileName,
  );
  for (const text of lines) {
    const line = Buffer.from(text, 'latin1');
    guard.push(line, 0, line.length, 0);
    if (!Number.isNaN(first)) return first;
  }
  guard.finish();
  return first;
}

/** Which format a file is in. Null where it is none of those that are known. */
export async function identifyTrace(path: string): Promise<{
  readonly name: string;
  readonly title: string;
  /** False for a format that is recognised but not read. */
  readonly readable: boolean;
} | null> {
  const source = await SourceFile.open(path);
  try {
    const { format: found } = await identifySource(source);
    return found === null ? null : { name: found.name, title: found.title, readable: !('advice' in found) };
  } catch (thrown) {
    throw readError(path, thrown);
  } finally {
    await source.close();
  }
}

/** The error that says what a file is instead of a trace that can be imported, and what to do about it. */
export async function describeUnknown(path: string): Promise<WorkbenchError> {
  const source = await SourceFile.open(path);
  try {
    const { head, format } = await identifySource(source);
    return unknownFormat(path, head, format);
  } finally {
    await source.close();
  }
}
