/** What a file is, by its content: a trace of ours, a scenario, or something to import. */
import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Identified } from '#shared/api/contract.ts';
import { WorkbenchError } from '#shared/base/errors.ts';
import { describeUnknown, identifyTrace } from '../importers/import-trace.ts';
import { isReadOnce } from '../importers/input/byte-stream.ts';
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

/**
 * Refuses to import what is no other tool's trace.
 *
 * @throws WorkbenchError as {@link identify}; 'bad-request' for a trace of ours or a scenario
 */
export async function checkImportable(path: string): Promise<void> {
  // Who looks into a pipe takes what is in it: the import looks for itself.
  if (await isReadOnce(path)) return;
  const { kind } = await identify(path);
  if (kind === 'import') return;
  const instead = kind === 'trace' ? 'a trace of this program: open it' : 'a scenario: record it';
  throw new WorkbenchError('bad-request', `${basename(path)} does not need importing: it is ${instead}.`, {
    file: path,
  });
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
