import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { advance, EVENT_RATES, neighbour, rowsDue, SPEEDS, stepOrigin } from './playback-clock.ts';

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

describe('rowsDue', () => {
  it('owes the part of a row that a frame is too short for', () => {
    const first = rowsDue(0, 60, 10);
    expect(first.rows).toBe(0);
    expect(first.owed).toBeCloseTo(0.6);
    expect(rowsDue(first.owed, 60, 10).rows).toBe(1);
  });

  it('comes to the rate over a second, whatever the frames', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...EVENT_RATES),
        fc.integer({ min: 10, max: 100 }).map((count) => 1000 / count),
        (rate, frameMs) => {
          let owed = 0;
          let rows = 0;
          for (let ms = 0; ms < 1000 - frameMs / 2; ms += frameMs) {
            const due = rowsDue(owed, frameMs, rate);
            rows += due.rows;
            owed = due.owed;
          }
          expect(Math.abs(rows + owed - rate)).toBeLessThan(0.001);
        },
      ),
    );
  });
});

describe('neighbour', () => {
  it('goes through every offered speed and stays at the ends', () => {
    let speed: number = SPEEDS[0];
    const seen = [speed];
    while (neighbour(SPEEDS, speed, 1) !== speed) seen.push((speed = neighbour(SPEEDS, speed, 1)));
    expect(seen).toEqual([...SPEEDS]);
    expect(neighbour(SPEEDS, SPEEDS[0], -1)).toBe(SPEEDS[0]);
  });

  it('finds a neighbour for a speed that is not offered', () => {
    expect(neighbour(SPEEDS, 0.03, 1)).toBe(0.05);
    expect(neighbour(SPEEDS, 0.03, -1)).toBe(0.02);
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
