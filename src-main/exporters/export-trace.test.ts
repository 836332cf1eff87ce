/** Exports of a recorded trace, read back by other readers of the formats. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { beforeAll, describe, expect, it } from 'vitest';
import { recordScenario } from '../workbench/make-trace.ts';
import { queryTrace, TraceDatabase } from '../store/index.ts';
import { temporaryFolder } from '../store/testing/temporary-folder.ts';
import { EXPORT_TABLE_NAMES, EXPORT_TABLES, type ExportTable } from './export-tables.ts';
import { exportTrace, type ExportRequest, type ExportResult } from './export-trace.ts';

const SCENARIO = new URL('../../traces/scenarios/blocking-mutex.yaml', import.meta.url);

const file = temporaryFolder();
const tracePath = file('trace.sctrace');
let trace: TraceDatabase;

beforeAll(async () => {
  const text = readFileSync(SCENARIO, 'utf8');
  await recordScenario({ text, name: 'blocking-mutex.yaml', path: tracePath, durationNs: 4e8 }, {});
  trace = TraceDatabase.open(tracePath);
  return () => trace.close();
}, 60_000);

/** Exports the whole trace to a file named `name` unless `what` says otherwise. */
function exported(name: string, what: Partial<ExportRequest>): Promise<ExportResult> {
  const request = { trace: tracePath, path: file(name), format: 'csv' as const, range: null, ...what };
  return exportTrace(request, { createdBy: 'schedctl-workbench test' });
}
const rowsOf = (sql: string): unknown[][] => [...queryTrace(trace, sql).rows].map((row) => [...row]);
const readParquet = async (name: string): Promise<Record<string, unknown>[]> => {
  const { buffer, byteOffset, byteLength } = await readFile(file(name));
  const bytes = buffer.slice(byteOffset, byteOffset + byteLength);
  return parquetReadObjects({ file: bytes });
};

interface TraceEvent {
  readonly ph: string;
  readonly cat?: string;
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  readonly dur: number;
  readonly id?: number;
  readonly args: Readonly<Record<string, unknown>>;
}

it('has text that spreadsheets would calculate as it is, or as text where that is asked for', async () => {
  const sql = 'SELECT \'=1+1\' AS "@name", -5 AS value';
  await exported('kept.csv', { sql });
  await exported('text.csv', { sql, formulas: 'text' });
  expect(readFileSync(file('kept.csv'), 'utf8')).toBe('@name,value\r\n=1+1,-5\r\n');
  expect(readFileSync(file('text.csv'), 'utf8')).toBe("'@name,value\r\n'=1+1,-5\r\n");
});

describe('rows as text', () => {
  it('are CSV with a head, one record a row', async () => {
    const { rows } = await exported('states.csv', { table: 'lwp_state' });
    const lines = readFileSync(file('states.csv'), 'utf8').split('\r\n');
    expect(rows).toBe(Number(rowsOf('SELECT count(*) FROM lwp_state')[0]![0]));
    expect(lines).toHaveLength(rows + 2);
    expect(lines[0]).toBe(EXPORT_TABLES.lwp_state.columns.map(({ name }) => name).join(','));
  });

  it('are JSON Lines, an object a row', async () => {
    await exported('locks.jsonl', {
      format: 'jsonl',
      sql: 'SELECT id, name, NULL AS none FROM sync ORDER BY id',
    });
    const objects = readFileSync(file('locks.jsonl'), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);
    expect(objects).toEqual(
      rowsOf('SELECT id, name FROM sync ORDER BY id').map(([id, name]) => ({ id, name, none: null })),
    );
  });

  it('are those that overlap a time range', async () => {
    const range = { startNs: 1e8, endNs: 1.2e8 };
    const { rows } = await exported('some.csv', { table: 'lwp_state', range });
    const touching = `end_ns > ${range.startNs} AND start_ns < ${range.endNs}`;
    expect(rows).toBe(Number(rowsOf(`SELECT count(*) FROM lwp_state WHERE ${touching}`)[0]![0]));
    expect(rows).toBeGreaterThan(0);
  });
});

