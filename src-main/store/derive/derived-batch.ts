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
export type PackedTable = 'event_block' | 'keyframe' | 'series' | 'chunk' | 'lane_sum' | 'overview';

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

export interface DerivedBatch {
  readonly numbers: readonly NumberRows[];
  readonly packed: readonly PackedRow[];
}

/** The buffers of a batch, to be transferred with a message instead of copied. */
export function derivedBuffers(batch: DerivedBatch): ArrayBuffer[] {
  const buffers = new Set<ArrayBuffer>();
  for (const { values } of batch.numbers) buffers.add(values.buffer);
  for (const { values } of batch.packed) {
    for (const value of values) if (value instanceof Uint8Array) buffers.add(value.buffer);
  }
  return [...buffers];
}
