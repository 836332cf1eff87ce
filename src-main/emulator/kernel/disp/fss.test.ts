import { describe, expect, test } from 'vitest';
import { CAUSE } from '#shared/model/causes.ts';
import { CID, TS } from '#shared/model/enums.ts';
import { KIND } from '#shared/model/kinds.ts';
import { ClassBench, PRIVILEGED, UNPRIVILEGED } from '../../../../test/emulator/class-bench.ts';
import { NOCHANGE } from './class-ops.ts';
import { fss_nice_decay, fss_nice_tick } from './fss-accounts.ts';
import { read64 } from './uint64.ts';

function wide(
  bench: ClassBench,
  name: 'fssp_usage' | 'fssp_shusage' | 'fssps_maxfsspri',
  id: number,
): number {
  return Number(read64(bench.world.machine, KIND[name], KIND[`${name}_high`], id));
}

function account(bench: ClassBench, name: 'fssp_ticks' | 'fssp_runnable' | 'fssz_shares', id = 0): number {
  return bench.world.machine.get(KIND[name], id);
}

describe('the tables of FSS', () => {
  test('a tick costs half as much again at nice -20 and about half at nice +19', () => {
    expect([fss_nice_tick[0], fss_nice_tick[20], fss_nice_tick[39]]).toEqual([1500, 1000, 525]);
  });

  test('an internal priority decays to 83/128 a second at nice -20 and to 108/128 at nice +19', () => {
    expect([fss_nice_decay[0], fss_nice_decay[20], fss_nice_decay[39]]).toEqual([83, 95, 108]);
  });
});

describe('entering FSS', () => {
  test('starts in the middle with a full quantum and the once-a-second update', () => {
    const bench = new ClassBench();
    const t = bench.thread('FSS');
    expect(bench.callTexts()).toEqual(['thread_change_pri 29 0', 'change-pri 29', 'timeout fss_update 100']);
    expect(bench.fields(t)).toMatchObject({
      pri: 29,
      umdpri: 29,
      timeleft: 11,
      nice: 20,
      flags: ['FSSBACKQ'],
    });
  });

  test('takes privilege, and so does leaving', () => {
    const bench = new ClassBench();
    const { classes } = bench.world;
    const t = bench.thread('TS');
    expect(classes.enterclass(t, CID.FSS, null, UNPRIVILEGED)).toBe(1);
    expect(bench.className(t)).toBe('TS');
    expect(classes.enterclass(t, CID.FSS, null, PRIVILEGED)).toBe(0);
    expect(classes.enterclass(t, CID.TS, null, UNPRIVILEGED)).toBe(1);
    expect(bench.className(t)).toBe('FSS');
    expect(classes.enterclass(t, CID.TS, null, PRIVILEGED)).toBe(0);
  });

  test('checks parameters', () => {
    const bench = new ClassBench();
    const t = bench.thread('FSS');
    expect(bench.parmsset(t, { uprilim: 61, upri: 0 })).toBe(22);
    expect(bench.parmsset(t, { uprilim: 10, upri: NOCHANGE }, UNPRIVILEGED)).toBe(1);
    expect(bench.parmsset(t, { uprilim: 30, upri: 60 })).toBe(0);
    expect(bench.fields(t)).toMatchObject({ uprilim: 30, upri: 30, cpri: 30, nice: 10 });
  });
});

