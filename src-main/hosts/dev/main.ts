/**
 * Entry point of `npm run dev`: main.ts [--no-window] [--electron BINARY] [FILE]. Serves the window from its sources
 * and runs a host behind it; starts the host again when its sources change.
 */
import { spawn, fork, type ChildProcess } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { resolveConfig } from 'electron-vite';
import { build } from 'vite';
import { programFolder } from '#main/workbench/program.ts';
import { FRAGMENT } from '#shared/api/socket-protocol.ts';
import { toWireError } from '#shared/base/errors.ts';
import { STAMP } from '../../bootstrap/build.mjs';
import { browserSwitches } from '../../bootstrap/find-browser.mjs';
import { onEndSignal } from '../end-signals.ts';
import { endWithLauncher } from '../launcher.ts';
import { appWindowBrowser, openAppWindow, type AppWindow } from '../loopback/app-window.ts';
import { newSecret } from '../loopback/session-tokens.ts';
import { DEV_TOKEN, DEV_WINDOW, type HostReady } from './protocol.ts';
import { restartedProcess, type RestartedProcess } from './restarted-process.ts';
import { freePort, startWindowServer, type WindowServer } from './window-server.ts';

const root = programFolder();
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const launched = { SCHEDCTL_WORKBENCH_LAUNCHER: `${process.pid}` };

/** What a host runs; tests and this folder's own server are not. */
const isOfHost = (path: string): boolean =>
  /^src-(main|shared)[/\\].*(?<![.]test)[.]ts$/.test(path) &&
  !/^src-main[/\\]hosts[/\\]dev[/\\](?!loopback)/.test(path);

function restartOnChange({ vite }: WindowServer, host: RestartedProcess): void {
  vite.watcher.add(['src-main', 'src-shared'].map((folder) => join(root, folder)));
  vite.watcher.on('all', (_event, path) => {
    const name = relative(root, path);
    if (!isOfHost(name)) return;
    say(`${name} has changed: the host restarts.`);
    host.restart();
  });
}

/** Electron runs what is built: the main process and the preload, without the window. */
async function buildForElectron(): Promise<boolean> {
  rmSync(STAMP, { force: true });
  const { config } = await resolveConfig({ root, logLevel: 'warn' }, 'build', 'production');
  try {
    for (const part of [config?.main, config?.preload])
      await build({ ...part, configFile: false, logLevel: 'warn' });
    return true;
  } catch {
    return false; // the bundler has said why
  }
}

async function runOnElectron(binary: string, file: string | undefined): Promise<void> {
  const server = await startWindowServer(null);
  const args = [...browserSwitches(), root, ...(file === undefined ? [] : [file])];
  const env = { ...process.env, ...launched, [DEV_WINDOW]: server.url };
  const ended = new Promise<void>((resolve) => {
    const host = restartedProcess(
      async () => ((await buildForElectron()) ? spawn(binary, args, { env, stdio: 'inherit' }) : null),
      (code) => {
        // The person has closed the last window; after a failure the next change tries again.
        if (code === 0) resolve();
        else say(`Electron ended with ${code}; it restarts when a source file changes.`);
      },
    );
    restartOnChange(server, host);
    onEndSignal(() => void host.stop().then(resolve));
  });
  await ended;
  await server.vite.close();
}

async function runOnLoopback(window: boolean, file: string | undefined): Promise<void> {
  const port = await freePort();
  const server = await startWindowServer(port);
  const token = newSecret();
  let appWindow: AppWindow | null = null;
  let isFirst = true;
  const onReady = async ({ fragment }: HostReady): Promise<void> => {
    if (!isFirst) {
      server.vite.ws.send({ type: 'full-reload', path: '*' });
      return;
    }
    isFirst = false;
    const browser = window ? appWindowBrowser() : null;
    if (browser !== null) appWindow = await openAppWindow(browser, server.url + fragment);
    else
      say(
        `Open this address in a browser on this machine; Ctrl-C ends it:\n${server.url}#${FRAGMENT.token}=${token}`,
      );
    if (appWindow !== null && (await appWindow.closed)) process.kill(process.pid, 'SIGTERM');
  };
  const start = (): Promise<ChildProcess> => {
    const child = fork(
      join(import.meta.dirname, 'loopback-from-source.ts'),
      [`${port}`, ...(file === undefined ? [] : [file])],
      { env: { ...process.env, ...launched, [DEV_TOKEN]: token } },
    );
    child.once('message', (message) => void onReady(message as HostReady));
    return Promise.resolve(child);
  };
  const host = restartedProcess(start, (code) =>
    say(`The host ended with ${code}; it restarts when a source file changes.`),
  );
  restartOnChange(server, host);
  await new Promise<void>((resolve) => onEndSignal(resolve, () => appWindow?.kill()));
  (appWindow as AppWindow | null)?.close();
  await Promise.all([host.stop(), server.vite.close()]);
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: { electron: { type: 'string' }, 'no-window': { type: 'boolean', default: false } },
    allowPositionals: true,
  });
  const [file] = positionals;
  if (values.electron !== undefined) await runOnElectron(values.electron, file);
  else await runOnLoopback(!values['no-window'], file);
}

endWithLauncher();
main().then(
  () => process.exit(0),
  (thrown: unknown) => {
    process.stderr.write(`${toWireError(thrown).message}\n`);
    process.exit(1);
  },
);
