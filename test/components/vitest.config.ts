/** Component tests: views mounted in a real browser, the one that the end-to-end tests use. */
import vue from '@vitejs/plugin-vue';
import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';
import { browserSwitches, findBrowser } from '../../src-main/bootstrap/find-browser.mjs';

const executablePath = process.env['WORKBENCH_TEST_BROWSER'] ?? findBrowser() ?? undefined;

export default defineConfig({
  plugins: [vue()],
  root: new URL('../..', import.meta.url).pathname,
  // Found at the first test otherwise, which loads the page again in the middle of it.
  optimizeDeps: { include: ['vue', 'pinia'] },
  test: {
    include: ['src-renderer/**/*.component-test.ts'],
    testTimeout: 30_000,
    browser: {
      enabled: true,
      headless: true,
      screenshotFailures: false,
      provider: playwright({
        launchOptions: {
          ...(executablePath === undefined ? {} : { executablePath }),
          args: browserSwitches(),
        },
      }),
      instances: [{ browser: 'chromium', viewport: { width: 1280, height: 720 } }],
    },
  },
});
