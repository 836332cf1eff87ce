import { expect, test } from 'vitest';
import { DURATION_PATTERN, durationOf } from './units.ts';

test.each([
  ['200us', 200_000],
  ['200µs', 200_000],
  ['1.5 ms', 1_500_000],
  ['2 s', 2_000_000_000],
  ['1min', 60_000_000_000],
  ['7ns', 7],
  ['3 ticks', 30_000_000],
  ['1 tick', 10_000_000],
  [0, 0],
])('%s is %d ns at 100 ticks a second', (text, ns) => {
  expect(durationOf(text, 100)).toBe(ns);
});

test.each(['5', '-1ms', '1 h', 'ms', '1e3us', '1,5ms'])('%s is no duration', (text) => {
  expect(DURATION_PATTERN.test(text)).toBe(false);
});
