/** A time range cut out of a recorded trace must agree with the whole trace. */
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Ns } from '#shared/base/brands.ts';
import { cutFile, recordScenario } from '../workbench/make-trace.ts';
import { decisions, nopreemptWindows, queryTrace, TraceDatabase, verifyTrace } from '../store/index.ts';
import { replayTo } from '../store/read/replay.ts';
import { lastSequenceAt } from '../store/read/sequence-at.ts';
import { temporaryFolder } from '../store/testing/temporary-folder.ts';

const SCENARIO = new URL('../../traces/scenarios/convoy-behind-a-revoked-request.yaml', import.meta.url);
/** In the middle of the request that is revoked at 1.36 s. */
const START_NS = 1_340_000_001;
const END_NS = 1_510_000_000;

const file = temporaryFolder();
const wholePath = file('whole.sctrace');
const cutPath = file('cut.sctrace');
let whole: TraceDatabase;
let cut: TraceDatabase;

beforeAll(async () => {
  const text = readFileSync(SCENARIO, 'utf8');
  await recordScenario({ text, name: 'convoy.yaml', path: wholePath }, {});
  await cutFile({ source: wholePath, path: cutPath, startNs: START_NS, endNs: END_NS }, {});
  whole = TraceDatabase.open(wholePath);
  cut = TraceDatabase.open(cutPath);
  return () => {
    whole.close();
    cut.close();
  };
}, 60_000);

describe('a trace cut out of another', () => {
  it('is a complete trace that verifies, and says where it is from', () => {
    expect(verifyTrace(cutPath)).toMatchObject({ ok: true, difference: null });
    expect(cut.meta).toMatchObject({ complete: true, source: 'emulator', tickNs: whole.meta.tickNs });
    expect(cut.meta.sourceDetail).toMatch(/^1340000001 to 1510000000 ns of whole.sctrace: /);
  });

  it('has the same machine at every moment, bit for bit', () => {
    for (let part = 0; part <= 20; part++) {
      const timeNs = START_NS + Math.floor(((END_NS - START_NS) * part) / 20);
      const before = replayTo(whole, lastSequenceAt(whole, timeNs));
      const after = replayTo(cut, lastSequenceAt(cut, timeNs - START_NS));
      expect(after.digest(), `at ${timeNs} ns`).toBe(before.digest());
    }
  });

  it.each([
    ['lwp_state', 'lwp, state, sync, flags'],
    ['cpu_run', 'cpu, lwp'],
    ['lock_hold', 'sync, lwp'],
    ['lock_wait', 'sync, lwp, holder'],
  ])('has the same rows of %s', (table, columns) => {
    const rows = (trace: TraceDatabase, fromNs: Ns): unknown[] => {
      // What was under way at the start begins with the cut; the end of the trace ends what is under way there.
      const start = `max(start_ns - ${fromNs}, 0)`;
      const end = `min(end_ns - ${fromNs}, ${cut.durationNs})`;
      const sql = `SELECT ${columns}, ${start} AS start, ${end} AS till FROM ${table} WHERE till > 0 AND start < till ORDER BY till, start, 1, 2`;
      return [...queryTrace(trace, sql).rows];
    };
    const original = rows(whole, START_NS);
    expect(original.length).toBeGreaterThan(20);
    expect(rows(cut, 0)).toEqual(original);
  });

  it('has the same decisions, and how the requests ended that were standing', () => {
    const range = { pixels: 16_384, lwps: [0] };
    const outcomes = decisions(cut, { startNs: 0, endNs: END_NS - START_NS, ...range });
    const original = decisions(whole, { startNs: START_NS, endNs: END_NS, ...range });
    expect([...outcomes.outcome]).toEqual([...original.outcome]);
    expect([...outcomes.timeNs].map((timeNs) => timeNs + START_NS)).toEqual([...original.timeNs]);
    const ends = (trace: TraceDatabase, startNs: Ns): number[] => [
      ...nopreemptWindows(trace, { startNs, endNs: startNs + 40_000_000, ...range }).end,
    ];
    expect(ends(cut, 0)).toEqual(ends(whole, START_NS));
  });

  it('does not count the state at its start as stores into sc_cpu', () => {
    const sql = 'SELECT count(*) FROM v_sc_cpu_update WHERE time_ns';
    const count = (trace: TraceDatabase, condition: string): unknown =>
      [...queryTrace(trace, `${sql} ${condition}`).rows][0]![0];
    expect(count(cut, '>= 0')).toBe(count(whole, `BETWEEN ${START_NS} AND ${END_NS}`));
  });

  it('refuses a time range that is not in the trace', async () => {
    const beyond = { source: wholePath, path: file('none.sctrace'), startNs: 5e9, endNs: 6e9 };
    await expect(cutFile(beyond, {})).rejects.toMatchObject({ code: 'usage' });
  });
});
