import { describe, expect, it } from 'vitest';
import { LANE_STATE } from '#shared/model/enums.ts';
import { laneStats, sumsOfStates } from './lane-stats.ts';

const sums = { runningNs: 60, spinningNs: 30, waitingNs: 10 };

describe('laneStats', () => {
  it('tells a CPU by how much it spins, else by how busy it is', () => {
    expect(laneStats('cpu', sums, 100, 0)).toMatchObject({ text: 'spin 30\u00a0%', running: 0.6 });
    expect(laneStats('cpu', { ...sums, spinningNs: 0 }, 100, 0).text).toBe('busy 60\u00a0%');
  });

  it('tells a thread by how long it waited for a CPU', () => {
    expect(laneStats('lwp', sums, 100, 0).text).toBe('10\u00a0ns');
    expect(laneStats('lwp', { ...sums, waitingNs: 0 }, 100, 0).text).toBe('');
  });

  it('tells a lock by who waits for it, and how much of its hold was off CPU', () => {
    expect(laneStats('sync', sums, 100, 18)).toMatchObject({
      text: '18 waiting',
      lines: ['off CPU 10\u00a0% of hold'],
    });
  });
});

it('a lock is held off CPU in any state but running and spinning', () => {
  const byState = new Float64Array(16);
  byState[LANE_STATE.running] = 5;
  byState[LANE_STATE.preempted] = 3;
  byState[LANE_STATE.blocked] = 2;
  expect(sumsOfStates('sync', byState).waitingNs).toBe(5);
  expect(sumsOfStates('lwp', byState).waitingNs).toBe(3);
});
