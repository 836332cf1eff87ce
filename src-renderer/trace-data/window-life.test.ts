import { describe, expect, it } from 'vitest';
import { LANE_FLAG } from '#shared/api/contract.ts';
import { lanesFromText } from './testing/lanes-from-text.ts';
import { unprotectedAfter } from './window-life.ts';

describe('unprotectedAfter', () => {
  /** Holds the lock on a CPU, loses the CPU at 20 with the lock in hand, has it again from 40 to 60, lets go. */
  const columns = () => {
    const lane = lanesFromText('HHPPHHRR');
    lane.flags[1] = LANE_FLAG.holdsLock;
    return lane;
  };

  it('follows the thread through its waits until it gives the lock back', () => {
    expect(unprotectedAfter(columns(), 0, 20)).toEqual({ untilNs: 60, isExact: true });
    expect(unprotectedAfter(columns(), 0, 45)).toEqual({ untilNs: 60, isExact: true });
  });

  it('is nothing for a thread that holds no lock then', () => {
    expect(unprotectedAfter(columns(), 0, 60)).toBeNull();
    expect(unprotectedAfter(columns(), 0, 500)).toBeNull();
  });

  it('says that it is not exact where intervals stand for several', () => {
    const lane = columns();
    lane.flags[2]! |= LANE_FLAG.merged;
    expect(unprotectedAfter(lane, 0, 20)).toEqual({ untilNs: 60, isExact: false });
  });
});
