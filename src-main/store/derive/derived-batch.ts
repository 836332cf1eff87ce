/** What follows from a batch of transitions, ready to be inserted; made by {@link Derivation}, crosses between threads. */

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
] as const;
export type NumberTable = (typeof NUMBER_TABLES)[number];

/** Tables with few rows, of which some hold packed bytes. */
export const PACKED_TABLES = [
  'event_block',
  'keyframe',
  'series',
  'lane_sum',
  'overview',
  'highlight',
] as const;
export type PackedTable = (typeof PACKED_TABLES)[number];

export interface NumberRows {
  readonly table: NumberTable;
  /** Rows one after the other: the table's columns in order, but for an `id` that SQLite makes. */
  readonly values: Float64Array<ArrayBuffer>;
  /** Values that count; the array may be longer. */
  readonly length: number;
}

export type PackedValue = number | string | Uint8Array<ArrayBuffer>;

/** A row of a table, all columns in order. It replaces a row with the same key. */
export interface PackedRow {
  readonly table: PackedTable;
  readonly values: readonly PackedValue[];
}

/** Rows of `chunk`: the bytes of chunk `ids[i]` end at `ends[i]`, where those of the next one begin. */
export interface ChunkRows {
  readonly ids: readonly number[];
  readonly ends: readonly number[];
  readonly bytes: Uint8Array<ArrayBuffer>;
}

export interface DerivedBatch {
  readonly numbers: readonly NumberRows[];
  readonly chunks: ChunkRows;
  readonly packed: readonly PackedRow[];
}

/** The large buffers of a batch, to be transferred with a message instead of copied. */
export function derivedBuffers({ numbers, chunks }: DerivedBatch): ArrayBuffer[] {
  return [...numbers.map(({ values }) => values.buffer), chunks.bytes.buffer];
}
