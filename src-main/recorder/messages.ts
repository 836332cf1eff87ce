/** What the threads of a recording say to each other. */
import type { MessagePort } from 'node:worker_threads';
import type { Ns } from '#shared/base/brands.ts';
import type { WireError } from '#shared/base/errors.ts';
import type { TransitionBatch } from '#shared/model/transition-batch.ts';
import type { OutputRules } from '../files/output-name.ts';
import type { ImportReport } from '../importers/import-report.ts';
import type { DerivedBatch } from '../store/derive/derived-batch.ts';
import type { CommitFacts, SourceMeta } from '../store/format/meta.ts';
import type { ProducerEnd, ProducerSpec } from './producer.ts';

/** Batches on their way at most, two for each thread and one between; each is half a megabyte. */
export const BATCHES_IN_FLIGHT = 6;

export interface ProducerData {
  readonly spec: ProducerSpec;
  readonly toDeriver: MessagePort;
}

export interface DeriveData {
  readonly fromProducer: MessagePort;
  readonly toWriter: MessagePort;
}

export interface WriterData {
  readonly path: string;
  readonly fromDeriver: MessagePort;
  readonly rules: OutputRules;
  readonly maxBytes: number | undefined;
  readonly recordedBy: string | undefined;
}

export type ProducerToDeriver =
  | { readonly type: 'begin'; readonly source: SourceMeta }
  | { readonly type: 'batch'; readonly batch: TransitionBatch; readonly fraction: number | null }
  | { readonly type: 'end'; readonly end: ProducerEnd }
  /** The producer cannot go on; what was written is kept. */
  | { readonly type: 'failed'; readonly error: WireError };

export type DeriverToWriter =
  | { readonly type: 'begin'; readonly source: SourceMeta }
  | {
      readonly type: 'batch';
      readonly batch: TransitionBatch;
      readonly derived: DerivedBatch;
      /** To be committed after this batch; null: not yet. */
      readonly commit: CommitFacts | null;
      /** Rows so far, and the time of the last. */
      readonly events: number;
      readonly timeNs: Ns;
      readonly fraction: number | null;
    }
  /** Part of what will be committed. */
  | { readonly type: 'part'; readonly derived: DerivedBatch }
  | {
      readonly type: 'end';
      readonly end: ProducerEnd;
      readonly derived: DerivedBatch;
      readonly facts: CommitFacts;
    }
  | {
      readonly type: 'failed';
      readonly error: WireError;
      readonly derived: DerivedBatch;
      readonly facts: CommitFacts;
    }
  /** Nothing after the last commit can be kept. */
  | { readonly type: 'broken'; readonly error: WireError };

/** From the writer to the deriver: what is in the file, for its memory. */
export type WriterToDeriver =
  | { readonly type: 'emptied'; readonly batch: TransitionBatch; readonly derived: DerivedBatch }
  | { readonly type: 'emptied-part'; readonly derived: DerivedBatch }
  | { readonly type: 'failed'; readonly error: WireError };

/** From the deriver to the producer. */
export type DeriverToProducer =
  | { readonly type: 'emptied'; readonly batch: TransitionBatch }
  | { readonly type: 'failed'; readonly error: WireError };

export type WriterToCaller =
  | { readonly type: 'progress'; readonly progress: RecordProgress }
  /** All is written; the file is closed once the caller says so by {@link CLOSE}. */
  | { readonly type: 'written' }
  | { readonly type: 'done'; readonly result: RecordResult }
  | { readonly type: 'failed'; readonly error: WireError };

/** To the writer: the file has no more readers. */
export const CLOSE = 'close';

export interface RecordProgress {
  /** Rows written so far. */
  readonly events: number;
  /** Time reached, ns since the start of the trace. */
  readonly timeNs: Ns;
  /** 0 to 1 where the end is known, else null. */
  readonly fraction: number | null;
  /** Size of the file so far. */
  readonly bytes: number;
  readonly eventsPerSecond: number;
  /** Milliseconds until it will be done, smoothed; null where that is not known (yet). */
  readonly remainingMs: number | null;
}

export interface RecordResult {
  /** The trace under its final name, or `NAME.part` where an error ended it early. */
  readonly path: string;
  readonly events: number;
  readonly durationNs: Ns;
  readonly digest: string;
  readonly bytes: number;
  readonly complete: boolean;
  /** Why it is incomplete, as a sentence; null for a complete trace. */
  readonly incompleteReason: string | null;
  /** The error that ended it early, null where there was none. */
  readonly error: WireError | null;
  readonly warnings: readonly string[];
  /** What an import did with its source; null for the emulator, and where the import failed. */
  readonly report: ImportReport | null;
}