describe('Parquet', () => {
  it('is a folder with every table, each row saying which trace it is of', async () => {
    const { path, rows } = await exported('fleet', { format: 'parquet' });
    expect(readdirSync(path).sort()).toEqual(EXPORT_TABLE_NAMES.map((name) => `${name}.parquet`).sort());
    let read = 0;
    for (const name of EXPORT_TABLE_NAMES) {
      const objects = await readParquet(`fleet/${name}.parquet`);
      read += objects.length;
      expect(new Set(objects.map(({ trace_id }) => trace_id)).size, name).toBeLessThanOrEqual(1);
    }
    expect(read).toBe(rows);
  });

  it('holds the very values of the trace', async () => {
    await exported('events.parquet', { format: 'parquet', table: 'event' });
    const objects = await readParquet('events.parquet');
    const sum = (column: string): bigint =>
      objects.reduce((total, row) => total + BigInt((row[column] as bigint | null) ?? 0), 0n);
    const [[count, times, olds, news]] = rowsOf(
      'SELECT count(*), sum(time_ns), sum(old), sum(new) FROM event',
    ) as [number[]];
    expect(objects).toHaveLength(count!);
    expect([sum('time_ns'), sum('old_value'), sum('new_value')]).toEqual(
      [times, olds, news].map((n) => BigInt(n!)),
    );
  });

  it('takes the types of a query from its first rows, and says what does not fit them', async () => {
    await exported('mixed.parquet', {
      format: 'parquet',
      sql: "SELECT 1 AS whole, 1.5 AS real, 'a' AS word, NULL AS none",
    });
    expect(await readParquet('mixed.parquet')).toEqual([{ whole: 1n, real: 1.5, word: 'a', none: null }]);

    const numbers = `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 70000) SELECT CASE WHEN i > 65536 THEN 'late' ELSE i END AS mixed FROM n`;
    await expect(exported('bad.parquet', { format: 'parquet', sql: numbers })).rejects.toMatchObject({
      code: 'query-failed',
      message: expect.stringContaining('CAST') as unknown,
    });
    expect(existsSync(file('bad.parquet'))).toBe(false);
  });

  it('describes its columns in the file', async () => {
    await exported('decisions.parquet', { format: 'parquet', table: 'decision' });
    const bytes = readFileSync(file('decisions.parquet'));
    const { key_value_metadata: facts } = parquetMetadata(
      bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length),
    );
    const columns = JSON.parse(facts!.find(({ key }) => key === 'columns')!.value!) as Record<string, string>;
    expect(Object.keys(columns)).toEqual([
      'trace_id',
      ...EXPORT_TABLES.decision.columns.map(({ name }) => name),
    ]);
  });
});

