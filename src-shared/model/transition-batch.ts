/**
 * Transitions on their way from an emulator or importer to the recorder: columns, a few thousand rows at
 * a time, with the dimension rows that they refer to.
 *
 * Memory layout of one row (34 bytes over eight arrays, all indexed alike):
 *
 *   timeNs f64 | kind u16 | cpu i16 | lwp i32 | object i32 | cause u16 | old i32 | new i32 | (2 unused)
 *
 * See kinds.ts for what `cpu`, `lwp` and `object` hold.
 */
import type {
  CauseId,
  ColumnOf,
  CpuId,
  IndexIntoBatch,
  KindId,
  LwpId,
  Ns,
  PageId,
  ProcessId,
  SyncId,
} from '../base/brands.ts';
import type { PAGE_KIND, SYNC_KIND } from './enums.ts';

/** Rows of a full batch: large enough to make a message cheap, small enough to keep progress lively. */
export const BATCH_ROWS = 8_192;

export interface TransitionColumns {
  readonly timeNs: ColumnOf<Float64Array<ArrayBuffer>, Ns>;
  readonly kind: ColumnOf<Uint16Array<ArrayBuffer>, KindId>;
  readonly cpu: ColumnOf<Int16Array<ArrayBuffer>, CpuId>;
  readonly lwp: ColumnOf<Int32Array<ArrayBuffer>, LwpId>;
  readonly object: Int32Array<ArrayBuffer>;
  readonly cause: ColumnOf<Uint16Array<ArrayBuffer>, CauseId>;
  readonly oldValue: Int32Array<ArrayBuffer>;
  readonly newValue: Int32Array<ArrayBuffer>;
}

/** One row of the columns, for places that are not hot. */
export type Transition = {
  readonly [Column in keyof TransitionColumns]: TransitionColumns[Column][number];
};

/** Rows `0 .. length - 1` of the columns are valid, in order of time. */
export interface TransitionBatch {
  length: number;
  readonly columns: TransitionColumns;
  /** Dimension rows first referred to in this batch, in order of definition. */
  definitions: Definition[];
}

/**
 * A row of a dimension table. `id` is the ordinal that transitions carry; ordinals start at 0 for each
 * table. Defining an id again replaces its names (a process that execs, a thread that is renamed).
 */
export type Definition =
  | { readonly table: 'cpu'; readonly id: CpuId; readonly name: string }
  | { readonly table: 'process'; readonly id: ProcessId; readonly pid: number; readonly name: string }
  | {
      readonly table: 'lwp';
      readonly id: LwpId;
      readonly process: ProcessId;
      /** LWP number within its process (illumos) or thread id (Linux). */
      readonly lwpNumber: number;
      readonly name: string;
    }
  | {
      readonly table: 'page';
      readonly id: PageId;
      readonly process: ProcessId;
      /** Null where the source does not tell it, or where it is none (rseq areas). */
      readonly address: number | null;
      readonly kind: (typeof PAGE_KIND)[keyof typeof PAGE_KIND];
    }
  | {
      readonly table: 'sync';
      readonly id: SyncId;
      readonly process: ProcessId;
      readonly kind: (typeof SYNC_KIND)[keyof typeof SYNC_KIND];
      readonly name: string;
    }
  /** A system call that the source names: its name, or `number 39`. */
  | { readonly table: 'syscall'; readonly id: number; readonly name: string };

/** A batch with room for `rows` rows. */
export function createBatch(rows: number = BATCH_ROWS): TransitionBatch {
  return {
    length: 0,
    columns: {
      timeNs: new Float64Array(rows),
      kind: new Uint16Array(rows),
      cpu: new Int16Array(rows),
      lwp: new Int32Array(rows),
      object: new Int32Array(rows),
      cause: new Uint16Array(rows),
      oldValue: new Int32Array(rows),
      newValue: new Int32Array(rows),
    },
    definitions: [],
  };
}

/** Assigns all columns of a row. */
export function setTransition(
  columns: TransitionColumns,
  row: IndexIntoBatch,
  { timeNs, kind, cpu, lwp, object, cause, oldValue, newValue }: Transition,
): void {
  columns.timeNs[row] = timeNs;
  columns.kind[row] = kind;
  columns.cpu[row] = cpu;
  columns.lwp[row] = lwp;
  columns.object[row] = object;
  columns.cause[row] = cause;
  columns.oldValue[row] = oldValue;
  columns.newValue[row] = newValue;
}

/** Rows that fit into `batch`. */
export function batchCapacity(batch: TransitionBatch): number {
  return batch.columns.timeNs.length;
}

/** The buffers of a batch, to be transferred with a message instead of copied. */
export function batchBuffers(batch: TransitionBatch): ArrayBuffer[] {
  return Object.values(batch.columns).map((column: { buffer: ArrayBuffer }) => column.buffer);
}

/**
 * Where transitions go. Asynchronous, so that a slow disk holds up the producer (back-pressure): at most
 * a few batches are ever in flight.
 */
export interface TransitionSink {
  /**
   * Takes over `batch`; resolves with an empty batch to fill next. Rejects when recording has failed or was cancelled.
   */
  write(batch: TransitionBatch): Promise<TransitionBatch>;
}
