/** Recording scenarios and importing traces from a window. */
import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { newDatedPath } from '../files/dated-path.ts';
import { checkImportable } from '../identify.ts';
import { importFile, partialPathOf, recordScenario } from '../make-trace.ts';
import type { ServiceParts } from '../service-parts.ts';
import type { HandlersOf } from './handler-map.ts';

export function jobHandlers({
  jobs,
  recordingsFolder,
  scenarioChecks,
}: ServiceParts): HandlersOf<'record.start' | 'import.start' | 'job.cancel'> {
  const partialAt = (path: string) => (): string | null => {
    const partial = partialPathOf(path);
    return existsSync(partial) ? partial : null;
  };
  return {
    'record.start': async (scenario) => {
      // A mistake in the scenario is the answer to the request, not the fate of a job.
      await scenarioChecks.parse(scenario.text, scenario.name);
      const path = await newDatedPath(recordingsFolder, scenario.name, '.sctrace');
      return {
        jobId: jobs.start('record', (run) => recordScenario({ ...scenario, path }, run), partialAt(path)),
      };
    },
    'import.start': async ({ path: source }) => {
      // Refused at once, before a job begins.
      await checkImportable(source);
      const path = await newDatedPath(recordingsFolder, basename(source), '.sctrace');
      return { jobId: jobs.start('import', (run) => importFile({ source, path }, run), partialAt(path)) };
    },
    'job.cancel': ({ jobId }) => {
      jobs.cancel(jobId);
      return null;
    },
  };
}
