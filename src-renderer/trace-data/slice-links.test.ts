import { describe, expect, it } from 'vitest';
import { LANE_FLAG } from '#shared/api/contract.ts';
import { sliceLinks } from './slice-links.ts';
import { lanesFromText } from './testing/lanes-from-text.ts';

/** Rows 0 to 4: runs on CPU 3, is preempted by LWP 9, sleeps, waits, runs on CPU 5. */
const columns = () => ({
  ...lanesFromText('RRPPPPssrrRR'),
  cpu: Int16Array.of(3, 3, 3, 3, 5),
  lwp: Int32Array.of(-1, 9, -1, -1, -1),
});
const migration = { kind: 'migration', fromCpu: 3, toCpu: 5, fromNs: 20, toNs: 100 };

describe('sliceLinks', () => {
  it('names who took the CPU of a preempted thread', () => {
    expect(sliceLinks(columns(), 0, 1)).toContainEqual({ kind: 'preemptor', timeNs: 20, lwp: 9, cpu: 3 });
  });

  it('finds the move to another CPU from any part of the time off CPU, and from the run after it', () => {
    for (const row of [1, 2, 3, 4]) expect(sliceLinks(columns(), 0, row)).toContainEqual(migration);
    expect(sliceLinks(columns(), 0, 0)).toEqual([]);
  });

  it('sees no move where the thread came back to its CPU', () => {
    const stayed = { ...columns(), cpu: Int16Array.of(3, 3, 3, 3, 3) };
    expect(sliceLinks(stayed, 0, 2)).toEqual([]);
  });

  it('claims nothing across what the columns do not tell exactly', () => {
    const unsure = columns();
    unsure.flags[2] = LANE_FLAG.merged;
    expect(sliceLinks(unsure, 0, 4)).toEqual([]);
  });
});