describe('the quantum of an FSS thread', () => {
  test('is 11 ticks for all; at its end a lone thread goes to the lowest priority, for want of others to compare', () => {
    const bench = new ClassBench();
    const t = bench.thread('FSS');
    bench.set(t, { state: 'stopped' });
    bench.call(t, 'setrun');
    bench.set(t, { state: 'onproc', timeleft: 3 });
    bench.steps(t, [
      { call: 'tick', then: { timeleft: 2, ticks: 1 } },
      { call: 'tick', then: { timeleft: 1, ticks: 2 } },
      {
        call: 'tick',
        then: { timeleft: 0, ticks: 0, umdpri: 1, pri: 1, flags: ['FSSBACKQ'] },
        calls: ['thread_change_pri 1 0', 'change-pri 1', 'cpu_surrender'],
      },
      { call: 'preempt', then: { state: 'run', timeleft: 11, flags: [] }, calls: ['setbackdq 1'] },
    ]);
    expect(account(bench, 'fssp_ticks')).toBe(3000);
  });

  test('ends early where something better waits on the queue of the CPU', () => {
    const bench = new ClassBench();
    const t = bench.thread('FSS');
    bench.set(t, { state: 'onproc', flags: [], maxrunpri: 30 });
    bench.steps(t, [
      {
        call: 'tick',
        then: { timeleft: 10, ticks: 1, flags: ['FSSBACKQ'] },
        calls: ['cpu_surrender'],
      },
    ]);
  });

  test('does not run at kernel priority, while the project pays', () => {
    const bench = new ClassBench();
    const t = bench.thread('FSS');
    bench.set(t, { state: 'onproc', flags: ['FSSKPRI'], pri: 60, timeleft: 1 });
    bench.steps(t, [
      { call: 'tick', then: { ticks: 1 } },
      { call: 'trapret', then: { pri: 29, flags: [] }, calls: ['change-pri 29'] },
    ]);
    expect(account(bench, 'fssp_ticks')).toBe(1000);
  });
});

describe('the administrator', () => {
  test('sets the quantum of all to less than a second', () => {
    const bench = new ClassBench();
    const ops = bench.world.classes.sclass[CID.FSS]!;
    const set = (fss_quantum: number, cred = PRIVILEGED): number =>
      ops.cl_admin({ cmd: 'FSS_SETADMIN', fss_quantum }, cred);
    expect([set(0), set(100), set(5, UNPRIVILEGED), set(5)]).toEqual([22, 22, 1, 0]);
    expect(bench.fields(bench.thread('FSS'))).toMatchObject({ timeleft: 5 });
  });
});

