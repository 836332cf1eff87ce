/**
 * Builds the three runtimes into dist/: main (Electron's main process, the loopback host, the command
 * line and their worker threads, one entry each), preload (CommonJS, as a sandboxed window needs it) and
 * renderer (the same for both hosts).
 */
import { resolve } from 'node:path';
import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'electron-vite';
import type { Plugin, UserConfig } from 'vite';
import { NONCE_PLACEHOLDER } from './src-main/hosts/bundle/content-security-policy.ts';

const root = import.meta.dirname;

/** An entry runs when it is imported (a thread's begins to work), so nothing else may import one. */
const entriesAreNotImported: Plugin = {
  name: 'entries-are-not-imported',
  generateBundle(_options, bundle) {
    for (const chunk of Object.values(bundle)) {
      if (chunk.type !== 'chunk') continue;
      for (const name of [...chunk.imports, ...chunk.dynamicImports]) {
        const imported = bundle[name];
        if (imported?.type === 'chunk' && imported.isEntry) {
          this.error(`${chunk.fileName} imports the entry ${name}, which would run it`);
        }
      }
    }
  },
};

/** The window: built here, served as it is by `npm run dev` (src-main/hosts/dev). */
export const renderer: UserConfig = {
  root: resolve(root, 'src-renderer'),
  plugins: [vue()],
  html: { cspNonce: NONCE_PLACEHOLDER },
  build: {
    outDir: resolve(root, 'dist/renderer'),
    emptyOutDir: true,
    minify: true,
    // Loaded from this machine, and all of it is needed at once.
    chunkSizeWarningLimit: 2_000,
    rollupOptions: { input: { index: resolve(root, 'src-renderer/index.html') } },
  },
};

export default defineConfig({
  main: {
    plugins: [entriesAreNotImported],
    build: {
      outDir: 'dist/main',
      emptyOutDir: true,
      sourcemap: true,
      rollupOptions: {
        input: {
          electron: resolve(root, 'src-main/hosts/electron/main.ts'),
          loopback: resolve(root, 'src-main/hosts/loopback/main.ts'),
          cli: resolve(root, 'src-main/hosts/cli/main.ts'),
          'producer-thread': resolve(root, 'src-main/recorder/producer-thread.ts'),
          'derive-thread': resolve(root, 'src-main/recorder/derive-thread.ts'),
          'writer-thread': resolve(root, 'src-main/recorder/writer-thread.ts'),
          'query-thread': resolve(root, 'src-main/workbench/query-thread.ts'),
          'export-thread': resolve(root, 'src-main/workbench/exports/export-thread.ts'),
          'sql-process': resolve(root, 'src-main/workbench/sql-process.ts'),
          'parent-watch-thread': resolve(root, 'src-main/workbench/parent-watch-thread.ts'),
          'scenario-thread': resolve(root, 'src-main/workbench/scenario-thread.ts'),
        },
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
        // The bundler puts what only one entry uses into that entry, and with unused exports dropped also what
        // others import for their sake. With every export kept, shared modules have chunks of their own.
        experimental: { chunkOptimization: { mergeCommonChunks: false } },
        treeshake: false,
      },
    },
  },
  preload: {
    build: {
      outDir: 'dist/preload',
      emptyOutDir: true,
      rollupOptions: {
        input: { preload: resolve(root, 'src-main/hosts/electron/preload.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer,
});
