import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Ns } from '#shared/base/brands.ts';
import { niceStep, timeTicks } from './ticks.ts';

const labels = (startNs: Ns, endNs: Ns, widthPx = 1000): string[] =>
  timeTicks({ startNs, endNs }, widthPx, { kind: 'absolute' })
    .filter((tick) => tick.major)
    .map((tick) => tick.label);

describe('niceStep', () => {
  it('goes 1, 2, 5, 10', () => {
    expect([0.7, 1, 1.1, 3, 7, 12_000].map(niceStep)).toEqual([1, 1, 2, 5, 10, 20_000]);
  });
});

describe('timeTicks', () => {
  it('labels round moments, with as many decimals as tell them apart, three at a time', () => {
    expect(labels(1.198e9, 1.2585e9)).toEqual(['1.200', '1.210', '1.220', '1.230', '1.240', '1.250']);
    expect(labels(0, 10e9)).toEqual(['0', '2', '4', '6', '8', '10']);
    expect(labels(1_230_001_900, 1_230_002_900)[0]).toBe('1.230\u2009002\u2009000');
  });

  it('has no tick between two nanoseconds', () => {
    const ticks = timeTicks({ startNs: 100, endNs: 110 }, 4000, { kind: 'absolute' });
    expect(ticks.map(({ timeNs }) => timeNs)).toEqual([
      100, 101, 102, 103, 104, 105, 106, 107, 108, 109, 110,
    ]);
  });

  it('counts from the origin of a relative ruler, with a sign', () => {
    const ticks = timeTicks({ startNs: 900e6, endNs: 1100e6 }, 300, { kind: 'relative', originNs: 1e9 });
    expect(ticks.filter(({ major }) => major).map(({ label }) => label)).toEqual([
      '\u22120.100',
      '0.000',
      '+0.100',
    ]);
  });

  it('counts clock ticks', () => {
    const ticks = timeTicks({ startNs: 0, endNs: 100e6 }, 1100, { kind: 'ticks', tickNs: 10e6 });
    expect(ticks.filter(({ major }) => major).map(({ label }) => label)).toContain('7');
  });

  it('keeps labels apart and within the range at every zoom', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1e13, noNaN: true }),
        fc.double({ min: 50, max: 1e13, noNaN: true }),
        fc.integer({ min: 200, max: 4000 }),
        (startNs, length, widthPx) => {
          const range = { startNs, endNs: startNs + length };
          const ticks = timeTicks(range, widthPx, { kind: 'absolute' });
          const majors = ticks.filter(({ major }) => major);
          const nsPerPx = length / widthPx;
          for (let i = 1; i < majors.length; i++) {
            expect((majors[i]!.timeNs - majors[i - 1]!.timeNs) / nsPerPx).toBeGreaterThan(100);
          }
          expect(ticks.length).toBeLessThan(widthPx / 4);
        },
      ),
    );
  });
});
