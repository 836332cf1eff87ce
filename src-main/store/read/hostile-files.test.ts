/**
 * Files made to hurt: values of wrong types and absurd sizes in every column, cut anywhere. Whatever is asked of them,
 * the answer is an answer or an error for people, soon, in bounded memory.
 */
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { KIND } from '#shared/model/kinds.ts';
import { NUMBER_TABLES } from '../derive/derived-batch.ts';
import { stateAt } from '../queries/index.ts';
import { columnNames, createTableSql, TABLES, type TableName } from '../format/schema.ts';
import { ask, QUERY_NAMES } from '../testing/every-query.ts';
import { temporaryFolder, writeSynthetic } from '../testing/temporary-folder.ts';
import { eventRows } from './event-rows.ts';
import { TraceDatabase } from './trace-database.ts';
import { verifyTrace } from '../verify/verify.ts';

const file = temporaryFolder();
const good = file('good.sctrace');
writeSynthetic(good, { events: 9000, cpus: 2, lwps: 4, locks: 1 });

/** A copy in which a table takes any type, changed, and then made to look as if it did not. */
function changed(name: string, table: TableName, sql: string): string {
  const path = file(name);
  copyFileSync(good, path);
  const db = new Database(path);
  db.unsafeMode(true);
  db.pragma('writable_schema = ON');
  const setSql = db.prepare("UPDATE sqlite_schema SET sql = ? WHERE name = ? AND type = 'table'");
  const strict = createTableSql(table);
  const version = Number(db.pragma('schema_version', { simple: true }));
  setSql.run(strict.replace(/ STRICT(, )?/, ' ').replaceAll(' NOT NULL', ''), table);
  db.pragma(`schema_version = ${version + 1}`);
  db.close();
  const open = new Database(path);
  open.exec(sql);
  open.unsafeMode(true);
  open.pragma('writable_schema = ON');
  open.prepare("UPDATE sqlite_schema SET sql = ? WHERE name = ? AND type = 'table'").run(strict, table);
  open.close();
  return path;
}

/** Opens the file and asks everything. Anything but an answer or an error for people fails the test. */
function askEverything(path: string, isVerified = true): void {
  const fine = (run: () => void, what: string): void => {
    try {
      run();
    } catch (thrown) {
      expect(thrown, what).toMatchObject({ name: 'WorkbenchError' });
      expect((thrown as { code: string }).code, what).not.toBe('internal');
    }
  };
  fine(() => {
    const trace = TraceDatabase.open(path);
    for (const name of QUERY_NAMES) fine(() => ask(trace, name), name);
    trace.close();
  }, 'open');
  if (isVerified) fine(() => verifyTrace(path), 'verify');
}

const VALUES = ["'text'", "x'ff00'", 'NULL', '-1', '4611686018427387904', '1e300', 'zeroblob(100000)'];

describe.each(Object.keys(TABLES) as TableName[])('wrong values in the table %s', (table) => {
  it('are answered or refused', () => {
    const startMs = performance.now();
    for (const column of columnNames(table)) {
      // Two of the values for each column, others for the next.
      const at = columnNames(table).indexOf(column);
      const values = [VALUES[at % VALUES.length]!, VALUES[(at + 3) % VALUES.length]!];
      // For people's SQL alone: no query reads them.
      const isUnread = NUMBER_TABLES.some((unread) => unread === table);
      for (const value of isUnread ? values.slice(0, 1) : values) {
        let path: string;
        try {
          const which = `rowid IN (SELECT rowid FROM ${table} LIMIT 2)`;
          const isRowid = !('withoutRowid' in TABLES[table]);
          path = changed(
            `${table}.sctrace`,
            table,
            `UPDATE OR REPLACE ${table} SET "${column}" = ${value} ${isRowid ? `WHERE ${which}` : ''}`,
          );
        } catch (thrown) {
          // A key that SQLite itself does not let be so.
          expect(thrown).toBeInstanceOf(Database.SqliteError);
          continue;
        }
        if (isUnread) expect(verifyTrace(path).difference, `${column} = ${value}`).not.toBeNull();
        else askEverything(path, value === values[0]);
      }
    }
    expect(performance.now() - startMs).toBeLessThan(60_000);
  }, 90_000);
});

