import { expect, it } from 'vitest';
import { describeProgress } from './progress.ts';

const progress = {
  events: 12_300_000,
  timeNs: 3.5e9,
  fraction: 0.45,
  bytes: 560_100_000,
  eventsPerSecond: 740_000,
  remainingMs: 12_200,
};

it('a job tells how far it is, how fast, how large, and how long it takes still', () => {
  expect(describeProgress(progress, '3.5 s')).toBe(
    '45 %, 3.5 s, 12.3M events, 740K/s, 560.1 MB, about 12 s left',
  );
});

it('what is not known is left out', () => {
  expect(describeProgress({ ...progress, fraction: null, remainingMs: null })).toBe(
    '12.3M events, 740K/s, 560.1 MB',
  );
});
