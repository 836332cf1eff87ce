/** Unit and conformance tests. They run from the sources; end-to-end tests have their own runner (e2e/). */
import { defineConfig } from 'vitest/config';
import vue from '@vitejs/plugin-vue';

export default defineConfig({
  plugins: [vue()],
  root: new URL('..', import.meta.url).pathname,
  test: {
    include: [
      'src-shared/**/*.test.ts',
      'src-main/**/*.test.ts',
      'src-renderer/**/*.test.ts',
      'test/**/*.test.ts',
    ],
    exclude: ['**/node_modules/**', 'test/e2e/**'],
    testTimeout: 30_000,
    hookTimeout: 30_000,
    // Two cores are what the project is sized for; more workers only make them wait for each other.
    maxWorkers: 2,
  },
});
