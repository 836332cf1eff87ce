/**
 * The workbench's service: answers every request of src-shared/api/contract.ts, whatever the host.
 *
 * Parameters come from a window and are checked here, once; handlers see only checked ones.
 */
import { isAbsolute, join, resolve } from 'node:path';
import {
  requestSchemas,
  type EventName,
  type Events,
  type Hello,
  type RequestName,
  type WorkbenchService,
} from '#shared/api/contract.ts';
import type { CancelSignal } from '#shared/base/cancel.ts';
import { WorkbenchError } from '#shared/base/errors.ts';
import { ExportedFiles } from './exports/exported-files.ts';
import { RecentFiles } from './files/recent-files.ts';
import { SettingsFile } from './files/settings-file.ts';
import { Uploads } from './files/uploads.ts';
import { UserNotes } from './files/user-notes.ts';
import { userFolders } from './files/user-folders.ts';
import type { HandlerMap } from './handlers/handler-map.ts';
import { exportHandlers } from './handlers/exports.ts';
import { jobHandlers } from './handlers/jobs.ts';
import { noteHandlers } from './handlers/notes.ts';
import { scenarioHandlers } from './handlers/scenarios.ts';
import { sqlHandlers } from './handlers/sql.ts';
import { traceHandlers } from './handlers/traces.ts';
import { uploadHandlers } from './handlers/uploads.ts';
import { windowHandlers } from './handlers/window.ts';
import { Jobs, type Emit } from './jobs.ts';
import { programVersion, tracesFolder } from './program.ts';
import { OpenTraces } from './queries/open-traces.ts';
import { SqlProcesses } from './sql/sql-processes.ts';
import { Scenarios } from './scenarios.ts';
import type { ServiceParts } from './service-parts.ts';

export interface ServiceOptions {
  readonly host: Hello['host'];
  /** What a window should show first: an absolute or relative path, null for nothing. */
  readonly openPath: string | null;
  /** True where dropped files have paths and the host has a dialog. Default: whether there is a dialog. */
  readonly nativeFiles?: boolean;
  /** The host's "open file" dialog; the path, or null where it was cancelled. */
  readonly openFileDialog?: () => Promise<string | null>;
  /** Folder of the samples, with the scenarios in `scenarios/`. Default: the program's `traces/`. */
  readonly resourcesDir?: string;
  /** Folder of settings and recent files. Default: the user's, see files/user-folders.ts. */
  readonly configDir?: string;
  /** Folder for what can be made again. Default: the user's. */
  readonly cacheDir?: string;
  /** Folder for traces recorded or imported from a window. Default: the user's. */
  readonly recordingsDir?: string;
  /** Folder for files exported from a window. Default: the user's. */
  readonly exportsDir?: string;
}

/** Creates the service. It holds threads and files: end it with `close()`. */
export function createWorkbenchService(options: ServiceOptions): WorkbenchService {
  const resources = options.resourcesDir ?? tracesFolder();
  const folders = userFolders();
  const listeners = new Set<Emit>();
  const emit: Emit = (name, payload) => {
    for (const listener of listeners) listener(name, payload);
  };
  const config = options.configDir ?? folders.config;
  const openFileDialog = options.openFileDialog ?? null;
  const parts: ServiceParts = {
    hello: {
      version: programVersion(),
      host: options.host,
      nativeFiles: options.nativeFiles ?? openFileDialog !== null,
      openPath: options.openPath === null ? null : resolve(options.openPath),
    },
    traces: new OpenTraces(join(options.cacheDir ?? folders.cache, 'upgraded')),
    sql: new SqlProcesses(),
    jobs: new Jobs(emit),
    recent: new RecentFiles(config),
    settings: new SettingsFile(config),
    userNotes: new UserNotes(config),
    uploads: new Uploads(),
    scenarios: new Scenarios(join(resources, 'scenarios')),
    samplesFolder: resources,
    recordingsFolder: options.recordingsDir ?? folders.recordings,
    exports: new ExportedFiles(options.exportsDir ?? folders.exports),
    openFileDialog,
    emit,
  };
  const handlers: HandlerMap = {
    ...windowHandlers(parts),
    ...traceHandlers(parts),
    ...noteHandlers(parts),
    ...sqlHandlers(parts),
    ...scenarioHandlers(parts),
    ...jobHandlers(parts),
    ...exportHandlers(parts),
    ...uploadHandlers(parts),
  };
  let closed: Promise<void> | null = null;

  return {
    async request(name: string, params: unknown, signal: CancelSignal): Promise<unknown> {
      if (closed !== null) throw new WorkbenchError('closed', 'The workbench is shutting down.');
      if (!isRequestName(name)) throw new WorkbenchError('bad-request', `There is no request ${name}.`);
      const checked = checkParams(name, params);
      if (signal.aborted) throw new WorkbenchError('cancelled', `${name} was cancelled.`);
      const handler = handlers[name] as (params: unknown, signal: CancelSignal) => unknown;
      return handler(checked, signal);
    },
    subscribe(listener: <Name extends EventName>(name: Name, payload: Events[Name]) => void) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close() {
      closed ??= (async () => {
        await parts.jobs.close();
        parts.sql.closeAll();
        await parts.traces.closeAll();
        await parts.uploads.close();
        listeners.clear();
      })();
      return closed;
    },
  };
}

const isRequestName = (name: string): name is RequestName => Object.hasOwn(requestSchemas, name);

/** Checks parameters against the contract. Throws WorkbenchError 'bad-request' that names the first fault. */
function checkParams(name: RequestName, params: unknown): unknown {
  const parsed = requestSchemas[name].safeParse(params);
  if (parsed.success) {
    // Paths of a window mean the same whatever folder the host was started in.
    const { path } = parsed.data as { path?: unknown };
    if (typeof path === 'string' && !isAbsolute(path)) {
      throw new WorkbenchError('bad-request', `${name}: the path ${path} is not absolute.`);
    }
    return parsed.data;
  }
  const issue = parsed.error.issues[0]!;
  const where = issue.path.length > 0 ? `.${issue.path.join('.')}` : '';
  throw new WorkbenchError(
    'bad-request',
    `${name}: parameter ${where || 'object'} is not valid: ${issue.message}.`,
  );
}