describe("Chrome's trace events", () => {
  const read = (): TraceEvent[] =>
    (JSON.parse(readFileSync(file('chrome.json'), 'utf8')) as { traceEvents: TraceEvent[] }).traceEvents;

  it('have a slice for every interval of every thread, with nothing lost of its times', async () => {
    await exported('chrome.json', { format: 'chrome' });
    const slices = read().filter(({ ph, cat }) => ph === 'X' && cat === 'lwp_state');
    const back = slices.map(({ ts, dur, name, args }) => [
      args.lwp,
      Math.round(ts * 1000),
      Math.round((ts + dur) * 1000),
      name,
    ]);
    const states = rowsOf(
      "SELECT lwp, start_ns, end_ns, (SELECT name FROM code WHERE domain = 'lane_state' AND value = state) AS state FROM lwp_state WHERE state <> 'exited' ORDER BY id",
    );
    expect(back).toEqual(states);
  });

  it('name every process and thread, with thread ids that differ across the file', () => {
    const threads = read().filter(({ ph, name }) => ph === 'M' && name === 'thread_name');
    expect(threads.map(({ args }) => args.name)).toEqual([
      ...rowsOf('SELECT name FROM cpu ORDER BY id').flat(),
      ...rowsOf('SELECT name FROM lwp ORDER BY id').flat(),
    ]);
    expect(new Set(threads.map(({ tid }) => tid)).size).toBe(threads.length);
  });

  it('have ids that Perfetto takes: no negative ones, and none that it cuts to 32 bits', () => {
    for (const { pid, tid } of read()) {
      for (const id of [pid, tid]) expect(id >>> 0).toBe(id);
    }
  });

  it('end every request and hold that they begin', () => {
    const begun = read().filter(({ ph }) => ph === 'b');
    const ended = read().filter(({ ph }) => ph === 'e');
    expect(begun.length).toBeGreaterThan(100);
    expect(ended.map(({ id }) => id)).toEqual(begun.map(({ id }) => id));
    ended.forEach((end, at) => expect(end.ts).toBeGreaterThanOrEqual(begun[at]!.ts));
  });

  it('are cut off at the ends of a time range', async () => {
    await exported('chrome-part.json', { format: 'chrome', range: { startNs: 1e8, endNs: 2e8 } });
    const { traceEvents } = JSON.parse(readFileSync(file('chrome-part.json'), 'utf8')) as {
      traceEvents: TraceEvent[];
    };
    const timed = traceEvents.filter(({ ph }) => ph !== 'M');
    expect(timed.length).toBeGreaterThan(100);
    for (const { ts, dur = 0 } of timed) {
      expect(ts).toBeGreaterThanOrEqual(1e5);
      expect(ts + dur).toBeLessThanOrEqual(2e5 + 1e-6);
    }
  });
});

describe('an export that cannot be', () => {
  it.each<[string, Partial<ExportRequest>, RegExp]>([
    ['CSV of no table', {}, /Name the table/],
    ['a table and a query', { table: 'lwp', sql: 'SELECT 1' }, /not both/],
    ['a query within a time range', { sql: 'SELECT 1', range: { startNs: 0, endNs: 1 } }, /in the query/],
    ['trace events of a table', { format: 'chrome', table: 'lwp' }, /whole trace/],
  ])('is refused: %s', async (_what, request, message) => {
    await expect(exported('never.csv', request)).rejects.toMatchObject({ code: 'usage', message });
    expect(existsSync(file('never.csv'))).toBe(false);
  });

  it('leaves nothing behind where it was cancelled, or the query fails', async () => {
    const signal = AbortSignal.abort();
    const request = {
      trace: tracePath,
      path: file('cancelled.csv'),
      format: 'csv' as const,
      range: null,
      table: 'event' as const,
    };
    await expect(exportTrace(request, { createdBy: 'test', signal })).rejects.toMatchObject({
      code: 'cancelled',
    });
    await expect(exported('wrong.csv', { sql: 'SELECT nothing FROM nowhere' })).rejects.toMatchObject({
      code: 'query-failed',
    });
    await expect(exported('evil.csv', { sql: 'DELETE FROM event' })).rejects.toMatchObject({
      code: 'query-failed',
    });
    const left = readdirSync(dirname(tracePath)).filter((name) => /cancelled|wrong|evil/.test(name));
    expect(left).toEqual([]);
  });

  it('never replaces a folder that holds anything else', async () => {
    mkdirSync(file('mine'));
    writeFileSync(file('mine/thesis.txt'), 'years of work');
    await expect(exported('mine', { format: 'parquet' })).rejects.toMatchObject({ code: 'write-failed' });
    expect(readFileSync(file('mine/thesis.txt'), 'utf8')).toBe('years of work');
    expect(readdirSync(dirname(tracePath)).filter((name) => name.startsWith('mine'))).toEqual(['mine']);
  });

  it('says which file it is about where it cannot be written', async () => {
    const path = file('no/such/folder/x.csv');
    await expect(exported('', { path, table: 'lwp' })).rejects.toMatchObject({
      code: 'write-failed',
      context: { file: path },
    });
  });
});

describe('the export tables', () => {
  it('need base tables only, so that no view of a hostile file is run', () => {
    for (const [name, table] of Object.entries<ExportTable>(EXPORT_TABLES)) {
      expect(`${table.from} ${table.columns.map(({ sql }) => sql).join(' ')}`, name).not.toMatch(/\bv_/);
    }
  });
});
