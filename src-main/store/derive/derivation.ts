/**
 * Everything that follows from the events: derived tables, series, event blocks, keyframes, digest. Transitions go in,
 * rows for the file come out; it knows no database, so that it can run in another thread than SQLite does.
 *
 * What comes out depends on the transitions alone, never on how they are batched or when {@link Derivation.flush} is
 * called.
 *
 * Hot: {@link Derivation.add} runs once a transition.
 */
import type { IndexIntoBatch, Ns, Seq } from '#shared/base/brands.ts';
import { Digest } from '#shared/base/digest.ts';
import type { SubjectLimits } from '#shared/model/machine-state.ts';
import type { Definition, TransitionBatch, TransitionColumns } from '#shared/model/transition-batch.ts';
import type { FindingsPass } from '../../findings/pass.ts';
import { digestEvent } from '../format/event-digest.ts';
import { keyframeDistance, packState } from '../format/keyframes.ts';
import type { CommitFacts } from '../format/meta.ts';
import { ChunkBuffer } from './chunk-buffer.ts';
import type { DerivedBatch, PackedRow, PackedTable, PackedValue } from './derived-batch.ts';
import { TableBuffers } from './table-buffers.ts';
import { EventBlockBuilder } from './event-blocks.ts';
import { findingRows } from './finding-rows.ts';
import { RowBuffer } from './row-buffer.ts';
import type { SeriesSink } from './series-registry.ts';
import { rowsWithinLimit, tooLong } from './time-limit.ts';
import { TransitionRouter } from './transition-router.ts';

/**
 * Rows between commits: few at first, so that even a short recording that breaks off leaves something; then
 * more, as a commit also writes the unfinished ends of all series.
 */
const FEWEST_COMMIT_ROWS = 16_384;
const MOST_COMMIT_ROWS = 524_288;

export class Derivation implements SeriesSink {
  readonly router: TransitionRouter;
  /** Rows taken so far. */
  events = 0;
  private readonly findings: FindingsPass | null;
  private readonly digest = new Digest();
  private readonly blocks: EventBlockBuilder;
  private nextKeyframe = keyframeDistance(0);
  private readonly tables: TableBuffers;
  private packed: PackedRow[] = [];
  private readonly chunks = new ChunkBuffer();
  private readonly series = new RowBuffer(4);
  private onPart: (() => void) | null = null;
  /** Rows at the last flush. */
  private flushed = 0;

  /**
   * @param limits of a file that may be damaged
   * @param findings the pass that looks for findings; null where none are wanted
   */
  constructor(limits: SubjectLimits = {}, findings: FindingsPass | null = null) {
    this.findings = findings;
    this.tables = new TableBuffers(() => this.router.nowNs, findings?.changes ?? null);
    this.blocks = new EventBlockBuilder((values) => this.pack('event_block', values));
    this.router = new TransitionRouter(this.tables, this, limits);
  }

  /**
   * Takes the rows of a batch, which is left as it is. Throws InvariantError for one that no trace can contain,
   * WorkbenchError where it is too late for one.
   */
  addBatch(batch: TransitionBatch): void {
    this.define(batch.definitions);
    const within = rowsWithinLimit(batch);
    if (within < batch.length) throw tooLong(this.events + within + 1, batch.columns.timeNs[within]!);
    for (let row = 0; row < batch.length; row++) this.add(batch.columns, row);
  }

  /** Names for findings, a kind for each lock: to be told before the rows that refer to them. */
  define(definitions: Iterable<Definition>): void {
    if (this.findings !== null)
      for (const definition of definitions) this.findings.changes.define(definition);
  }

  /** Takes a row of a batch, the next of the trace. Throws InvariantError for one that no trace can contain. */
  add(columns: TransitionColumns, row: IndexIntoBatch): void {
    const sequence = ++this.events;
    this.router.add(columns, row, sequence);
    digestEvent(this.digest, columns, row);
    this.blocks.add(columns, row, sequence);
    if (sequence === this.nextKeyframe) this.keyframe(sequence, columns.timeNs[row]!);
  }

  /** Whether so many rows came since the last {@link flush} that they should be committed. */
  get isCommitDue(): boolean {
    const due = Math.min(MOST_COMMIT_ROWS, Math.max(FEWEST_COMMIT_ROWS, this.flushed));
    return this.events - this.flushed >= due;
  }

  /** Digest of the rows so far, 16 hexadecimal characters. */
  digestHex(): string {
    return this.digest.hex();
  }

  /**
   * Adds what is not complete yet, as it is now, so that the file can be read as of this row. Returns what is to be
   * committed with it.
   *
   * @param onPart where there is much, called for each part of it, to {@link take} it
   */
  flush(onPart: (() => void) | null = null): CommitFacts {
    this.onPart = onPart;
    this.router.flush();
    this.onPart = null;
    this.blocks.flush();
    const { bucketNs, data } = this.router.overview;
    this.pack('overview', [1, bucketNs, new Uint8Array(data.slice().buffer)]);
    const highlight = this.tables.highlights.row();
    if (highlight !== null) this.pack('highlight', [1, ...highlight]);
    this.flushed = this.events;
    return {
      events: this.events,
      durationNs: this.router.nowNs,
      digest: this.digest.hex(),
      hasSchedctl: this.router.hasSchedctl,
    };
  }

  /** The trace ends: closes what is open. To be followed by {@link flush}. */
  finish(): void {
    this.router.finish();
    if (this.findings !== null) {
      for (const row of findingRows(this.findings.result())) this.packed.push(row);
    }
  }

  /** Hands over what has come out since the last time. */
  take(): DerivedBatch {
    const packed = this.packed;
    this.packed = [];
    return { numbers: this.tables.take(), chunks: this.chunks.take(), series: this.series.take(), packed };
  }

  /** Takes the memory of a batch back that {@link take} handed out, when it is in the file. */
  reuse({ numbers, chunks, series }: DerivedBatch): void {
    this.tables.reuse(numbers);
    this.chunks.reuse(chunks);
    this.series.reuse(series.values);
  }

  writeChunk(id: number, data: Uint8Array): void {
    this.chunks.add(id, data);
    if (this.onPart !== null && this.chunks.hasEnough) this.onPart();
  }

  writeSum(id: number, endNs: Ns, data: Uint8Array<ArrayBuffer>): void {
    this.pack('lane_sum', [id, endNs, data]);
  }

  writeSeries(id: number, kind: number, object: number, nodes: number): void {
    const { series } = this;
    let at = series.begin();
    const { values } = series;
    values[at++] = id;
    values[at++] = kind;
    values[at++] = object;
    values[at] = nodes;
  }

  private keyframe(sequence: Seq, timeNs: Ns): void {
    const state = this.router.state;
    const words = state.serialize();
    this.nextKeyframe = sequence + keyframeDistance(words.length);
    this.pack('keyframe', [sequence, timeNs, packState(words), state.digest(), this.digest.hex()]);
  }

  private pack(table: PackedTable, values: readonly PackedValue[]): void {
    this.packed.push({ table, values });
  }
}
