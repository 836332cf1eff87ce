import { describe, expect, it } from 'vitest';
import { LANE_FLAG } from '#shared/api/contract.ts';
import { lanesFromText } from './testing/lanes-from-text.ts';
import { unprotectedUntil } from './window-life.ts';

describe('unprotectedUntil', () => {
  /** Holds the lock on a CPU, loses the CPU at 20 with the lock in hand, has it again from 40 to 60, lets go. */
  const columns = () => {
    const lane = lanesFromText('HHPPHHRR');
    lane.flags[1] = LANE_FLAG.holdsLock;
    return lane;
  };

  it('follows the thread through its waits until it gives the lock back', () => {
    expect(unprotectedUntil(columns(), 0, 20)).toBe(60);
    expect(unprotectedUntil(columns(), 0, 45)).toBe(60);
  });

  it('is nothing for a thread that holds no lock then', () => {
    expect(unprotectedUntil(columns(), 0, 60)).toBe(-1);
    expect(unprotectedUntil(columns(), 0, 500)).toBe(-1);
  });

  it('claims nothing across intervals that stand for several', () => {
    const lane = columns();
    lane.flags[2]! |= LANE_FLAG.merged;
    expect(unprotectedUntil(lane, 0, 20)).toBe(-1);
  });
});
