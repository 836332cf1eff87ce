/**
 * The queries against a naive model in memory: every answer is computed again from all rows, without
 * keyframes, pyramids or blocks.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ColumnOf, LwpId, Ns, Seq } from '#shared/base/brands.ts';
import type { LaneColumns } from '#shared/api/contract.ts';
import { LANE_FLAG } from '#shared/model/lane-flags.ts';
import { DECISION, LANE_STATE, OFF_CPU_REASON, TS } from '#shared/model/enums.ts';
import { KIND } from '#shared/model/kinds.ts';
import { laneStateOf } from '#shared/model/lane-state.ts';
import { MachineState } from '#shared/model/machine-state.ts';
import type { TransitionBatch } from '#shared/model/transition-batch.ts';
import type { Transition } from '#shared/model/transition-batch.ts';
import { applyTransition } from '../testing/apply-transition.ts';
import { SyntheticTrace } from '../testing/synthetic-trace.ts';
import { temporaryFolder, writeSynthetic, writeTrace } from '../testing/temporary-folder.ts';
import { TraceDatabase } from '../read/trace-database.ts';
import {
  cpuUpdates,
  decisionCounts,
  decisions,
  events,
  highlight,
  lanes,
  lockWaiters,
  nopreemptWindows,
  overview,
  queueLengths,
  slotOccupancy,
  stateAt,
  step,
  wakeups,
} from './index.ts';

const file = temporaryFolder();
const options = { events: 30_000, seed: 5, cpus: 3, lwps: 9, locks: 2 };
const path = file('trace.sctrace');
writeSynthetic(path, options);
const rows = SyntheticTrace.rows(options);
const trace = TraceDatabase.open(path);
const durationNs = rows.at(-1)!.timeNs;

const runs = { numRuns: 40 };
const anySequence = fc.integer({ min: 0, max: rows.length });
const anyTime = fc.integer({ min: 0, max: durationNs });
const anyWindow = fc
  .tuple(anyTime, anyTime, fc.integer({ min: 1, max: 400 }))
  .filter(([a, b]) => a !== b)
  .map(([a, b, pixels]) => ({ startNs: Math.min(a, b), endNs: Math.max(a, b), pixels }));

const all = Array.from({ length: options.lwps }, (_, id) => ({ kind: 'lwp' as const, id }));

function replayed(sequence: Seq): MachineState {
  const state = new MachineState(true);
  for (let i = 0; i < sequence; i++) {
    const row = rows[i]!;
    applyTransition(state, row, i + 1);
  }
  return state;
}

describe('stateAt', () => {
  it('is what replaying every row from the start gives', () => {
    fc.assert(
      fc.property(anySequence, (sequence) => {
        const found = stateAt(trace, { sequence });
        const expected = replayed(sequence);
        expect(found.sequence).toBe(sequence);
        expect(found.timeNs).toBe(sequence === 0 ? 0 : rows[sequence - 1]!.timeNs);
        expect(Buffer.from(found.words.buffer).equals(Buffer.from(expected.serialize().buffer))).toBe(true);
      }),
      runs,
    );
  });

  it('finds the last row at or before a time', () => {
    fc.assert(
      fc.property(anyTime, (timeNs) => {
        expect(stateAt(trace, { timeNs }).sequence).toBe(rows.filter((row) => row.timeNs <= timeNs).length);
      }),
      runs,
    );
    expect(stateAt(trace, { timeNs: -1 }).sequence).toBe(0);
    expect(stateAt(trace, { timeNs: 1e15 }).sequence).toBe(rows.length);
    expect(stateAt(trace, {}).sequence).toBe(rows.length);
  });
});

const anyFilter = fc.option(
  fc.record(
    {
      kinds: fc.array(
        fc.constantFrom(KIND.t_state, KIND.decision, KIND.sc_nopreempt, KIND.cpu_dispthread, KIND.fss_nice),
        { minLength: 1, maxLength: 3 },
      ),
      lwps: fc.array(fc.integer({ min: 0, max: 10 }), { minLength: 1, maxLength: 3 }),
      cpus: fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 2 }),
    },
    { requiredKeys: [] },
  ),
  { nil: undefined },
);

describe('events', () => {
  const sequences = rows.map((row, i) => ({ row, sequence: i + 1 }));

  it('gives the matching rows on both sides of the anchor', () => {
    fc.assert(
      fc.property(
        anySequence,
        fc.integer({ min: 0, max: 60 }),
        fc.integer({ min: 0, max: 60 }),
        anyFilter,
        (sequence, before, after, filter) => {
          const matches = ({ row }: { row: Transition }): boolean =>
            (filter?.kinds?.includes(row.kind) ?? true) &&
            (filter?.lwps?.includes(row.lwp) ?? true) &&
            (filter?.cpus?.includes(row.cpu) ?? true);
          const earlier = sequences.filter((entry) => entry.sequence < sequence && matches(entry));
          const later = sequences.filter((entry) => entry.sequence >= sequence && matches(entry));
          const expected = [...(before === 0 ? [] : earlier.slice(-before)), ...later.slice(0, after)];
          const found = events(trace, {
            sequence,
            before,
            after,
            ...(filter === undefined ? {} : { filter }),
          });
          expect([...found.sequence]).toEqual(expected.map((entry) => entry.sequence));
          expect([...found.newValue]).toEqual(expected.map((entry) => entry.row.newValue));
        },
      ),
      runs,
    );
  });

  it('begins at the first row at or after a time', () => {
    fc.assert(
      fc.property(anyTime, (timeNs) => {
        const found = events(trace, { timeNs, before: 1, after: 1 });
        const index = rows.findIndex((row) => row.timeNs >= timeNs);
        expect([...found.sequence]).toEqual([index, index + 1].filter((sequence) => sequence > 0));
      }),
      runs,
    );
  });
});

describe('step', () => {
  it('finds the nearest event, decision or switch in either direction', () => {
    fc.assert(
      fc.property(
        anySequence,
        fc.constantFrom('next' as const, 'previous' as const),
        fc.constantFrom('event' as const, 'decision' as const, 'switch' as const),
        fc.option(fc.integer({ min: 0, max: 9 }), { nil: undefined }),
        (fromSequence, direction, what, lwp) => {
          const wanted = (row: Transition): boolean => {
            if (what === 'switch') {
              return (
                row.kind === KIND.cpu_dispthread &&
                (lwp === undefined || row.oldValue === lwp || row.newValue === lwp)
              );
            }
            return (what === 'event' || row.kind === KIND.decision) && (lwp === undefined || row.lwp === lwp);
          };
          const index =
            direction === 'next'
              ? rows.findIndex((row, i) => i + 1 > fromSequence && wanted(row))
              : rows.findLastIndex((row, i) => i + 1 < fromSequence && wanted(row));
          const found = step(trace, { fromSequence, direction, what, ...(lwp === undefined ? {} : { lwp }) });
          expect(found).toEqual(index < 0 ? null : { sequence: index + 1, timeNs: rows[index]!.timeNs });
        },
      ),
      { numRuns: 120 },
    );
  });
});

/** State of an LWP after every instant at which it changes, straight from the rows. */
function naiveStates(lwp: LwpId): { startNs: Ns; state: number }[] {
  const state = new MachineState();
  const steps: { startNs: Ns; state: number }[] = [];
  rows.forEach((row, i) => {
    applyTransition(state, row, i + 1);
    if (rows[i + 1]?.timeNs === row.timeNs) return;
    const now = laneStateOf(
      state.read(KIND.t_state, lwp),
      state.read(KIND.off_cpu_reason, lwp),
      state.read(KIND.user_spin, lwp),
      state.read(KIND.lwp_alive, lwp),
    );
    if (steps.at(-1)?.state !== now) steps.push({ startNs: row.timeNs, state: now });
  });
  return steps;
}

