/**
 * Opens a trace; one of an earlier version by way of an upgraded copy among the user's caches, which is made when it is
 * opened for the first time. The original is never touched.
 */
import { createHash } from 'node:crypto';
import { readdirSync, rmSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { WorkbenchError } from '#shared/base/errors.ts';
import { TraceDatabase, upgradeTrace, type UpgradeOptions } from '../../store/index.ts';

/** Copies kept, those made last. */
const MOST_COPIES = 8;
/** No upgrade takes longer. */
const ABANDONED_MS = 24 * 3600_000;

export interface OpenedTrace {
  readonly trace: TraceDatabase;
  /** The file that is read: the copy where it is not the trace itself. */
  readonly isCopy: boolean;
  /** What a person should know about it, null for nothing. */
  readonly warning: string | null;
}

/** Throws WorkbenchError: what opening or upgrading throws. */
export async function openUpgraded(
  path: string,
  copiesFolder: string,
  options: UpgradeOptions,
): Promise<OpenedTrace> {
  try {
    return { trace: TraceDatabase.open(path), isCopy: false, warning: null };
  } catch (thrown) {
    if (!(thrown instanceof WorkbenchError) || thrown.code !== 'older-schema') throw thrown;
    const copy = copyOf(path, copiesFolder);
    const trace = openKept(copy) ?? (await made(path, copy, copiesFolder, options));
    const { found = '?', expected = '?' } = thrown.context;
    return {
      trace,
      isCopy: true,
      warning: `Recorded by an earlier version (schema ${found}): this is an upgraded copy (schema ${expected}), ${copy}. The file itself is unchanged; notes are kept with your settings. To upgrade it for good: schedctl-workbench upgrade ${basename(path)} -o NEW`,
    };
  }
}

/** A file that was changed since has another copy. */
function copyOf(path: string, copiesFolder: string): string {
  const { size, mtimeMs } = statSync(path);
  const key = createHash('sha256')
    .update(JSON.stringify([resolve(path), size, mtimeMs]))
    .digest('hex');
  return join(copiesFolder, `${key.slice(0, 32)}.sctrace`);
}

/** A copy made before; null where there is none, or it is of an earlier version itself, or damaged. */
function openKept(copy: string): TraceDatabase | null {
  try {
    return TraceDatabase.open(copy);
  } catch {
    return null;
  }
}

async function made(
  path: string,
  copy: string,
  copiesFolder: string,
  options: UpgradeOptions,
): Promise<TraceDatabase> {
  // A copy that is there is damaged, or of an earlier version.
  await upgradeTrace(path, copy, { ...options, replace: true });
  forgetOldest(copiesFolder, copy);
  return TraceDatabase.open(copy);
}

function forgetOldest(folder: string, except: string): void {
  const files = readdirSync(folder)
    .map((name) => join(folder, name))
    .map((file) => ({ file, madeMs: statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0 }))
    .sort((a, b) => b.madeMs - a.madeMs);
  const copies = files.filter(({ file }) => file.endsWith('.sctrace'));
  for (const { file } of copies.slice(MOST_COPIES)) if (file !== except) rmSync(file, { force: true });
  // What an upgrade left behind whose process was killed.
  for (const { file, madeMs } of files) {
    if (!file.endsWith('.sctrace') && Date.now() - madeMs > ABANDONED_MS) rmSync(file, { force: true });
  }
}
