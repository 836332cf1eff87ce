/** What a file is, by its content: a trace of ours, a scenario, or something to import. */
import { open } from 'node:fs/promises';
import type { Identified } from '#shared/api/contract.ts';
import { WorkbenchError } from '#shared/base/errors.ts';
import { describeUnknown, identifyTrace } from '../importers/import-trace.ts';
import { looksLikeScenario } from './looks-like-scenario.ts';
import { readText } from './scenarios.ts';

const SQLITE_MAGIC = Buffer.from('SQLite format 3\0');

/**
 * @throws WorkbenchError 'not-found' or 'unreadable'; 'unknown-format' where it is none of these, or in a
 *   format that has to be converted first (the message says how)
 */
export async function identify(path: string): Promise<Identified> {
  const format = await identifyTrace(path);
  if (format?.readable) return { kind: 'import', format: format.name };
  if (await isDatabase(path)) return { kind: 'trace', format: 'sctrace' };
  if (format === null && (await isScenario(path))) return { kind: 'scenario', format: 'scenario' };
  throw await describeUnknown(path);
}

async function isDatabase(path: string): Promise<boolean> {
  const file = await open(path, 'r');
  try {
    const start = Buffer.alloc(SQLITE_MAGIC.length);
    const { bytesRead } = await file.read(start, 0, start.length, 0);
    return bytesRead === start.length && start.equals(SQLITE_MAGIC);
  } finally {
    await file.close();
  }
}

async function isScenario(path: string): Promise<boolean> {
  try {
    return looksLikeScenario(await readText(path));
  } catch (thrown) {
    if (thrown instanceof WorkbenchError) return false;
    throw thrown;
  }
}