it('a row about an LWP that there cannot be makes no room for it', () => {
  const path = changed(
    'huge.sctrace',
    'event',
    `UPDATE event SET lwp = 4000000 WHERE seq = (SELECT max(seq) FROM event WHERE kind = ${KIND.t_state} AND seq < 8950)`,
  );
  const trace = TraceDatabase.open(path);
  const before = process.memoryUsage().rss;
  expect(() => stateAt(trace, { sequence: 8950 })).toThrow(/impossible id 4000000/);
  trace.close();
  expect(verifyTrace(path).difference).toContain('impossible');
  expect(process.memoryUsage().rss - before).toBeLessThan(100 << 20);
});

it.each(['lwp', 'cpu', 'object'])(
  'a row about the %s -1 of a field that is some thing’s is damage',
  (column) => {
    const kind = { lwp: KIND.t_state, cpu: KIND.cpu_dispthread, object: KIND.sc_nopreempt }[column]!;
    const path = changed(
      'nobody.sctrace',
      'event',
      `UPDATE event SET ${column} = -1 WHERE seq = (SELECT min(seq) FROM event WHERE kind = ${kind})`,
    );
    const trace = TraceDatabase.open(path);
    expect(() => eventRows(trace, 1, trace.meta.events)).toThrow(/is damaged \(impossible id -1 as/);
    trace.close();
  },
);

describe.each(['2147483647', '-2', '9007199254740991', 'NULL'])('the number %s', (number) => {
  it.each(['kind', 'cpu', 'lwp', 'object', 'cause', 'old', 'new', 'time_ns'])(
    'in the column %s of any event sizes nothing',
    (column) => {
      const before = process.memoryUsage().rss;
      for (const which of ['seq = 100', 'seq > 8990']) {
        const path = changed(
          'number.sctrace',
          'event',
          `UPDATE event SET "${column}" = ${number} WHERE ${which}`,
        );
        askEverything(path, which === 'seq = 100');
      }
      expect(process.memoryUsage().rss - before).toBeLessThan(300 << 20);
    },
  );

  it.each(['cpu', 'process', 'lwp', 'page', 'sync'] as const)('is no id in the table %s', (table) => {
    if (number === 'NULL') return;
    const path = changed('id.sctrace', table, `UPDATE OR REPLACE ${table} SET id = ${number} WHERE id = 0`);
    expect(() => TraceDatabase.open(path).close()).toThrow(
      new RegExp(`is damaged \\(impossible id ${number} in the table ${table}\\)`),
    );
  });
});

it('a machine without keyframes is not replayed from the start of a long trace', () => {
  const long = file('long.sctrace');
  writeSynthetic(long, { events: 80_000 });
  const db = new Database(long);
  db.exec('DELETE FROM keyframe');
  db.close();
  const trace = TraceDatabase.open(long);
  expect(() => stateAt(trace, {})).toThrow(/keyframe before event 80000 is missing/);
  trace.close();
});

it('a file cut anywhere is answered or refused', () => {
  const bytes = readFileSync(good);
  for (const part of [0.001, 0.02, 0.3, 0.5, 0.77, 0.999]) {
    const path = file('cut.sctrace');
    writeFileSync(path, bytes.subarray(0, Math.floor(bytes.length * part)));
    askEverything(path);
  }
});

it('a queue that goes round in a circle is refused', () => {
  const path = changed(
    'circle.sctrace',
    'event',
    `UPDATE event SET old = lwp WHERE kind = ${KIND.t_queue} AND new >= 0 AND seq > 8500`,
  );
  askEverything(path);
});
