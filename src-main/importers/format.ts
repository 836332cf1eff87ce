/**
 * What a trace format of another tool is to the importer: how it is recognised, and who reads its lines.
 * A further format is a folder with a {@link TraceFormat} in it and a line in formats.ts.
 */
import type { Ns } from '#shared/base/brands.ts';
import type { ClockUnit } from '#shared/model/clock-origin.ts';
import type { Origin } from './input/clock.ts';
import type { Head } from './input/head.ts';
import type { LookAhead } from './input/reorder.ts';
import type { ReportBuilder } from './import-report.ts';
import type { KernelSymbols } from './kernel-symbols/kernel-symbols.ts';
import type { RseqCounts } from './rseq-stats/rseq-stats.ts';
import type { SchedulerModel } from './scheduler-model/scheduler-model.ts';

/** Reads the lines of one file. One instance a file. */
export interface LineReader {
  /** Reads the line in `bytes` from `start` up to `end` (without its line break); `number` counts from 1. */
  readLine(bytes: Buffer, start: number, end: number, number: number): void;
  /**
   * Nanoseconds of a line as {@link TraceFormat.createOrder} has it; a line that is read next is not split up again.
   */
  timeOf?(bytes: Buffer, start: number, end: number): number;
  /** All lines have been read: tells the model what follows from that. */
  end?(): void;
  /** Facts for the report, after that. */
  finish(): ReaderFacts;
}

export interface ReaderFacts {
  readonly clock: string;
  readonly clockUnit: ClockUnit;
  readonly origin: string | null;
  /** Length of a clock tick, where the source tells it. */
  readonly tickNs?: Ns | null;
  /** Lines that are events, used or not. */
  readonly events: number;
  readonly usedEvents: ReadonlySet<string>;
  readonly warnings: readonly string[];
}

/** What a reader works with. */
export interface ReaderContext {
  readonly model: SchedulerModel;
  readonly report: ReportBuilder;
  readonly head: Head;
  /** Time 0 of the trace. */
  readonly origin: Origin;
  /** Functions of the kernel by address, where a file of them was given. */
  readonly symbols: KernelSymbols | null;
  /** What the kernel counted over the run, where that was given. */
  readonly sliceCounts: RseqCounts | null;
}

/** Turns the bytes of a file that is no text into lines of text. One instance a file. */
export interface Unwrapper {
  push(chunk: Buffer, emit: (text: Buffer) => void): void;
  end(emit: (text: Buffer) => void): void;
}

/** A format that is read. */
export interface TraceFormat {
  readonly name: string;
  /** For people: 'ftrace text (trace, trace_pipe)'. */
  readonly title: string;
  recognise(head: Head): boolean;
  createReader(context: ReaderContext): LineReader;
  /** Says the time of a line in nanoseconds on the clock of its source, NaN for one without. */
  createOrder?(): (bytes: Buffer, start: number, end: number) => number;
  /** Says the CPU of a line, NaN for one without: files of one CPU each, one after the other, are put in order. */
  createCpuOf?(): (bytes: Buffer, start: number, end: number) => number;
  /** Whether the lines are in order of time as the tool writes them; else they are put in order. */
  readonly inOrder?: true;
  /** How much of the file is held to put it in order, where the usual is too little. */
  readonly lookAhead?: LookAhead;
  /** For a format that does not consist of lines. */
  createUnwrapper?(): Unwrapper;
}

/** A format that is recognised but not read: the answer is what to do instead. */
export interface ForeignFormat {
  readonly name: string;
  readonly title: string;
  recognise(head: Head): boolean;
  /** What to do, as a sentence; commands name the given file. */
  advice(file: string): string;
}
