/**
 * Where the program's threads and processes start: from their source when run from source, from dist/main when built.
 */
import { basename, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

const SOURCES = {
  'producer-thread': 'recorder/producer-thread.ts',
  'derive-thread': 'recorder/derive-thread.ts',
  'writer-thread': 'recorder/writer-thread.ts',
  'query-thread': 'workbench/query-thread.ts',
  'export-thread': 'workbench/exports/export-thread.ts',
  'sql-process': 'workbench/sql-process.ts',
  'parent-watch-thread': 'workbench/parent-watch-thread.ts',
  'scenario-thread': 'workbench/scenario-thread.ts',
} as const;

export type ThreadName = keyof typeof SOURCES;

/** To be given to `new Worker()` or `fork()`. */
export function threadUrl(name: ThreadName): URL {
  const here = import.meta.dirname;
  if (import.meta.url.endsWith('.ts')) return pathToFileURL(join(dirname(here), SOURCES[name]));
  // The bundler puts what several entries share into chunks/ beside them.
  const entries = basename(here) === 'chunks' ? dirname(here) : here;
  return pathToFileURL(join(entries, `${name}.js`));
}
