/** Derives and writes a trace in one thread: what the recorder does in two. */
import type { TransitionBatch } from '#shared/model/transition-batch.ts';
import { FindingsPass } from '../../findings/pass.ts';
import { Derivation } from '../derive/derivation.ts';
import type { SourceMeta } from '../format/meta.ts';
import { TraceFile, type FinishOptions, type TraceFileOptions, type WrittenTrace } from './trace-file.ts';

export class TraceWriter {
  private readonly file: TraceFile;
  private readonly derivation: Derivation;

  /** Begins a trace that will be at `path`. Throws like the constructor of {@link TraceFile}. */
  constructor(path: string, source: SourceMeta, options: TraceFileOptions = {}) {
    this.derivation = new Derivation({}, new FindingsPass(source));
    this.file = new TraceFile(path, source, options);
  }

  /** Name while recording. */
  get partPath(): string {
    return this.file.partPath;
  }

  /** Rows taken so far. */
  get events(): number {
    return this.derivation.events;
  }

  /** Rows that are safe in the file. */
  get eventsCommitted(): number {
    return this.file.eventsCommitted;
  }

  /**
   * Takes the rows and definitions of a batch; the batch may be reused afterwards.
   *
   * Throws WorkbenchError: disk-full, write-failed; InvariantError for a row that no trace can contain.
   */
  write(batch: TransitionBatch): void {
    const { derivation } = this;
    derivation.addBatch(batch);
    const derived = derivation.take();
    this.file.write(batch, derived);
    derivation.reuse(derived);
    if (derivation.isCommitDue) this.commit();
  }

  /** Makes everything so far safe against the end of this process. */
  commit(): void {
    this.file.commit(this.flushed());
  }

  /** Ends the trace; see {@link TraceFile.finish}. */
  finish(options: FinishOptions): WrittenTrace {
    this.derivation.finish();
    return this.file.finish(this.flushed(), options);
  }

  /** See {@link TraceFile.abandon}. */
  abandon(): void {
    this.file.abandon();
  }

  /** Gives the recording up: removes the file. */
  discard(): void {
    this.file.discard();
  }

  private flushed() {
    const facts = this.derivation.flush();
    this.file.writeDerived(this.derivation.take());
    return facts;
  }
}
