/** Makes trace files: runs a scenario, or imports another tool's trace. For the window's jobs and the command line. */
import type { Ns } from '#shared/base/brands.ts';
import type { CancelSignal } from '#shared/base/cancel.ts';
import type { FileIdentities } from '../files/file-identity.ts';
import {
  recordTrace,
  type ProducerSpec,
  type RecordProgress,
  type RecordResult,
} from '../recorder/record-trace.ts';
import { checkImportable } from './identify.ts';
import { programName } from './program.ts';

export interface RunOptions {
  /** Ends it early; what is recorded by then is kept next to the final name. */
  readonly signal?: CancelSignal;
  readonly onProgress?: (progress: RecordProgress) => void;
  /** Whoever reads the file while it is written has to let go of it now. */
  readonly beforeClose?: () => Promise<void>;
  /** The person asked for what is at the name to be replaced. */
  readonly replace?: boolean;
}

export interface ScenarioToRecord {
  readonly text: string;
  /** File or scenario name, for messages. */
  readonly name: string;
  /** The file that the text was read from, where it was. */
  readonly source?: string | undefined;
  /** The trace to write. */
  readonly path: string;
  /** Instead of the scenario's own. */
  readonly seed?: number | undefined;
  readonly durationNs?: Ns | undefined;
  readonly cpus?: number | undefined;
}

export interface TraceToImport {
  readonly source: string;
  /** The trace to write. */
  readonly path: string;
  /** A lock log of the same run. */
  readonly locks?: string | undefined;
  /** Further records of the same run. */
  readonly also?: readonly string[] | undefined;
  /** Symbols of the kernel that it is from. */
  readonly kallsyms?: string | undefined;
  /** Two copies of /sys/kernel/debug/rseq/stats, from before and after the run. */
  readonly rseqStats?: readonly [string, string] | undefined;
  /** Which files these names have to lead to. */
  readonly identities?: FileIdentities | undefined;
}

/** Where a trace that was to be at `path` is while it is written, and stays if it does not become complete. */
export const partialPathOf = (path: string): string => `${path}.part`;

/**
 * Runs a scenario and records it.
 *
 * @returns how it ended: a result that is not `complete` has its `error`, and its `path` is the partial one
 * @throws WorkbenchError 'scenario-invalid' with every problem; what {@link recordTrace} throws
 */
export function recordScenario(scenario: ScenarioToRecord, run: RunOptions): Promise<RecordResult> {
  const { text, name, source, path, seed, durationNs, cpus } = scenario;
  return make({ kind: 'scenario', text, fileName: name, path: source, seed, durationNs, cpus }, path, run);
}

/**
 * Imports a trace of another tool.
 *
 * @returns as {@link recordScenario}; `report` says what the import did with its source
 * @throws WorkbenchError as {@link checkImportable} and importTrace; what {@link recordTrace} throws
 */
export async function importFile(
  { source, path, locks, also, kallsyms, rseqStats, identities }: TraceToImport,
  run: RunOptions,
): Promise<RecordResult> {
  for (const file of [source, ...(also ?? [])]) await checkImportable(file);
  return make({ kind: 'import', path: source, locks, also, kallsyms, rseqStats, identities }, path, run);
}

/**
 * Cuts a time range out of a trace, as a separate trace.
 *
 * @returns as {@link recordScenario}
 * @throws WorkbenchError where the trace cannot be opened, 'usage' if the time range is not in it; what {@link
 *   recordTrace} throws
 */
export function cutFile(
  cut: {
    readonly source: string;
    readonly path: string;
    readonly startNs: Ns;
    readonly endNs: Ns;
  },
  run: RunOptions,
): Promise<RecordResult> {
  const { source, path, startNs, endNs } = cut;
  return make({ kind: 'cut', path: source, startNs, endNs }, path, run);
}

function make(producer: ProducerSpec, path: string, run: RunOptions): Promise<RecordResult> {
  return recordTrace({
    producer,
    path,
    replace: run.replace,
    signal: run.signal,
    onProgress: run.onProgress,
    beforeClose: run.beforeClose,
    recordedBy: programName(),
  });
}
