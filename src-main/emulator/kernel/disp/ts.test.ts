/** What the class vectors do not show: the decisions that are recorded, and tables of a scenario's own. */
import { describe, expect, test } from 'vitest';
import { ClassBench, UNPRIVILEGED } from '../../../../test/emulator/class-bench.ts';
import { TS_DPTBL_DEFAULT, TS_DPTBL_SERVER } from './ts-dptbl.ts';

describe('decisions of preemption control in TS', () => {
  test('a request at the end of the quantum: two deferrals, the failsafe, the forced preemption', () => {
    const bench = new ClassBench();
    const t = bench.thread('TS');
    bench.steps(t, [
      {
        given: { state: 'onproc', flags: [], timeleft: 1, nopreempt: 1 },
        call: 'tick',
        then: { timeleft: 0, yield: 1 },
        calls: ['probe schedctl-nopreempt'],
      },
      { call: 'tick', then: { timeleft: -1 }, calls: ['probe schedctl-nopreempt'] },
      {
        call: 'tick',
        then: { timeleft: -2, cpupri: 19, umdpri: 19, pri: 19, flags: ['TSBACKQ'] },
        calls: ['probe schedctl-failsafe', 'thread_change_pri 19 0', 'change-pri 19', 'cpu_surrender'],
      },
      {
        call: 'preempt',
        then: { state: 'run', timeleft: 16, nopreempt: 0, flags: [] },
        calls: ['probe schedctl-preempt', 'setbackdq 19'],
      },
    ]);
    expect(bench.takeDecisions()).toEqual([
      'ts_tick: deferredAtTick at 0',
      'ts_tick: deferredAtTick at -1',
      'ts_tick: failsafe at -2',
      'ts_preempt: forced at -2',
    ]);
  });

  test('a request when something better comes, answered with a yield', () => {
    const bench = new ClassBench();
    const t = bench.thread('TS');
    bench.set(t, { state: 'onproc', timeleft: 0, nopreempt: 1 });
    bench.call(t, 'preempt');
    bench.set(t, { state: 'onproc', nopreempt: 0 });
    bench.call(t, 'yield');
    expect(bench.takeDecisions()).toEqual(['ts_preempt: deferredAtPreempt at 0', 'ts_yield: yielded at 0']);
  });

  test('none where no thread asked', () => {
    const bench = new ClassBench();
    const t = bench.thread('TS');
    bench.set(t, { state: 'onproc', timeleft: 1 });
    bench.call(t, 'tick');
    bench.call(t, 'preempt');
    expect(bench.takeDecisions()).toEqual([]);
  });

  test('a thread that waits and asked is passed over by the update', () => {
    const bench = new ClassBench();
    const t = bench.thread('TS');
    bench.set(t, { state: 'run', nopreempt: 1 });
    bench.call(t, 'update');
    expect(bench.takeDecisions()).toEqual(['ts_update: updateSkipped at 12']);
    bench.set(t, { nopreempt: 0 });
    bench.call(t, 'update');
    expect(bench.fields(t)).toMatchObject({ cpupri: 52, pri: 52 });
    expect(bench.takeDecisions()).toEqual([]);
  });
});

describe('the dispatch table in force', () => {
  test('is the one that the scenario brings', () => {
    const bench = new ClassBench({ dptbl: TS_DPTBL_SERVER });
    expect(bench.fields(bench.thread('TS'))).toMatchObject({ timeleft: 36 });
  });

  test('can be replaced by the privileged, global priorities excepted', () => {
    const { ts } = new ClassBench().world.classes;
    const rows = TS_DPTBL_SERVER.map((row) => ({ ...row, globpri: 99 }));
    expect(ts.ts_setdptbl(rows, UNPRIVILEGED)).toBe(1);
    expect(ts.ts_getdptbl()).toEqual(TS_DPTBL_DEFAULT);
    expect(ts.ts_setdptbl(rows.slice(1), null)).toBe(22);
    expect(ts.ts_setdptbl(rows, null)).toBe(0);
    expect(ts.ts_getdptbl()).toEqual(TS_DPTBL_SERVER);
  });
});

describe('an IA thread', () => {
  test('is boosted by 10, and that much worse off with its mode off', () => {
    const bench = new ClassBench();
    const t = bench.thread('IA');
    expect(bench.fields(t)).toMatchObject({ pri: 39, boost: 10, flags: ['TSBACKQ', 'TSIA', 'TSIASET'] });
    expect(bench.parmsset(t, { uprilim: 0, upri: 0, mode: 0 })).toBe(0);
    expect(bench.fields(t)).toMatchObject({ pri: 19, boost: -10, flags: ['TSBACKQ', 'TSIA'] });
  });
});
