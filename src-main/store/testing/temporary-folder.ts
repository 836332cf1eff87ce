/** A folder for the files of one test file, removed afterwards. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll } from 'vitest';
import type { TransitionBatch } from '#shared/model/transition-batch.ts';
import { SCHEMA_VERSION } from '../format/schema.ts';
import type { WrittenTrace } from '../write/trace-file.ts';
import { TraceWriter } from '../write/trace-writer.ts';
import { TEST_SOURCE } from './test-source.ts';
import { SyntheticTrace, type SyntheticOptions } from './synthetic-trace.ts';

export { TEST_SOURCE };

/** Returns a function that names files in the folder. To be called at the top of a test file. */
export function temporaryFolder(): (name: string) => string {
  const folder = mkdtempSync(join(tmpdir(), 'sctrace-test-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return (name) => join(folder, name);
}

/** Writes batches to a finished trace file. */
export function writeTrace(path: string, batches: Iterable<TransitionBatch>): WrittenTrace {
  const writer = new TraceWriter(path, TEST_SOURCE);
  for (const batch of batches) writer.write(batch);
  return writer.finish({ incompleteReason: null });
}

/** Writes a synthetic trace file. */
export function writeSynthetic(path: string, options: SyntheticOptions): WrittenTrace {
  return writeTrace(path, new SyntheticTrace(options).batches());
}

/** Writes a synthetic trace that is taken for one of the schema before this one: what an upgrade reads is the same. */
export function writeEarlierSynthetic(path: string, options: SyntheticOptions): void {
  writeSynthetic(path, options);
  const db = new Database(path);
  db.pragma(`user_version = ${SCHEMA_VERSION - 1}`);
  db.close();
}
