import { copyFileSync, existsSync } from 'node:fs';
import Database from 'better-sqlite3';
import { afterAll, describe, expect, it } from 'vitest';
import { queryTrace } from './query-sql.ts';
import { temporaryFolder, writeSynthetic } from '../testing/temporary-folder.ts';
import { TraceDatabase } from '../read/trace-database.ts';
import { VIEWS } from '../format/views.ts';

const file = temporaryFolder();
const path = file('trace.sctrace');
writeSynthetic(path, { events: 5000 });
const trace = TraceDatabase.open(path);
afterAll(() => trace.close());

const refused = expect.objectContaining({ code: 'query-failed' }) as Error;

describe('a query', () => {
  it('gives columns and rows', () => {
    const { columns, rows } = queryTrace(
      trace,
      '-- how many\n/* of them */ SELECT count(*) AS n, max(seq) FROM event',
    );
    expect(columns).toEqual(['n', 'max(seq)']);
    expect([...rows]).toEqual([[5000, 5000]]);
  });

  it('may stop early and leave the trace usable', () => {
    for (const row of queryTrace(trace, 'SELECT seq FROM event').rows) {
      if (row[0] === 3) break;
    }
    expect([...queryTrace(trace, 'VALUES (1)').rows]).toEqual([[1]]);
  });

  it('reads every view by its friendly names', () => {
    for (const name of Object.keys(VIEWS)) {
      const { columns, rows } = queryTrace(trace, `SELECT * FROM ${name} LIMIT 3`);
      expect(columns.length, name).toBeGreaterThan(3);
      // The trace is one of illumos.
      expect([...rows].length, name).toBe(name === 'v_slice_extension' ? 0 : 3);
    }
    const [row] = queryTrace(
      trace,
      "SELECT kind, cause, written_by FROM v_event WHERE kind = 'sc_nopreempt' LIMIT 1",
    ).rows;
    expect(row).toEqual(['sc_nopreempt', 'schedctl_start', 'user']);
  });

  it('says what is wrong with it', () => {
    expect(() => queryTrace(trace, 'SELECT missing FROM nowhere')).toThrowError(/no such table: nowhere/);
    expect(() => queryTrace(trace, 'SELECT 1; SELECT 2')).toThrowError(refused);
    expect(() => [...queryTrace(trace, 'SELECT abs(-9223372036854775808)').rows]).toThrowError(refused);
  });
});

describe('what would change something', () => {
  it('is refused', () => {
    const other = file('other.db');
    for (const sql of [
      'DELETE FROM event',
      'INSERT INTO note (kind, content, created_ms) VALUES (1, 2, 3) RETURNING id',
      'WITH x AS (SELECT 1) DELETE FROM event RETURNING seq',
      `ATTACH '${other}' AS other`,
      `VACUUM INTO '${other}'`,
      'PRAGMA journal_mode = WAL',
      'PRAGMA writable_schema = ON',
      'CREATE TEMP TABLE t (a)',
      'BEGIN',
      '/* SELECT */ DROP TABLE event',
      "SELECT load_extension('x')",
      '',
    ]) {
      expect(() => [...queryTrace(trace, sql).rows], sql).toThrowError(refused);
    }
    expect(existsSync(other)).toBe(false);
    expect([...queryTrace(trace, 'SELECT count(*) FROM event').rows]).toEqual([[5000]]);
  });
});

describe("a view planted in a trace's file", () => {
  it("does not stand in for the program's own", () => {
    const planted = file('planted.sctrace');
    copyFileSync(path, planted);
    const db = new Database(planted);
    db.exec("DROP VIEW v_lwp; CREATE VIEW v_lwp AS SELECT 'planted' AS name");
    db.close();
    const other = TraceDatabase.open(planted);
    const [row] = queryTrace(other, 'SELECT name FROM v_lwp').rows;
    expect(row).toEqual(['worker-0']);
    other.close();
  });
});
