/** Recording scenarios and importing traces from a window. */
import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { DatedPaths } from '../files/dated-path.ts';
import type { JobResult } from '../jobs.ts';
import { importFile, partialPathOf, recordScenario, type RunOptions } from '../make-trace.ts';
import { recordsOfRun } from '../records-of-run.ts';
import type { ServiceParts } from '../service-parts.ts';
import type { HandlersOf } from './handler-map.ts';

export function jobHandlers({
  jobs,
  traces,
  recent,
  permitted,
  sql,
  recordingsFolder,
  scenarioChecks,
}: ServiceParts): HandlersOf<'record.start' | 'import.start' | 'job.cancel'> {
  const partialAt = (path: string) => (): string | null => {
    const partial = partialPathOf(path);
    return existsSync(partial) ? partial : null;
  };
  /**
   * Records to `path` while windows look at the file: they let go of it when it is closed, and go on with what it
   * became.
   */
  const whileWatched = async (
    path: string,
    run: RunOptions,
    make: (run: RunOptions) => Promise<JobResult>,
  ): Promise<JobResult> => {
    const partial = partialPathOf(path);
    const beforeClose = async (): Promise<void> => {
      await traces.release(partial);
      sql.keepOnly((traceId) => traces.fileOf(traceId) !== partial);
    };
    try {
      const result = await make({ ...run, beforeClose });
      if ((await traces.reopen(partial, result.path)) > 0) await recent.add(result.path, partial);
      return result;
    } catch (thrown) {
      await traces.reopen(partial, partial);
      throw thrown;
    }
  };
  const recordings = new DatedPaths(recordingsFolder);
  return {
    'record.start': async (scenario) => {
      // A mistake in the scenario is the answer to the request, not the fate of a job.
      await scenarioChecks.parse(scenario.text, scenario.name);
      const path = recordings.next(scenario.name, '.sctrace');
      return {
        jobId: jobs.start(
          'record',
          (run) => whileWatched(path, run, (watched) => recordScenario({ ...scenario, path }, watched)),
          partialAt(path),
        ),
        path: partialPathOf(path),
      };
    },
    'import.start': async ({ path: first, also = [] }) => {
      // Refused at once, before a job begins.
      // What the names lead to now is what is imported, whatever they lead to when a job opens them.
      const identities = await permitted.identitiesOf([first, ...also]);
      const records = await recordsOfRun([first, ...also]);
      const path = recordings.next(basename(records.source), '.sctrace');
      const sizes = await Promise.all(
        [records.source, ...records.also].map(async (file) => (await stat(file)).size),
      );
      return {
        jobId: jobs.start(
          'import',
          (run) =>
            whileWatched(path, run, (watched) => importFile({ ...records, identities, path }, watched)),
          partialAt(path),
        ),
        path: partialPathOf(path),
        sourceBytes: sizes.reduce((sum, size) => sum + size, 0),
      };
    },
    'job.cancel': ({ jobId }) => {
      jobs.cancel(jobId);
      return null;
    },
  };
}