describe('preemption control in FSS', () => {
  const deferred = ['probe schedctl-nopreempt'];

  test('defers the end of the quantum for two ticks; there is no failsafe probe', () => {
    const bench = new ClassBench();
    const t = bench.thread('FSS');
    bench.set(t, { state: 'onproc', flags: [], timeleft: 1, nopreempt: 1 });
    bench.steps(t, [
      { call: 'tick', then: { timeleft: 0, ticks: 1, yield: 1 }, calls: deferred },
      { call: 'tick', then: { timeleft: -1, ticks: 2 }, calls: deferred },
      {
        call: 'tick',
        then: { timeleft: -2, ticks: 0, umdpri: 1, pri: 1, flags: ['FSSBACKQ'] },
        calls: ['thread_change_pri 1 0', 'change-pri 1', 'cpu_surrender'],
      },
      {
        call: 'preempt',
        then: { state: 'run', timeleft: 11, nopreempt: 0, flags: [] },
        calls: ['probe schedctl-preempt', 'setbackdq 1'],
      },
    ]);
    expect(bench.takeDecisions()).toEqual([
      'fss_tick: deferredAtTick at 0',
      'fss_tick: deferredAtTick at -1',
      'fss_preempt: forced at -2',
    ]);
  });

  test('raises the priority once and gives it back at the yield', () => {
    const bench = new ClassBench();
    const t = bench.thread('FSS');
    bench.steps(t, [
      {
        given: { state: 'onproc', flags: [], nopreempt: 1, timeleft: 5 },
        call: 'preempt',
        then: { state: 'run', pri: 59, scpri: 29, flags: ['FSSRESTORE'], yield: 1 },
        calls: [...deferred, 'change-pri 59', 'setfrontdq 59'],
      },
      {
        given: { state: 'onproc' },
        call: 'preempt',
        then: { state: 'run' },
        calls: [...deferred, 'change-pri 59', 'setfrontdq 59'],
      },
      {
        given: { state: 'onproc', nopreempt: 0 },
        call: 'yield',
        then: { state: 'run', pri: 29, flags: [], yield: 0 },
        calls: ['change-pri 29', 'setbackdq 29'],
      },
    ]);
  });

  test('does not raise a thread at kernel priority', () => {
    const bench = new ClassBench();
    const t = bench.thread('FSS');
    bench.steps(t, [
      {
        given: { state: 'onproc', flags: ['FSSKPRI'], pri: 60, nopreempt: 1 },
        call: 'preempt',
        then: { state: 'run', yield: 1 },
        calls: [...deferred, 'setfrontdq 60'],
      },
    ]);
  });

  test('gives the priority back when the request is taken back', () => {
    const bench = new ClassBench();
    const t = bench.thread('FSS');
    bench.steps(t, [
      {
        given: { state: 'onproc', flags: ['FSSRESTORE'], pri: 59, scpri: 29, nopreempt: 1, timeleft: -2 },
        call: 'preempt',
        then: { state: 'run', pri: 29, nopreempt: 0, flags: [] },
        calls: ['change-pri 29', 'probe schedctl-preempt', 'setfrontdq 29'],
      },
    ]);
  });

  test('a yield renews the quantum below 0, not at 0', () => {
    const bench = new ClassBench();
    const t = bench.thread('FSS');
    bench.steps(t, [
      {
        given: { state: 'onproc', flags: [], yield: 1, timeleft: 0 },
        call: 'yield',
        then: { state: 'run', yield: 0 },
        calls: ['setbackdq 29'],
      },
      {
        given: { state: 'onproc', timeleft: -1 },
        call: 'yield',
        then: { state: 'run', timeleft: 11 },
        calls: ['probe schedctl-yield 1', 'setbackdq 29'],
      },
    ]);
  });

  test('the update passes over a waiting thread that asked, but its internal priority decays', () => {
    const bench = new ClassBench();
    const t = bench.thread('FSS');
    bench.steps(t, [
      {
        given: { state: 'run', flags: [], nopreempt: 1, fsspri: 1280, ticks: 4 },
        call: 'update',
        then: { fsspri: 950 },
        calls: ['timeout fss_update 100'],
      },
      {
        given: { nopreempt: 0, timeleft: 2 },
        call: 'update',
        then: { fsspri: 705, ticks: 0, umdpri: 1, pri: 1, timeleft: 11 },
        calls: ['thread_change_pri 1 0', 'change-pri 1', 'dispdeq', 'setbackdq 1', 'timeout fss_update 100'],
      },
    ]);
    expect(bench.takeDecisions()).toEqual(['fss_update: updateSkipped at 11']);
  });
});

describe('waking up in FSS', () => {
  test('at the back with a new quantum; in the same tick at the front as it was', () => {
    const bench = new ClassBench();
    const t = bench.thread('FSS');
    bench.world.classes.of(t).cl_setrun(t);
    bench.steps(t, [
      {
        given: { state: 'onproc', timeleft: 4, lbolt: 7 },
        call: 'sleep',
        then: { stime: 7, runnable: 0 },
      },
      {
        given: { state: 'sleep', disp_time: 7 },
        call: 'wakeup',
        then: { state: 'run', runnable: 1 },
        calls: ['setfrontdq 29'],
      },
      { given: { state: 'onproc' }, call: 'sleep', then: { runnable: 0 } },
      {
        given: { state: 'sleep', lbolt: 9 },
        call: 'wakeup',
        then: { state: 'run', stime: 9, runnable: 1, timeleft: 11 },
        calls: ['change-pri 29', 'setbackdq 29'],
      },
    ]);
  });
});