const laneRows = (columns: LaneColumns, lane: number): number[] => {
  const from = columns.laneOffset[lane]!;
  return Array.from({ length: columns.laneOffset[lane + 1]! - from }, (_, i) => from + i);
};

describe('lanes', () => {
  const naive = all.map(({ id }) => naiveStates(id));
  const stateOf = (lwp: LwpId, timeNs: Ns): number =>
    naive[lwp]!.findLast((entry) => entry.startNs <= timeNs)?.state ?? LANE_STATE.exited;

  it('shows every state exactly where there is room for it', () => {
    fc.assert(
      fc.property(anyTime, (middle) => {
        const window = { startNs: middle, endNs: middle + 2000, pixels: 2000 };
        const found = lanes(trace, { ...window, lanes: all });
        for (const lane of all) {
          for (let timeNs = window.startNs; timeNs < Math.min(window.endNs, durationNs); timeNs += 37) {
            const row = laneRows(found, lane.id).find(
              (i) => found.startNs[i]! <= timeNs && timeNs < found.endNs[i]!,
            );
            expect(row === undefined ? LANE_STATE.exited : found.state[row]).toBe(stateOf(lane.id, timeNs));
          }
        }
      }),
      runs,
    );
  });

  it('gives a bounded number of rows, in order, not overlapping, without holes', () => {
    fc.assert(
      fc.property(anyWindow, (window) => {
        const found = lanes(trace, { ...window, lanes: all });
        for (const lane of all) {
          const shown = laneRows(found, lane.id);
          expect(shown.length).toBeLessThanOrEqual(2 * window.pixels + 3);
          for (const i of shown.slice(1)) expect(found.startNs[i]).toBe(found.endNs[i - 1]);
          expect(found.startNs[shown[0]!]).toBeLessThanOrEqual(window.startNs);
          expect(found.endNs[shown.at(-1)!]).toBeGreaterThanOrEqual(Math.min(window.endNs, durationNs));
        }
      }),
      runs,
    );
  });

  it('shows every interval wider than a pixel exactly, whatever surrounds it', () => {
    const intervals = trace.db
      .prepare('SELECT lwp, start_ns, end_ns, state, cpu, sync, other, flags FROM lwp_state')
      .raw()
      .all() as [number, number, number, number, number, number, number, number][];
    fc.assert(
      fc.property(anyWindow, (window) => {
        const found = lanes(trace, { ...window, lanes: all });
        const pixelNs = (window.endNs - window.startNs) / window.pixels;
        const shown = new Map<string, number>();
        found.startNs.forEach((startNs, i) => {
          const lane = found.laneOffset.findLastIndex((offset) => offset <= i);
          shown.set(`${lane} ${startNs}`, i);
        });
        for (const [lwp, startNs, endNs, state, cpu, sync, other, flags] of intervals) {
          if (endNs - startNs <= pixelNs || startNs > window.endNs || endNs < window.startNs) continue;
          const i = shown.get(`${lwp} ${startNs}`);
          const row =
            i === undefined
              ? null
              : [found.endNs[i], found.state[i], found.cpu[i], found.sync[i], found.lwp[i], found.flags[i]];
          expect(row).toEqual([endNs, state, cpu, sync, other, flags]);
        }
      }),
      runs,
    );
  });

  it('lets the longest of several narrow intervals stand for all', () => {
    const intervals = trace.db
      .prepare('SELECT start_ns, end_ns, state FROM lwp_state WHERE lwp = 4 ORDER BY start_ns')
      .raw()
      .all() as [number, number, number][];
    const found = lanes(trace, {
      startNs: 0,
      endNs: durationNs,
      pixels: 60,
      lanes: [{ kind: 'lwp', id: 4 }],
    });
    let checked = 0;
    found.startNs.forEach((startNs, i) => {
      if ((found.flags[i]! & LANE_FLAG.merged) === 0) return;
      const endNs = found.endNs[i]!;
      const inside = intervals.filter(([from, to]) => from >= startNs && to <= endNs);
      const longest = Math.max(...inside.map(([from, to]) => to - from));
      const states = inside.filter(([from, to]) => to - from === longest).map(([, , state]) => state);
      expect(states).toContain(found.state[i]);
      checked++;
    });
    expect(checked).toBeGreaterThan(20);
  });

  it('marks what is merged, and only that', () => {
    const found = lanes(trace, { startNs: 0, endNs: durationNs, pixels: 50, lanes: all });
    const pixelNs = durationNs / 50;
    let merged = 0;
    found.startNs.forEach((startNs, i) => {
      const isMerged = (found.flags[i]! & LANE_FLAG.merged) !== 0;
      if (isMerged) {
        merged++;
        // Several intervals that each begin on one pixel.
        expect(found.endNs[i]! - startNs).toBeLessThanOrEqual(2 * pixelNs);
      }
    });
    expect(merged).toBeGreaterThan(100);
  });

  it('shows the LWP that ran on each CPU, idle times as gaps', () => {
    const cpus = Array.from({ length: options.cpus }, (_, id) => ({ kind: 'cpu' as const, id }));
    fc.assert(
      fc.property(anyTime, (timeNs) => {
        const found = lanes(trace, { startNs: timeNs, endNs: timeNs + 1, pixels: 10, lanes: cpus });
        const state = replayed(rows.filter((row) => row.timeNs <= timeNs).length);
        for (const { id } of cpus) {
          const row = laneRows(found, id).find(
            (i) => found.startNs[i]! <= timeNs && timeNs < found.endNs[i]!,
          );
          if (timeNs >= durationNs) continue;
          expect(row === undefined ? -1 : found.lwp[row]).toBe(state.read(KIND.cpu_dispthread, id));
          if (row !== undefined) expect(found.cpu[row]).toBe(id);
        }
      }),
      { numRuns: 25 },
    );
  });

  it('shows the holder of each lock', () => {
    const locks = Array.from({ length: options.locks }, (_, id) => ({ kind: 'sync' as const, id }));
    fc.assert(
      fc.property(anyTime, (timeNs) => {
        const found = lanes(trace, { startNs: timeNs, endNs: timeNs + 1, pixels: 10, lanes: locks });
        const state = replayed(rows.filter((row) => row.timeNs <= timeNs).length);
        for (const { id } of locks) {
          const row = laneRows(found, id).find(
            (i) => found.startNs[i]! <= timeNs && timeNs < found.endNs[i]!,
          );
          if (timeNs >= durationNs) continue;
          expect(row === undefined ? -1 : found.lwp[row]).toBe(state.read(KIND.sync_owner, id));
        }
      }),
      { numRuns: 25 },
    );
  });

  it('names the LWP that took the CPU of a preempted one', () => {
    const found = lanes(trace, { startNs: 0, endNs: durationNs, pixels: 16_384, lanes: all });
    const preempted = [...found.state.keys()].filter(
      (i) => found.state[i] === LANE_STATE.preempted && (found.flags[i]! & LANE_FLAG.merged) === 0,
    );
    const named = preempted.filter((i) => found.lwp[i] !== -1);
    expect(preempted.length).toBeGreaterThan(100);
    expect(named.length / preempted.length).toBeGreaterThan(0.9);
  });

  it('is empty for what the trace does not have', () => {
    const found = lanes(trace, { startNs: 0, endNs: 1000, pixels: 10, lanes: [{ kind: 'lwp', id: 4000 }] });
    expect([...found.laneOffset]).toEqual([0, 0]);
  });
});

