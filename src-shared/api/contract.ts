/**
 * The workbench's contract, whole: every request with its parameters and result, and every event, in one typed map.
 * Hosts only move these messages; the service implements them; the renderer calls them.
 *
 * Results are the service's own and are typed only. Bulk data crosses as typed arrays.
 */
import type { CancelSignal } from '../base/cancel.ts';
import type { Note } from './notes.ts';
import type { requestSchemas, RequestName, RequestParams } from './requests.ts';
import type { Hello, Identified, RecentFile, Settings } from './results/workbench.ts';
import type { TraceSummary } from './results/trace-summary.ts';
import type { Highlight, LaneColumns, LaneNeighbours, OverviewColumns } from './results/lanes.ts';
import type { DecisionColumns, NopreemptWindowColumns } from './results/schedctl.ts';
import type {
  CountMatrix,
  CpuUseColumns,
  LockWaiterColumns,
  MigrationCounts,
  QueueLengthColumns,
  SlotOccupancyColumns,
  WakeupColumns,
} from './results/series.ts';
import type { Aggregates, LongestColumns } from './results/aggregates.ts';
import type { EventColumns, StateAt, StepTarget } from './results/events.ts';
import type { SqlPage, SqlResult, SqlTable } from './results/sql.ts';
import type { ScenarioCheck, ScenarioInfo } from './results/scenarios.ts';
import type { EventName, Events } from './service-events.ts';

export * from './requests.ts';
export type * from './service-events.ts';
export type * from './results/workbench.ts';
export type * from './results/trace-summary.ts';
export * from './results/lanes.ts';
export type * from './results/schedctl.ts';
export type * from './results/series.ts';
export type * from './results/aggregates.ts';
export type * from './results/events.ts';
export type * from './results/sql.ts';
export type * from './results/scenarios.ts';
export type * from './results/imports.ts';

/** The result of every request. */
export interface Results {
  'workbench.hello': Hello;
  'recent.list': { readonly recent: readonly RecentFile[]; readonly samples: readonly RecentFile[] };
  'settings.read': { readonly settings: Settings };
  'settings.write': null;
  'trace.open': TraceSummary;
  'trace.close': null;
  'trace.identify': Identified;
  'trace.summary': TraceSummary;
  'trace.lanes': LaneColumns;
  'trace.overview': OverviewColumns;
  'trace.highlight': Highlight | null;
  'trace.nopreemptWindows': NopreemptWindowColumns;
  'trace.decisions': DecisionColumns;
  'trace.slotOccupancy': SlotOccupancyColumns;
  'trace.cpuUpdates': CountMatrix;
  'trace.cpuUse': CpuUseColumns;
  'trace.migrations': MigrationCounts;
  'trace.decisionCounts': CountMatrix;
  'trace.queueLengths': QueueLengthColumns;
  'trace.lockWaiters': LockWaiterColumns;
  'trace.wakeups': WakeupColumns;
  'trace.aggregates': Aggregates;
  'trace.longest': LongestColumns;
  'trace.stateAt': StateAt;
  'trace.events': EventColumns;
  'trace.eventsBySequence': EventColumns;
  'trace.step': StepTarget | null;
  'trace.stepFiltered': StepTarget | null;
  'trace.findEvents': EventColumns;
  'trace.history': EventColumns;
  'trace.neighbours': LaneNeighbours;
  'notes.list': { readonly notes: readonly Note[] };
  'notes.save': Note;
  'notes.delete': null;
  'sql.run': SqlResult;
  'sql.page': SqlPage;
  'sql.cancel': null;
  'sql.tables': { readonly tables: readonly SqlTable[] };
  'scenario.list': readonly ScenarioInfo[];
  'scenario.read': { readonly text: string };
  'scenario.check': ScenarioCheck;
  /** `path`: the trace while it is being recorded; it can be opened and looked at meanwhile. */
  'record.start': { readonly jobId: string; readonly path: string };
  /** As `record.start`; `sourceBytes`: size of what is imported, to which a job's `fraction` refers. */
  'import.start': { readonly jobId: string; readonly path: string; readonly sourceBytes: number };
  'export.tables': readonly { readonly name: string; readonly about: string }[];
  'export.start': { readonly jobId: string };
  'export.files': {
    /** Name of the file, or of the folder that the files are in. */
    readonly name: string;
    readonly isFolder: boolean;
    readonly files: readonly { readonly name: string; readonly bytes: number }[];
  };
  /** `totalBytes`: of the whole file. */
  'export.read': { readonly data: Uint8Array<ArrayBuffer>; readonly totalBytes: number };
  'job.cancel': null;
  'upload.begin': { readonly uploadId: string };
  'upload.chunk': null;
  'upload.end': { readonly path: string };
  'upload.cancel': null;
  'dialog.openFiles': { readonly paths: readonly string[] };
  'window.open': null;
}

// Every request has a result and the other way round; the compiler says which is missing.
type SameKeys<A, B> = [keyof A] extends [keyof B] ? ([keyof B] extends [keyof A] ? true : never) : never;
true satisfies SameKeys<typeof requestSchemas, Results>;

/** What the renderer holds: one door to the workbench, whatever the host. */
export interface WorkbenchClient {
  request<Name extends RequestName>(
    name: Name,
    params: RequestParams<Name>,
    options?: { readonly signal?: CancelSignal },
  ): Promise<Results[Name]>;
  /** Returns a function that ends the subscription. */
  on<Name extends EventName>(name: Name, listener: (payload: Events[Name]) => void): () => void;
  close(): void;
}

/** What the service is to one window. `params` are unchecked; the service checks them. */
export interface WindowService {
  request(name: string, params: unknown, signal: CancelSignal): Promise<unknown>;
  /** Subscribes to all events. Returns a function that ends the subscription. */
  subscribe(listener: <Name extends EventName>(name: Name, payload: Events[Name]) => void): () => void;
  /** The window has gone: what it had open is closed. What it has started (recordings, exports) goes on. */
  leave(): Promise<void>;
}

/** What the service is to its hosts. Its own requests are those of nobody in particular. */
export interface WorkbenchService extends Omit<WindowService, 'leave'> {
  /** The service for a window that has just come. */
  forWindow(): WindowService;
  close(): Promise<void>;
}
