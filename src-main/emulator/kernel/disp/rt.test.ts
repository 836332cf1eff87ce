import { describe, expect, test } from 'vitest';
import { CID } from '#shared/model/enums.ts';
import { ClassBench, PRIVILEGED, UNPRIVILEGED } from '../../../../test/emulator/class-bench.ts';
import { NOCHANGE } from './class-ops.ts';
import { TQDEF, TQINF } from './quantum-parms.ts';
import { RT_DPTBL } from './rt-dptbl.ts';
import { RT_NOCHANGE } from './rt-parms.ts';

const KEEP_QUANTUM = { tqsecs: 0, tqnsecs: RT_NOCHANGE };

describe('the table of RT', () => {
  test('has shorter quanta at higher levels, above all other classes', () => {
    expect([0, 10, 20, 30, 40, 50, 59].map((level) => RT_DPTBL[level])).toEqual([
      { globpri: 100, quantum: 100 },
      { globpri: 110, quantum: 80 },
      { globpri: 120, quantum: 60 },
      { globpri: 130, quantum: 40 },
      { globpri: 140, quantum: 20 },
      { globpri: 150, quantum: 10 },
      { globpri: 159, quantum: 10 },
    ]);
  });
});

describe('entering RT', () => {
  test('takes privilege', () => {
    const bench = new ClassBench();
    const t = bench.thread('TS');
    expect(bench.world.classes.enterclass(t, CID.RT, null, UNPRIVILEGED)).toBe(1);
    expect(bench.className(t)).toBe('TS');
    expect(bench.world.classes.enterclass(t, CID.RT, null, PRIVILEGED)).toBe(0);
    expect(bench.fields(t)).toMatchObject({ pri: 100, cpri: 0, pquantum: 100, flags: ['RTBACKQ'] });
  });

  test('starts with the priority and quantum that were asked for', () => {
    const bench = new ClassBench();
    const t = bench.thread('RT', { pri: 35, tqsecs: 1, tqnsecs: 1 });
    expect(bench.fields(t)).toMatchObject({ pri: 135, pquantum: 101 });
  });
});

describe('an RT thread', () => {
  test('surrenders when its quantum reaches 0, once, and goes to the back', () => {
    const bench = new ClassBench();
    const t = bench.thread('RT', { pri: 59, ...KEEP_QUANTUM });
    bench.steps(t, [
      { call: 'setrun', then: { state: 'run', timeleft: 10, flags: [] }, calls: ['setbackdq 159'] },
      { given: { state: 'onproc', timeleft: 2 }, call: 'tick', then: { timeleft: 1 } },
      { call: 'tick', then: { timeleft: 0, flags: ['RTBACKQ'] }, calls: ['cpu_surrender'] },
      { call: 'tick', then: { timeleft: -1 } },
      { call: 'preempt', then: { state: 'run', timeleft: 10, flags: [] }, calls: ['setbackdq 159'] },
    ]);
  });

  test('pays no attention to sc_nopreempt', () => {
    const bench = new ClassBench();
    const t = bench.thread('RT', { pri: 0, ...KEEP_QUANTUM });
    bench.steps(t, [
      {
        given: { state: 'onproc', flags: [], timeleft: 1, nopreempt: 1 },
        call: 'tick',
        then: { timeleft: 0, flags: ['RTBACKQ'] },
        calls: ['cpu_surrender'],
      },
      { call: 'preempt', then: { state: 'run', timeleft: 100, flags: [] }, calls: ['setbackdq 100'] },
    ]);
    expect(bench.takeDecisions()).toEqual([]);
  });

  test('that is preempted with time left goes to the front', () => {
    const bench = new ClassBench();
    const t = bench.thread('RT', { pri: 0, ...KEEP_QUANTUM });
    bench.steps(t, [
      {
        given: { state: 'onproc', flags: [], timeleft: 50 },
        call: 'preempt',
        then: { state: 'run' },
        calls: ['setfrontdq 100'],
      },
    ]);
  });

  test('surrenders where something better waits', () => {
    const bench = new ClassBench();
    const t = bench.thread('RT', { pri: 5, ...KEEP_QUANTUM });
    bench.steps(t, [
      {
        given: { state: 'onproc', flags: [], timeleft: 50, maxrunpri: 105 },
        call: 'tick',
        then: { timeleft: 49 },
      },
      {
        given: { maxrunpri: 106 },
        call: 'tick',
        then: { timeleft: 48, flags: ['RTBACKQ'] },
        calls: ['cpu_surrender'],
      },
    ]);
  });

  test('with an infinite quantum runs on', () => {
    const bench = new ClassBench();
    const t = bench.thread('RT', { pri: 0, tqsecs: 0, tqnsecs: TQINF });
    bench.steps(t, [{ given: { state: 'onproc', flags: [] }, call: 'tick' }, { call: 'tick' }]);
  });

  test('gets a new quantum on waking up, and keeps the old one at a yield', () => {
    const bench = new ClassBench();
    const t = bench.thread('RT', { pri: 0, ...KEEP_QUANTUM });
    bench.steps(t, [
      {
        given: { state: 'onproc', flags: ['RTBACKQ'], timeleft: 7 },
        call: 'yield',
        then: { state: 'run', flags: [] },
        calls: ['setbackdq 100'],
      },
      { given: { state: 'onproc' }, call: 'sleep' },
      {
        given: { state: 'sleep' },
        call: 'wakeup',
        then: { state: 'run', timeleft: 100 },
        calls: ['setbackdq 100'],
      },
    ]);
  });
});