describe('counts', () => {
  const inBuckets = (
    matrix: { startNs: Ns; bucketNs: Ns; buckets: number; rows: readonly number[] },
    wanted: (row: Transition) => number | null,
  ): Uint32Array => {
    const counts = new Uint32Array(matrix.rows.length * matrix.buckets);
    for (const row of rows) {
      const value = wanted(row);
      const at = value === null ? -1 : matrix.rows.indexOf(value);
      const bucket = Math.floor((row.timeNs - matrix.startNs) / matrix.bucketNs);
      if (at >= 0 && bucket >= 0 && bucket < matrix.buckets) counts[at * matrix.buckets + bucket]!++;
    }
    return counts;
  };

  it('of sc_cpu stores are exact in every bucket', () => {
    fc.assert(
      fc.property(anyWindow, (window) => {
        const found = cpuUpdates(trace, window);
        expect(found.buckets).toBeLessThanOrEqual(Math.max(2, window.pixels + 1));
        expect(found.startNs).toBeLessThanOrEqual(window.startNs);
        expect(found.startNs + found.buckets * found.bucketNs).toBeGreaterThanOrEqual(window.endNs);
        expect(found.counts).toEqual(
          inBuckets(found, (row) => (row.kind === KIND.sc_cpu ? row.newValue : null)),
        );
      }),
      runs,
    );
    expect(cpuUpdates(trace, { startNs: 0, endNs: durationNs, pixels: 10 }).rows).toEqual([0, 1, 2]);
  });

  it('of decisions are exact for every outcome', () => {
    fc.assert(
      fc.property(anyWindow, (window) => {
        const found = decisionCounts(trace, window);
        expect(found.rows).toEqual(Object.values(DECISION));
        expect(found.counts).toEqual(
          inBuckets(found, (row) => (row.kind === KIND.decision ? row.object : null)),
        );
      }),
      runs,
    );
  });
});

