/**
 * The digest of data that does not follow from the events: facts about the recording, and the tables of names. Together
 * with the digest of the events, and everything else derived again, `verify` misses no changed byte that has a meaning.
 */
import { createHash } from 'node:crypto';
import type Database from 'better-sqlite3';
import type { TableName } from './schema.ts';

/** Without notes, which people change. */
const NAME_TABLES = [
  'meta',
  'cpu',
  'process',
  'lwp',
  'page',
  'sync',
  'syscall',
  'kind',
  'cause',
  'code',
] as const satisfies readonly TableName[];

/** Key of the digest itself in `meta`. */
export const NAMES_DIGEST = 'namesDigest';

/** 64 hexadecimal characters. */
export function digestOfNames(db: Database.Database): string {
  const hash = createHash('sha256');
  for (const table of NAME_TABLES) {
    const but = table === 'meta' ? `WHERE key <> '${NAMES_DIGEST}'` : '';
    const rows = db.prepare(`SELECT * FROM ${table} ${but} ORDER BY 1, 2`).raw().safeIntegers();
    hash.update(`${table}\n`);
    for (const row of rows.iterate())
      hash.update(`${JSON.stringify((Array.isArray(row) ? row : []).map(tagged))}\n`);
  }
  return hash.digest('hex');
}

/** Values of different types are different, even where they read the same. */
function tagged(value: unknown): unknown {
  if (typeof value === 'bigint') return [value.toString()];
  if (value instanceof Uint8Array) return { blob: Buffer.from(value).toString('hex') };
  return typeof value === 'number' ? { real: value } : value;
}
