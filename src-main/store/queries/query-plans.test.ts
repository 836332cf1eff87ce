/** No query scans a table that grows with the trace; SQLite itself says so of every statement that is prepared. */
import { expect, it } from 'vitest';
import { notesInTrace } from '../write/notes.ts';
import { DERIVED_TABLES } from '../format/schema.ts';
import { ask, QUERY_NAMES } from '../testing/every-query.ts';
import { temporaryFolder, writeSynthetic } from '../testing/temporary-folder.ts';
import { TraceDatabase } from '../read/trace-database.ts';

const path = temporaryFolder()('trace.sctrace');
writeSynthetic(path, { events: 30_000, cpus: 3, lwps: 9, locks: 2 });
/**
 * What says how long a trace is in each block of rows, what series there are, and what went wrong (a few hundred
 * findings of each detector at most): few rows, read once an open file.
 */
const READ_WHOLE = new Set<string>(['event_block', 'series', 'finding']);

/** Pressing a bar asks for the longest in a time range; the query searches all of the range. */
const asked = QUERY_NAMES.filter((name) => name !== 'trace.longest');

it.each(asked)('%s goes by keys', (name) => {
  const trace = TraceDatabase.open(path);
  ask(trace, name);
  notesInTrace(trace);
  const growing = ['event', ...DERIVED_TABLES].filter((table) => !READ_WHOLE.has(table));
  for (const sql of trace.preparedSql) {
    const values = sql.match(/\?/g)?.map(() => 1) ?? [];
    const plan = trace.db.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...values) as { detail: string }[];
    for (const { detail } of plan) {
      const scanned = /^SCAN (\w+)/.exec(detail)?.[1];
      expect(growing, `${sql}: ${detail}`).not.toContain(scanned);
    }
  }
  trace.close();
});
