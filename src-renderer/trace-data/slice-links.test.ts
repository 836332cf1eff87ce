import { describe, expect, it } from 'vitest';
import { LANE_FLAG } from '#shared/api/contract.ts';
import { LANE_STATE } from '#shared/model/enums.ts';
import { sliceLinks, wakeupLinks } from './slice-links.ts';
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
    expect(sliceLinks(columns(), 0, 1)).toContainEqual({
      kind: 'preemptor',
      timeNs: 20,
      lwp: 9,
      cpu: 3,
      backNs: 100,
    });
  });

  it('does not know when a thread ran again that the columns do not follow that far', () => {
    const cut = { ...columns(), laneOffset: Int32Array.of(0, 3) };
    expect(sliceLinks(cut, 0, 1)).toMatchObject([{ kind: 'preemptor', backNs: -1 }]);
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

describe('wakeupLinks', () => {
  /** LWP 1 is woken by 2 at 100 and runs at 130; 3 is woken by 1 at 140; several of 1 at 150. */
  const wakeups = {
    sequence: Float64Array.of(1, 2, 3),
    timeNs: Float64Array.of(100, 150, 140),
    runNs: Float64Array.of(130, 160, -1),
    lwp: Int32Array.of(1, 1, 3),
    waker: Int32Array.of(2, 2, 1),
    wakerCpu: Int16Array.of(0, 0, 4),
    runCpu: Int16Array.of(4, 4, -1),
    count: Int32Array.of(1, 3, 1),
  };
  const woken = { kind: 'wakeup', timeNs: 100, waker: 2, wakerCpu: 0, woken: 1, runNs: 130 };
  const state = (name: 'sleeping' | 'runnable' | 'running') => LANE_STATE[name];

  it('finds who woke a thread from its sleep, its wait for a CPU and the run after it', () => {
    for (const slice of [
      { startNs: 50, endNs: 100, state: state('sleeping') },
      { startNs: 100, endNs: 130, state: state('runnable') },
    ]) {
      expect(wakeupLinks(wakeups, 1, slice)).toEqual([woken]);
    }
    expect(wakeupLinks(wakeups, 1, { startNs: 130, endNs: 135, state: state('running') })).toEqual([woken]);
  });

  it('finds whom a thread woke while it ran', () => {
    const found = wakeupLinks(wakeups, 1, { startNs: 131, endNs: 145, state: state('running') });
    expect(found).toEqual([{ kind: 'wakeup', timeNs: 140, waker: 1, wakerCpu: 4, woken: 3, runNs: -1 }]);
  });

  it('claims nothing of wake-ups that share a pixel', () => {
    expect(wakeupLinks(wakeups, 1, { startNs: 145, endNs: 155, state: state('runnable') })).toEqual([]);
  });
});
