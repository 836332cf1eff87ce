/** A trace that goes out as trace events and comes in again is the same in what every thread was doing. */
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { importFile } from '../workbench/make-trace.ts';
import { queryTrace, TraceDatabase, verifyTrace } from '../store/index.ts';
import { temporaryFolder } from '../store/testing/temporary-folder.ts';
import { exportTrace } from './export-trace.ts';

const CAPTURE = join(import.meta.dirname, '../../traces/real-convoy-spin.ftrace.txt.gz');

const file = temporaryFolder();
let out: TraceDatabase;
let back: TraceDatabase;

beforeAll(async () => {
  await importFile({ source: CAPTURE, path: file('out.sctrace') }, {});
  const whole = {
    trace: file('out.sctrace'),
    path: file('out.json'),
    format: 'chrome' as const,
    range: null,
  };
  await exportTrace(whole, { createdBy: 'schedctl-workbench test' });
  await importFile({ source: file('out.json'), path: file('back.sctrace') }, {});
  out = TraceDatabase.open(file('out.sctrace'));
  back = TraceDatabase.open(file('back.sctrace'));
  return () => {
    out.close();
    back.close();
  };
}, 60_000);

/** What each thread was doing, by thread number: intervals that touch and say the same are one. */
function states(trace: TraceDatabase): unknown[] {
  const sql = `SELECT l.lwp_number, s.start_ns, s.end_ns, (SELECT name FROM code WHERE domain = 'lane_state' AND value = s.state)
    FROM lwp_state s JOIN lwp l ON l.id = s.lwp ORDER BY l.lwp_number, s.start_ns`;
  const merged: [number, number, number, string][] = [];
  for (const row of queryTrace(trace, sql).rows) {
    const [lwp, startNs, endNs, state] = row as [number, number, number, string];
    const last = merged.at(-1);
    if (last !== undefined && last[0] === lwp && last[3] === state && last[2] === startNs) last[2] = endNs;
    else merged.push([lwp, startNs, endNs, state]);
  }
  return merged;
}

it('is the same in what every thread was doing when', () => {
  const before = states(out);
  expect(before.length).toBeGreaterThan(1000);
  expect(states(back)).toEqual(before);
});

it('is the same in which thread ran on which CPU', () => {
  const sql = `SELECT r.cpu, l.lwp_number, r.start_ns, r.end_ns FROM cpu_run r JOIN lwp l ON l.id = r.lwp ORDER BY 1, 3`;
  const runs = (trace: TraceDatabase): unknown[] => [...queryTrace(trace, sql).rows];
  expect(runs(back)).toEqual(runs(out));
});

it('is a trace that verifies', () => {
  expect(verifyTrace(file('back.sctrace'))).toMatchObject({ ok: true });
});
