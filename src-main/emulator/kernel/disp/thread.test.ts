import { describe, expect, test } from 'vitest';
import { CAUSE } from '#shared/model/causes.ts';
import { KIND } from '#shared/model/kinds.ts';
import { ClassBench } from '../../../../test/emulator/class-bench.ts';
import {
  DISP_MUST_SURRENDER,
  DISP_PRIO,
  THREAD_CHANGE_PRI,
  thread_change_epri,
  thread_change_pri,
} from './thread.ts';

type State = 'sleep' | 'run' | 'onproc' | 'stopped' | 'wait';

/** A SYS thread at priority 20 in some state, and what a function called for it. */
function threadIn(state: State): { bench: ClassBench; t: number } {
  const bench = new ClassBench();
  const t = bench.thread('SYS');
  bench.set(t, { pri: 20, state });
  bench.world.calls = [];
  return { bench, t };
}

const dispatchPri = (bench: ClassBench): number => bench.world.machine.get(KIND.cpu_dispatch_pri, 0);
const scPriority = (bench: ClassBench, t: number): number =>
  bench.world.machine.get(KIND.sc_priority, bench.world.machine.get(KIND.t_schedctl, t));

describe('thread_change_pri', () => {
  test.each([
    ['run', true, ['change-pri 30', 'dispdeq', 'setfrontdq 30']],
    ['run', false, ['change-pri 30', 'dispdeq', 'setbackdq 30']],
    ['sleep', true, ['change-pri 30', 'sleepq_requeue']],
    ['wait', true, ['change-pri 30', 'waitq_requeue']],
    ['onproc', true, ['change-pri 30']],
    ['stopped', true, ['change-pri 30']],
  ] as const)('requeues a thread in state %s where it is queued (front %s)', (state, front, calls) => {
    const { bench, t } = threadIn(state);
    expect(thread_change_pri(bench.world, t, 30, front)).toBe(state === 'run');
    expect(bench.callTexts()).toEqual(calls);
    expect(bench.fields(t).pri).toBe(30);
    expect(scPriority(bench, t)).toBe(30);
  });

  test('requeues a thread on a run queue even at the same priority, a sleeping one not', () => {
    const running = threadIn('run');
    thread_change_pri(running.bench.world, running.t, 20, false);
    expect(running.bench.callTexts()).toEqual(['change-pri 20', 'dispdeq', 'setbackdq 20']);
    const sleeping = threadIn('sleep');
    thread_change_pri(sleeping.bench.world, sleeping.t, 20, false);
    expect(sleeping.bench.callTexts()).toEqual(['change-pri 20']);
  });

  test('takes the priority of the CPU along', () => {
    const { bench, t } = threadIn('onproc');
    thread_change_pri(bench.world, t, 30, false);
    expect(dispatchPri(bench)).toBe(30);
  });
});

describe('thread_change_epri', () => {
  test.each([
    ['run', ['dispdeq', 'setbackdq 50']],
    ['sleep', ['sleepq_requeue']],
    ['onproc', []],
  ] as const)('lends a priority to a thread in state %s', (state, calls) => {
    const { bench, t } = threadIn(state);
    thread_change_epri(bench.world, t, 50);
    expect(bench.callTexts()).toEqual(calls);
    expect(bench.fields(t)).toMatchObject({ pri: 20, epri: 50 });
    expect(scPriority(bench, t)).toBe(50);
    if (state === 'onproc') expect(dispatchPri(bench)).toBe(50);
  });

  test('changes t_pri of a thread on a wait queue, which knows no inherited priority', () => {
    const { bench, t } = threadIn('wait');
    thread_change_epri(bench.world, t, 50);
    expect(bench.callTexts()).toEqual(['waitq_requeue']);
    expect(bench.fields(t)).toMatchObject({ pri: 50, epri: 0 });
  });

  test('does nothing where the priority is the same', () => {
    const { bench, t } = threadIn('run');
    thread_change_epri(bench.world, t, 0);
    expect(bench.callTexts()).toEqual([]);
  });
});

test('THREAD_CHANGE_PRI changes the priority and the shared structure, and requeues nothing', () => {
  const { bench, t } = threadIn('run');
  THREAD_CHANGE_PRI(bench.world, t, 30, CAUSE.ts_yield);
  expect(bench.callTexts()).toEqual(['change-pri 30']);
  expect(bench.fields(t)).toMatchObject({ pri: 30, state: 'run' });
  expect(scPriority(bench, t)).toBe(30);
});

describe('DISP_MUST_SURRENDER', () => {
  test.each([
    ['nothing waits', -1, -1, false],
    ['an equal waits', 25, -1, false],
    ['a better one waits', 26, -1, true],
    ['a better one waits on the kernel-preempt queue', -1, 100, true],
  ])('when %s', (_, maxrunpri, kpmaxrunpri, expected) => {
    const { bench, t } = threadIn('onproc');
    const { machine } = bench.world;
    // The inherited priority counts.
    bench.set(t, { maxrunpri, epri: 25 });
    machine.set(KIND.kp_maxrunpri, 0, kpmaxrunpri, CAUSE.setup);
    expect(DISP_PRIO(machine, t)).toBe(25);
    expect(DISP_MUST_SURRENDER(machine, t, 0)).toBe(expected);
  });
});
