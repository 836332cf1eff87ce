/** What the service and a trace's thread say to each other. */
import type { QueryName, TraceSummary } from '#shared/api/contract.ts';
import type { Note, NoteDraft } from '#shared/api/notes.ts';
import type { WireError } from '#shared/base/errors.ts';

/** What else the thread does for the service; no window asks for these by name. */
export interface StoreQueries {
  'store.notes': { params: null; result: { readonly notes: readonly Note[]; readonly identity: string } };
  /** Null where the file cannot be written. */
  'store.saveNote': { params: NoteDraft; result: Note | null };
  /** False where the file cannot be written. */
  'store.deleteNote': { params: string; result: boolean };
}
export type StoreQueryName = keyof StoreQueries;

/** Handed to the thread when it starts. */
export interface QueryThreadData {
  readonly path: string;
  readonly traceId: string;
  /** Where copies of traces of earlier versions are made. */
  readonly copiesFolder: string;
}

/** One at a time: the next one is sent when the answer to the last one is there. */
export interface QueryRequest {
  readonly name: QueryName | StoreQueryName;
  readonly params: unknown;
}

/**
 * What the service tells the thread. A recording that ends lets go of its file before it gets its name: the thread
 * closes it on `release` and opens what it has become on `reopen`.
 */
export type ToQueryThread = QueryRequest | 'close' | 'release' | { readonly reopen: string };

/** How far the upgrade of a trace of an earlier version has come. */
export interface UpgradeProgress {
  readonly events: number;
  readonly allEvents: number;
}

/**
 * What the thread says: how an upgrade goes, while it opens a trace; the answer to opening; then one for each request,
 * `release` and `reopen`.
 */
export type FromQueryThread = { readonly upgrading: UpgradeProgress } | QueryAnswer;

export type QueryAnswer =
  /** `file`: what is read, a copy where the trace is of an earlier version. */
  | { readonly opened: TraceSummary; readonly file: string }
  | { readonly result: unknown }
  | { readonly error: WireError };
