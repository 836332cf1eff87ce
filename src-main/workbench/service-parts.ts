/** What the handlers of the service work with. */
import type { Hello } from '#shared/api/contract.ts';
import type { ExportedFiles } from './exports/exported-files.ts';
import type { PermittedFiles } from './files/permitted-files.ts';
import type { RecentFiles } from './files/recent-files.ts';
import type { SettingsFile } from './files/settings-file.ts';
import type { UserNotes } from './files/user-notes.ts';
import type { Uploads } from './files/uploads.ts';
import type { Emit, Jobs } from './jobs.ts';
import type { OpenTraces } from './queries/open-traces.ts';
import type { SqlProcesses } from './sql/sql-processes.ts';
import type { ScenarioChecks } from './scenario-checks.ts';
import type { Scenarios } from './scenarios.ts';

export interface ServiceParts {
  readonly hello: Omit<Hello, 'openPath'>;
  readonly traces: OpenTraces;
  readonly sql: SqlProcesses;
  readonly jobs: Jobs;
  readonly recent: RecentFiles;
  readonly settings: SettingsFile;
  readonly userNotes: UserNotes;
  readonly uploads: Uploads;
  readonly scenarios: Scenarios;
  /** Folder of the sample traces. */
  readonly samplesFolder: string;
  /** Folder for traces made from a window. */
  readonly recordingsFolder: string;
  readonly exports: ExportedFiles;
  readonly permitted: PermittedFiles;
  readonly scenarioChecks: ScenarioChecks;
  readonly emit: Emit;
}
