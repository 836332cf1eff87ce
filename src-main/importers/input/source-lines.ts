/** One file of an import on its way from bytes to lines: unpacked, unwrapped, split, put in order. */
import type { Ns } from '#shared/base/brands.ts';
import type { TraceFormat } from '../format.ts';
import type { Head } from './head.ts';
import type { ReportBuilder } from '../import-report.ts';
import { basename } from 'node:path';
import { LineScanner } from './line-scanner.ts';
import { Reorder, type LookAhead } from './reorder.ts';
import type { SourceFile } from './source-file.ts';
import { StampGuard, UNORDERED_NEAR_NS } from './stamp-guard.ts';
import { UnreadLimit } from './unread-limit.ts';

type Deliver = (bytes: Buffer, start: number, end: number, number: number) => void;
type TimeOf = (bytes: Buffer, start: number, end: number) => number;

/** Parts that lie further apart are not of one run. */
const NEAR_NS = 1e9;
/** What is held of files of one CPU each, one after the other (per_cpu/cpuN/trace). */
const JOINED_LOOK_AHEAD: LookAhead = { bytes: 128 << 20, lines: 1 << 20 };

interface Recognised {
  readonly source: SourceFile;
  readonly format: TraceFormat;
  /** Its first bytes. */
  readonly head: Head;
}

export class SourceLines {
  readonly source: SourceFile;
  readonly format: TraceFormat;
  readonly head: Head;
  private readonly chunks: AsyncGenerator<Buffer>;
  private readonly scanner: LineScanner;
  private readonly unread: UnreadLimit;
  /** What holds lines back, in the order in which lines go through. */
  private readonly stages: { finish(): void }[] = [];
  private readonly unwrapper: ReturnType<NonNullable<TraceFormat['createUnwrapper']>> | null;

  private constructor(
    { source, format, head }: Recognised,
    report: ReportBuilder,
    deliver: Deliver,
    timeOf: TimeOf | null,
  ) {
    this.source = source;
    this.format = format;
    this.head = head;
    this.chunks = source.chunks();
    this.unread = new UnreadLimit(basename(source.path), () => report.eventsCounted);
    const order = format.createOrder?.() ?? null;
    /** Stages are made from the last to the first. */
    const guard = (next: Deliver, nearNs?: Ns): Deliver => {
      const made = new StampGuard(timeOf ?? order!, next, report, basename(source.path), nearNs);
      this.stages.unshift(made);
      return (bytes, start, end, number) => made.push(bytes, start, end, number);
    };
    const sort = (next: Deliver, lookAhead: LookAhead | undefined): Deliver => {
      const made = new Reorder(order!, next, lookAhead);
      this.stages.unshift(made);
      return (bytes, start, end, number) => made.push(bytes, start, end, number);
    };
    const cpuOf = format.createCpuOf?.() ?? null;
    const isJoined =
      order !== null && cpuOf !== null && format.inOrder === true && isCpuByCpu(head, cpuOf, order);
    let first = deliver;
    if (isJoined) {
      const sorted = sort(deliver, JOINED_LOOK_AHEAD);
      first = guardEachCpu(cpuOf, () => guard(sorted));
    } else if (order !== null) {
      first = guard(deliver);
      // Sorted, a clock that starts again would be a gap between two recordings, and no step back.
      if (format.inOrder !== true) {
        const sorted = sort(first, format.lookAhead);
        first = format.lookAhead === undefined ? guard(sorted, UNORDERED_NEAR_NS) : sorted;
      }
    }
    this.scanner = new LineScanner(first, (number, text) =>
      report.skip('the line is too long', number, text),
    );
    this.unwrapper = format.createUnwrapper?.() ?? null;
  }

  static async start(
    source: SourceFile,
    format: TraceFormat,
    report: ReportBuilder,
    deliver: Deliver,
    timeOf: TimeOf | null,
  ): Promise<SourceLines> {
    const head = await source.head();
    return new SourceLines({ source, format, head }, report, deliver, timeOf);
  }

  /** Lines read so far. */
  get lines(): number {
    return this.scanner.lines;
  }

  /** Of these, empty ones that were not delivered. */
  get emptyLines(): number {
    return this.scanner.emptyLines;
  }

  /**
   * Reads on and delivers what lines there are. False where there is no more.
   *
   * @throws WorkbenchError as SourceFile.chunks; 'import-failed' where there is no event any more (unread-limit.ts)
   */
  async readOn(): Promise<boolean> {
    const next = await this.chunks.next();
    const { unwrapper, scanner } = this;
    const emit = (text: Buffer): void => scanner.push(text);
    if (next.done !== true) {
      if (unwrapper === null) scanner.push(next.value);
      else unwrapper.push(next.value, emit);
      this.unread.read(next.value.length, scanner.lines);
      return true;
    }
    unwrapper?.end(emit);
    scanner.end();
    for (const stage of this.stages) stage.finish();
    return false;
  }
}

/**
 * Whether a file begins like files of one CPU each, joined one after the other: all lines are of one CPU, or of one
 * after the other, where the next begins before the last has ended. That it goes on so cannot be known.
 */
function isCpuByCpu(head: Head, cpuOf: TimeOf, timeOf: TimeOf): boolean {
  const seen = new Set<number>();
  let cpu = NaN;
  let firstNs = Infinity;
  let lastNs = -Infinity;
  let stepsBack = false;
  for (const text of head.lines) {
    const line = Buffer.from(text, 'latin1');
    const next = cpuOf(line, 0, line.length);
    const timeNs = timeOf(line, 0, line.length);
    if (Number.isNaN(next) || Number.isNaN(timeNs)) continue;
    if (next !== cpu) {
      if (seen.has(next)) return false;
      seen.add(next);
      cpu = next;
      if (timeNs < lastNs) {
        if (timeNs < firstNs - NEAR_NS) return false;
        stepsBack = true;
      }
    }
    firstNs = Math.min(firstNs, timeNs);
    lastNs = Math.max(lastNs, timeNs);
  }
  return stepsBack || (seen.size === 1 && !head.whole);
}

/** The clock of a CPU goes on where its lines do: a step back to another CPU's lines is none. */
function guardEachCpu(cpuOf: TimeOf, create: () => Deliver): Deliver {
  const guards = new Map<number, Deliver>();
  let current: Deliver | null = null;
  return (bytes, start, end, number) => {
    const cpu = cpuOf(bytes, start, end);
    if (!Number.isNaN(cpu) || current === null) {
      current = guards.get(cpu) ?? null;
      if (current === null) guards.set(cpu, (current = create()));
    }
    current(bytes, start, end, number);
  };
}
