/** What the threads of a recording say to each other. */
import type { MessagePort } from 'node:worker_threads';
import type { WireError } from '#shared/base/errors.ts';
import type { TransitionBatch } from '#shared/model/transition-batch.ts';
import type { ImportReport } from '../importers/import-report.ts';
import type { SourceMeta } from '../store/meta.ts';
import type { ProducerEnd, ProducerSpec } from './producer.ts';

/** Batches on their way at most; each is half a megabyte. */
export const BATCHES_IN_FLIGHT = 4;

export interface ProducerData {
  readonly spec: ProducerSpec;
  readonly toWriter: MessagePort;
}

export interface WriterData {
  readonly path: string;
  readonly fromProducer: MessagePort;
  readonly maxBytes: number | undefined;
  readonly recordedBy: string | undefined;
}

export type ProducerToWriter =
  | { readonly type: 'begin'; readonly source: SourceMeta }
  | { readonly type: 'batch'; readonly batch: TransitionBatch; readonly fraction: number | null }
  | { readonly type: 'end'; readonly end: ProducerEnd }
  /** The producer cannot go on; what was written is kept. */
  | { readonly type: 'failed'; readonly error: WireError };

export type WriterToProducer =
  | { readonly type: 'emptied'; readonly batch: TransitionBatch }
  | { readonly type: 'failed'; readonly error: WireError };

export type WriterToCaller =
  | { readonly type: 'progress'; readonly progress: RecordProgress }
  | { readonly type: 'done'; readonly result: RecordResult }
  | { readonly type: 'failed'; readonly error: WireError };

export interface RecordProgress {
  /** Rows written so far. */
  readonly events: number;
  /** Time reached, ns since the start of the trace. */
  readonly timeNs: number;
  /** 0 to 1 where the end is known, else null. */
  readonly fraction: number | null;
  /** Size of the file so far. */
  readonly bytes: number;
  readonly eventsPerSecond: number;
}

export interface RecordResult {
  /** The trace under its final name, or `NAME.part` where an error ended it early. */
  readonly path: string;
  readonly events: number;
  readonly durationNs: number;
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
