/** The scenarios of the library about shares, and what else the language says about projects, zones and classes. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { TS } from '#shared/model/enums.ts';
import { KIND } from '#shared/model/kinds.ts';
import { parseScenario } from '#main/scenario/parse-scenario.ts';
import { scenarioHeader } from '#main/scenario/header.ts';
import { recordRun, type Row } from './recorded-run.ts';

const textOf = (name: string): string =>
  readFileSync(new URL(`../../traces/scenarios/${name}`, import.meta.url), 'utf8');

/** Seconds on a CPU by process, between two times in seconds. */
function usage(text: string, fromS = 0, toS = Infinity): Record<string, number> {
  const plan = parseScenario(text, 'shares.yaml');
  const since = new Map<number, number>();
  const used: Record<string, number> = {};
  const [fromNs, toNs] = [fromS * 1e9, Math.min(toS * 1e9, plan.durationNs)];
  const leave = (lwp: number, timeNs: number): void => {
    const { name } = plan.processes[plan.lwps[lwp]!.process]!;
    const spent = Math.min(timeNs, toNs) - Math.max(since.get(lwp)!, fromNs);
    used[name] = (used[name] ?? 0) + Math.max(0, spent) / 1e9;
    since.delete(lwp);
  };
  recordRun(
    plan,
    {},
    {
      onRow({ kind, lwp, new: state, timeNs }) {
        if (kind !== KIND.t_state) return;
        if (since.has(lwp)) leave(lwp, timeNs);
        if (state === TS.ONPROC) since.set(lwp, timeNs);
      },
    },
  );
  for (const lwp of [...since.keys()]) leave(lwp, plan.durationNs);
  return used;
}

/**
 * All rows of a kind, as `[time in ms, subject, new value]`; the subject is the LWP, or the object where there is one.
 */
function rowsOf(text: string, kind: number): [number, number, number][] {
  const rows: [number, number, number][] = [];
  const see = (row: Row): void => {
    if (row.kind === kind) rows.push([row.timeNs / 1e6, Math.max(row.lwp, row.object), row.new]);
  };
  recordRun(parseScenario(text, 'shares.yaml'), {}, { onRow: see });
  return rows;
}

describe('two zones share a CPU three to one', () => {
  const text = textOf('zones-share-the-cpu.yaml');

  test('and the projects of one divide what it gets two to one', () => {
    const used = usage(text);
    expect(used.shop).toBeCloseTo(14.85, 2);
    expect(used.blog).toBeCloseTo(7.56, 2);
    expect(used.batch).toBeCloseTo(7.59, 2);
    expect((used.shop! + used.blog!) / used.batch!).toBeCloseTo(3, 1);
  });

  test('until one has a second thread, which takes turns with the first whatever the shares', () => {
    const used = usage(text.replace('name: batch, class: FSS', 'name: batch, count: 2, class: FSS'));
    expect(used.batch! / 30).toBeGreaterThan(0.35);
  });
});

test('zones whose projects have several busy threads: all threads take turns, whatever the shares', () => {
  const used = usage(textOf('zones-share-the-cpus.yaml'));
  // Two CPUs for 20 s, and 14 threads.
  const turn = 40 / 14;
  expect([used.shop! / turn, used.blog! / turn]).toEqual([expect.closeTo(3, 1), expect.closeTo(3, 1)]);
  expect(used.batch! / turn).toBeCloseTo(8, 1);
  expect(used.batch! / 40).toBeCloseTo(0.57, 2);
});

describe('shares, projects and processor sets that change at run time', () => {
  const text = textOf('shares-change-at-run-time.yaml');
  const share = (fromS: number, toS: number): Record<string, number> => {
    const used = usage(text, fromS, toS);
    return Object.fromEntries(Object.entries(used).map(([name, s]) => [name, s / (toS - fromS)]));
  };

  test('equal shares, equal parts of the CPU', () => {
    const { orders, reports, archive } = share(0, 5);
    expect(orders).toBeCloseTo(0.5, 1);
    expect(reports).toBeCloseTo(0.5, 1);
    expect(archive).toBeGreaterThan(0.99);
  });

  test('three times the shares from 5 s on', () => {
    const { orders, reports } = share(5, 10);
    expect(orders).toBeCloseTo(0.79, 2);
    expect(reports).toBeCloseTo(0.21, 2);
  });

  test('another project from 10 s on: its past is forgotten, then its one share counts', () => {
    expect(share(10, 11).reports).toBeGreaterThan(0.8);
    expect(share(12, 15).reports).toBeLessThan(0.05);
  });

  test('another processor set from 15 s on: it takes turns there with the thread of its project', () => {
    const { orders, reports, archive } = share(16, 20);
    expect(orders).toBeGreaterThan(0.99);
    expect(reports).toBeCloseTo(0.5, 1);
    expect(archive).toBeCloseTo(0.5, 1);
  });
});

test.each(['zones-share-the-cpu.yaml', 'zones-share-the-cpus.yaml', 'shares-change-at-run-time.yaml'])(
  '%s has a title and says what to see',
  (name) => {
    const header = scenarioHeader(textOf(name));
    expect(header.title).toMatch(/.{10}/);
    expect(header.see).toMatch(/.{80}/);
  },
);

test('a program moves its own process, children follow, and a project of another zone ends the run', () => {
  const text = (project: string): string => `cpus: 1
duration: 100 ms
zones: { apart: 1 }
projects: { one: 1, other: 1, far: { zone: apart } }
programs:
  child: [compute: 1ms]
  main: [compute: 1ms, { newtask: ${project} }, { fork: child }, wait_child]
processes: [{ name: p, project: one, lwps: [{ name: main, class: FSS, program: main }] }]
`;
  // Project numbers are those of the scenario from 1; process 1 is the child.
  expect(rowsOf(text('other'), KIND.p_project).map(([, p, project]) => [p, project])).toEqual([
    [0, 2],
    [1, 2],
  ]);
  expect(() => rowsOf(text('far'), KIND.p_project)).toThrow(
    /line 7: newtask found "far", a project of another zone/,
  );
});

test('the quantum of FSS, and those of RT with their signal, are as the scenario says', () => {
  const text = `cpus: 1
duration: 500 ms
fss_quantum: 3 ticks
rt_quanta: [${Array.from({ length: 60 }, (_, level) => (level === 7 ? '4 ticks' : 'infinite')).join(', ')}]
programs:
  busy: [compute: 200ms]
  handler: [mark: 9]
processes:
  - name: fair
    lwps: [{ name: fair, class: FSS, program: busy }]
  - name: real
    signals: { USR1: handler }
    lwps: [{ name: real, class: { name: RT, pri: 7, quantum_signal: USR1 }, start: 101ms, program: busy }]
`;
  expect(rowsOf(text, KIND.fss_timeleft)[0]).toEqual([0, 0, 3]);
  expect(rowsOf(text, KIND.rt_pquantum)).toEqual([[101, 1, 4]]);
  // A quantum every 40 ms; the signal comes when nothing is left of it.
  const marks = rowsOf(text, KIND.user_mark).map(([ms]) => Math.round(ms));
  expect(marks.slice(0, 3)).toEqual([140, 180, 220]);
});

test('a scenario without shares records nothing about projects and zones', () => {
  const text = `cpus: 1
duration: 10 ms
processes: [{ name: p, lwps: [{ name: x, program: [compute: 1ms] }] }]
`;
  for (const kind of [KIND.p_project, KIND.kpj_shares, KIND.kpj_zone, KIND.zone_shares]) {
    expect(rowsOf(text, kind)).toEqual([]);
  }
});
