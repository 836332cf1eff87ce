import { describe, expect, it } from 'vitest';
import type { CountMatrix } from '#shared/api/contract.ts';
import { countsInRange, heatSeries, outcomeSeries, slotsAt, slotSeries } from './chart-series.ts';

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
