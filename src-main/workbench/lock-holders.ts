/** Lock holders of a trace file, or of another tool's trace, which is imported on the side. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fromWireError } from '#shared/base/errors.ts';
import { lockHolders, type LockHolders } from '../analysis/lock-holders.ts';
import { readLockLog, type LockLog } from '../importers/lock-log/lock-log.ts';
import { TraceDatabase } from '../store/index.ts';
import { identify } from './identify.ts';
import { importFile, type RunOptions } from './make-trace.ts';

export interface HoldersAnswer {
  /** Of the trace: it decides what threads are called. */
  readonly source: string;
  readonly holders: LockHolders;
  /** What to know about it: whole sentences. */
  readonly warnings: readonly string[];
}

/** A trace whose lock holders are to be found; it is open. */
export interface HoldersSource {
  readonly trace: TraceDatabase;
  readonly log: LockLog | null;
  readonly warnings: readonly string[];
}

/**
 * Opens the trace, importing it first where it is of another tool.
 *
 * @param source a `.sctrace` or a trace in a format that is imported
 * @param locks a lock log on the same clock; without it the holds that the trace has
 * @throws WorkbenchError what reading either throws
 */
export async function openForHolders(
  source: string,
  locks: string | undefined,
  run: RunOptions,
): Promise<HoldersSource> {
  const log = locks === undefined ? null : await readLockLog(locks);
  if (!(await isImport(source))) return { trace: TraceDatabase.open(source), log, warnings: [] };
  const folder = await mkdtemp(join(tmpdir(), 'schedctl-workbench-'));
  try {
    const made = await importFile({ source, path: join(folder, 'trace.sctrace') }, run);
    if (made.error !== null) throw fromWireError(made.error);
    return { trace: TraceDatabase.open(made.path), log, warnings: made.warnings };
  } finally {
    // The file lives on without a name for as long as it is open.
    await rm(folder, { recursive: true, force: true });
  }
}

async function isImport(source: string): Promise<boolean> {
  // A recording that is still running, or was cut off, is a trace of ours whatever it is called.
  return (await identify(source)).kind !== 'trace';
}

/**
 * Finds the lock holders, and closes the trace. Throws WorkbenchError import-failed where trace and log do not belong
 * together.
 */
export function holdersIn({ trace, log, warnings }: HoldersSource): HoldersAnswer {
  try {
    const skipped = (log?.skipped ?? []).map(
      ({ reason, count, firstLine, firstText }) =>
        `${log!.fileName}: ${count} ${count === 1 ? 'line' : 'lines'} left out: ${reason} (the first is line ${firstLine}: ${firstText})`,
    );
    return {
      source: trace.meta.source,
      holders: lockHolders(trace, log),
      warnings: [...warnings, ...skipped],
    };
  } finally {
    trace.close();
  }
}
