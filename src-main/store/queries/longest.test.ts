/** Against the distributions of `trace.aggregates`, which come from the lanes and not from these tables. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ColumnOf, Ns } from '#shared/base/brands.ts';
import { temporaryFolder, writeSynthetic } from '../testing/temporary-folder.ts';
import { TraceDatabase } from '../read/trace-database.ts';
import { aggregates } from './aggregates.ts';
import { longest } from './longest.ts';

const file = temporaryFolder();
const path = file('trace.sctrace');
// Several steps within a stamp: there are runs of no length.
writeSynthetic(path, { events: 40_000, seed: 7, cpus: 3, lwps: 7, locks: 2, stampNs: 10_000 });
const trace = TraceDatabase.open(path);
const { durationNs } = trace;

const anyTime = fc.integer({ min: 0, max: durationNs });
const anyArea = fc
  .tuple(anyTime, anyTime)
  .map(([a, b]) => ({ startNs: Math.min(a, b), endNs: Math.max(a, b) }));
const whole = { startNs: 0, endNs: durationNs };
const all = { atLeastNs: 0, belowNs: Number.MAX_SAFE_INTEGER, limit: 100_000 };
const lengths = ({
  startNs,
  endNs,
}: {
  startNs: ColumnOf<Float64Array, Ns>;
  endNs: ColumnOf<Float64Array, Ns>;
}): number[] => Array.from(startNs, (start, i) => endNs[i]! - start);

describe.each([
  ['runQueue', 'runQueueLatency'],
  ['hold', 'holdTime'],
  ['yield', 'yieldLatency'],
] as const)('the longest of %s', (what, distribution) => {
  it('are those of the distribution, the longest first', () => {
    expect(lengths(longest(trace, { ...whole, ...all, what })).length).toBeGreaterThan(20);
    fc.assert(
      // Areas that end with the trace are the odd ones.
      fc.property(fc.oneof(anyArea, fc.constant(whole)), (area) => {
        // A hold or wait that began before the area counts with the part in it there, in full here: only its number is
        // the same.
        const found = lengths(longest(trace, { ...area, ...all, what }));
        expect(found.length).toBe(aggregates(trace, area)[distribution].count);
        expect(found).toEqual(found.toSorted((a, b) => b - a));
      }),
      { numRuns: 25 },
    );
  });

  it('are those between two lengths, and no more than asked for', () => {
    const area = { startNs: 0, endNs: durationNs, what };
    const every = lengths(longest(trace, { ...area, ...all }));
    const middle = every[Math.floor(every.length / 2)]!;
    const upper = every[Math.floor(every.length / 8)]!;
    const between = lengths(longest(trace, { ...area, ...all, atLeastNs: middle, belowNs: upper }));
    expect(between).toEqual(every.filter((ns) => ns >= middle && ns < upper));
    expect(lengths(longest(trace, { ...area, ...all, limit: 5 }))).toEqual(every.slice(0, 5));
  });
});
