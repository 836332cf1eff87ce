/** Files that a person gave together: the records of one run, which become one trace. */
import { basename } from 'node:path';
import { WorkbenchError } from '#shared/base/errors.ts';
import { describeUnknown, identifyTrace } from '../importers/import-trace.ts';
import { LOCK_LOG } from '../importers/lock-log/lock-log.ts';
import { RSEQ_STATS } from '../importers/rseq-stats/rseq-stats.ts';
import { checkImportable } from './identify.ts';

export interface RecordsOfRun {
  /** The first trace, and the others. */
  readonly source: string;
  readonly also: readonly string[];
  /** The lock log among the files, if there is one. */
  readonly locks: string | undefined;
  /** Copies of rseq/stats among them, if there are any: in either order. */
  readonly rseqStats: readonly [string, string] | undefined;
}

/**
 * Sorts out which file is what, by content.
 *
 * @param paths at least one
 * @throws WorkbenchError as {@link checkImportable}, for the first file that cannot be part of an import; 'bad-request'
 *   for two lock logs, or another number of copies of rseq/stats than two
 */
export async function recordsOfRun(paths: readonly string[]): Promise<RecordsOfRun> {
  const traces: string[] = [];
  const logs: string[] = [];
  const stats: string[] = [];
  for (const path of paths) {
    const name = (await identifyTrace(path))?.name;
    if (name === LOCK_LOG) logs.push(path);
    else if (name === RSEQ_STATS) stats.push(path);
    else {
      await checkImportable(path);
      traces.push(path);
    }
  }
  const [source, ...also] = traces;
  const [locks, second] = logs;
  if (source === undefined) throw await describeUnknown(paths[0]!);
  if (second !== undefined) {
    throw new WorkbenchError(
      'bad-request',
      `${basename(locks!)} and ${basename(second)} are both lock logs, and only one can be joined to a trace.`,
      { file: second },
    );
  }
  const [one, other, third] = stats;
  if (one !== undefined && (other === undefined || third !== undefined)) {
    throw new WorkbenchError(
      'bad-request',
      `${stats.map((path) => basename(path)).join(', ')} ${stats.length === 1 ? 'is a copy' : 'are copies'} of rseq/stats: two are needed, from before and after the run.`,
      { file: third ?? one },
    );
  }
  return {
    source,
    also,
    locks,
    rseqStats: one === undefined || other === undefined ? undefined : [one, other],
  };
}
