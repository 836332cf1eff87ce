import { describe, expect, it } from 'vitest';
import type { LwpId, Ns } from '#shared/base/brands.ts';
import type { DecisionColumns, NopreemptWindowColumns } from '#shared/api/contract.ts';
import { DECISION, WINDOW_END } from '#shared/model/enums.ts';
import { clusterDecisions, decisionsByLwp, windowsByLwp } from './decision-index.ts';
import { windowLife, windowsIn } from './window-life.ts';

type Row = readonly [timeNs: Ns, lwp: LwpId, outcome: number, timeleft?: number, count?: number];

const decisions = (...rows: Row[]): DecisionColumns => ({
  sequence: Float64Array.from(rows, (_, i) => i + 1),
  timeNs: Float64Array.from(rows, ([timeNs]) => timeNs),
  lwp: Int32Array.from(rows, ([, lwp]) => lwp),
  cpu: new Int16Array(rows.length),
  outcome: Uint8Array.from(rows, ([, , outcome]) => outcome),
  place: new Uint16Array(rows.length),
  timeleft: Int32Array.from(rows, ([, , , timeleft]) => timeleft ?? 0),
  without: new Uint8Array(rows.length),
  count: Int32Array.from(rows, ([, , , , count]) => count ?? 1),
});

const { deferredAtTick, deferredAtPreempt, failsafe, forced, yielded, updateSkipped } = DECISION;

/** Marks as `outcome@px x count`, at one pixel a nanosecond. */
const marks = (rows: Row[]): string[] =>
  clusterDecisions(decisionsByLwp(decisions(...rows)).get(1)!, (timeNs) => timeNs, 1000, 20, 10).map(
    ({ outcome, px, count }) => `${outcome}@${px}x${count}`,
  );

describe('clusterDecisions', () => {
  it('leaves marks alone that have room, and those of other threads out', () => {
    expect(
      marks([
        [100, 1, deferredAtTick],
        [150, 2, forced],
        [200, 1, yielded],
      ]),
    ).toEqual(['1@100x1', '3@200x1']);
  });

  it('puts two of one moment side by side', () => {
    expect(
      marks([
        [100, 1, failsafe],
        [100, 1, forced],
      ]),
    ).toEqual(['4@95x1', '5@105x1']);
  });

  it('makes one mark of more, the worst, with their number', () => {
    expect(
      marks([
        [100, 1, deferredAtTick],
        [105, 1, forced],
        [110, 1, yielded],
      ]),
    ).toEqual(['5@105x3']);
  });

  it('counts what the service has already put together', () => {
    expect(
      marks([
        [100, 1, deferredAtTick, 0, 7],
        [105, 1, yielded, 0, 1],
      ]),
    ).toEqual(['1@100x8']);
  });

  it('leaves out what is far off the screen', () => {
    expect(
      marks([
        [-500, 1, forced],
        [500, 1, yielded],
        [5000, 1, forced],
      ]),
    ).toEqual(['3@500x1']);
  });
});

describe('windowLife', () => {
  const windows: NopreemptWindowColumns = {
    lwp: Int32Array.of(1, 2, 1),
    startNs: Float64Array.of(100, 150, 1000),
    endNs: Float64Array.of(500, 160, -1),
    firstDeferredNs: Float64Array.of(200, -1, -1),
    yieldAskedNs: Float64Array.of(200, -1, -1),
    deferrals: Int32Array.of(3, 0, 0),
    count: Int32Array.of(1, 1, 1),
    end: Uint8Array.of(WINDOW_END.forced, WINDOW_END.unused, WINDOW_END.open),
    startSequence: new Float64Array(3),
    endSequence: new Float64Array(3),
  };
  const ofOne = windowsByLwp(windows).get(1)!;
  const decided = decisionsByLwp(
    decisions(
      [50, 1, deferredAtTick, 0],
      [200, 1, deferredAtPreempt, 1],
      [300, 1, deferredAtTick, 0],
      [320, 1, updateSkipped, 9],
      [400, 1, deferredAtTick, -1],
      [490, 1, failsafe, -2],
      [500, 1, forced, -2],
      [600, 1, yielded, 0],
    ),
  ).get(1)!;

  it('steps the budget down from decision to decision, within the window only', () => {
    expect(windowLife(ofOne, 0, decided).budget).toEqual([
      { startNs: 200, endNs: 300, timeleft: 1 },
      { startNs: 300, endNs: 400, timeleft: 0 },
      { startNs: 400, endNs: 490, timeleft: -1 },
      { startNs: 490, endNs: 500, timeleft: -2 },
    ]);
  });

  it('knows when the quantum was over and how it ended', () => {
    expect(windowLife(ofOne, 0, decided)).toMatchObject({
      yieldAskedNs: 200,
      pastQuantumNs: 300,
      end: WINDOW_END.forced,
    });
  });

  it('goes on for ever while it is open', () => {
    expect(windowLife(ofOne, 2, null)).toMatchObject({ startNs: 1000, endNs: Infinity, budget: [] });
    expect(windowsIn(ofOne, 5000, 6000)).toEqual([2]);
    expect(windowsIn(ofOne, 200, 300)).toEqual([0]);
  });
});
