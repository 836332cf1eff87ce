/** The contract of pipes (test/contract) over Electron's IPC: the built preload, and a page like the workbench's. */
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron, expect, test, type ElectronApplication, type Page } from '@playwright/test';
import { pipeContract } from '../contract/pipe-contract.ts';
import { ELECTRON, endApp, RUNS_ON } from './desktop-app.ts';
import { buildEchoApp } from './echo-app/build.ts';

test.describe(`a pipe over the IPC of ${RUNS_ON}`, () => {
  let folder: string;
  let app: ElectronApplication;
  let child: ChildProcess;
  let page: Page;
  test.beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'workbench-echo-'));
    const found = await buildEchoApp(join(folder, 'app'));
    const env = { ...(process.env as Record<string, string>), ...found, XDG_CONFIG_HOME: folder };
    app = await _electron.launch({
      executablePath: ELECTRON,
      args: [join(folder, 'app')],
      env,
      colorScheme: null,
    });
    child = app.process();
    page = await app.firstWindow();
    await page.waitForFunction(() => window.runCheck !== undefined);
  });
  test.afterAll(async () => {
    await endApp({ app, child });
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  });

  test('no further request is begun for a page that stands still, and all are when it goes on', async () => {
    await page.reload();
    await page.waitForFunction(() => window.standStill !== undefined);
    const happened = (): Promise<string[]> =>
      app.evaluate(() => (globalThis as unknown as { happened: string[] }).happened);
    const before = (await happened()).length;
    // The third answer of 4 MB fills the pipe.
    expect(await page.evaluate(() => window.standStill!(3, 5))).toBe(8);
    await expect.poll(async () => (await happened()).length - before).toBe(16);
    const order = (await happened()).slice(before);
    expect(order.slice(0, 4)).toEqual(['begun', 'begun', 'begun', 'taken']);
    expect(order.filter((what) => what === 'begun')).toHaveLength(8);
  });

  for (const { title } of pipeContract) {
    test(title, async () => {
      // Each page has a pipe of its own.
      await page.reload();
      expect(await page.evaluate((name) => window.runCheck!(name), title)).toBeUndefined();
    });
  }
});
