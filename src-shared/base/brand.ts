/**
 * Branded numbers: the same runtime value, told apart by the compiler.
 *
 * Hot paths keep ids and times in typed arrays as plain numbers; brands are put on where a value
 * leaves a column and enters a signature that people read.
 */
declare const brand: unique symbol;

export type Branded<T, Name extends string> = T & { readonly [brand]: Name };

/** Nanoseconds since the start of the trace. Whole numbers; exact up to 104 days. */
export type TimeNs = Branded<number, 'TimeNs'>;
/** A length of time in nanoseconds. */
export type DurationNs = Branded<number, 'DurationNs'>;
/** Position of a transition in its trace: 1 for the first row, without gaps. */
export type Sequence = Branded<number, 'Sequence'>;
/** CPU number as the kernel counts it, from 0. */
export type CpuId = Branded<number, 'CpuId'>;
/** Ordinal of an LWP in its trace (unique over all processes, never reused). */
export type LwpId = Branded<number, 'LwpId'>;
/** Ordinal of a process in its trace (never reused; the pid is a column of its own). */
export type ProcessId = Branded<number, 'ProcessId'>;
/** Ordinal of a schedctl page in its trace. */
export type PageId = Branded<number, 'PageId'>;
/** Page ordinal times {@link SLOT_ID_STRIDE} plus the slot's index on its page. */
export type SlotId = Branded<number, 'SlotId'>;
/** Ordinal of a synchronisation object (lock, condition variable, semaphore) in its trace. */
export type SyncId = Branded<number, 'SyncId'>;

export const timeNs = (value: number): TimeNs => value as TimeNs;
export const durationNs = (value: number): DurationNs => value as DurationNs;
export const sequence = (value: number): Sequence => value as Sequence;
export const cpuId = (value: number): CpuId => value as CpuId;
export const lwpId = (value: number): LwpId => value as LwpId;
export const processId = (value: number): ProcessId => value as ProcessId;
export const pageId = (value: number): PageId => value as PageId;
export const slotId = (value: number): SlotId => value as SlotId;
export const syncId = (value: number): SyncId => value as SyncId;

/** "No such LWP, CPU, slot ...": what a column holds where the kernel holds NULL. */
export const NONE = -1;
