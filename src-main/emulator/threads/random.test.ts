import { expect, test } from 'vitest';
import type { DurationPlan } from '../plan.ts';
import { RandomStreams } from './random.ts';

const sample = (plan: DurationPlan, count: number): number[] => {
  const random = new RandomStreams(1, 1);
  return Array.from({ length: count }, () => random.duration(0, plan));
};
const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

test('a stream does not depend on how many others there are', () => {
  const few = new RandomStreams(42, 2);
  const many = new RandomStreams(42, 50);
  const draw = (random: RandomStreams) => Array.from({ length: 20 }, () => random.next(1));
  expect(draw(many)).toEqual(draw(few));
});

test('streams and seeds differ', () => {
  const random = new RandomStreams(42, 2);
  expect(random.next(0)).not.toBe(random.next(1));
  expect(new RandomStreams(43, 1).next(0)).not.toBe(new RandomStreams(42, 1).next(0));
});

test('numbers are spread evenly', () => {
  const random = new RandomStreams(3, 1);
  const counts = new Array<number>(10).fill(0);
  for (let i = 0; i < 100_000; i++) counts[random.below(0, 10)]!++;
  for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(500);
});

test('distributions have the mean or median they are asked for, and keep to their bounds', () => {
  expect(sample({ kind: 'constant', ns: 5 }, 3)).toEqual([5, 5, 5]);
  const uniform = sample({ kind: 'uniform', lowNs: 100, highNs: 300 }, 20_000);
  expect(mean(uniform)).toBeCloseTo(200, -1);
  expect(Math.min(...uniform)).toBeGreaterThanOrEqual(100);
  expect(Math.max(...uniform)).toBeLessThanOrEqual(300);
  const exponential = sample({ kind: 'exponential', meanNs: 10_000, leastNs: 0, mostNs: 1e9 }, 50_000);
  expect(Math.abs(mean(exponential) / 10_000 - 1)).toBeLessThan(0.03);
  const logNormal = sample(
    { kind: 'logNormal', medianNs: 10_000, sigma: 0.7, leastNs: 2_000, mostNs: 60_000 },
    50_001,
  ).sort((a, b) => a - b);
  expect(Math.abs(logNormal[25_000]! / 10_000 - 1)).toBeLessThan(0.03);
  expect(logNormal[0]).toBeGreaterThanOrEqual(2_000);
  expect(logNormal.at(-1)).toBeLessThanOrEqual(60_000);
});
