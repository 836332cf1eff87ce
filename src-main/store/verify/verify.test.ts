import { copyFileSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import { describe, expect, it, vi } from 'vitest';
import { temporaryFolder, writeSynthetic } from '../testing/temporary-folder.ts';
import { verifyTrace } from './verify.ts';

const file = temporaryFolder();
const good = file('good.sctrace');
writeSynthetic(good, { events: 20_000, seed: 9 });

function after(name: string, sql: string): ReturnType<typeof verifyTrace> {
  const path = file(name);
  copyFileSync(good, path);
  const db = new Database(path);
  db.exec(sql);
  db.close();
  return verifyTrace(path);
}

describe('verify', () => {
  it('accepts what the recorder wrote', () => {
    expect(verifyTrace(good)).toEqual({
      ok: true,
      events: 20_000,
      keyframes: 2,
      difference: null,
      sequence: null,
    });
  });

  it('finds a changed value at the next keyframe', () => {
    const result = after('value.sctrace', 'UPDATE event SET new = new + 1 WHERE seq = 9000');
    expect(result.ok).toBe(false);
    expect(result.sequence).toBe(16_384);
  });

  it('finds a changed value after the last keyframe', () => {
    const result = after('tail.sctrace', 'UPDATE event SET cause = cause + 1 WHERE seq = 19999');
    expect(result).toMatchObject({ ok: false, sequence: null });
    expect(result.difference).toContain('after the last keyframe');
  });

  it('finds a missing event', () => {
    expect(after('gap.sctrace', 'DELETE FROM event WHERE seq = 77')).toMatchObject({
      ok: false,
      sequence: 77,
      difference: 'event 77 is missing',
    });
    expect(after('end.sctrace', 'DELETE FROM event WHERE seq = 20000')).toMatchObject({
      ok: false,
      sequence: 20_000,
    });
  });

  it('finds a change in each derived table', () => {
    for (const [table, sql] of [
      ['event_block', 'UPDATE event_block SET start_ns = start_ns + 1 WHERE block = 3'],
      ['lwp_state', 'UPDATE lwp_state SET state = 9 WHERE id = 100'],
      ['cpu_run', 'DELETE FROM cpu_run WHERE id = 10'],
      ['nopreempt_window', 'UPDATE nopreempt_window SET deferrals = 7 WHERE id = 1'],
      ['decision', 'UPDATE decision SET outcome = 5 WHERE seq = (SELECT min(seq) FROM decision)'],
      ['lock_hold', 'UPDATE lock_hold SET end_ns = end_ns + 1 WHERE id = 2'],
      ['lock_wait', 'UPDATE lock_wait SET holder = holder + 1 WHERE id = 3'],
      ['keyframe', "UPDATE keyframe SET state = x'00' WHERE seq = 8192"],
      ['series', 'UPDATE series SET nodes = nodes + 1 WHERE id = 1'],
      ['chunk', 'UPDATE chunk SET data = zeroblob(length(data)) WHERE id = (SELECT max(id) FROM chunk)'],
      ['overview', 'UPDATE overview SET bucket_ns = bucket_ns * 2'],
    ] as const) {
      const result = after(`${table}.sctrace`, sql);
      expect(result.ok, table).toBe(false);
      expect(result.difference, table).toContain(`the table ${table} `);
    }
  });

  it('finds a keyframe whose digest was changed', () => {
    expect(after('digest.sctrace', "UPDATE keyframe SET state_digest = '0' WHERE seq = 16384")).toMatchObject(
      {
        ok: false,
        sequence: 16_384,
      },
    );
  });
});

it.each(['missing', 'not a folder'])(
  'where the folder for temporary files is %s, says that and not that the trace differs',
  (what) => {
    const path = file(`temp-${what}.sctrace`);
    writeSynthetic(path, { events: 200 });
    const folder = file(`tmp-${what}`);
    if (what !== 'missing') writeFileSync(folder, '');
    vi.stubEnv('TMPDIR', folder);
    try {
      expect(() => verifyTrace(path)).toThrowError(/could not be verified: .* is not writable .*TMPDIR/);
    } finally {
      vi.unstubAllEnvs();
    }
  },
);

it.skipIf(process.platform === 'win32')('leaves nothing behind, however its process ends', () => {
  const folder = file('scratch');
  mkdirSync(folder);
  vi.stubEnv('TMPDIR', folder);
  const seen: string[][] = [];
  try {
    expect(verifyTrace(good, { onProgress: () => seen.push(readdirSync(folder)) }).ok).toBe(true);
  } finally {
    vi.unstubAllEnvs();
  }
  expect(seen).toEqual([[], []]);
});
