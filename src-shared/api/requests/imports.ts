/** Imports of other tools' traces. */
import { z } from 'zod';
import type { CpuId, Ns } from '../../base/brands.ts';
import { path } from './parameters.ts';
import { answer, request } from './request.ts';

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
    readonly cpu: CpuId;
    readonly events: number;
    readonly line: number;
    readonly fromNs: Ns;
  }[];
  readonly eventsLost: number;
  /** What the source contradicts itself about or leaves out, and what was assumed. */
  readonly repairs: readonly { readonly about: string; readonly count: number; readonly firstLine: number }[];
  /** Events that were read and say nothing about the scheduler. */
  readonly unusedEvents: readonly { readonly name: string; readonly count: number }[];
  readonly warnings: readonly string[];
}

export const importRequests = {
  /**
   * Imports one file, or several that are records of one run (further traces, a lock log), as one trace. `path`: the
   * trace, which can be opened and viewed meanwhile; `sourceBytes`: size of what is imported, to which a job's
   * `fraction` refers.
   */
  'import.start': request(
    z.object({ path, also: z.array(path).max(15).optional() }),
    answer<{ readonly jobId: string; readonly path: string; readonly sourceBytes: number }>(),
  ),
};
