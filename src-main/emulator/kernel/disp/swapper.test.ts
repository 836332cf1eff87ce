/**
 * What the swapper is told of threads of each class (ts_swapin, ts_swapout and so on), and when they may be swapped.
 */
import { describe, expect, test } from 'vitest';
import { CAUSE } from '#shared/model/causes.ts';
import { KIND } from '#shared/model/kinds.ts';
import { ClassBench, type Fields } from '../../../../test/emulator/class-bench.ts';

/** A priority of 0, as the swapper is told it. */
const ZERO = 16_383;
const LBOLT = 5000;

function bench(): ClassBench {
  const made = new ClassBench({ withSwapping: true });
  made.world.machine.set(KIND.lbolt, 0, LBOLT, CAUSE.setup);
  return made;
}

/** CL_SWAPIN of a thread that is not loaded. */
function swapin({ world }: ClassBench, t: number): number {
  world.swapping.setFlag(t, 'TS_LOAD', false);
  return world.classes.of(t).cl_swapin(t, world.swapping);
}

/** CL_SWAPOUT of one that is, in the given state for some seconds. */
function swapout(b: ClassBench, t: number, state: Fields['state'], seconds: number, soft = false): number {
  b.set(t, { state: state, stime: LBOLT - 100 * seconds });
  return b.world.classes.of(t).cl_swapout(t, b.world.swapping, soft);
}

describe('a TS thread', () => {
  test('deserves memory by its priority, the seconds that it is away, and what its pages take off', () => {
    const b = bench();
    const t = b.thread('TS');
    b.set(t, { state: 'run', stime: LBOLT - 750 });
    b.world.swapping.pages.set(1, 200);
    // 29 + 7 s - 200 / 40 / 2
    expect(swapin(b, t)).toBe(ZERO + 29 + 7 - 2);
    b.set(t, { state: 'sleep' });
    expect(swapin(b, t)).toBe(-1);
  });

  test('loses it for want of memory after more than 2 s, the sooner the worse its priority', () => {
    const b = bench();
    const t = b.thread('TS');
    expect(swapout(b, t, 'sleep', 2)).toBe(-1);
    expect(swapout(b, t, 'sleep', 3)).toBe(ZERO + 3 - 29);
    expect(swapout(b, t, 'run', 3)).toBe(ZERO + 3 - 29);
    expect(swapout(b, t, 'onproc', 3)).toBe(-1);
    b.world.swapping.setExiting(t, true);
    expect(swapout(b, t, 'run', 3)).toBe(-1);
  });

  test('loses it while there is enough only after a sleep of more than maxslp, 20 s', () => {
    const b = bench();
    const t = b.thread('TS');
    expect(swapout(b, t, 'sleep', 20, true)).toBe(-1);
    expect(swapout(b, t, 'sleep', 21, true)).toBe(ZERO);
    expect(swapout(b, t, 'run', 21, true)).toBe(-1);
  });

  test('that is preempted in user mode may be swapped, unless it asked to stay', () => {
    const b = bench();
    const t = b.thread('TS');
    b.set(t, { state: 'onproc' });
    b.call(t, 'preempt');
    expect(b.world.swapping.isDontSwap(t)).toBe(false);
    b.world.swapping.setDontSwap(t, true);
    b.set(t, { state: 'onproc', nopreempt: 1, timeleft: 5 });
    b.call(t, 'preempt');
    expect(b.world.swapping.isDontSwap(t)).toBe(true);
  });

  test('that the swapper waits for goes on its return to user mode', () => {
    const b = bench();
    const t = b.thread('TS');
    b.world.swapping.setFlag(t, 'TS_SWAPENQ', true);
    b.set(t, { state: 'onproc' });
    b.call(t, 'trapret');
    expect(b.callTexts()).toEqual([expect.stringMatching(/^swapout_lwp/)]);
  });
});

test('an IA thread in the foreground is never swapped out, and its size does not count', () => {
  const b = bench();
  const t = b.thread('IA');
  b.set(t, { flags: ['TSIA', 'TSIASET'] });
  expect(swapout(b, t, 'sleep', 100)).toBe(-1);
  b.world.swapping.pages.set(1, 4000);
  b.set(t, { state: 'run', pri: 39, stime: LBOLT - 100 });
  expect(swapin(b, t)).toBe(ZERO + 39 + 1);
});

test('FX and RT threads are never swapped out; in they come before all others, RT first', () => {
  const b = bench();
  const fx = b.thread('FX');
  const rt = b.thread('RT');
  expect([fx, rt].map((t) => swapout(b, t, 'sleep', 100))).toEqual([-1, -1]);
  for (const t of [fx, rt]) b.set(t, { state: 'run' });
  expect([fx, rt].map((t) => b.world.classes.of(t).cl_swapin(t, b.world.swapping))).toEqual([-1, -1]);
  expect([fx, rt].map((t) => swapin(b, t))).toEqual([32_766, 32_767]);
});

test('CL_GLOBPRI asserts p_lock in every class that has it', () => {
  const b = bench();
  for (const klass of ['TS', 'FX', 'FSS'] as const) {
    const t = b.thread(klass);
    const ask = (): number => b.world.classes.of(t).cl_globpri(t);
    b.world.p_lock = true;
    expect(ask()).toBe(klass === 'FX' ? 0 : 29);
    b.world.p_lock = false;
    expect(ask, klass).toThrow(/MUTEX_HELD\(&ttoproc\(t\)->p_lock\)/);
    b.world.p_lock = true;
  }
});
