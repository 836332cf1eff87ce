/**
 * The workbench's service: answers every request of src-shared/api/contract.ts, whatever the host.
 *
 * Parameters come from a window and are checked here, once; handlers see only checked ones.
 */
import { isAbsolute, join, resolve } from 'node:path';
import {
  requests,
  traceQueries,
  type Hello,
  type JobProgress,
  type QueryName,
  type RequestName,
  type WindowService,
  type WorkbenchService,
} from '#shared/api/contract.ts';
import { debugLog } from '#main/debug/debug-log.ts';
import type { CancelSignal } from '#shared/base/cancel.ts';
import { toWireError, WorkbenchError } from '#shared/base/errors.ts';
import { ExportedFiles } from './exports/exported-files.ts';
import { PermittedFiles } from './files/permitted-files.ts';
import { RecentFiles } from './files/recent-files.ts';
import { SettingsFile } from './files/settings-file.ts';
import { Uploads } from './files/uploads.ts';
import { UserNotes } from './files/user-notes.ts';
import { userFolders } from './files/user-folders.ts';
import type { AskingWindow, HandlerMap } from './handlers/handler-map.ts';
import { exportHandlers } from './handlers/exports.ts';
import { jobHandlers } from './handlers/jobs.ts';
import { noteHandlers } from './handlers/notes.ts';
import { scenarioHandlers } from './handlers/scenarios.ts';
import { sqlHandlers } from './handlers/sql.ts';
import { traceHandlers } from './handlers/traces.ts';
import { uploadHandlers } from './handlers/uploads.ts';
import { windowHandlers } from './handlers/window.ts';
import { HeldByWindow } from './held-by-window.ts';
import { Jobs, type Emit } from './jobs.ts';
import { programVersion, tracesFolder } from './program.ts';
import { OpenTraces } from './queries/open-traces.ts';
import { forkHelper, type StartHelper } from './sql/helper-process.ts';
import { SqlProcesses } from './sql/sql-processes.ts';
import { ScenarioChecks } from './scenario-checks.ts';
import { Scenarios } from './scenarios.ts';
import type { ServiceParts } from './service-parts.ts';
import type { WindowHost } from './window-host.ts';

const debug = debugLog('service');

