/** Turns a trace of another tool into transitions: opens it, recognises its format, streams it through. */
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { CancelSignal } from '#shared/base/cancel.ts';
import { WorkbenchError } from '#shared/base/errors.ts';
import type { TransitionSink } from '#shared/model/transition-batch.ts';
import type { TraceFormat } from './format.ts';
import { identifyHead, unknownFormat } from './formats.ts';
import { ReportBuilder, type ImportReport } from './import-report.ts';
import { LineScanner } from './input/line-scanner.ts';
import { readError, SourceFile } from './input/source-file.ts';
import { SchedulerModel } from './scheduler-model/scheduler-model.ts';
import { TransitionProbe } from '#shared/model/transition-probe.ts';
import { reportWarnings } from './warnings.ts';

export interface ImportProgress {
  /** Bytes of the file (compressed as it is) read so far, and its size. */
  readonly bytesRead: number;
  readonly bytesTotal: number;
  readonly lines: number;
  /** Rows made so far. */
  readonly transitions: number;
  /** Time reached, since the first event. */
  readonly timeNs: number;
}

export interface ImportOptions {
  /** Called after each chunk of the source, some hundreds of times a second at most. */
  readonly onProgress?: (progress: ImportProgress) => void;
  readonly signal?: CancelSignal;
}

/**
 * Imports a trace file. Memory does not grow with the file.
 *
 * @param path a file in one of the formats of formats.ts, plain or gzip, recognised by its content
 * @param sink receives definitions and transitions in order of time, the first event at time 0
 * @returns what was read, made, skipped, lost and repaired
 * @throws WorkbenchError 'not-found' or 'unreadable' where the file cannot be read, 'unknown-format' where
 *   it is in no format that is read (with the command that converts it, where there is one), 'cancelled';
 *   whatever the sink rejects with
 */
export async function importTrace(
  path: string,
  sink: TransitionSink,
  options: ImportOptions = {},
): Promise<ImportReport> {
  const source = await SourceFile.open(path);
  try {
    const head = await source.head();
    const found = identifyHead(head);
    if (found === null || 'advice' in found) throw unknownFormat(path, head, found);
    return await run(source, found, sink, options);
  } finally {
    await source.close();
  }
}

async function run(
  source: SourceFile,
  format: TraceFormat,
  sink: TransitionSink,
  options: ImportOptions,
): Promise<ImportReport> {
  const report = new ReportBuilder();
  const writer = new TransitionProbe();
  const model = new SchedulerModel(writer, report);
  const head = await source.head();
  const reader = format.createReader(model, report, head);
  const scanner = new LineScanner(
    (bytes, start, end, number) => reader.readLine(bytes, start, end, number),
    (number, text) => report.skip('the line is too long', number, text),
  );
  const size = (await stat(source.path).catch(() => null))?.size ?? 0;

  for await (const chunk of source.chunks()) {
    if (options.signal?.aborted) {
      throw new WorkbenchError('cancelled', `The import of ${basename(source.path)} was cancelled.`, {
        file: source.path,
      });
    }
    scanner.push(chunk);
    await writer.drain(sink);
    options.onProgress?.({
      bytesRead: source.bytesRead,
      bytesTotal: size,
      lines: scanner.lines,
      transitions: writer.total,
      timeNs: model.timeNs,
    });
  }
  scanner.end();
  model.finish();
  const facts = reader.finish();
  if (facts.events === 0) throw unknownFormat(source.path, head, null);
  await writer.finish(sink);

  const counts = report.counters();
  const result: ImportReport = {
    format: format.name,
    clock: facts.clock,
    clockUnit: facts.clockUnit,
    origin: facts.origin,
    tickNs: null,
    bytes: source.bytesRead,
    lines: scanner.lines,
    events: facts.events,
    transitions: writer.total,
    durationNs: model.timeNs,
    cpus: model.cpuCount,
    processes: model.processCount,
    lwps: model.lwpCount,
    eventCounts: counts,
    unusedEvents: counts.filter((counter) => !facts.usedEvents.has(counter.name)),
    skipped: report.skipped,
    losses: report.losses,
    eventsLost: report.eventsLost,
    repairs: report.repairs,
    brokenChains: model.brokenChains,
    complete: source.truncation === null,
    warnings: [],
  };
  const cut = source.truncation === null ? [] : [source.truncation];
  return { ...result, warnings: [...cut, ...facts.warnings, ...reportWarnings(result, report.lossCount)] };
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
    const found = identifyHead(await source.head());
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
    const head = await source.head();
    return unknownFormat(path, head, identifyHead(head));
  } finally {
    await source.close();
  }
}
