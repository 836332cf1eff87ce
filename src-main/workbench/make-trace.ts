/** Makes trace files: runs a scenario, or imports another tool's trace. For the window's jobs and the command line. */
import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import type { CancelSignal } from '#shared/base/cancel.ts';
import type { WireError } from '#shared/base/errors.ts';
import {
  recordTrace,
  type ProducerSpec,
  type RecordProgress,
  type RecordResult,
} from '../recorder/record-trace.ts';
import { checkImportable } from './identify.ts';
import { writeFailure } from './files/json-file.ts';
import { programVersion } from './program.ts';

export interface RunOptions {
  /** Ends it early; what there is by then is kept beside the final name. */
  readonly signal?: CancelSignal;
  readonly onProgress?: (progress: RecordProgress) => void;
}

export interface ScenarioToRecord {
  readonly text: string;
  /** File or scenario name, for messages. */
  readonly name: string;
  /** The trace to write. */
  readonly path: string;
  /** Instead of the scenario's own. */
  readonly seed?: number | undefined;
  readonly durationNs?: number | undefined;
  readonly cpus?: number | undefined;
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
  const { text, name, path, seed, durationNs, cpus } = scenario;
  return make({ kind: 'scenario', text, fileName: name, seed, durationNs, cpus }, path, run);
}

/**
 * Imports a trace of another tool.
 *
 * @returns as {@link recordScenario}; `report` says what the import did with its source
 * @throws WorkbenchError as {@link checkImportable} and importTrace; what {@link recordTrace} throws
 */
export async function importFile(
  { source, path }: { readonly source: string; readonly path: string },
  run: RunOptions,
): Promise<RecordResult> {
  await checkImportable(source);
  return make({ kind: 'import', path: source }, path, run);
}

const CANCELLED: WireError = { code: 'cancelled', message: 'Cancelled.', context: {} };

/** An existing file is replaced by a complete trace only; nothing incomplete ever has the final name. */
async function make(producer: ProducerSpec, path: string, run: RunOptions): Promise<RecordResult> {
  const target = existsSync(path) ? `${path}.new` : path;
  const result = await recordTrace({
    producer,
    path: target,
    signal: run.signal,
    onProgress: run.onProgress,
    recordedBy: `schedctl-workbench ${programVersion()}`,
  });
  // An import of a source that was cut has all that can be had of it: it is what was asked for.
  const cancelled = !result.complete && result.report === null && run.signal?.aborted === true;
  const error = result.error ?? (cancelled ? CANCELLED : null);
  const final = error === null ? path : partialPathOf(path);
  if (result.path === final) return { ...result, error };
  try {
    await rm(final, { force: true });
    await rename(result.path, final);
  } catch (thrown) {
    throw writeFailure(final, thrown);
  }
  return { ...result, path: final, error };
}
