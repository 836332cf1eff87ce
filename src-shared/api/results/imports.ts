/** Imports of other tools' traces. */

/** What an import read, skipped, lost and repaired. */
export interface ImportSummary {
  /** Name of the format, such as 'ftrace'. */
  readonly format: string;
  readonly clock: string;
  /** All lines, comments and unreadable ones included. */
  readonly lines: number;
  /** Lines that are events of the source, used or not; and the rows made of them. */
  readonly events: number;
  readonly transitions: number;
  /** Lines that could not be read, by reason, each with the first of them: its number from 1, and its text, cut. */
  readonly skipped: readonly {
    readonly reason: string;
    readonly count: number;
    readonly firstLine: number;
    readonly firstText: string;
  }[];
  /** Where the source itself says that it lost events; `cpu` -1 for no CPU, `events` -1 for no number. */
  readonly losses: readonly {
    readonly cpu: number;
    readonly events: number;
    readonly line: number;
    readonly fromNs: number;
  }[];
  readonly eventsLost: number;
  /** What the source contradicts itself about or leaves out, and what was assumed. */
  readonly repairs: readonly { readonly about: string; readonly count: number; readonly firstLine: number }[];
  /** Events that were read and say nothing about the scheduler. */
  readonly unusedEvents: readonly { readonly name: string; readonly count: number }[];
  readonly warnings: readonly string[];
}