describe('decisions', () => {
  it('gives each one where there is room, and none outside the window', () => {
    const window = { startNs: durationNs / 4, endNs: durationNs / 2, pixels: 16_384 };
    const found = decisions(trace, window);
    const expected = rows.flatMap((row, i) =>
      row.kind === KIND.decision && row.timeNs >= window.startNs && row.timeNs <= window.endNs ? [i + 1] : [],
    );
    const shown = [...found.sequence];
    expect([...found.count].reduce((a, b) => a + b, 0)).toBe(expected.length);
    expect(shown).toEqual(shown.filter((sequence) => expected.includes(sequence)).sort((a, b) => a - b));
    expect(shown.length).toBeGreaterThan(0.9 * expected.length);
    const first = rows[shown[0]! - 1]!;
    expect([
      found.outcome[0],
      found.place[0],
      found.timeleft[0],
      found.without[0],
      found.lwp[0],
      found.cpu[0],
    ]).toEqual([first.object, first.cause, first.oldValue, first.newValue, first.lwp, first.cpu]);
  });

  it('lets the most severe stand for its neighbours, and counts all', () => {
    const found = decisions(trace, { startNs: 0, endNs: durationNs, pixels: 3 });
    const all = rows.filter((row) => row.kind === KIND.decision);
    expect([...found.count].reduce((a, b) => a + b, 0)).toBe(all.length);
    expect(found.sequence.length).toBeLessThanOrEqual(options.lwps * 5);
    const failsafes = [...found.outcome].filter((outcome) => outcome === DECISION.failsafe);
    expect(failsafes.length).toBeGreaterThan(found.sequence.length / 2);
  });

  it('can be restricted to LWPs', () => {
    const found = decisions(trace, { startNs: 0, endNs: durationNs, pixels: 1000, lwps: [2, 5] });
    expect([...new Set(found.lwp)].sort()).toEqual([2, 5]);
  });
});

