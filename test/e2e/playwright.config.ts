/**
 * End-to-end tests: the built program in a real browser. Run by `npm test`, which builds first and finds a
 * browser; by hand: npx playwright test --config test/e2e/playwright.config.ts
 */
import { defineConfig } from '@playwright/test';
import { browserSwitches, findBrowser } from '../../src-main/bootstrap/find-browser.mjs';

export default defineConfig({
  testDir: '.',
  outputDir: '../../test-results/e2e',
  // Two cores are what the project is sized for. Each worker has a host and a sample of its own.
  workers: 2,
  fullyParallel: true,
  // When to give up, not how fast it must be: a machine that does other work as well takes several times as long.
  timeout: 120_000,
  expect: { timeout: 30_000 },
  forbidOnly: true,
  reporter: [
    ['list'],
    ['../failure-folders.ts'],
    ['json', { outputFile: '../../test-results/playwright.json' }],
  ],
  use: {
    browserName: 'chromium',
    // A page of a fresh context costs as much as most tests. Playwright empties what the window uses (cookies, storage,
    // viewport, media); what it does not (permissions, offline) belongs into a context of the test's own.
    reuseContext: true,
    viewport: { width: 1440, height: 900 },
    screenshot: 'only-on-failure',
    // Without the film of the page, which takes a third of a test's time; each step's DOM is in it.
    trace: { mode: 'retain-on-failure', screenshots: false, snapshots: true, sources: false },
    launchOptions: {
      executablePath: process.env['WORKBENCH_TEST_BROWSER'] ?? findBrowser() ?? undefined,
      args: browserSwitches(),
    },
  },
});
