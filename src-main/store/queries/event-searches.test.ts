/** Searching events and lanes, against all rows looked through one by one. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { LwpId, Ns } from '#shared/base/brands.ts';
import { CAUSE_NAMES } from '#shared/model/causes.ts';
import { KIND, KIND_NAMES, type KindName } from '#shared/model/kinds.ts';
import { subjectIdOf } from '#shared/model/machine-state.ts';
import { SyntheticTrace } from '../testing/synthetic-trace.ts';
import { temporaryFolder, writeSynthetic } from '../testing/temporary-folder.ts';
import { TraceDatabase } from '../read/trace-database.ts';
import { findEvents, history, lanes, neighbours, stepFiltered } from './index.ts';

const file = temporaryFolder();
const path = file('trace.sctrace');
const options = { events: 30_000, seed: 3, cpus: 3, lwps: 12, locks: 2 };
writeSynthetic(path, options);
const rows = SyntheticTrace.rows(options).map((row, i) => ({ ...row, sequence: i + 1 }));
const trace = TraceDatabase.open(path);
const anySequence = fc.integer({ min: 0, max: rows.length + 1 });
const runs = { numRuns: 40 };
const direction = fc.constantFrom('next' as const, 'previous' as const);

it('a step goes to the nearest row that the filter lets through', () => {
  fc.assert(
    fc.property(
      anySequence,
      direction,
      fc.integer({ min: 0, max: CAUSE_NAMES.length - 1 }),
      fc.integer({ min: 0, max: 12 }),
      (fromSequence, way, cause, object) => {
        for (const filter of [{ causes: [cause] }, { objects: [object], kinds: [KIND.sc_yield] }]) {
          const matches = rows.filter(
            (row) =>
              (!('causes' in filter) || row.cause === cause) &&
              (!('objects' in filter) || (row.object === object && row.kind === KIND.sc_yield)),
          );
          const expected =
            way === 'next'
              ? matches.find((row) => row.sequence > fromSequence)
              : matches.findLast((row) => row.sequence < fromSequence);
          expect(stepFiltered(trace, { fromSequence, direction: way, filter })?.sequence).toBe(
            expected?.sequence,
          );
        }
      },
    ),
    runs,
  );
});

it('a text finds rows by kind, cause, thread and process, all words together', () => {
  const names = (row: (typeof rows)[number]): string[] => [
    KIND_NAMES[row.kind]!,
    CAUSE_NAMES[row.cause]!,
    ...(row.lwp < 0 ? [] : [`worker-${row.lwp}`, 'database']),
  ];
  fc.assert(
    fc.property(
      anySequence,
      direction,
      fc.constantFrom('sc_yield', 'SWTCH', 'worker-11', 'preempt worker-3', 'database clock', 'nothing', ' '),
      (fromSequence, way, text) => {
        const words = text.toLowerCase().split(' ').filter(Boolean);
        const matches = rows.filter(
          (row) =>
            words.length > 0 &&
            words.every((word) => names(row).some((name) => name.toLowerCase().includes(word))),
        );
        const expected =
          way === 'next'
            ? matches.filter((row) => row.sequence > fromSequence).slice(0, 50)
            : matches
                .filter((row) => row.sequence < fromSequence)
                .slice(-50)
                .reverse();
        const found = findEvents(trace, { text, fromSequence, direction: way, limit: 50 });
        expect([...found.sequence]).toEqual(expected.map((row) => row.sequence));
      },
    ),
    runs,
  );
});

it('the history of a field is every row that assigned it, both ways from any row', () => {
  const kinds: KindName[] = [
    't_state',
    'sc_nopreempt',
    'cpu_dispthread',
    'sync_owner',
    'disp_nrunnable',
    'lbolt',
  ];
  fc.assert(
    fc.property(anySequence, fc.constantFrom(...kinds), fc.nat(3), (sequence, name, subject) => {
      const kind = KIND[name];
      const of = rows.filter(
        (row) =>
          row.kind === kind &&
          (name === 'lbolt' || subjectIdOf(row.kind, row.cpu, row.lwp, row.object) === subject),
      );
      const expected = [
        ...of.filter((row) => row.sequence < sequence).slice(-20),
        ...of.filter((row) => row.sequence >= sequence).slice(0, 20),
      ];
      const found = history(trace, { kind, subject, sequence, before: 20, after: 20 });
      expect([...found.sequence]).toEqual(expected.map((row) => row.sequence));
      expect([...found.newValue]).toEqual(expected.map((row) => row.newValue));
    }),
    runs,
  );
});

it('the neighbours of a run are the runs on the CPU before and after it', () => {
  const cpuRuns = trace.db
    .prepare('SELECT lwp, start_ns AS startNs, end_ns AS endNs FROM cpu_run WHERE cpu = 1 ORDER BY start_ns')
    .all() as { lwp: LwpId; startNs: Ns; endNs: Ns }[];
  fc.assert(
    fc.property(fc.integer({ min: 0, max: trace.durationNs - 1 }), (timeNs) => {
      const found = neighbours(trace, { lane: { kind: 'cpu', id: 1 }, timeNs });
      const at = cpuRuns.find((run) => run.startNs <= timeNs && run.endNs > timeNs) ?? null;
      const previous = cpuRuns.findLast((run) => run.endNs <= (at?.startNs ?? timeNs)) ?? null;
      const next = cpuRuns.find((run) => run.startNs >= (at?.endNs ?? timeNs)) ?? null;
      for (const [slice, expected] of [
        [found.at, at],
        [found.previous, previous],
        [found.next, next],
      ] as const) {
        if (expected === null) expect(slice).toBeNull();
        else expect(slice).toMatchObject(expected);
      }
    }),
    runs,
  );
});

it('the neighbours of a run of no length are those of the moment', () => {
  const coarse = file('coarse.sctrace');
  writeSynthetic(coarse, { events: 8000, seed: 3, cpus: 2, lwps: 6, stampNs: 10_000 });
  const stamped = TraceDatabase.open(coarse);
  const cpuRuns = stamped.db
    .prepare(
      'SELECT lwp, start_ns AS startNs, end_ns AS endNs FROM cpu_run WHERE cpu = 1 ORDER BY end_ns, start_ns, id',
    )
    .all() as { lwp: LwpId; startNs: Ns; endNs: Ns }[];
  const lane = { kind: 'cpu', id: 1 } as const;
  const points = cpuRuns.filter((run) => run.startNs === run.endNs);
  expect(points.length).toBeGreaterThan(10);
  for (const { startNs: timeNs } of points) {
    const found = neighbours(stamped, { lane, timeNs, endNs: timeNs });
    const of = (run: { startNs: Ns; endNs: Ns }): boolean => run.startNs === timeNs && run.endNs === timeNs;
    const first = cpuRuns.findIndex(of);
    const last = cpuRuns.findLastIndex(of);
    expect(found.at).toMatchObject(cpuRuns[first]!);
    if (first > 0) expect(found.previous).toMatchObject(cpuRuns[first - 1]!);
    if (last + 1 < cpuRuns.length) expect(found.next).toMatchObject(cpuRuns[last + 1]!);
  }
  const window = { startNs: 0, endNs: stamped.durationNs, pixels: stamped.durationNs, lanes: [lane] };
  const shown = lanes(stamped, window);
  const seen = Array.from(shown.startNs, (startNs, row) => (startNs === shown.endNs[row] ? startNs : -1));
  expect(seen.filter((timeNs) => timeNs >= 0)).toEqual([...new Set(points.map((point) => point.startNs))]);
});

it('the neighbours of a state are the states before and after it', () => {
  const states = trace.db
    .prepare(
      'SELECT state, start_ns AS startNs, end_ns AS endNs FROM lwp_state WHERE lwp = 4 ORDER BY start_ns',
    )
    .all() as { state: number; startNs: Ns; endNs: Ns }[];
  const timeNs = states[10]!.startNs;
  expect(neighbours(trace, { lane: { kind: 'lwp', id: 4 }, timeNs })).toMatchObject({
    previous: states[9],
    at: states[10],
    next: states[11],
  });
  expect(neighbours(trace, { lane: { kind: 'lwp', id: 4 }, timeNs: -1 })).toMatchObject({
    previous: null,
    at: null,
    next: states[0],
  });
  expect(neighbours(trace, { lane: { kind: 'sync', id: 99 }, timeNs })).toEqual({
    previous: null,
    at: null,
    next: null,
  });
});