/** The batches without some rows. */
function* without(
  batches: Iterable<TransitionBatch>,
  isLeftOut: (columns: TransitionBatch['columns'], row: number) => boolean,
): Iterable<TransitionBatch> {
  for (const batch of batches) {
    let kept = 0;
    for (let row = 0; row < batch.length; row++) {
      if (isLeftOut(batch.columns, row)) continue;
      const columns: readonly (Float64Array | Int32Array | Uint16Array | Int16Array)[] = Object.values(
        batch.columns,
      );
      for (const column of columns) column[kept] = column[row]!;
      kept++;
    }
    batch.length = kept;
    yield batch;
  }
}

describe('highlight', () => {
  it('is the first request at the failsafe where none was revoked, with the window that it stands in', () => {
    const found = highlight(trace, {})!;
    expect(found.what).toBe('failsafe');
    const failsafes = rows.flatMap((row, i) =>
      row.kind === KIND.decision && row.object === DECISION.failsafe ? [{ ...row, sequence: i + 1 }] : [],
    );
    expect(failsafes[0]).toMatchObject({ sequence: found.sequence, timeNs: found.timeNs, lwp: found.lwp });
    const requests = rows.filter((row) => row.kind === KIND.sc_nopreempt && row.lwp === found.lwp);
    const last = requests.filter(({ timeNs }) => timeNs <= found.timeNs).at(-1)!;
    expect([last.newValue, found.startNs]).toEqual([1, last.timeNs]);
    expect(found.endNs).toBe(requests.find(({ timeNs }) => timeNs > found.timeNs)!.timeNs);
  });

  it('is the longest request that was deferred where none was revoked or at the failsafe', () => {
    const calm = file('calm.sctrace');
    const only = { events: 20_000, seed: 9, cpus: 2, lwps: 4, locks: 0 };
    const isBad = (columns: TransitionBatch['columns'], row: number): boolean =>
      columns.kind[row] === KIND.decision &&
      (columns.object[row] === DECISION.forced || columns.object[row] === DECISION.failsafe);
    writeTrace(calm, without(new SyntheticTrace(only).batches(), isBad));
    const opened = TraceDatabase.open(calm);
    const found = highlight(opened, {})!;
    const deferred = opened.db
      .prepare(
        'SELECT lwp, start_ns, iif(end_ns < 0, ?, end_ns) AS until, first_deferred_ns FROM nopreempt_window WHERE first_deferred_ns >= 0 ORDER BY until - start_ns DESC, id LIMIT 1',
      )
      .raw()
      .get(opened.durationNs);
    expect(found).toMatchObject({ what: 'deferred', sequence: null });
    expect([found.lwp, found.startNs, found.endNs, found.timeNs]).toEqual(deferred);
    opened.close();
  });

  it('is the longest time that a thread spent preempted in a trace without decisions', () => {
    const plain = file('plain.sctrace');
    const only = { events: 20_000, seed: 9, cpus: 2, lwps: 4, locks: 0 };
    const isSchedctl = (columns: TransitionBatch['columns'], row: number): boolean =>
      columns.kind[row] === KIND.decision || columns.kind[row] === KIND.sc_nopreempt;
    writeTrace(plain, without(new SyntheticTrace(only).batches(), isSchedctl));
    const opened = TraceDatabase.open(plain);
    const found = highlight(opened, {})!;
    const all = lanes(opened, {
      startNs: 0,
      endNs: opened.durationNs,
      pixels: 16_384,
      lanes: [0, 1, 2, 3].map((id) => ({ kind: 'lwp' as const, id })),
    });
    const lengths = [...all.startNs].flatMap((start, i) =>
      all.state[i] === LANE_STATE.preempted && (all.flags[i]! & LANE_FLAG.merged) === 0
        ? [all.endNs[i]! - start]
        : [],
    );
    expect(found.what).toBe('preempted');
    expect(found.endNs - found.startNs).toBe(Math.max(...lengths));
    const state = MachineState.deserialize(stateAt(opened, { timeNs: found.timeNs }).words);
    expect(state.read(KIND.off_cpu_reason, found.lwp)).toBe(OFF_CPU_REASON.preempted);
    opened.close();
  });
});

