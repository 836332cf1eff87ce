import { describe, expect, it } from 'vitest';
import { RemainingTime } from './remaining-time.ts';

/** What is said each 200 ms of something that goes on at `speedAt(ms)`, in fractions a second. */
function told(untilMs: number, speedAt: (ms: number) => number): (number | null)[] {
  const remaining = new RemainingTime(5000);
  const said: (number | null)[] = [];
  let fraction = 0;
  for (let ms = 200; ms <= untilMs; ms += 200) {
    fraction += speedAt(ms) * 0.2;
    said.push(remaining.at(5000 + ms, Math.min(1, fraction)));
  }
  return said;
}

describe('remaining time', () => {
  it('is not told in the first second, nor where the end is unknown', () => {
    expect(told(800, () => 0.1)).toEqual([null, null, null, null]);
    expect(new RemainingTime(0).at(9000, null)).toBeNull();
  });

  it('counts down at an even speed', () => {
    const said = told(10_000, () => 0.05);
    expect(said[4]).toBeCloseTo(19_000, 0);
    expect(said.at(-1)).toBeCloseTo(10_000, 0);
  });

  it('does not jump where it stands still for a moment, and follows a speed that stays', () => {
    const hiccup = told(4000, (ms) => (ms === 4000 ? 0 : 0.05)) as number[];
    expect(hiccup.at(-1)! / hiccup.at(-2)!).toBeLessThan(1.1);
    const slower = told(30_000, (ms) => (ms <= 5000 ? 0.05 : 0.01)) as number[];
    expect(slower.at(-1)).toBeGreaterThan(45_000);
    expect(slower.at(-1)).toBeLessThan(55_000);
  });

  it('is nothing at the end', () => {
    expect(told(20_000, () => 0.05).at(-1)).toBeCloseTo(0, 0);
  });
});
