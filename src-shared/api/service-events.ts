/** What the service tells every window unasked. */
import type { Ns } from '../base/brands.ts';
import type { WireError } from '../base/errors.ts';
import type { ImportSummary } from './requests/imports.ts';
import type { Settings } from './requests/workbench.ts';

export interface JobProgress {
  readonly jobId: string;
  readonly job: 'record' | 'import' | 'export';
  /** Rows written so far. */
  readonly events: number;
  /** Virtual time reached by a recording. */
  readonly timeNs: Ns;
  /** 0 to 1 where the end is known, else null. */
  readonly fraction: number | null;
  /** Size of the file so far. */
  readonly bytes: number;
  readonly eventsPerSecond: number;
  /** Milliseconds until it will be done, about; null where that is not known (yet). */
  readonly remainingMs: number | null;
}

/** Events that the service sends to every window. */
export interface Events {
  'job.progress': JobProgress;
  'job.done': {
    readonly jobId: string;
    readonly path: string;
    readonly complete: boolean;
    readonly events: number;
    /** What an import did with its source; null for a recording. */
    readonly report: ImportSummary | null;
  };
  'job.failed': { readonly jobId: string; readonly error: WireError; readonly partialPath: string | null };
  /**
   * The trace at `path` is of an earlier version: how far its upgraded copy has come. Cancelling the request ends it.
   */
  'trace.upgrading': { readonly path: string; readonly events: number; readonly allEvents: number };
  /** Notes on the trace at `path` were added, changed or deleted, in whichever window. */
  'notes.changed': { readonly path: string };
  /** A window has saved settings, which are those of all windows. */
  'settings.changed': { readonly settings: Settings };
  /** The host asks the window to open a file (second instance, file association, menu). */
  'open.request': { readonly path: string };
  /** The host's menu asks for a command of the palette. */
  'command.run': { readonly command: string };
}
export type EventName = keyof Events;