describe('wake-ups', () => {
  const lwps = all.map(({ id }) => id);

  it('are all there where there is room, with the waker and the run', () => {
    const expected: number[][] = [];
    const state = new MachineState();
    const pending = new Map<number, number[]>();
    rows.forEach((row, i) => {
      const before = state.read(row.kind, row.lwp);
      applyTransition(state, row, i + 1);
      if (row.kind !== KIND.t_state) return;
      if (row.newValue === TS.ONPROC) {
        const wake = pending.get(row.lwp);
        if (wake !== undefined) wake.push(row.timeNs, row.cpu);
        pending.delete(row.lwp);
      } else if (row.newValue === TS.RUN && before !== TS.ONPROC) {
        const wake = [
          i + 1,
          row.timeNs,
          row.lwp,
          row.cpu < 0 ? -1 : state.read(KIND.cpu_dispthread, row.cpu),
        ];
        expected.push(wake);
        pending.set(row.lwp, wake);
      }
    });
    // Windows so short that no two share a pixel.
    const found = new Map<number, number[]>();
    for (let part = 0; part < 400; part++) {
      const window = { startNs: (part * durationNs) / 400, endNs: ((part + 1) * durationNs) / 400 };
      const columns = wakeups(trace, { ...window, pixels: 16_384, lwps });
      columns.sequence.forEach((sequence, i) => {
        const run = columns.runNs[i]! < 0 ? [] : [columns.runNs[i]!, columns.runCpu[i]!];
        found.set(sequence, [sequence, columns.timeNs[i]!, columns.lwp[i]!, columns.waker[i]!, ...run]);
      });
    }
    expect([...found.values()].sort((a, b) => a[0]! - b[0]!)).toEqual(expected);
    expect(expected.filter((wake) => wake[3]! >= 0).length).toBeGreaterThan(100);
  });

  it('let the one that waited longest stand for its neighbours, and count all', () => {
    const found = wakeups(trace, { startNs: 0, endNs: durationNs, pixels: 1, lwps });
    const latencies = trace.db
      .prepare('SELECT lwp, max(iif(run_ns < 0, -1, run_ns - wake_ns)), count(*) FROM wakeup GROUP BY lwp')
      .raw()
      .all();
    expect(lwps.map((lwp, i) => [lwp, found.runNs[i]! - found.timeNs[i]!, found.count[i]])).toEqual(
      latencies,
    );
  });
});

describe('nopreempt windows', () => {
  it('begin and end where sc_nopreempt says so', () => {
    const found = nopreemptWindows(trace, { startNs: 0, endNs: durationNs, pixels: 16_384, lwps: [3] });
    const stores = rows.flatMap((row, i) =>
      row.kind === KIND.sc_nopreempt && row.lwp === 3 ? [{ row, sequence: i + 1 }] : [],
    );
    const starts = stores.filter(({ row }) => row.newValue !== 0).map(({ sequence }) => sequence);
    expect([...found.count].reduce((a, b) => a + b, 0)).toBe(starts.length);
    found.startSequence.forEach((sequence, i) => {
      expect(starts).toContain(sequence);
      expect(found.startNs[i]).toBe(rows[sequence - 1]!.timeNs);
      if (found.count[i] !== 1 || found.endSequence[i] === 0) return;
      const end = stores.find((store) => store.sequence > sequence)!;
      expect(found.endSequence[i]).toBe(end.sequence);
      expect(found.endNs[i]).toBe(end.row.timeNs);
    });
  });
});

