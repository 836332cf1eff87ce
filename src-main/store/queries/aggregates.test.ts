/** Aggregates against sums over the rows of the derived tables, computed without lanes, pyramids or sums. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CpuId, LwpId, Ns, SyncId } from '#shared/base/brands.ts';
import type { Distribution } from '#shared/api/contract.ts';
import { DECISION, LANE_STATE } from '#shared/model/enums.ts';
import { logBucketOf } from '../levels/sums/log-buckets.ts';
import { temporaryFolder, writeSynthetic } from '../testing/temporary-folder.ts';
import { TraceDatabase } from '../read/trace-database.ts';
import { aggregates } from './aggregates.ts';

const file = temporaryFolder();
const path = file('trace.sctrace');
// Several steps within a stamp: there are runs of no length.
writeSynthetic(path, { events: 60_000, seed: 11, cpus: 3, lwps: 7, locks: 2, stampNs: 10_000 });
const trace = TraceDatabase.open(path);
const { durationNs } = trace;

interface Interval {
  readonly startNs: Ns;
  readonly endNs: Ns;
}
interface Area extends Interval {
  readonly lwps?: LwpId[];
}
const anyTime = fc.integer({ min: 0, max: durationNs - 1 });
const anyArea: fc.Arbitrary<Area> = fc
  .tuple(anyTime, anyTime)
  .map(([a, b]) => ({ startNs: Math.min(a, b), endNs: Math.max(a, b) }));
const runs = { numRuns: 30 };

const rowsOf = <Row>(sql: string): Row[] => trace.db.prepare(sql).all() as Row[];
const STATES_SQL = 'SELECT lwp, start_ns AS startNs, end_ns AS endNs, state FROM lwp_state ORDER BY lwp, id';
const states = rowsOf<Interval & { lwp: LwpId; state: number }>(STATES_SQL);
const cpuRuns = rowsOf<Interval & { cpu: CpuId; lwp: LwpId }>(
  'SELECT cpu, lwp, start_ns AS startNs, end_ns AS endNs FROM cpu_run ORDER BY lwp, end_ns, start_ns, id',
);
const holds = rowsOf<Interval & { sync: SyncId; lwp: LwpId }>(
  'SELECT sync, lwp, start_ns AS startNs, end_ns AS endNs FROM lock_hold',
);
const lockWaits = rowsOf<Interval & { sync: SyncId; lwp: LwpId }>(
  'SELECT sync, lwp, start_ns AS startNs, end_ns AS endNs FROM lock_wait',
);
const decided = rowsOf<{ lwp: LwpId; outcome: number; timeNs: Ns }>(
  'SELECT lwp, outcome, time_ns AS timeNs FROM decision',
);

const inside = (interval: Interval, area: Interval): number =>
  Math.max(0, Math.min(interval.endNs, area.endNs) - Math.max(interval.startNs, area.startNs));
const overlaps = (interval: Interval, area: Interval): boolean =>
  interval.startNs < area.endNs &&
  (interval.endNs > area.startNs ||
    (interval.endNs === interval.startNs && interval.startNs >= area.startNs));
const within = (timeNs: Ns, area: Interval): boolean => timeNs >= area.startNs && timeNs < area.endNs;
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const isOnCpu = (state: number): boolean => state === LANE_STATE.running || state === LANE_STATE.spinning;
const isWaiting = (state: number): boolean => state === LANE_STATE.runnable || state === LANE_STATE.preempted;
const record = (ids: ArrayLike<number>, values: ArrayLike<number>): Record<number, number> =>
  Object.fromEntries(
    Array.from(ids, (id, row): [number, number] => [id, values[row]!]).filter(([, value]) => value !== 0),
  );
/** By key, without zeros. */
function totals<Row>(rows: readonly Row[], key: (row: Row) => number, value: (row: Row) => number) {
  const map = new Map<number, number>();
  for (const row of rows) map.set(key(row), (map.get(key(row)) ?? 0) + value(row));
  return Object.fromEntries([...map].filter(([, total]) => total !== 0));
}
/** Each row of `states` with the one before it of the same LWP, where that ends where it begins. */
const follows = states.map((row, i) => {
  const before = states[i - 1];
  return { row, before: before?.lwp === row.lwp && before.endNs === row.startNs ? before : null };
});
/** Waits for a CPU that ended with a run: LWP, end, length. */
const waitsForCpu = ((): { lwp: LwpId; endNs: Ns; ns: Ns }[] => {
  const found: { lwp: LwpId; endNs: Ns; ns: Ns }[] = [];
  let sinceNs = -1;
  for (const { row, before } of follows) {
    if (before === null) sinceNs = -1;
    if (isWaiting(row.state)) {
      if (sinceNs < 0) sinceNs = row.startNs;
      continue;
    }
    if (sinceNs >= 0 && isOnCpu(row.state)) {
      found.push({ lwp: row.lwp, endNs: row.startNs, ns: row.startNs - sinceNs });
    }
    sinceNs = -1;
  }
  return found;
})();

