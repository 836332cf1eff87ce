/** Files that a person gave together: the records of one run, which become one trace. */
import { basename } from 'node:path';
import { WorkbenchError } from '#shared/base/errors.ts';
import { describeUnknown, identifyTrace } from '../importers/import-trace.ts';
import { LOCK_LOG } from '../importers/lock-log/lock-log.ts';
import { checkImportable } from './identify.ts';

export interface RecordsOfRun {
  /** The first trace, and the others. */
  readonly source: string;
  readonly also: readonly string[];
  /** The lock log among the files, if there is one. */
  readonly locks: string | undefined;
}

/**
 * Sorts out which file is what, by content.
 *
 * @param paths at least one
 * @throws WorkbenchError as {@link checkImportable}, for the first file that cannot be part of an import; 'bad-request' for
 *   two lock logs
 */
export async function recordsOfRun(paths: readonly string[]): Promise<RecordsOfRun> {
  const traces: string[] = [];
  const logs: string[] = [];
  for (const path of paths) {
    if ((await identifyTrace(path))?.name === LOCK_LOG) logs.push(path);
    else {
      await checkImportable(path);
      traces.push(path);
    }
  }
  const [source, ...also] = traces;
  const [locks, second] = logs;
  if (source === undefined) throw await describeUnknown(locks!);
  if (second !== undefined) {
    throw new WorkbenchError(
      'bad-request',
      `${basename(locks!)} and ${basename(second)} are both lock logs, and only one can be joined to a trace.`,
      { file: second },
    );
  }
  return { source, also, locks };
}