describe('shares', () => {
  test('count while a thread of the project is runnable', () => {
    const bench = new ClassBench({ shares: [1, 3] });
    const one = bench.thread('FSS', null, 1);
    const another = bench.thread('FSS', null, 2);
    expect(account(bench, 'fssz_shares')).toBe(0);
    bench.call(one, 'setrun');
    bench.call(another, 'setrun');
    expect(account(bench, 'fssz_shares')).toBe(4);
    bench.set(one, { state: 'onproc' });
    bench.call(one, 'sleep');
    expect(account(bench, 'fssz_shares')).toBe(3);
    bench.set(one, { state: 'sleep' });
    bench.call(one, 'wakeup');
    expect(account(bench, 'fssz_shares')).toBe(4);
    bench.world.classes.of(another).cl_exit(another);
    bench.world.machine.set(KIND.t_state, another, TS.FREE, CAUSE.setup);
    bench.world.classes.exitclass(another);
    expect(account(bench, 'fssz_shares')).toBe(1);
  });

  test('weigh usage by the square of what part of all active shares the project has', () => {
    const bench = new ClassBench({ shares: [1, 3] });
    for (const p of [1, 2]) {
      const t = bench.thread('FSS', null, p);
      bench.call(t, 'setrun');
      bench.set(t, { state: 'onproc' });
      for (let tick = 0; tick < 9; tick++) bench.call(t, 'tick');
      bench.set(t, { state: 'stopped' });
    }
    bench.world.classes.fss.fss_update();
    expect([0, 1].map((fssproj) => wide(bench, 'fssp_usage', fssproj))).toEqual([9000, 9000]);
    // 9000 * (4/1)^2 and 9000 * (4/3)^2
    expect([0, 1].map((fssproj) => wide(bench, 'fssp_shusage', fssproj))).toEqual([144_000, 16_000]);
    bench.world.classes.fss.fss_update();
    expect(wide(bench, 'fssp_usage', 0)).toBe(6750);
  });

  test('of zero mean priority 0', () => {
    const bench = new ClassBench({ shares: [0] });
    const t = bench.thread('FSS');
    bench.call(t, 'setrun');
    bench.set(t, { state: 'onproc', timeleft: 1 });
    bench.call(t, 'tick');
    expect(bench.fields(t)).toMatchObject({ pri: 0, umdpri: 0 });
  });

  test('of one project share its place: a thread that used its quantum goes behind all others', () => {
    const bench = new ClassBench();
    const [t, other] = [bench.thread('FSS'), bench.thread('FSS')];
    for (const each of [t, other]) bench.call(each, 'setrun');
    bench.world.machine.set(KIND.fssps_maxfsspri, 0, 1000, 0);
    bench.set(t, { state: 'onproc', timeleft: 1, fsspri: 500 });
    bench.call(t, 'tick');
    expect(bench.fields(t)).toMatchObject({ fsspri: 1000, umdpri: 1, pri: 1 });
  });

  test('divide a CPU that is always busy in their proportion', () => {
    const shares = [1, 2, 5];
    const bench = new ClassBench({ shares });
    const threads = shares.map((_, index) => bench.thread('FSS', null, index + 1));
    const used = runOnOneCpu(bench, threads, 6000);
    const wanted = shares.map((share) => (6000 * share) / 8);
    used.forEach((ticks, index) => {
      expect(
        Math.abs(ticks - wanted[index]!) / wanted[index]!,
        `project ${index + 1}: ${ticks} ticks`,
      ).toBeLessThan(0.1);
    });
  });
});

describe('kernel priority', () => {
  test('is got by a thread that sleeps having asked for it, and ends at the return to user mode', () => {
    const bench = new ClassBench();
    const t = bench.thread('FSS');
    bench.call(t, 'setrun');
    bench.set(t, { state: 'onproc' });
    bench.world.machine.set(KIND.t_kpri_req, t, 1, CAUSE.setup);
    bench.steps(t, [
      {
        call: 'sleep',
        then: { pri: 60, trapret: 1, runnable: 0, flags: ['FSSKPRI'] },
        calls: ['change-pri 60'],
      },
      {
        given: { state: 'sleep', lbolt: 5 },
        call: 'wakeup',
        then: { state: 'run', stime: 5, runnable: 1 },
        calls: ['setbackdq 60'],
      },
      {
        given: { state: 'onproc' },
        call: 'trapret',
        then: { pri: 29, flags: [] },
        calls: ['change-pri 29'],
      },
    ]);
    expect(bench.world.machine.get(KIND.t_kpri_req, t)).toBe(0);
  });
});

