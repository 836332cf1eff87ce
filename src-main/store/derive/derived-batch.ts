/**
 * What follows from a batch of transitions, ready to be inserted; made by {@link Derivation}, crosses between threads.
 */

/** Tables with one row of numbers for each thing that happened. */
export const NUMBER_TABLES = [
  'lwp_state',
  'cpu_run',
  'slot_occupancy',
  'nopreempt_window',
  'decision',
  'lock_hold',
  'lock_wait',
  'wakeup',
  'field_change',
] as const;
export type NumberTable = (typeof NUMBER_TABLES)[number];

/** Tables with few rows, of which some hold packed bytes. */
export const PACKED_TABLES = [
  'event_block',
  'keyframe',
  'lane_sum',
  'overview',
  'highlight',
  'finding',
  'finding_pass',
] as const;
export type PackedTable = (typeof PACKED_TABLES)[number];

/** Rows of a table of numbers: its columns in order, but for an `id` that SQLite makes. */
export interface NumberRows extends RowValues {
  readonly table: NumberTable;
}

export type PackedValue = number | string | Uint8Array<ArrayBuffer>;

/** A row of a table, all columns in order. It replaces a row with the same key. */
export interface PackedRow {
  readonly table: PackedTable;
  readonly values: readonly PackedValue[];
}

/** Values of rows, one row after the other: the first `length` count. */
export interface RowValues {
  readonly values: Float64Array<ArrayBuffer>;
  readonly length: number;
}

/** Rows of `chunk`, for each the id and where its bytes end; those of the next one begin there. */
export interface ChunkRows {
  readonly rows: RowValues;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

export interface DerivedBatch {
  readonly numbers: readonly NumberRows[];
  readonly chunks: ChunkRows;
  /** Rows of `series`, all columns in order. Each replaces a row with the same key. */
  readonly series: RowValues;
  readonly packed: readonly PackedRow[];
}

/** The large buffers of a batch, to be transferred with a message instead of copied. */
export function derivedBuffers({ numbers, chunks, series }: DerivedBatch): ArrayBuffer[] {
  return [...[...numbers, chunks.rows, series].map(({ values }) => values.buffer), chunks.bytes.buffer];
}
