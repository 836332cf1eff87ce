/** States as numbers, whose bits differ between kernels, and states that nothing is known of. */
import { describe, expect, it } from 'vitest';
import { importText } from '../collect-rows.ts';
import { LEAVE } from './leave.ts';
import { LeaveStates } from './leave-states.ts';

const report = (...states: readonly number[]): string =>
  `cpus=1\n${states
    .map(
      (state, index) =>
        `          t${index}-${index + 1}   [000]  10.00${index}000: sched_switch:          prev_comm=t${index} prev_pid=${index + 1} ` +
        `prev_prio=120 prev_state=${state} next_comm=t${index + 1} next_pid=${index + 2} next_prio=120\n`,
    )
    .join('')}`;

describe('a state as a number', () => {
  it.each([
    ['up to 3.8', 512],
    ['3.9 to 4.1', 1024],
    ['4.2 to 4.7', 2048],
    ['4.8 to 4.13', 4096],
  ])('of a kernel %s: preempted is the bit beyond its table, and dead is 64', async (_kernel, preempted) => {
    const trace = await importText(report(preempted, 1, 2, 130, 64, preempted | 1));
    const last = (name: string): string => trace.states(name).at(-1)!;
    expect(last('t0')).toBe('0us RUN/preempted');
    expect(last('t1')).toBe('1000us SLEEP/interruptible');
    expect(last('t2')).toBe('2000us SLEEP/uninterruptible');
    expect(last('t3')).toBe('3000us SLEEP/uninterruptible');
    if (preempted > 512) expect(last('t4')).toBe('4000us ZOMB/exited');
    expect(last('t5')).toBe('5000us RUN/preempted');
  });

  it('of a kernel from 4.14 on: preempted is 256, idle 128, parked 64, dead 16, a zombie 32', async () => {
    const trace = await importText(report(64, 256, 128, 16, 32, 0));
    const last = (name: string): string => trace.states(name).at(-1)!;
    // What the whole head says of the kernel holds for its first line, too.
    expect(last('t0')).toBe('0us SLEEP/uninterruptible');
    expect(last('t1')).toBe('1000us RUN/preempted');
    expect(last('t2')).toBe('2000us SLEEP/uninterruptible');
    expect(last('t3')).toBe('3000us ZOMB/exited');
    expect(last('t4')).toBe('4000us ZOMB/exited');
    expect(last('t5')).toBe('5000us RUN/preempted');
    expect(trace.report.warnings.join(' ')).not.toContain('state');
  });

  it('that two kernels use otherwise is unknown, and said to be so, where nothing tells the kernel', async () => {
    const trace = await importText(report(64, 1));
    expect(trace.states('t0')).toEqual(['0us ONPROC', '0us RUN/unknown']);
    expect(trace.report.warnings.join(' ')).toContain('The state 64 occurs once');
  });

  it('is read by the version of the kernel, where that is known', () => {
    const of = (major: number, minor: number, state: number): number => {
      const states = new LeaveStates();
      states.kernel(major, minor);
      return states.ofNumber(state);
    };
    expect(of(3, 2, 512)).toBe(LEAVE.runnableInKernel);
    expect(of(3, 10, 512)).toBe(LEAVE.parked);
    expect(of(3, 10, 1026)).toBe(LEAVE.runnableInKernel);
    expect(of(4, 4, 1026)).toBe(LEAVE.idle);
    expect(of(4, 4, 64)).toBe(LEAVE.dead);
    expect(of(6, 1, 64)).toBe(LEAVE.parked);
  });

  it('is read by the version in the header of perf script', async () => {
    const trace = await importText(
      '# os release : 4.4.0-210-generic\n' +
        'a   300 [000] 10.000000: sched:sched_switch: prev_comm=a prev_pid=300 prev_prio=120 prev_state=64 ==> next_comm=b next_pid=400 next_prio=120\n',
    );
    expect(trace.states('a').at(-1)).toBe('0us ZOMB/exited');
  });
});

describe('a state that nothing is known of', () => {
  const ftrace = (from: number, state: string, to: number): string =>
    `   t-${from}   [000] d..2.  10.00${from}000: sched_switch: prev_comm=t${from} prev_pid=${from} prev_prio=120 ` +
    `prev_state=${state} ==> next_comm=t${to} next_pid=${to} next_prio=120\n`;

  it('is shown as unknown, counted and reported', async () => {
    const trace = await importText(
      ftrace(1, 'F|O', 2) + ftrace(2, 'N', 3) + ftrace(3, 'N', 4) + ftrace(4, '?', 5),
    );
    expect(trace.states('t1').at(-1)).toBe('0us RUN/unknown');
    expect(trace.report.warnings).toContainEqual(expect.stringContaining('F|O (1), N (2), ? (1)'));
  });

  it('is reported in the short form of trace-cmd report, too', async () => {
    const trace = await importText(
      'cpus=1\n   a-1   [000]  10.000000: sched_switch:   a:1 [120] Q ==> b:2 [120]\n',
    );
    expect(trace.states('a').at(-1)).toBe('0us RUN/unknown');
    expect(trace.report.warnings).toContainEqual(expect.stringContaining('Q (1)'));
  });

  it('is not one that was preempted on its way to sleep', async () => {
    const trace = await importText(ftrace(1, 'S+', 2) + ftrace(2, 'D|K', 3));
    expect(trace.states('t1').at(-1)).toBe('0us RUN/preempted');
    expect(trace.states('t2').at(-1)).toBe('1000us SLEEP/uninterruptible');
    expect(trace.report.warnings.join(' ')).not.toContain('not known');
  });
});