describe('zones', () => {
  /** Two projects of 1 share, of which the second is in zone 1. */
  function twoZones(zoneShares: number): ClassBench {
    const bench = new ClassBench({ shares: [1, 1] });
    const { machine } = bench.world;
    machine.set(KIND.kpj_zone, 2, 1, CAUSE.setup);
    machine.set(KIND.zone_shares, 1, zoneShares, CAUSE.setup);
    return bench;
  }

  test('weigh the usage of their projects by the square of what part of the shares the zone has', () => {
    const bench = twoZones(3);
    for (const p of [1, 2]) {
      const t = bench.thread('FSS', null, p);
      bench.call(t, 'setrun');
      bench.set(t, { state: 'onproc' });
      for (let tick = 0; tick < 9; tick++) bench.call(t, 'tick');
    }
    bench.world.classes.fss.fss_update();
    // 9000 * (4/1)^2 and 9000 * (4/3)^2
    expect([0, 1].map((fssproj) => wide(bench, 'fssp_shusage', fssproj))).toEqual([144_000, 16_000]);
  });

  test('without shares mean priority 0 for all their threads', () => {
    const bench = twoZones(0);
    const t = bench.thread('FSS', null, 2);
    bench.call(t, 'setrun');
    bench.set(t, { state: 'onproc', timeleft: 1 });
    bench.call(t, 'tick');
    expect(bench.fields(t)).toMatchObject({ pri: 0, umdpri: 0 });
  });
});

test('a thread that goes to another project takes its place there and leaves its past behind', () => {
  const bench = new ClassBench({ shares: [1, 5] });
  const { classes } = bench.world;
  const t = bench.thread('FSS', null, 1);
  bench.call(t, 'setrun');
  bench.set(t, { fsspri: 500 });
  classes.fss.fss_changeproj(t, 2);
  expect(bench.fields(t)).toMatchObject({ fsspri: 0, runnable: 1, proj: 1 });
  // The old account, 0, is empty; the new one counts with its own shares.
  expect([0, 1].map((fssproj) => account(bench, 'fssp_runnable', fssproj))).toEqual([0, 1]);
  expect(account(bench, 'fssz_shares')).toBe(5);
});

/** Runs threads by priority, then first come first served, and counts the ticks of each. */
function runOnOneCpu(bench: ClassBench, threads: readonly number[], ticks: number): number[] {
  const { world } = bench;
  const used = threads.map(() => 0);
  let queue: number[] = [];
  const requeue = (): void => {
    for (const call of world.calls as readonly (readonly (string | number)[])[]) {
      const t = threads.find((thread) => world.threadId(thread) === call[1])!;
      if (call[0] === 'setbackdq') queue.push(t);
      if (call[0] === 'setfrontdq') queue.unshift(t);
      if (call[0] === 'dispdeq') queue = queue.filter((queued) => queued !== t);
    }
    world.calls = [];
  };
  for (const t of threads) {
    bench.call(t, 'setrun');
    requeue();
  }
  let running = -1;
  for (let tick = 1; tick <= ticks; tick++) {
    if (running === -1) {
      const best = Math.max(...queue.map((t) => world.machine.get(KIND.t_pri, t)));
      running = queue.find((t) => world.machine.get(KIND.t_pri, t) === best)!;
      queue = queue.filter((t) => t !== running);
      bench.set(running, { state: 'onproc' });
    }
    const waiting = Math.max(-1, ...queue.map((t) => world.machine.get(KIND.t_pri, t)));
    bench.set(running, { lbolt: tick, maxrunpri: waiting });
    used[threads.indexOf(running)]!++;
    bench.call(running, 'tick');
    const surrender = bench.callTexts().includes('cpu_surrender');
    if (tick % 100 === 0) {
      bench.call(running, 'update');
      requeue();
    }
    if (!surrender) continue;
    bench.call(running, 'preempt');
    requeue();
    bench.set(running, { disp_time: tick });
    running = -1;
  }
  return used;
}
