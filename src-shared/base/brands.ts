/**
 * Numbers that say what they count: an LWP's id is no CPU's, and nanoseconds are no clock ticks.
 *
 * A brand goes one way. A bare number becomes any of them (a literal, what arithmetic gives, a value of a row), and
 * each of them is a number wherever one is wanted; but one brand is never another, so that two of them cannot change
 * places in a call or a row. What reads ids from a typed array has them branded by the type of the column:
 * {@link ColumnOf}. All of it is gone when types are stripped: no call, no object, no cast.
 *
 * Stricter brands, which a bare number does not become, would need a cast at each read of a column and each sum, and
 * a cast is where a mistake hides.
 */
declare const brand: unique symbol;

/** A number that is a `Name`. */
export type Branded<Name extends string> = number & { readonly [brand]?: Name };

/** Ordinal of an LWP (a thread) in its trace, from 0; NONE for none. */
export type LwpId = Branded<'LWP'>;
/** Ordinal of a CPU in its trace, from 0; NONE for none. */
export type CpuId = Branded<'CPU'>;
/** A schedctl slot: its page's ordinal times SLOT_ID_STRIDE, plus its place in the page. */
export type SlotId = Branded<'slot'>;
/** Ordinal of a page of schedctl slots. */
export type PageId = Branded<'page'>;
/** Ordinal of a synchronisation object: a mutex, a condition variable, a semaphore. */
export type SyncId = Branded<'sync'>;
/** Ordinal of a process, which is not its pid. */
export type ProcessId = Branded<'process'>;
/** A run queue or a sleep queue: see model/queues.ts. */
export type QueueId = Branded<'queue'>;
/** Id of a transition's kind: an index into KIND_SPECS. */
export type KindId = Branded<'kind'>;
/** Id of a transition's cause: an index into CAUSE_SPECS. */
export type CauseId = Branded<'cause'>;
/** Sequence of a row of the event table, from 1 without gaps; 0 for none. */
export type Seq = Branded<'sequence'>;

/** Nanoseconds: a time since the start of the trace, or a duration. */
export type Ns = Branded<'ns'>;
/** Ticks of the kernel's clock. */
export type Ticks = Branded<'ticks'>;

/** Index of a row of a batch of transitions: see model/transition-batch.ts. */
export type IndexIntoBatch = Branded<'index into a batch'>;

type NumberArray = Float64Array | Int32Array | Int16Array | Uint32Array | Uint16Array | Uint8Array;

/** A typed array of values of one brand: reads give it, and writes take no other. */
export type ColumnOf<Column extends NumberArray, Value extends number> = Column & {
  [index: number]: Value;
  readonly [brand]?: Value;
};
