import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { advance, neighbourSpeed, SPEEDS, stepOrigin } from './playback-clock.ts';

describe('advance', () => {
  it('moves a hundredth of the elapsed time at speed 0.01', () => {
    expect(advance(5_000, 16, 0.01, 1e9)).toEqual({ cursorNs: 165_000, atEnd: false });
  });

  it('stops exactly at the end', () => {
    expect(advance(999_999_000, 16, 1, 1e9)).toEqual({ cursorNs: 1e9, atEnd: true });
  });

  it('does not make up for frames that a hidden window missed', () => {
    expect(advance(0, 60_000, 1, 1e12).cursorNs).toBe(100e6);
  });

  it('never goes back nor past the end', () => {
    fc.assert(
      fc.property(
        fc.nat({ max: 1e9 }),
        fc.integer({ min: -10, max: 1e6 }),
        fc.constantFrom(...SPEEDS),
        (cursorNs, elapsedMs, speed) => {
          const { cursorNs: moved } = advance(cursorNs, elapsedMs, speed, 1e9);
          expect(moved).toBeGreaterThanOrEqual(cursorNs);
          expect(moved).toBeLessThanOrEqual(1e9);
        },
      ),
    );
  });
});

describe('neighbourSpeed', () => {
  it('goes through every offered speed and stays at the ends', () => {
    let speed: number = SPEEDS[0];
    const seen = [speed];
    while (neighbourSpeed(speed, 1) !== speed) seen.push((speed = neighbourSpeed(speed, 1)));
    expect(seen).toEqual([...SPEEDS]);
    expect(neighbourSpeed(SPEEDS[0], -1)).toBe(SPEEDS[0]);
  });

  it('finds a neighbour for a speed that is not offered', () => {
    expect(neighbourSpeed(0.03, 1)).toBe(0.05);
    expect(neighbourSpeed(0.03, -1)).toBe(0.02);
  });
});

describe('stepOrigin', () => {
  const row = { sequence: 12, timeNs: 1_000 };

  it('steps on from the row that the cursor stands on', () => {
    expect(stepOrigin('next', row, 1_000, true)).toBe(12);
    expect(stepOrigin('previous', row, 1_000, true)).toBe(12);
  });

  it('steps back onto the row before a cursor that stands between rows', () => {
    expect(stepOrigin('previous', row, 1_500, false)).toBe(13);
    expect(stepOrigin('next', row, 1_500, false)).toBe(12);
  });
});