function expectDistribution(found: Distribution, durations: readonly number[]): void {
  expect(found.count).toBe(durations.length);
  expect(found.sumNs).toBe(sum(durations));
  const buckets = totals(durations, logBucketOf, () => 1);
  expect(record([...found.bucketStartNs].map(logBucketOf), found.bucketCount)).toEqual(buckets);
  if (durations.length === 0) return;
  const sorted = durations.toSorted((a, b) => a - b);
  for (const [part, ns] of [
    [0.5, found.p50Ns],
    [0.9, found.p90Ns],
    [0.99, found.p99Ns],
  ] as const) {
    const exact = sorted[Math.max(1, Math.ceil(part * sorted.length)) - 1]!;
    expect(logBucketOf(ns)).toBe(logBucketOf(exact));
  }
  expect(found.atMostNs).toBeGreaterThan(sorted.at(-1)!);
}

it('the trace is long enough for stored sums', () => {
  const stored = trace.db.prepare('SELECT count(*) FROM lane_sum').pluck().get();
  expect(stored).toBeGreaterThan(10);
});

it('the trace has runs of no length', () => {
  expect(cpuRuns.filter((run) => run.startNs === run.endNs).length).toBeGreaterThan(100);
});

describe('aggregates of an area', () => {
  it("hold every thread's time in each state", () => {
    fc.assert(
      fc.property(anyArea, (area) => {
        const { threads, states: byState } = aggregates(trace, area);
        const time = (state: number) =>
          totals(
            states.filter((row) => row.state === state),
            (row) => row.lwp,
            (row) => inside(row, area),
          );
        expect(record(threads.lwp, threads.runningNs)).toEqual(time(LANE_STATE.running));
        expect(record(threads.lwp, threads.spinningNs)).toEqual(time(LANE_STATE.spinning));
        expect(record(threads.lwp, threads.runnableNs)).toEqual(time(LANE_STATE.runnable));
        expect(record(threads.lwp, threads.preemptedNs)).toEqual(time(LANE_STATE.preempted));
        expect(record(threads.lwp, threads.blockedNs)).toEqual(time(LANE_STATE.blocked));
        const all = totals(
          states,
          (row) => row.state,
          (row) => inside(row, area),
        );
        expect(record(byState.state, byState.timeNs)).toEqual(all);
      }),
      runs,
    );
  });

  it('count runs, switches and migrations', () => {
    fc.assert(
      fc.property(anyArea, (area) => {
        const { threads, cpus } = aggregates(trace, area);
        const overlapping = cpuRuns.filter((run) => overlaps(run, area));
        const one = (): number => 1;
        expect(record(threads.lwp, threads.runs)).toEqual(totals(overlapping, (run) => run.lwp, one));
        expect(record(cpus.cpu, cpus.runs)).toEqual(totals(overlapping, (run) => run.cpu, one));
        const lost = follows.filter(
          ({ row, before }) =>
            before !== null &&
            isOnCpu(before.state) &&
            row.state === LANE_STATE.preempted &&
            within(row.startNs, area),
        );
        expect(record(threads.lwp, threads.involuntarySwitches)).toEqual(
          totals(lost, ({ row }) => row.lwp, one),
        );
        const moved = cpuRuns.filter((run, i) => {
          const before = cpuRuns[i - 1];
          return before?.lwp === run.lwp && before.cpu !== run.cpu && within(run.startNs, area);
        });
        expect(record(threads.lwp, threads.migrations)).toEqual(totals(moved, (run) => run.lwp, one));
      }),
      runs,
    );
  });

  it('say how busy each CPU was', () => {
    fc.assert(
      fc.property(anyArea, (area) => {
        const { cpus } = aggregates(trace, area);
        const busy = totals(
          cpuRuns,
          (run) => run.cpu,
          (run) => inside(run, area),
        );
        expect(record(cpus.cpu, cpus.busyNs)).toEqual(busy);
        for (let row = 0; row < cpus.cpu.length; row++) {
          expect(cpus.busyNs[row]! + cpus.idleNs[row]!).toBe(area.endNs - area.startNs);
        }
      }),
      runs,
    );
  });

  it('distribute the times in the run queue', () => {
    fc.assert(
      fc.property(anyArea, (area) => {
        const { threads, runQueueLatency } = aggregates(trace, area);
        const ended = waitsForCpu.filter((wait) => within(wait.endNs, area));
        expectDistribution(
          runQueueLatency,
          ended.map((wait) => wait.ns),
        );
        expect(record(threads.lwp, threads.runQueueNs)).toEqual(
          totals(
            ended,
            (wait) => wait.lwp,
            (wait) => wait.ns,
          ),
        );
      }),
      runs,
    );
  });

  it('sum up locks: held, held without a CPU, waited for', () => {
    fc.assert(
      fc.property(anyArea, (area) => {
        const { locks, holdTime } = aggregates(trace, area);
        const held = holds.filter((hold) => overlaps(hold, area));
        expect(record(locks.sync, locks.holds)).toEqual(
          totals(
            held,
            (hold) => hold.sync,
            () => 1,
          ),
        );
        expect(record(locks.sync, locks.holdNs)).toEqual(
          totals(
            held,
            (hold) => hold.sync,
            (hold) => inside(hold, area),
          ),
        );
        const offCpu = held.flatMap((hold) =>
          states
            .filter((row) => row.lwp === hold.lwp && !isOnCpu(row.state) && overlaps(row, hold))
            .map((row) => ({
              sync: hold.sync,
              startNs: Math.max(row.startNs, hold.startNs),
              endNs: Math.min(row.endNs, hold.endNs),
            })),
        );
        expect(record(locks.sync, locks.offCpuHoldNs)).toEqual(
          totals(
            offCpu,
            (row) => row.sync,
            (row) => inside(row, area),
          ),
        );
        expectDistribution(
          holdTime,
          holds
            .filter((hold) => within(hold.endNs, area) && hold.endNs < durationNs)
            .map((hold) => hold.endNs - hold.startNs),
        );
        const waited = lockWaits.filter((wait) => overlaps(wait, area));
        expect(record(locks.sync, locks.waitNs)).toEqual(
          totals(
            waited,
            (wait) => wait.sync,
            (wait) => inside(wait, area),
          ),
        );
        expect(record(locks.sync, locks.waits)).toEqual(
          totals(
            waited,
            (wait) => wait.sync,
            () => 1,
          ),
        );
        locks.sync.forEach((sync, row) => {
          const waiters = new Set(waited.filter((wait) => wait.sync === sync).map((wait) => wait.lwp));
          expect(locks.waiters[row]).toBe(waiters.size);
        });
      }),
      { numRuns: 8 },
    );
  });

  it('count decisions by outcome', () => {
    fc.assert(
      fc.property(anyArea, (area) => {
        const { decisions } = aggregates(trace, area);
        const made = decided.filter((row) => within(row.timeNs, area));
        expect(record(decisions.outcome, decisions.count)).toEqual(
          totals(
            made,
            (row) => row.outcome,
            () => 1,
          ),
        );
        decisions.outcome.forEach((outcome, row) => {
          const threads = new Set(made.filter((one) => one.outcome === outcome).map((one) => one.lwp));
          expect(decisions.threads[row]).toBe(threads.size);
        });
      }),
      runs,
    );
  });

  it('distribute the times from sc_yield to the yield()', () => {
    const answers = rowsOf<{ endNs: Ns; ns: Ns }>(
      'SELECT yielded_ns AS endNs, yielded_ns - yield_asked_ns AS ns FROM nopreempt_window WHERE yielded_ns >= 0',
    );
    expect(answers.length).toBeGreaterThan(100);
    fc.assert(
      fc.property(anyArea, (area) => {
        expectDistribution(
          aggregates(trace, area).yieldLatency,
          answers.filter((answer) => within(answer.endNs, area)).map((answer) => answer.ns),
        );
      }),
      runs,
    );
  });

  it('of parts add up to those of the whole', () => {
    fc.assert(
      fc.property(anyTime, (timeNs) => {
        const whole = aggregates(trace, { startNs: 0, endNs: durationNs });
        const parts = [
          aggregates(trace, { startNs: -5, endNs: timeNs }),
          aggregates(trace, { startNs: timeNs, endNs: durationNs + 5 }),
        ];
        const both = (pick: (part: typeof whole) => number): number => sum(parts.map(pick));
        expect(both((part) => sum([...part.states.timeNs]))).toBe(sum([...whole.states.timeNs]));
        expect(both((part) => part.runQueueLatency.count)).toBe(whole.runQueueLatency.count);
        expect(both((part) => sum([...part.decisions.count]))).toBe(decided.length);
        expect(both((part) => sum([...part.threads.migrations]))).toBe(sum([...whole.threads.migrations]));
      }),
      runs,
    );
  });

  it('of some threads are theirs alone; a process is the sum of its threads', () => {
    const area = { startNs: durationNs / 4, endNs: durationNs / 2 };
    const all = aggregates(trace, area);
    const some = aggregates(trace, { ...area, lwps: [1, 4] });
    expect([...some.threads.lwp]).toEqual([1, 4]);
    expect(some.threads.runningNs[1]).toBe(all.threads.runningNs[all.threads.lwp.indexOf(4)]);
    expect([...some.processes.threads]).toEqual([2]);
    expect(some.processes.runningNs[0]).toBe(sum([...some.threads.runningNs]));
    expect(sum([...some.states.timeNs])).toBeLessThan(sum([...all.states.timeNs]));
    expect(aggregates(trace, { ...area, processes: [0] }).threads).toEqual(all.threads);
    expect(aggregates(trace, { ...area, processes: [] }).threads.lwp).toHaveLength(0);
  });

  it('of some CPUs are the runs on these', () => {
    const area = { startNs: durationNs / 4, endNs: durationNs / 2 };
    const one = aggregates(trace, { ...area, cpus: [1] });
    expect([...one.cpus.cpu]).toEqual([1]);
    expect(sum([...one.threads.onCpuNs])).toBe(one.cpus.runningNs[0]! + one.cpus.spinningNs[0]!);
    expect(sum([...one.threads.runs])).toBe(one.cpus.runs[0]);
  });

  it('of an empty area, or of one outside the trace, are empty', () => {
    for (const at of [0, durationNs / 3, durationNs * 2]) {
      const none = aggregates(trace, { startNs: at, endNs: at });
      expect(none.states.timeNs.reduce((total, ns) => total + ns, 0)).toBe(0);
      expect(none.runQueueLatency.count).toBe(0);
    }
  });

  it('list every outcome of a decision', () => {
    expect([...aggregates(trace, { startNs: 0, endNs: 1 }).decisions.outcome]).toEqual(
      Object.values(DECISION),
    );
  });
});
