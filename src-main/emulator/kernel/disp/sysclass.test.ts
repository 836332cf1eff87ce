import { describe, expect, test } from 'vitest';
import { ClassBench } from '../../../../test/emulator/class-bench.ts';

describe('a SYS thread', () => {
  test('has neither quantum nor preemption control: ticks pass by', () => {
    const bench = new ClassBench();
    const t = bench.thread('SYS');
    bench.set(t, { state: 'onproc', pri: 60, nopreempt: 1, maxrunpri: 99 });
    bench.steps(t, [{ call: 'tick' }, { call: 'tick' }, { call: 'tick' }]);
    expect(bench.takeDecisions()).toEqual([]);
  });

  test('goes to the front when preempted and to the back on waking up, at the priority that it has', () => {
    const bench = new ClassBench();
    const t = bench.thread('SYS');
    bench.steps(t, [
      { given: { pri: 99 }, call: 'setrun', then: { state: 'run' }, calls: ['setbackdq 99'] },
      { given: { state: 'onproc' }, call: 'preempt', then: { state: 'run' }, calls: ['setfrontdq 99'] },
      { given: { state: 'onproc' }, call: 'yield' },
      { given: { state: 'onproc' }, call: 'sleep' },
      { given: { state: 'sleep' }, call: 'wakeup', then: { state: 'run' }, calls: ['setbackdq 99'] },
    ]);
  });

  test('has no parameters', () => {
    const bench = new ClassBench();
    const t = bench.thread('SYS');
    expect(bench.parmsset(t, { uprilim: 0, upri: 0 })).toBe(89);
    expect(bench.world.classes.of(t).cl_parmsget(t)).toEqual({});
  });
});
