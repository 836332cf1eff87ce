import { describe, expect, it } from 'vitest';
import { LANE_FLAG } from '#shared/api/contract.ts';
import { LANE_STATE } from '#shared/model/enums.ts';
import { firstRowEndingAfter, intervalAt, intervalNear, snapToBoundary, sumStates } from './lane-columns.ts';
import { lanesFromText } from './testing/lanes-from-text.ts';

const columns = lanesFromText(
  'RRRR..ssss', // rows 0 and 1: 0-40, 60-100
  '..RR|RRPP', //  rows 2, 3, 4: 20-40, 40-60, 60-80
);

describe('intervalAt', () => {
  it('finds the interval that contains a moment, its end excluded', () => {
    expect(intervalAt(columns, 0, 0)).toBe(0);
    expect(intervalAt(columns, 0, 39)).toBe(0);
    expect(intervalAt(columns, 0, 40)).toBe(-1);
    expect(intervalAt(columns, 0, 60)).toBe(1);
    expect(intervalAt(columns, 1, 40)).toBe(3);
  });

  it('finds nothing before, after and in another lane', () => {
    expect(intervalAt(columns, 1, 0)).toBe(-1);
    expect(intervalAt(columns, 1, 95)).toBe(-1);
    expect(intervalAt(lanesFromText(''), 0, 5)).toBe(-1);
  });
});

describe('intervalNear', () => {
  it('reaches the nearer neighbour within the slack', () => {
    expect(intervalNear(columns, 0, 44, 5)).toBe(0);
    expect(intervalNear(columns, 0, 57, 5)).toBe(1);
    expect(intervalNear(columns, 0, 50, 5)).toBe(-1);
  });

  it('finds a run of no length between others, and those farther off', () => {
    const point = lanesFromText('ssssissss');
    expect([20, 36, 40, 42, 60].map((timeNs) => intervalNear(point, 0, timeNs, 10))).toEqual([0, 1, 1, 1, 2]);
  });
});

describe('firstRowEndingAfter', () => {
  it('skips what is over', () => {
    expect(firstRowEndingAfter(columns, 0, 0)).toBe(0);
    expect(firstRowEndingAfter(columns, 0, 40)).toBe(1);
    expect(firstRowEndingAfter(columns, 0, 100)).toBe(2);
  });
});

describe('snapToBoundary', () => {
  it('takes the nearest start or end within reach', () => {
    expect(snapToBoundary(columns, 0, 43, 5)).toBe(40);
    expect(snapToBoundary(columns, 0, 58, 5)).toBe(60);
    expect(snapToBoundary(columns, 0, 20, 5)).toBe(20);
  });
});

describe('sumStates', () => {
  it('counts only what lies in the range', () => {
    const sums = new Float64Array(16);
    sumStates(columns, 0, 10, 70, sums);
    expect(sums[LANE_STATE.running]).toBe(30);
    expect(sums[LANE_STATE.sleeping]).toBe(10);
  });

  it('keeps apart what stands for several states', () => {
    const merged = lanesFromText('RRRRss');
    merged.flags[0] = LANE_FLAG.merged;
    const sums = new Float64Array(16);
    expect(sumStates(merged, 0, 10, 60, sums)).toBe(30);
    expect(sums[LANE_STATE.running]).toBe(0);
    expect(sums[LANE_STATE.sleeping]).toBe(20);
  });
});