export interface ServiceOptions {
  readonly host: Hello['host'];
  /** What a window should show first: an absolute or relative path, null for nothing. */
  readonly openPath: string | null;
  /** True where dropped files have paths and the host has a dialog. Default: whether there is a dialog. */
  readonly nativeFiles?: boolean;
  /** The host's "open" dialog; no path where it was cancelled. */
  readonly openFilesDialog?: () => Promise<readonly string[]>;
  /** Starts helper processes of the service. Default: Node's own way. */
  readonly startHelper?: StartHelper;
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

/** The service as its host holds it. */
export interface HostedService extends WorkbenchService {
  /** @param window what the host can do for it */
  forWindow(window?: WindowHost): WindowService;
  /** The person has named a file to the host: windows may have it read from now on. */
  permit(path: string): void;
  /** Recordings and imports under way, oldest first. */
  runningJobs(): readonly JobProgress['job'][];
}

/** Creates the service. It holds threads and files: end it with `close()`. */
export function createWorkbenchService(options: ServiceOptions): HostedService {
  const resources = options.resourcesDir ?? tracesFolder();
  const folders = userFolders();
  const listeners = new Set<Emit>();
  const emit: Emit = (name, payload) => {
    for (const listener of listeners) listener(name, payload);
  };
  const config = options.configDir ?? folders.config;
  const openPath = options.openPath === null ? null : resolve(options.openPath);
  const recent = new RecentFiles(config);
  const recordingsFolder = options.recordingsDir ?? folders.recordings;
  const exportsFolder = options.exportsDir ?? folders.exports;
  const permitted = new PermittedFiles({
    publicFolders: [resources, join(resources, 'scenarios')],
    traceFolders: [recordingsFolder, exportsFolder],
    recentPaths: async () => (await recent.list()).map(({ path }) => path),
  });
  if (openPath !== null) permitted.permit(openPath);
  const parts: ServiceParts = {
    hello: {
      version: programVersion(),
      host: options.host,
      nativeFiles: options.nativeFiles ?? options.openFilesDialog !== undefined,
    },
    traces: new OpenTraces(join(options.cacheDir ?? folders.cache, 'upgraded')),
    sql: new SqlProcesses(options.startHelper ?? forkHelper),
    jobs: new Jobs(emit),
    recent,
    permitted,
    settings: new SettingsFile(config),
    userNotes: new UserNotes(config),
    uploads: new Uploads(),
    scenarios: new Scenarios(join(resources, 'scenarios')),
    scenarioChecks: new ScenarioChecks(),
    samplesFolder: resources,
    recordingsFolder,
    exports: new ExportedFiles(exportsFolder),
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

  const request = async (
    name: string,
    params: unknown,
    signal: CancelSignal,
    window: AskingWindow,
  ): Promise<unknown> => {
    if (closed !== null) throw new WorkbenchError('closed', 'The workbench is shutting down.');
    if (!isRequestName(name)) throw new WorkbenchError('bad-request', `There is no request ${name}.`);
    const checked = checkParams(name, params);
    for (const path of pathsIn(checked)) await permitted.check(path);
    if (signal.aborted) throw new WorkbenchError('cancelled', `${name} was cancelled.`);
    // A question to an open trace goes to its thread; what is about more than one trace has a handler.
    const answer = isQueryName(name)
      ? (params: unknown) => parts.traces.query((params as { traceId: string }).traceId, name, params, signal)
      : (handlers[name] as (params: unknown, signal: CancelSignal, window: AskingWindow) => unknown);
    const begunMs = performance.now();
    const ms = (): string => (performance.now() - begunMs).toFixed(1);
    try {
      const result = await answer(checked, signal, window);
      debug('answered', () => ({ request: name, ms: ms() }));
      return result;
    } catch (thrown) {
      const { code, message } = toWireError(thrown);
      debug('failed', () => ({ request: name, ms: ms(), code, message }));
      throw thrown;
    }
  };
  const subscribe: WindowService['subscribe'] = (listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };
  const plainHost: WindowHost = { openPath: () => openPath, openFilesDialog: options.openFilesDialog };
  const forWindow = (host = plainHost): WindowService => {
    const held = new HeldByWindow();
    return {
      request: (name, params, signal) => request(name, params, signal, { host, held }),
      subscribe,
      leave: () => held.releaseAll(),
    };
  };
  const own = forWindow();
  return {
    request: (name, params, signal) => own.request(name, params, signal),
    subscribe,
    forWindow,
    permit: (path) => permitted.permit(path),
    runningJobs: () => parts.jobs.kinds(),
    close() {
      closed ??= (async () => {
        await parts.jobs.close();
        parts.sql.closeAll();
        await parts.traces.closeAll();
        await parts.uploads.close();
        await parts.scenarioChecks.close();
        listeners.clear();
      })();
      return closed;
    },
  };
}

/** The files that checked parameters name. */
function pathsIn(params: unknown): string[] {
  const { path, also } = params as { path?: unknown; also?: unknown };
  return [path, ...(Array.isArray(also) ? (also as unknown[]) : [])].filter((one) => typeof one === 'string');
}

const isRequestName = (name: string): name is RequestName => Object.hasOwn(requests, name);

const isQueryName = (name: RequestName): name is QueryName => Object.hasOwn(traceQueries, name);

/** Checks parameters against the contract. Throws WorkbenchError 'bad-request' that names the first fault. */
function checkParams(name: RequestName, params: unknown): unknown {
  const parsed = requests[name].params.safeParse(params);
  if (parsed.success) {
    // Paths of a window mean the same whatever folder the host was started in.
    const relative = pathsIn(parsed.data).find((path) => !isAbsolute(path));
    if (relative !== undefined) {
      throw new WorkbenchError('bad-request', `${name}: the path ${relative} is not absolute.`);
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