describe('priocntl on an RT thread', () => {
  test('changes priority and quantum, and checks both', () => {
    const bench = new ClassBench();
    const t = bench.thread('RT');
    expect(bench.parmsset(t, { pri: 60, ...KEEP_QUANTUM })).toBe(22);
    // What means "no change" in the other classes means nothing here.
    expect(bench.parmsset(t, { pri: NOCHANGE, ...KEEP_QUANTUM })).toBe(22);
    expect(bench.parmsset(t, { pri: 10, tqsecs: 0, tqnsecs: 0 })).toBe(22);
    expect(bench.parmsset(t, { pri: 10, tqsecs: 30_000_000, tqnsecs: 0 })).toBe(34);
    expect(bench.parmsset(t, { pri: 10, tqsecs: 0, tqnsecs: 15_000_000 })).toBe(0);
    expect(bench.fields(t)).toMatchObject({ pri: 110, cpri: 10, pquantum: 2, timeleft: 2 });
    expect(bench.parmsset(t, { pri: RT_NOCHANGE, tqsecs: 0, tqnsecs: TQDEF })).toBe(0);
    expect(bench.fields(t)).toMatchObject({ pri: 110, pquantum: 80 });
  });

  test('is for the privileged and for real-time threads', () => {
    const bench = new ClassBench();
    const t = bench.thread('RT');
    expect(bench.parmsset(t, { pri: 10, ...KEEP_QUANTUM }, UNPRIVILEGED)).toBe(1);
    bench.world.machine.curthread = bench.thread('RT');
    expect(bench.parmsset(t, { pri: 10, ...KEEP_QUANTUM }, UNPRIVILEGED)).toBe(0);
  });

  test('nice has no meaning', () => {
    const bench = new ClassBench();
    const t = bench.thread('RT');
    expect(bench.world.classes.of(t).cl_donice(t, null, 5)).toEqual({ error: 22, retval: undefined });
  });
});

describe('fork in RT', () => {
  test('leaves the parent on its CPU and puts the child on a queue', () => {
    const bench = new ClassBench();
    const { world } = bench;
    const t = bench.thread('RT', { pri: 20, ...KEEP_QUANTUM });
    bench.set(t, { state: 'onproc' });
    world.addProcess(2, 102, 102, 102, undefined);
    const ct = world.addThread(9, 2, 0, 0);
    world.machine.curthread = t;
    expect(world.classes.fork(t, ct)).toBe(0);
    world.calls = [];
    world.classes.forkret(t, ct);
    expect(world.calls).toEqual([
      ['continuelwps', 2],
      ['setbackdq', 9, 0],
      ['continuelwps', 1],
    ]);
    expect(bench.fields(ct)).toMatchObject({ timeleft: 60, pquantum: 60 });
  });
});