describe('points of LWPs, at any zoom', () => {
  const lwps = all.map(({ id }) => id);
  const table = <Row>(sql: string): Row[] => trace.db.prepare(sql).raw().all() as Row[];

  /** Rows of an answer, and the plain rows that each stands for: from its start to that of the next of the same LWP. */
  const together = <Plain>(
    shown: { readonly lwp: ColumnOf<Int32Array, LwpId>; readonly startNs: ColumnOf<Float64Array, Ns> },
    plain: readonly (readonly [lwp: LwpId, startNs: Ns, rest: Plain])[],
  ): Plain[][] =>
    [...shown.lwp].map((lwp, i) => {
      const isLast = i + 1 === shown.lwp.length || shown.lwp[i + 1] !== lwp;
      const until = isLast ? Infinity : shown.startNs[i + 1]!;
      return plain
        .filter(([of, startNs]) => of === lwp && startNs >= shown.startNs[i]! && startNs < until)
        .map(([, , rest]) => rest);
    });

  it('nopreempt windows are what their plain rows are together', () => {
    const plain = table<[number, number, number, number, number, number]>(
      'SELECT lwp, start_ns, end_ns, start_seq, deferrals, end FROM nopreempt_window ORDER BY lwp, start_ns',
    );
    const ofLwp = plain.map(([lwp, startNs, ...rest]) => [lwp, startNs, rest] as const);
    fc.assert(
      fc.property(anyWindow, (window) => {
        const found = nopreemptWindows(trace, { ...window, lwps });
        const pixelNs = (window.endNs - window.startNs) / window.pixels;
        const groups = together(found, ofLwp);
        groups.forEach((group, i) => {
          // The last of an LWP: what begins after the view is not in it.
          const inView = group.slice(0, found.count[i]);
          expect(inView.length).toBe(found.count[i]);
          expect(found.startSequence[i]).toBe(inView[0]![1]);
          expect(found.endNs[i]).toBe(inView.at(-1)![0]);
          expect(found.deferrals[i]).toBe(inView.reduce((sum, [, , deferrals]) => sum + deferrals, 0));
          expect(inView.map(([, , , end]) => end)).toContain(found.end[i]);
          if (found.startNs[i]! > window.startNs && found.count[i]! > 1) {
            const lastStart = plain.find(
              ([lwp, , , sequence]) => lwp === found.lwp[i] && sequence === inView.at(-1)![1],
            )![1];
            expect(lastStart - found.startNs[i]!).toBeLessThan(2 * pixelNs);
          }
        });
        for (const [lwp, startNs, endNs, sequence] of plain) {
          const isIn = startNs >= window.startNs && startNs <= window.endNs;
          if (!isIn) continue;
          const at = [...found.lwp].findLastIndex((of, i) => of === lwp && found.startNs[i]! <= startNs);
          expect(at, `${lwp} ${sequence} ${endNs}`).toBeGreaterThanOrEqual(0);
        }
      }),
      runs,
    );
  });

  it('wake-ups and decisions are counted once each, and the worst of a pixel is shown', () => {
    const wakes = table<[number, number, number]>('SELECT lwp, wake_ns, run_ns FROM wakeup');
    const decided = table<[number, number, number]>('SELECT lwp, time_ns, seq FROM decision');
    fc.assert(
      fc.property(anyWindow, (window) => {
        const pixelNs = (window.endNs - window.startNs) / window.pixels;
        // Where an entry of the file reaches over the edge of the view it is in or out as a whole.
        const about = (all: readonly (readonly [number, number, number])[], margin: number): number =>
          all.filter(([, timeNs]) => timeNs >= window.startNs - margin && timeNs <= window.endNs + margin)
            .length;
        const isAbout = (count: Int32Array, all: typeof decided): void => {
          const sum = count.reduce((a, b) => a + b, 0);
          expect(sum).toBeGreaterThanOrEqual(about(all, -pixelNs));
          expect(sum).toBeLessThanOrEqual(about(all, pixelNs));
        };
        const found = decisions(trace, { ...window, lwps });
        isAbout(found.count, decided);
        expect(decided.map(([, , sequence]) => sequence)).toEqual(
          expect.arrayContaining([...found.sequence]),
        );
        const woken = wakeups(trace, { ...window, lwps });
        const longest = new Map<number, number>();
        woken.lwp.forEach((lwp, i) => {
          const ns = woken.runNs[i]! < 0 ? -1 : woken.runNs[i]! - woken.timeNs[i]!;
          longest.set(lwp, Math.max(longest.get(lwp) ?? -1, ns));
        });
        for (const [lwp, wakeNs, runNs] of wakes) {
          if (wakeNs < window.startNs || wakeNs > window.endNs - 2 * pixelNs || runNs < 0) continue;
          expect(longest.get(lwp)).toBeGreaterThanOrEqual(runNs - wakeNs);
        }
      }),
      runs,
    );
  });
});

