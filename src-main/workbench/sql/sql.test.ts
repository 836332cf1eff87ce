/** SQL through the service: what it answers, and that no query can damage the trace or block the service. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RequestParams, Results, SqlResult, WorkbenchService } from '#shared/api/contract.ts';
import { writeSynthetic } from '../../store/testing/temporary-folder.ts';
import { createWorkbenchService } from '../service.ts';

let folder: string;
let path: string;
let service: WorkbenchService;
let traceId: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sql-'));
  path = join(folder, 'a.sctrace');
  writeSynthetic(path, { events: 20_000 });
  service = createWorkbenchService({ host: 'memory', openPath: path, configDir: join(folder, 'config') });
  traceId = await open();
});
afterAll(async () => {
  await service.close();
  await rm(folder, { recursive: true });
});

const open = async (): Promise<string> =>
  ((await send('trace.open', { path })) as Results['trace.open']).traceId;
const send = (name: string, params: object, signal = new AbortController().signal): Promise<unknown> =>
  service.request(name, params, signal);
const run = (
  sql: string,
  options: Partial<RequestParams<'sql.run'>> = {},
  signal?: AbortSignal,
): Promise<SqlResult> =>
  send('sql.run', { traceId, queryId: 'q', sql, ...options }, signal) as Promise<SqlResult>;
/** A query that looks for a row for ever. */
const ENDLESS =
  'WITH RECURSIVE forever(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM forever) SELECT count(*) FROM forever';

describe('a query', () => {
  it('answers with columns, typed where they are numbers, and says what they mean to a timeline', async () => {
    const answer = await run(
      `SELECT seq, time_ns AS at, lwp, 'a' || seq AS word, NULL AS absent, 9007199254740993 AS large
       FROM event WHERE seq BETWEEN 5 AND 7`,
    );
    expect(answer.columns).toEqual([
      { name: 'seq', role: 'sequence' },
      { name: 'at', role: 'time' },
      { name: 'lwp', role: 'lwp' },
      { name: 'word', role: null },
      { name: 'absent', role: null },
      { name: 'large', role: null },
    ]);
    expect(answer).toMatchObject({ rows: 3, truncated: null, page: { first: 0, count: 3 } });
    expect(answer.page.values[0]).toEqual(Float64Array.of(5, 6, 7));
    expect(answer.page.values[3]).toEqual(['a5', 'a6', 'a7']);
    expect(answer.page.values[4]).toEqual([null, null, null]);
    expect(answer.page.values[5]).toEqual(Array(3).fill('9007199254740993'));
  });

  it('is paged through both ways, up to its limit of rows', async () => {
    const answer = await run('SELECT seq FROM event ORDER BY seq', { rowLimit: 1200, pageRows: 500 });
    expect(answer).toMatchObject({ rows: 1200, truncated: 'rows', page: { first: 0, count: 500 } });
    const page = async (first: number) =>
      (await send('sql.page', { traceId, queryId: 'q', first, count: 500 })) as Results['sql.page'];
    expect(await page(1000)).toMatchObject({ first: 1000, count: 200 });
    expect((await page(500)).values[0]![0]).toBe(501);
    expect(await page(5000)).toMatchObject({ count: 0 });
    await expect(send('sql.page', { traceId, queryId: 'other', first: 0, count: 1 })).rejects.toMatchObject({
      code: 'closed',
    });
  });

  it('that is wrong is answered with what SQLite says', async () => {
    await expect(run('SELECT frequency FROM event')).rejects.toMatchObject({
      code: 'query-failed',
      message: expect.stringContaining('no such column: frequency') as string,
    });
  });

  it('is stopped at its time limit, and the next one runs', async () => {
    await expect(run(ENDLESS, { timeLimitMs: 300 })).rejects.toMatchObject({
      code: 'query-failed',
      message: expect.stringContaining('longer than 0.3 s') as string,
    });
    expect((await run('SELECT 1')).rows).toBe(1);
  });

  it('is stopped when it is cancelled, in either way, and holds up no other request meanwhile', async () => {
    const abort = new AbortController();
    const endless = run(ENDLESS, {}, abort.signal);
    const waiting = run('SELECT 2', { queryId: 'waits' });
    await expect(send('trace.overview', { traceId, pixels: 10 })).resolves.toBeDefined();
    abort.abort();
    await expect(endless).rejects.toMatchObject({ code: 'cancelled' });
    expect((await waiting).page.values[0]).toEqual(Float64Array.of(2));
    const again = run(ENDLESS, { queryId: 'again' });
    await send('sql.cancel', { traceId, queryId: 'again' });
    await expect(again).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('that fills the memory fails alone', async () => {
    await expect(run("SELECT replace(hex(zeroblob(300000000)), '0', 'abc')")).rejects.toMatchObject({
      code: 'query-failed',
    });
    expect((await run('SELECT 1')).rows).toBe(1);
  });

  it('keeps of a large answer what fits', async () => {
    const answer = await run('SELECT hex(zeroblob(50000)) FROM event');
    expect(answer.truncated).toBe('bytes');
    expect(answer.rows).toBeLessThan(2000);
  });

  it('ends with its trace', async () => {
    const other = { traceId: await open() };
    const endless = run(ENDLESS, other);
    endless.catch(() => undefined);
    await send('trace.close', other);
    await expect(endless).rejects.toMatchObject({ code: 'closed' });
    await expect(run('SELECT 1', other)).rejects.toMatchObject({ code: 'closed' });
  });
});

describe('a query that would do more than read', () => {
  it.each([
    "INSERT INTO note VALUES (1, 'bookmark', 0, 0, '{}', 0)",
    'DELETE FROM event',
    'WITH gone AS (SELECT 1) DELETE FROM event RETURNING seq',
    'UPDATE event SET new = 0 RETURNING seq',
    "ATTACH '/tmp/other.db' AS other",
    "VACUUM INTO '/tmp/copy.db'",
    'CREATE TEMP TABLE mine (x)',
    'DROP TABLE event',
    'PRAGMA writable_schema = 1',
    'PRAGMA journal_mode = WAL',
    'BEGIN EXCLUSIVE',
    "SELECT load_extension('/tmp/evil.so')",
    "SELECT writefile('/tmp/file', 'x')",
    "SELECT readfile('/etc/passwd')",
    'SELECT 1; DELETE FROM event',
    '/* SELECT */ DELETE FROM event',
    'EXPLAIN DELETE FROM event; DELETE FROM event',
  ])('is refused: %s', async (sql) => {
    const before = await readFile(path);
    await expect(run(sql)).rejects.toMatchObject({ code: 'query-failed' });
    expect((await readFile(path)).equals(before)).toBe(true);
    expect((await readdir(folder)).filter((name) => name.startsWith('a.'))).toEqual(['a.sctrace']);
  });
});

it('the tables and views are listed with what their columns hold', async () => {
  const { tables } = (await send('sql.tables', {})) as Results['sql.tables'];
  expect(tables.find(({ name }) => name === 'v_decision')?.columns[0]).toEqual({
    name: 'seq',
    about: 'event.seq',
  });
});
