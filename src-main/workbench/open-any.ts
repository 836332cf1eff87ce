/**
 * Opens whatever a person names as a trace: a trace as it is, a scenario by running it, another tool's trace by
 * importing it, a trace of an earlier version by way of an upgraded copy. What is made for that lives in the temporary
 * folder, and no longer than it is open.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fromWireError, WorkbenchError } from '#shared/base/errors.ts';
import type { RecordResult } from '../recorder/record-trace.ts';
import { TraceDatabase, upgradeTrace } from '../store/index.ts';
import { identify } from './identify.ts';
import { importFile, recordScenario, type RunOptions } from './make-trace.ts';
import { readText } from './scenarios.ts';

export interface AnySource {
  /** A `.sctrace`, a scenario, or a trace in a format that is imported. */
  readonly path: string;
  /** A lock log of the same run, for an import. */
  readonly locks?: string | undefined;
}

export interface OpenedAny {
  /** To be closed by the caller. */
  readonly trace: TraceDatabase;
  /** What to know about it: whole sentences. */
  readonly warnings: readonly string[];
}

/**
 * @throws WorkbenchError what opening, recording, importing or upgrading throws; 'usage' for a lock log with what is no
 *   import
 */
export async function openAny({ path, locks }: AnySource, run: RunOptions): Promise<OpenedAny> {
  const { kind } = await identify(path);
  if (kind !== 'import' && locks !== undefined) {
    throw new WorkbenchError(
      'usage',
      `A lock log goes with a trace that is imported, and ${path} is a ${kind}.`,
    );
  }
  if (kind === 'trace') {
    try {
      return { trace: TraceDatabase.open(path), warnings: [] };
    } catch (thrown) {
      if (!(thrown instanceof WorkbenchError) || thrown.code !== 'older-schema') throw thrown;
    }
  }
  const folder = await mkdtemp(join(tmpdir(), 'schedctl-workbench-'));
  const made = join(folder, 'trace.sctrace');
  try {
    if (kind === 'trace') {
      await upgradeTrace(path, made, run.signal === undefined ? {} : { signal: run.signal });
      return { trace: TraceDatabase.open(made), warnings: [] };
    }
    const result =
      kind === 'import'
        ? await importFile({ source: path, path: made, locks }, run)
        : await recordScenario(
            { text: await readText(path), name: basename(path), source: path, path: made },
            run,
          );
    return { trace: TraceDatabase.open(whole(result)), warnings: result.warnings };
  } finally {
    // The file lives on without a name for as long as it is open.
    await rm(folder, { recursive: true, force: true });
  }
}

function whole({ error, path }: RecordResult): string {
  if (error !== null) throw fromWireError(error);
  return path;
}
