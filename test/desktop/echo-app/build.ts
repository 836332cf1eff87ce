/** Builds the echo app into a folder. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build } from 'vite';

const root = resolve(import.meta.dirname, '../../..');
const own = (name: string): string => join(import.meta.dirname, name);
const common = { configFile: false, logLevel: 'warn' } as const;

/** @returns what the app finds by its environment */
export async function buildEchoApp(folder: string): Promise<Record<string, string>> {
  await build({
    ...common,
    root,
    ssr: { noExternal: true, external: ['electron'] },
    build: {
      ssr: own('main.ts'),
      outDir: join(folder, 'main'),
      emptyOutDir: true,
      rollupOptions: { external: ['electron'] },
    },
  });
  await build({
    ...common,
    root: import.meta.dirname,
    resolve: { alias: { 'node:assert/strict': own('assert.ts') } },
    build: { outDir: join(folder, 'renderer'), emptyOutDir: true },
  });
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({ name: 'echo', type: 'module', main: 'main/main.js' }),
  );
  return {
    ECHO_APP_RENDERER: join(folder, 'renderer'),
    ECHO_APP_PRELOAD: join(root, 'dist/preload/preload.cjs'),
  };
}
