/** Traces of earlier versions, kept as those versions wrote them: test/fixtures/upgrades. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { createCancelSource } from '#shared/base/cancel.ts';
import {
  aggregates,
  lanes,
  notesInTrace,
  queryTrace,
  summary,
  traceIdentity,
  verifyTrace,
} from '../index.ts';
import { SCHEMA_VERSION } from '../format/schema.ts';
import { temporaryFolder, writeEarlierSynthetic } from '../testing/temporary-folder.ts';
import { TraceDatabase } from '../read/trace-database.ts';
import { EARLIER_SCHEMAS } from '../format/earlier-schemas.ts';
import { upgradeTrace } from './upgrade-trace.ts';

const file = temporaryFolder();
const FIXTURES = new URL('../../../test/fixtures/upgrades/', import.meta.url);
const names = readdirSync(FIXTURES).filter((name) => name.endsWith('.sctrace.gz'));
const unpacked = (name: string): string => {
  const path = file(name.replace(/\.gz$/, ''));
  writeFileSync(path, gunzipSync(readFileSync(new URL(name, FIXTURES))));
  return path;
};
const raw = <T>(path: string, read: (db: Database.Database) => T, readonly = true): T => {
  const db = new Database(path, { readonly });
  try {
    return read(db);
  } finally {
    db.close();
  }
};
const EVENTS = 'SELECT * FROM event ORDER BY seq';

it('there is a trace of every earlier version, emulated and imported', () => {
  const versions = Object.keys(EARLIER_SCHEMAS).map(Number);
  expect(versions).toEqual(Array.from({ length: SCHEMA_VERSION - 1 }, (_, i) => i + 1));
  for (const version of versions) {
    expect(names).toContain(`schema-${version}-emulated.sctrace.gz`);
    expect(names).toContain(`schema-${version}-imported.sctrace.gz`);
  }
});

describe.each(names)('%s', (name) => {
  it('is not opened as it is, and said to be older', () => {
    expect(() => TraceDatabase.open(unpacked(name))).toThrowError(
      expect.objectContaining({ code: 'older-schema' }) as Error,
    );
  });

  it('becomes a trace of this version with the same rows, names, facts and notes, and stays as it was', async () => {
    const from = unpacked(name);
    raw(
      from,
      (db) => db.exec('INSERT INTO note VALUES (7, \'bookmark\', 5, NULL, \'{"text":"here"}\', 99)'),
      false,
    );
    const before = readFileSync(from);
    const to = file(`${name}.new.sctrace`);
    const { fromVersion, events } = await upgradeTrace(from, to);
    expect(readFileSync(from).equals(before)).toBe(true);
    expect(fromVersion).toBe(Number(/schema-(\d+)/.exec(name)![1]));
    expect(verifyTrace(to)).toMatchObject({ ok: true, events, difference: null });

    const rows = (path: string, sql: string): unknown[] => raw(path, (db) => db.prepare(sql).raw().all());
    for (const sql of [
      EVENTS,
      'SELECT * FROM cpu',
      'SELECT * FROM process',
      'SELECT * FROM lwp',
      'SELECT id, process, address FROM page',
      'SELECT * FROM sync',
      'SELECT * FROM note',
      "SELECT * FROM meta WHERE key <> 'namesDigest' ORDER BY key",
      // Earlier versions left out the runs of no length.
      'SELECT cpu, lwp, start_ns, end_ns FROM cpu_run WHERE end_ns > start_ns ORDER BY end_ns, cpu',
    ]) {
      expect(rows(to, sql), sql).toEqual(rows(from, sql));
    }
    expect(readdirSync(file('.')).filter((one) => one.endsWith('.new'))).toEqual([]);

    const trace = TraceDatabase.open(to);
    const { lwps, durationNs } = summary(trace, { traceId: 'a' });
    const lane = lanes(trace, {
      startNs: 0,
      endNs: durationNs,
      pixels: 100,
      lanes: [{ kind: 'lwp', id: lwps[0]!.id }],
    });
    expect(lane.startNs.length).toBeGreaterThan(0);
    const sums = aggregates(trace, { startNs: 0, endNs: durationNs });
    const [[running]] = [
      ...queryTrace(trace, 'SELECT sum(end_ns - start_ns) FROM lwp_state WHERE state = 1').rows,
    ] as [[number]];
    expect(sums.threads.runningNs.reduce((sum, ns) => sum + ns, 0)).toBe(running);
    const [[waited]] = [...queryTrace(trace, 'SELECT sum(end_ns - start_ns) FROM lock_wait').rows] as [
      [number | null],
    ];
    expect(sums.locks.waitNs.reduce((sum, ns) => sum + ns, 0)).toBe(waited ?? 0);
    expect(notesInTrace(trace)).toMatchObject([{ id: 'trace-7', content: { text: 'here' } }]);
    expect(traceIdentity(trace)).toMatch(/^[0-9a-f]{32}$/);
    trace.close();
    await expect(upgradeTrace(to, file('again.sctrace'))).rejects.toThrow(/does not need an upgrade/);
  });

  it('with changed rows is refused, and leaves nothing behind', async () => {
    const from = unpacked(name);
    raw(from, (db) => db.exec('UPDATE event SET new = new + 1 WHERE seq = 20'), false);
    const to = file(`changed-${name}.sctrace`);
    await expect(upgradeTrace(from, to)).rejects.toMatchObject({ code: 'corrupt-trace' });
    expect(existsSync(to)).toBe(false);
    expect(readdirSync(file('.')).filter((one) => one.endsWith('.new'))).toEqual([]);
  });

  it('with a view in place of a table, or a trigger, is refused', async () => {
    const from = unpacked(name);
    raw(
      from,
      (db) =>
        db.exec(`ALTER TABLE sync RENAME TO other;
          CREATE VIEW sync AS SELECT id, process, kind, load_extension('x') AS name FROM other`),
      false,
    );
    await expect(upgradeTrace(from, file('view.sctrace'))).rejects.toThrow(/table sync is missing/);
  });
});

it('an upgrade that is cancelled leaves no file, and the original as it was', async () => {
  const from = file('long.sctrace');
  writeEarlierSynthetic(from, { events: 60_000, cpus: 2, lwps: 4, locks: 1 });
  const before = readFileSync(from);
  const to = file('cancelled.sctrace');
  writeFileSync(to, 'what was there');
  const cancel = createCancelSource();
  const done: number[] = [];
  const onProgress = (events: number): void => {
    done.push(events);
    cancel.cancel();
  };
  const run = { signal: cancel.signal, onProgress, replace: true };
  await expect(upgradeTrace(from, to, run)).rejects.toMatchObject({ code: 'cancelled' });
  expect(done).toHaveLength(1);
  expect(readFileSync(to, 'utf8')).toBe('what was there');
  expect(readFileSync(from).equals(before)).toBe(true);
  expect(readdirSync(file('.')).filter((one) => one.endsWith('.new'))).toEqual([]);
});
