/** What the recorder records: something that makes transitions, in a thread of its own. */
import type { Ns } from '#shared/base/brands.ts';
import type { CancelSignal } from '#shared/base/cancel.ts';
import type { TransitionSink } from '#shared/model/transition-batch.ts';
import type { FileIdentities } from '../files/file-identity.ts';
import type { ImportReport } from '../importers/import-report.ts';
import type { SourceMeta } from '../store/format/meta.ts';

/** What to record; crosses to the producer's thread. */
export type ProducerSpec =
  | {
      readonly kind: 'scenario';
      readonly text: string;
      /** For messages and the trace's description. */
      readonly fileName: string;
      /** The file that the text was read from, where it was. */
      readonly path?: string | undefined;
      readonly seed?: number | undefined;
      readonly durationNs?: Ns | undefined;
      readonly cpus?: number | undefined;
    }
  | {
      readonly kind: 'import';
      readonly path: string;
      /** A lock log and further traces of the same run, on the same clock. */
      readonly locks?: string | undefined;
      readonly also?: readonly string[] | undefined;
      /** Symbols of its kernel; copies of rseq/stats from before and after. */
      readonly kallsyms?: string | undefined;
      readonly rseqStats?: readonly [string, string] | undefined;
      /** Which files these names have to lead to. */
      readonly identities?: FileIdentities | undefined;
    }
  | {
      readonly kind: 'cut';
      /** A trace file. */
      readonly path: string;
      readonly startNs: Ns;
      readonly endNs: Ns;
    };

export interface ProducerContext {
  /** Looked at between batches; a producer that sees it hands on what it has and throws 'cancelled'. */
  readonly signal: CancelSignal;
  /** How far it is: 0 to 1. */
  readonly reached: (fraction: number) => void;
}

export interface ProducerEnd {
  /** Why the trace is incomplete although all that the source has is in it, as a sentence; null where it is not. */
  readonly incompleteReason: string | null;
  readonly warnings: readonly string[];
  /** What was only known at the end. */
  readonly source: Partial<SourceMeta>;
  /** What an import did with its source; null for a recording of the emulator, and for an import that failed. */
  readonly report: ImportReport | null;
}

export interface Producer {
  readonly source: SourceMeta;
  /**
   * Writes everything to the sink, in order of time. What was written before it throws is kept.
   */
  run(sink: TransitionSink, context: ProducerContext): Promise<ProducerEnd>;
}
