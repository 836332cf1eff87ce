/**
 * Takes the README's pictures from the built program and the samples: `npm run pictures`, after a build.
 * They are looked at before they are committed; no test compares them.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { chromium, type Browser } from '@playwright/test';
import { browserSwitches, findBrowser } from '../../src-main/bootstrap/find-browser.mjs';
import { startHost, workbench } from './workbench.ts';

const root = resolve(import.meta.dirname, '../..');
const pictures = join(root, '.github/screenshots');

interface Picture {
  readonly name: string;
  readonly trace: string;
  readonly theme: 'dark' | 'light';
}

/** The window as it opens on a trace, once nothing is loading any more. */
async function take(browser: Browser, picture: Picture): Promise<void> {
  const host = await startHost(picture.trace);
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, colorScheme: picture.theme });
  await page.goto(host.url);
  await page.getByRole('application', { name: /timeline/i }).waitFor();
  await page.waitForFunction(() => document.querySelector('[role=application][aria-busy=true]') === null);
  // Charts and event list follow the lanes within a few frames.
  await page.waitForTimeout(1_500);
  await page.screenshot({ path: join(pictures, `${picture.name}.png`) });
  await page.close();
  await host.stop();
}

const executablePath = process.env['WORKBENCH_TEST_BROWSER'] ?? findBrowser() ?? undefined;
const folder = mkdtempSync(join(tmpdir(), 'workbench-pictures-'));
const convoy = join(folder, 'convoy-behind-a-revoked-request.sctrace');
const real = join(folder, 'real-convoy-spin.sctrace');
workbench('record', join(root, 'traces/scenarios/convoy-behind-a-revoked-request.yaml'), '-o', convoy);
workbench('import', join(root, 'traces/real-convoy-spin.ftrace.txt.gz'), '-o', real);
mkdirSync(pictures, { recursive: true });
const browser = await chromium.launch({ executablePath, args: browserSwitches() });
try {
  await take(browser, { name: 'convoy-dark', trace: convoy, theme: 'dark' });
  await take(browser, { name: 'real-trace-light', trace: real, theme: 'light' });
} finally {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
}
