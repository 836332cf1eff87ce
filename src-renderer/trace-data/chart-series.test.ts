import { describe, expect, it } from 'vitest';
import type { CountMatrix } from '#shared/api/contract.ts';
import {
  bucketAt,
  countsInRange,
  foldRows,
  heatSeries,
  longestIn,
  outcomeSeries,
  slotsAt,
  slotSeries,
  stackedSteps,
  sumByProcess,
  valuesAt,
} from './chart-series.ts';

const slots = {
  timeNs: Float64Array.of(10, 20, 20, 30),
  page: Int32Array.of(4, 4, 7, 4),
  used: Int32Array.of(1, 2, 5, 0),
};
const matrix = (buckets: number, rows: number[], ...counts: number[]): CountMatrix => ({
  startNs: 100,
  bucketNs: 10,
  buckets,
  rows,
  counts: Uint32Array.from(counts),
});

describe('slotSeries', () => {
  it('stands the pages on each other, one step for each moment, to the end of the range', () => {
    const { series, most } = slotSeries(slots, 50);
    expect(series.map(({ page }) => page)).toEqual([4, 7]);
    expect([...series[0]!.points]).toEqual([10, 1, 20, 2, 30, 0, 50, 0]);
    expect([...series[1]!.points]).toEqual([10, 1, 20, 7, 30, 5, 50, 5]);
    expect(most).toBe(7);
  });

  it('has nothing to draw without rows', () => {
    expect(
      slotSeries({ timeNs: new Float64Array(), page: new Int32Array(), used: new Int32Array() }, 50).series,
    ).toEqual([]);
  });

  it('tells the slots in use at a moment', () => {
    expect([...slotsAt(slots, 25)]).toEqual([
      [4, 2],
      [7, 5],
    ]);
    expect([...slotsAt(slots, 5)]).toEqual([]);
  });
});

describe('heatSeries', () => {
  it('sorts cells into levels by count, at their centres, and leaves empty ones out', () => {
    const { levels, most } = heatSeries(matrix(2, [0, 1], 8, 0, 2, 1));
    expect(most).toBe(8);
    expect(levels.map((points) => [...points])).toEqual([[105, 1, 115, 1], [], [], [105, 0]]);
  });
});

it('heatSeries does not make a single update look like many', () => {
  expect(heatSeries(matrix(1, [0], 1)).levels.map(({ length }) => length)).toEqual([2, 0, 0, 0]);
});

describe('outcomeSeries', () => {
  it('draws each decision as a mark while there are few', () => {
    const { asMarks, series } = outcomeSeries(matrix(2, [5, 1], 1, 0, 2, 0), [1, 5]);
    expect(asMarks).toBe(true);
    expect(series.map(({ outcome, marks }) => [outcome, ...marks])).toEqual([
      [1, 105, 0.5, 105, 1.5],
      [5, 105, 2.5],
    ]);
  });

  it('stacks steps where there are many', () => {
    const { asMarks, most, series } = outcomeSeries(matrix(2, [1, 5], 9, 1, 1, 0), [1, 5, 6]);
    expect(asMarks).toBe(false);
    expect(most).toBe(10);
    expect([...series[0]!.steps]).toEqual([100, 9, 110, 1, 120, 1]);
    expect([...series[1]!.steps]).toEqual([100, 10, 110, 1, 120, 1]);
    expect([...series[2]!.steps]).toEqual([100, 10, 110, 1, 120, 1]);
  });
});

it('countsInRange counts buckets by their middle', () => {
  const sums = countsInRange(matrix(3, [1, 4], 1, 2, 4, 8, 16, 32), 108, 126);
  expect([...sums]).toEqual([
    [1, 6],
    [4, 48],
  ]);
});

describe('slots by process', () => {
  it('are the sum over its pages at every step', () => {
    const columns = sumByProcess({
      timeNs: Float64Array.of(0, 10, 20, 30),
      page: Int32Array.of(0, 1, 2, 0),
      used: Int32Array.of(256, 4, 7, 200),
      process: Int32Array.of(0, 0, 1, 0),
    });
    expect([...slotsAt(columns, 15)]).toEqual([[0, 260]]);
    expect([...slotsAt(columns, 35)]).toEqual([
      [0, 204],
      [1, 7],
    ]);
  });

  it('are those of the process that has the page then, where its number is given out again', () => {
    const columns = sumByProcess({
      timeNs: Float64Array.of(0, 10, 20, 30),
      page: Int32Array.of(0, 0, 0, 0),
      used: Int32Array.of(2, 0, 3, 1),
      process: Int32Array.of(5, 5, 6, 7),
    });
    expect([...slotsAt(columns, 25)]).toEqual([
      [5, 0],
      [6, 3],
    ]);
    expect([...slotsAt(columns, 30)]).toEqual([
      [5, 0],
      [6, 0],
      [7, 1],
    ]);
  });
});

describe('rows of many CPUs', () => {
  const matrix = {
    startNs: 0,
    bucketNs: 10,
    buckets: 2,
    rows: [0, 1, 2],
    counts: Uint32Array.of(1, 2, 3, 4, 5, 6),
  };

  it('are folded into sums, or into the most of them, the last row of fewer', () => {
    expect(foldRows(matrix, 2, 'sum')).toMatchObject({ rows: [0, 2], counts: Uint32Array.of(4, 6, 5, 6) });
    expect(foldRows(matrix, 2, 'most')).toMatchObject({ rows: [0, 2], counts: Uint32Array.of(3, 4, 5, 6) });
    expect(foldRows(matrix, 1, 'sum')).toBe(matrix);
  });
});

describe('queue lengths', () => {
  const columns = {
    cpuOffset: Int32Array.of(0, 3, 4),
    timeNs: Float64Array.of(0, 12, 14, 0),
    length: Int32Array.of(1, 5, 0, 2),
  };

  it('are the longest of each part of the time, however short it was that long', () => {
    const { counts, rows } = longestIn(columns, [4, 6], { startNs: 0, endNs: 40 }, 4);
    expect(rows).toEqual([4, 6]);
    expect([...counts]).toEqual([1, 5, 0, 0, 2, 2, 2, 2]);
  });

  it('are known at every time', () => {
    expect(valuesAt(columns, 13)).toEqual([5, 2]);
    expect(valuesAt(columns, 20)).toEqual([0, 2]);
    expect(valuesAt(columns, -1)).toEqual([0, 0]);
  });
});

describe('stacked steps', () => {
  it('stand on each other, in shares of the whole', () => {
    const buckets = { startNs: 100, bucketNs: 10, buckets: 2 };
    const [running, spinning] = stackedSteps(buckets, [Float64Array.of(5, 10), Float64Array.of(10, 0)], 20);
    expect([...running!]).toEqual([100, 0.25, 110, 0.5, 120, 0.5]);
    expect([...spinning!]).toEqual([100, 0.75, 110, 0.5, 120, 0.5]);
    expect([
      bucketAt(buckets, 109),
      bucketAt(buckets, 110),
      bucketAt(buckets, 1e9),
      bucketAt(buckets, 0),
    ]).toEqual([0, 1, 1, 0]);
  });
});
