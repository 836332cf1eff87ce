/** What an open trace is, and what its ids name. */
import { z } from 'zod';
import type { Ns } from '../../base/brands.ts';
import { path, traceId } from './parameters.ts';
import { answer, request } from './request.ts';
import type { ClockUnit } from '../../model/clock-origin.ts';
import type { Definition } from '../../model/transition-batch.ts';

type Dimension<Table extends Definition['table']> = Omit<Extract<Definition, { table: Table }>, 'table'>;

export type CpuInfo = Dimension<'cpu'>;

export type ProcessInfo = Dimension<'process'>;

export type LwpInfo = Dimension<'lwp'>;

export type PageInfo = Dimension<'page'>;

export type SyncInfo = Dimension<'sync'>;

export type SyscallInfo = Dimension<'syscall'>;

export interface TraceSummary {
  readonly traceId: string;
  readonly path: string;
  readonly fileName: string;
  /** 'emulator', or the format that was imported ('ftrace', ...). */
  readonly source: string;
  /** One line: scenario and seed, or the imported file. */
  readonly sourceDetail: string;
  readonly complete: boolean;
  /** Why it is incomplete, as a sentence; null for a complete trace. */
  readonly incompleteReason: string | null;
  readonly events: number;
  /** Time of the last row. */
  readonly durationNs: Ns;
  /** Where the recording was to end; null where its source did not say. */
  readonly plannedNs: Ns | null;
  readonly digest: string;
  /** Length of a clock tick, null where the source has none. */
  readonly tickNs: Ns | null;
  /** 'unknown': times are counts of the source's clock, not nanoseconds. Absent: they are nanoseconds. */
  readonly clockUnit?: ClockUnit;
  /** Whether the trace has any schedctl data (slots, nopreempt, decisions). */
  readonly hasSchedctl: boolean;
  readonly cpus: readonly CpuInfo[];
  readonly processes: readonly ProcessInfo[];
  readonly lwps: readonly LwpInfo[];
  readonly pages: readonly PageInfo[];
  readonly syncs: readonly SyncInfo[];
  readonly syscalls: readonly SyscallInfo[];
  /** Things to know about the trace: losses, repairs, assumptions. */
  readonly warnings: readonly string[];
}

export const summaryQueries = {
  /** As `trace.open` answered, by now: a trace that is being recorded grows. */
  'trace.summary': request(z.object({ traceId }), answer<TraceSummary>()),
};

export const openTraceRequests = {
  /** Opens a .sctrace file that already exists. Other formats go through `import.start`. */
  'trace.open': request(z.object({ path }), answer<TraceSummary>()),
  'trace.close': request(z.object({ traceId }), answer<null>()),
};
