/**
 * The built desktop app. `npm test` runs it on the stand-in for Electron's binary (../electron-standin);
 * `npm run test:electron` on Electron itself where its binary is there. Each test's title says on which.
 */
import { defineConfig } from '@playwright/test';

export default defineConfig({
  testDir: '.',
  outputDir: '../../test-results/desktop',
  workers: 2,
  // When to give up, not how fast it must be.
  timeout: 120_000,
  expect: { timeout: 30_000 },
  forbidOnly: true,
  use: {
    screenshot: 'only-on-failure',
    trace: { mode: 'retain-on-failure', screenshots: false, snapshots: true, sources: false },
  },
  reporter: [
    ['list'],
    ['../failure-folders.ts'],
    ['json', { outputFile: '../../test-results/playwright.json' }],
  ],
});
