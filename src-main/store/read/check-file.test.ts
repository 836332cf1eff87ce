import { copyFileSync, mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { WorkbenchError } from '#shared/base/errors.ts';
import { lanes, stateAt, summary } from '../queries/index.ts';
import { temporaryFolder, writeSynthetic } from '../testing/temporary-folder.ts';
import { TraceDatabase } from './trace-database.ts';
import { verifyTrace } from '../verify/verify.ts';

const file = temporaryFolder();
const good = file('good.sctrace');
writeSynthetic(good, { events: 30_000 });

/** A copy of the good file, changed by SQL as a hostile or clumsy person could. */
function changed(name: string, sql: string): string {
  const path = file(name);
  copyFileSync(good, path);
  const db = new Database(path);
  db.unsafeMode(true);
  db.exec(sql);
  db.close();
  return path;
}

function failure(path: string): WorkbenchError {
  try {
    TraceDatabase.open(path).close();
  } catch (thrown) {
    if (thrown instanceof WorkbenchError) return thrown;
    throw thrown;
  }
  throw new Error(`${path} opened`);
}

describe('what is no trace', () => {
  it('is told apart by its error', () => {
    writeFileSync(
      file('text.txt'),
      'hello, this is a text that is longer than a header of a database '.repeat(20),
    );
    writeFileSync(file('empty'), '');
    mkdirSync(file('folder'));
    new Database(file('other.db')).exec('CREATE TABLE t (a)').close();
    expect(failure(file('nothing')).code).toBe('not-found');
    expect(failure(file('text.txt')).code).toBe('not-a-trace');
    expect(failure(file('empty')).code).toBe('not-a-trace');
    expect(failure(file('other.db')).code).toBe('not-a-trace');
    expect(failure(file('folder')).code).toBe('unreadable');
    expect(failure(file('text.txt')).message).toContain('text.txt');
  });
});

describe('a trace of another version', () => {
  it('says that it is newer', () => {
    const newer = failure(changed('newer.sctrace', 'PRAGMA user_version = 99'));
    expect(newer.code).toBe('newer-schema');
    expect(newer.message).toMatch(/newer version.*schema 99.*Update the workbench/);
  });

  it('says which word of its vocabulary is unknown', () => {
    const newer = failure(changed('vocabulary.sctrace', "UPDATE kind SET name = 't_future' WHERE id = 5"));
    expect(newer.code).toBe('newer-schema');
    expect(newer.message).toContain('"t_future" (5)');
  });
});

describe('a damaged trace', () => {
  it('is refused where a table is missing, is a view, or was made otherwise', () => {
    for (const [name, sql, table] of [
      ['missing.sctrace', 'DROP TABLE keyframe', 'keyframe'],
      ['view.sctrace', 'DROP TABLE lwp; CREATE VIEW lwp AS SELECT 1 AS id', 'lwp'],
      [
        'generated.sctrace',
        'DROP TABLE overview; CREATE TABLE overview (id INTEGER PRIMARY KEY, bucket_ns INTEGER, data BLOB AS (zeroblob(900000000)))',
        'overview',
      ],
    ] as const) {
      const error = failure(changed(name, sql));
      expect(error.code).toBe('corrupt-trace');
      expect(error.message).toContain(`the table ${table} `);
      expect(error.message).toContain(name);
    }
  });

  it('is refused where a fact is wrong', () => {
    const error = failure(changed('facts.sctrace', "UPDATE meta SET value = 'many' WHERE key = 'events'"));
    expect(error).toMatchObject({ code: 'corrupt-trace' });
    expect(error.message).toContain('"events"');
  });

  it('gives an error, never a crash, wherever it is cut', () => {
    const size = readFileSync(good).length;
    for (const part of [0.02, 0.3, 0.6, 0.95]) {
      const path = file(`cut-${part}.sctrace`);
      copyFileSync(good, path);
      truncateSync(path, Math.floor(size * part));
      let error: unknown = null;
      try {
        const result = verifyTrace(path);
        expect(result.ok).toBe(false);
      } catch (thrown) {
        error = thrown;
      }
      if (error !== null) expect(error).toMatchObject({ code: 'corrupt-trace' });
    }
  });

  it('gives an error from the query that meets the damage', () => {
    const trace = TraceDatabase.open(changed('chunk.sctrace', "UPDATE chunk SET data = x'00ff00ff'"));
    const about = summary(trace, { traceId: 't' });
    const window = { startNs: 0, endNs: about.durationNs, pixels: 100 };
    expect(() => lanes(trace, { ...window, lanes: [{ kind: 'lwp', id: 0 }] })).toThrowError(
      expect.objectContaining({ code: 'corrupt-trace' }) as Error,
    );
    trace.close();
    const bomb = TraceDatabase.open(changed('keyframe.sctrace', "UPDATE keyframe SET state = x'789c'"));
    expect(() => stateAt(bomb, { sequence: 20_000 })).toThrowError(
      expect.objectContaining({ code: 'corrupt-trace' }) as Error,
    );
    bomb.close();
  });
});

describe('a hostile trace', () => {
  it('runs none of its views', () => {
    const path = changed(
      'views.sctrace',
      `DROP VIEW v_event; CREATE VIEW v_event AS
         WITH RECURSIVE forever(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM forever) SELECT count(*) FROM forever`,
    );
    const trace = TraceDatabase.open(path);
    expect(trace.events).toBe(30_000);
    expect(() =>
      trace.db.exec("INSERT INTO note (kind, content, created_ms) VALUES ('a', 'b', 0)"),
    ).toThrowError(/readonly/);
    trace.close();
  });
});
