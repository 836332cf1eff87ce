import { expect, it } from 'vitest';
import { peakWaiters } from './lock-waiters.ts';

const columns = {
  syncOffset: Int32Array.of(0, 0, 4),
  timeNs: Float64Array.of(10, 20, 40, 60),
  waiters: Int32Array.of(2, 5, 1, 0),
};

it('the peak of a range counts what already waited at its start', () => {
  expect(peakWaiters(columns, 1, 0, 100)).toEqual({ most: 5, timeNs: 20 });
  expect(peakWaiters(columns, 1, 30, 100)).toEqual({ most: 5, timeNs: 30 });
  expect(peakWaiters(columns, 1, 45, 100)).toEqual({ most: 1, timeNs: 45 });
  expect(peakWaiters(columns, 1, 12, 15)).toEqual({ most: 2, timeNs: 12 });
});

it('nobody waits for a lock without steps, before the first step and after the last', () => {
  expect(peakWaiters(columns, 0, 0, 100).most).toBe(0);
  expect(peakWaiters(columns, 1, 0, 10).most).toBe(0);
  expect(peakWaiters(columns, 1, 70, 100).most).toBe(0);
});
