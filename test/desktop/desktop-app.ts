/** What the tests of the desktop app share: an app that runs, with folders of its own. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import {
  _electron,
  test as base,
  expect,
  type ElectronApplication,
  type JSHandle,
  type Page,
} from '@playwright/test';
import type { BrowserWindow } from 'electron';
import { electronBinary } from '../../src-main/bootstrap/electron-binary.mjs';
import { hostLogs, keepLog, workbench } from '../e2e/workbench.ts';

const root = resolve(import.meta.dirname, '../..');
const STANDIN = join(root, 'test/electron-standin/electron');

const realElectron = process.env['WORKBENCH_TEST_ELECTRON'] === 'real' ? electronBinary() : null;
/** For titles: what the tests say something about. */
export const RUNS_ON = realElectron === null ? 'a stand-in for Electron' : 'Electron';
/** The binary, for starts without Playwright. */
export const ELECTRON = realElectron ?? STANDIN;

export interface DesktopApp {
  readonly app: ElectronApplication;
  /** Its main process; Playwright forgets it with the app. */
  readonly child: ChildProcess;
  /** Environment that further starts need to meet this one. */
  readonly env: Record<string, string>;
  /** Folder of settings and recent files. */
  readonly configDir: string;
  /** Folder of recordings made from a window. */
  readonly recordingsDir: string;
}

/** Arguments of the app itself: the checkout, and the files of the person. */
export const appArguments = (...files: string[]): string[] => [root, ...files];

/** Starts the app in a home of its own. */
export async function startApp(home: string, ...files: string[]): Promise<DesktopApp> {
  const env: Record<string, string> = {
    WORKBENCH_DEBUG: '*',
    HOME: home,
    XDG_CONFIG_HOME: join(home, 'config'),
  };
  for (const [name, value] of Object.entries(process.env)) {
    if (value !== undefined && !name.startsWith('XDG_') && name !== 'HOME') env[name] = value;
  }
  const app = await _electron.launch({
    executablePath: ELECTRON,
    args: appArguments(...files),
    env,
    colorScheme: null,
  });
  keepLog(app.process());
  return {
    app,
    child: app.process(),
    env,
    configDir: join(home, 'config/schedctl-workbench'),
    recordingsDir: join(home, '.local/share/schedctl-workbench/recordings'),
  };
}

/** The window of the main process that shows a page. */
export const browserWindow = async (app: ElectronApplication, page: Page): Promise<JSHandle<BrowserWindow>> =>
  (await app.browserWindow(page)) as JSHandle<BrowserWindow>;

/** Ends the app, whatever it would like to ask. */
export async function endApp({ app, child }: Pick<DesktopApp, 'app' | 'child'>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  // The answer may be lost with the process.
  app.evaluate(({ app: electronApp }) => electronApp.exit(0)).catch(() => undefined);
  await ended;
}

interface Fixtures {
  readonly hostLogs: undefined;
  readonly home: string;
  /** The app, started with the sample trace. */
  readonly desktop: DesktopApp;
  /** Its first window. */
  readonly window: Page;
}

export const test = base.extend<Fixtures, { readonly sampleTrace: string }>({
  hostLogs: [hostLogs, { auto: true }],
  sampleTrace: [
    async ({}, use) => {
      const folder = mkdtempSync(join(tmpdir(), 'workbench-desktop-traces-'));
      const trace = join(folder, 'lock-convoy.sctrace');
      const scenario = join(root, 'traces/scenarios/lock-convoy.yaml');
      workbench('record', scenario, '-o', trace, '--duration', '300ms');
      await use(trace);
      rmSync(folder, { recursive: true, force: true });
    },
    { scope: 'worker', timeout: 120_000 },
  ],
  home: async ({}, use) => {
    const home = mkdtempSync(join(tmpdir(), 'workbench-desktop-'));
    await use(home);
    rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  },
  desktop: async ({ home, sampleTrace }, use) => {
    const desktop = await startApp(home, sampleTrace);
    await use(desktop);
    await endApp(desktop);
  },
  window: async ({ desktop }, use, testInfo) => {
    const page = await desktop.app.firstWindow();
    const complaints: string[] = [];
    page.on('pageerror', (error) => complaints.push(`uncaught: ${error.message}`));
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(`console: ${message.text()}`);
    });
    await use(page);
    if (testInfo.status !== testInfo.expectedStatus) {
      // Playwright takes one of its own pages only.
      const path = testInfo.outputPath('window.png');
      const taken = await page.screenshot({ path }).catch(() => null);
      if (taken !== null) testInfo.attachments.push({ name: 'window', path, contentType: 'image/png' });
    }
    expect(complaints, 'errors and refusals of the content security policy in the console').toEqual([]);
  },
});

export { expect };