describe('curves', () => {
  it('of run queues have the right value at every time where there is room', () => {
    fc.assert(
      fc.property(anyTime, (middle) => {
        const window = { startNs: middle, endNs: middle + 3000, pixels: 3000 };
        const found = queueLengths(trace, { ...window, cpus: [0, 1, 2] });
        for (let cpu = 0; cpu < 3; cpu++) {
          for (let timeNs = window.startNs; timeNs < Math.min(durationNs, window.endNs); timeNs += 501) {
            const changes = rows.filter(
              (row) => row.kind === KIND.disp_nrunnable && row.cpu === cpu && row.timeNs <= timeNs,
            );
            let shown = 0;
            for (let i = found.cpuOffset[cpu]!; i < found.cpuOffset[cpu + 1]!; i++) {
              if (found.timeNs[i]! <= timeNs) shown = found.length[i]!;
            }
            expect(shown).toBe(changes.at(-1)?.newValue ?? 0);
          }
        }
      }),
      { numRuns: 20 },
    );
  });

  it('of run queues keep their extremes when merged', () => {
    const found = queueLengths(trace, { startNs: 0, endNs: durationNs, pixels: 20, cpus: [1] });
    const most = Math.max(
      ...rows.filter((row) => row.kind === KIND.disp_nrunnable && row.cpu === 1).map((row) => row.newValue),
    );
    expect(Math.max(...found.length)).toBe(most);
    expect(found.length.length).toBeLessThanOrEqual(2 * 22);
  });

  it('of locks count waiters', () => {
    fc.assert(
      fc.property(anyTime, (middle) => {
        const found = lockWaiters(trace, {
          startNs: middle,
          endNs: middle + 3000,
          pixels: 3000,
          syncs: [0, 1],
        });
        for (let sync = 0; sync < options.locks; sync++) {
          for (let timeNs = middle; timeNs < Math.min(durationNs, middle + 3000); timeNs += 601) {
            const state = replayed(rows.filter((row) => row.timeNs <= timeNs).length);
            const waiting = all.filter(({ id }) => state.read(KIND.t_wchan, id) === sync).length;
            let shown = 0;
            for (let i = found.syncOffset[sync]!; i < found.syncOffset[sync + 1]!; i++) {
              if (found.timeNs[i]! <= timeNs) shown = found.waiters[i]!;
            }
            expect(shown).toBe(waiting);
          }
        }
      }),
      { numRuns: 10 },
    );
  });

  it('of slots count those in use', () => {
    const found = slotOccupancy(trace, { startNs: 0, endNs: durationNs, pixels: 100 });
    expect([...found.page]).toEqual([0]);
    expect([...found.used]).toEqual([options.lwps]);
    expect(found.process).toHaveLength(1);
  });
});

describe('overview', () => {
  it('adds up to the CPU time that the lanes show', () => {
    const found = overview(trace, { pixels: 100 });
    expect(found.buckets).toBeLessThanOrEqual(100);
    expect(found.buckets * found.bucketNs).toBeGreaterThanOrEqual(durationNs);
    const sums = new Map<number, number>();
    for (let lwp = 0; lwp < options.lwps; lwp++) {
      const steps = naiveStates(lwp);
      steps.forEach(({ startNs, state }, i) => {
        sums.set(state, (sums.get(state) ?? 0) + (steps[i + 1]?.startNs ?? durationNs) - startNs);
      });
    }
    const total = (column: Float64Array): number => column.reduce((a, b) => a + b, 0);
    expect(total(found.runningNs)).toBe(sums.get(LANE_STATE.running));
    expect(total(found.spinningNs)).toBe(sums.get(LANE_STATE.spinning));
    expect(total(found.waitingNs)).toBe(
      (sums.get(LANE_STATE.runnable) ?? 0) + (sums.get(LANE_STATE.preempted) ?? 0),
    );
    expect(found.revoked.reduce((a, b) => a + b, 0)).toBe(
      rows.filter((row) => row.kind === KIND.decision && row.object === DECISION.failsafe).length,
    );
  });
});
