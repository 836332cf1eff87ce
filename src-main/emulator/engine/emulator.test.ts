import { describe, expect, test } from 'vitest';
import type { LwpId } from '#shared/base/brands.ts';
import { WorkbenchError } from '#shared/base/errors.ts';
import { CAUSE, CAUSE_NAMES } from '#shared/model/causes.ts';
import { DECISION, OFF_CPU_REASON, SC, SC_FLGS, TS } from '#shared/model/enums.ts';
import { KIND } from '#shared/model/kinds.ts';
import { recordRun, type RecordedRun, type Row } from '../../../test/emulator/recorded-run.ts';
import { parseScenario } from '../../scenario/parse-scenario.ts';
import { TransitionProbe } from '#shared/model/transition-probe.ts';
import { Emulator } from './emulator.ts';

/** Runs a scenario given as YAML and returns its rows. */
function run(text: string): { rows: Row[]; end: RecordedRun } {
  const rows: Row[] = [];
  const end = recordRun(parseScenario(text, 'test.yaml'), {}, { onRow: (row) => rows.push(row) });
  return { rows, end };
}

const of = (rows: readonly Row[], kind: number, lwp?: LwpId): Row[] =>
  rows.filter((row) => row.kind === kind && (lwp === undefined || row.lwp === lwp));

/** [time, old, new] of each row of a kind. */
const changes = (rows: readonly Row[], kind: number, lwp?: LwpId) =>
  of(rows, kind, lwp).map((row) => [row.timeNs, row.old, row.new]);

const NO_COSTS = 'costs: { context_switch: 0, system_call: 0, lock: 0, lock_handoff: 0, store: 0 }';

describe('queues of two CPUs', () => {
  /** How many LWPs CPU 0 and CPU 1 get of four that one on CPU 0 creates, after a tick, while CPU 1 is busy. */
  const spread = (klass: string): number[] => {
    const { rows } = run(`cpus: 2
duration: 20 ms
${NO_COSTS}
programs:
  hog: [compute: 1 s]
processes:
  - name: p
    lwps:
      - { name: maker, class: ${klass}, program: [compute: 15ms, spawn: { program: hog, count: 4 }, compute: 1 s] }
      - { name: busy, class: RT, cpu: 1, program: [compute: 1 s] }
`);
    const queued = of(rows, KIND.t_queue).filter((row) => row.timeNs === 15_000_000 && row.new >= 0);
    return [0, 1].map((cpu) => queued.filter((row) => row.new >> 8 === cpu).length);
  };

  test('are balanced exactly for FSS (TS_RUNQMATCH), and to within two for TS', () => {
    expect(spread('FSS')).toEqual([2, 2]);
    expect(spread('TS')).toEqual([3, 1]);
  });
});

describe('one thread alone', () => {
  const { rows, end } = run(`cpus: 1
duration: 1 s
${NO_COSTS}
processes:
  - name: p
    lwps:
      - name: t
        program: [schedctl_start, compute: 1ms, yield, compute: 1ms, schedctl_stop, sleep: 5ms, compute: 1ms]
`);

  test('has an empty sc_state and sc_cpu from schedctl() to its next switch', () => {
    expect(changes(rows, KIND.t_schedctl)[0]).toEqual([0, -1, 0]);
    expect(changes(rows, KIND.sc_state)).toEqual([
      [2_000_000, SC.SC_FREE, SC.SC_SLEEP],
      [7_000_000, SC.SC_SLEEP, SC.SC_ONPROC],
      [8_000_000, SC.SC_ONPROC, SC.SC_FREE],
    ]);
    expect(changes(rows, KIND.sc_cpu)).toEqual([[7_000_000, 0, 0]]);
  });

  test('stays on its CPU when it yields: queued, picked again, neither saved nor restored', () => {
    const atYield = rows.filter((row) => row.timeNs === 1_000_000);
    expect(of(atYield, KIND.t_state).map((row) => row.new)).toEqual([TS.RUN, TS.ONPROC]);
    expect(of(atYield, KIND.t_queue)).toHaveLength(2);
    expect(of(atYield, KIND.sc_state)).toEqual([]);
    expect(of(atYield, KIND.cpu_dispthread)).toEqual([]);
    expect(of(atYield, KIND.t_disp_time)).toEqual([]);
  });

  test('says why it is off its CPU just before its state says that it is', () => {
    const sleeps = rows.findIndex((row) => row.kind === KIND.t_state && row.new === TS.SLEEP);
    expect(rows[sleeps - 1]).toMatchObject({ kind: KIND.off_cpu_reason, new: OFF_CPU_REASON.timer });
  });

  test('takes its process and the pages of shared structures along when it ends, and that ends the run', () => {
    expect(end.endNs).toBe(8_000_000);
    expect(end.replayed.read(KIND.p_alive, 0)).toBe(0);
    expect(end.replayed.read(KIND.live_anon_pages, 0)).toBe(0);
    expect(end.replayed.read(KIND.live_kernel_heap, 0)).toBe(0);
    expect(end.replayed.read(KIND.t_state, 0)).toBe(TS.ZOMB);
    expect(end.replayed.read(KIND.cpu_dispthread, 0)).toBe(-1);
  });
});

describe('the dispatcher', () => {
  test('lets a better thread have the CPU at once, and the other back when it sleeps', () => {
    const { rows } = run(`cpus: 1
duration: 100 ms
${NO_COSTS}
processes:
  - name: p
    lwps:
      - { name: low, class: { name: FX, upri: 5 }, program: [compute: 1 s] }
      - { name: high, class: { name: FX, upri: 50 }, start: 3ms, program: [compute: 4ms, sleep: 1 s] }
`);
    expect(changes(rows, KIND.cpu_dispthread)).toEqual([
      [0, -1, 0],
      [3_000_000, 0, 1],
      [7_000_000, 1, 0],
    ]);
    expect(of(rows, KIND.off_cpu_reason, 0).at(-1)!.new).toBe(OFF_CPU_REASON.preempted);
    expect(of(rows, KIND.cpu_runrun).map((row) => CAUSE_NAMES[row.cause])).toEqual(['cpu_resched', 'disp']);
  });

  test('shares a CPU by quanta: the level of the table sets their length', () => {
    const { rows } = run(`cpus: 1
duration: 300 ms
${NO_COSTS}
processes:
  - name: p
    lwps: [{ name: t, count: 2, program: [compute: 1 s] }]
`);
    // Level 29 of the default table: 12 ticks, then level 19: 16 ticks.
    expect(changes(rows, KIND.cpu_dispthread).slice(0, 3)).toEqual([
      [0, -1, 0],
      [120_000_000, 0, 1],
      [240_000_000, 1, 0],
    ]);
    expect(changes(rows, KIND.ts_cpupri, 0).slice(0, 2)).toEqual([
      [0, 0, 29],
      [120_000_000, 29, 19],
    ]);
  });

  test('leaves a lone thread to its own CPU for the nosteal interval, then an idle CPU takes it', () => {
    const { rows } = run(`cpus: 2
duration: 50 ms
${NO_COSTS}
processes:
  - name: p
    lwps:
      - { name: bound, class: { name: FX, upri: 50 }, cpu: 0, start: 2ms, program: [compute: 1 s] }
      - { name: filler, class: { name: FX, upri: 5 }, cpu: 1, program: [compute: 1ms] }
      - { name: free, class: { name: FX, upri: 5 }, program: [compute: 1 s] }
`);
    const preempted = of(rows, KIND.t_state, 2).find((row) => row.old === TS.ONPROC)!;
    expect(preempted.timeNs).toBe(2_000_000);
    expect(changes(rows, KIND.t_cpu, 2)).toEqual([
      [0, -1, 0],
      // The end of the interval included.
      [2_100_001, 0, 1],
    ]);
    expect(of(rows, KIND.t_cpu, 2).at(-1)!.cause).toBe(CAUSE.resume);
    expect(of(rows, KIND.t_state, 2).at(-1)!.cause).toBe(CAUSE.disp_getbest);
  });

  test('keeps a bound thread on its CPU, however idle the others are', () => {
    const { rows } = run(
      `cpus: 4
duration: 500 ms
processes:
  - name: p
    lwps: [{ name: t, count: 3, cpu: 2, program: [{ loop: forever, steps: [compute: 3ms, sleep: 1ms] }] }]
`,
    );
    expect(new Set(of(rows, KIND.cpu_dispthread).map((row) => row.cpu))).toEqual(new Set([2]));
  });

  test('puts real-time threads on the queue of the processor set, where any CPU takes them', () => {
    const { rows } = run(`cpus: 2
duration: 100 ms
${NO_COSTS}
processes:
  - name: p
    lwps:
      - { name: busy, count: 2, program: [compute: 1 s] }
      - { name: rt, class: { name: RT, pri: 10 }, start: 5ms, program: [compute: 2ms] }
`);
    expect(changes(rows, KIND.kp_maxrunpri)).toEqual([
      [5_000_000, -1, 110],
      [5_000_000, 110, -1],
    ]);
    expect(of(rows, KIND.cpu_kprunrun).map((row) => row.new)).toEqual([1, 0]);
    expect(of(rows, KIND.t_state, 2).find((row) => row.new === TS.ONPROC)!.timeNs).toBe(5_000_000);
  });
});

describe('preemption control', () => {
  test('keeps a thread past its quantum for two ticks, then takes the request back', () => {
    const { rows } = run(`cpus: 1
duration: 400 ms
${NO_COSTS}
processes:
  - name: p
    lwps:
      - { name: holder, program: [schedctl_start, compute: 1 s] }
      - { name: other, program: [compute: 1 s] }
`);
    const decisions = of(rows, KIND.decision, 0).map((row) => [row.timeNs, row.object, row.old]);
    expect(decisions).toEqual([
      [120_000_000, DECISION.deferredAtTick, 0],
      [130_000_000, DECISION.deferredAtTick, -1],
      [140_000_000, DECISION.failsafe, -2],
      [140_000_000, DECISION.forced, -2],
    ]);
    expect(changes(rows, KIND.sc_nopreempt)).toEqual([
      [0, 0, 1],
      [140_000_000, 1, 0],
    ]);
    expect(changes(rows, KIND.cpu_dispthread)[1]).toEqual([140_000_000, 0, 1]);
  });

  test('is answered by a yield in schedctl_stop', () => {
    const { rows } = run(`cpus: 1
duration: 200 ms
${NO_COSTS}
processes:
  - name: p
    lwps:
      - { name: holder, program: [schedctl_start, compute: 125ms, schedctl_stop, compute: 1 s] }
      - { name: other, program: [compute: 1 s] }
`);
    expect(changes(rows, KIND.sc_yield)).toEqual([
      [120_000_000, 0, 1],
      [125_000_000, 1, 0],
    ]);
    expect(of(rows, KIND.decision).map((row) => row.object)).toEqual([
      DECISION.deferredAtTick,
      DECISION.yielded,
    ]);
    expect(changes(rows, KIND.cpu_dispthread)[1]).toEqual([125_000_000, 0, 1]);
    expect(of(rows, KIND.off_cpu_reason, 0).at(-1)!.new).toBe(OFF_CPU_REASON.yielded);
  });
});

describe('locks', () => {
  test('a released spin lock goes to a spinner that is on a CPU, not to one that waits for a CPU', () => {
    const { rows } = run(`cpus: 2
duration: 100 ms
${NO_COSTS}
locks: { l: spin }
processes:
  - name: p
    lwps:
      - { name: holder, cpu: 0, program: [lock: l, compute: 10ms, unlock: l, compute: 1 s] }
      - { name: offcpu, cpu: 1, class: { name: FX, upri: 5 }, start: 1ms, program: [lock: l, compute: 1ms, unlock: l, compute: 1 s] }
      - { name: oncpu, cpu: 1, class: { name: FX, upri: 50 }, start: 2ms, program: [lock: l, compute: 3ms, unlock: l, sleep: 1 s] }
`);
    expect(changes(rows, KIND.sync_owner)).toEqual([
      [0, -1, 0],
      [10_000_000, 0, -1],
      [10_000_000, -1, 2],
      [13_000_000, 2, -1],
      [13_000_000, -1, 1], // has its CPU back, finds the lock free
      [14_000_000, 1, -1],
    ]);
    expect(changes(rows, KIND.sync_waiters).map(([, , now]) => now)).toEqual([1, 2, 1, 0]);
    expect(changes(rows, KIND.user_spin, 1)).toEqual([
      [1_000_000, 0, 1],
      [13_000_000, 1, 0],
    ]);
  });

  test('a spinner that a signal ends has left the lock: its CPU runs another, which is not given it', () => {
    const { rows } = run(`cpus: 2
duration: 20 ms
${NO_COSTS}
locks: { l: spin }
events: [{ at: 5ms, signal: TERM, process: q }]
processes:
  - name: p
    lwps:
      - { name: holder, cpu: 0, program: [lock: l, compute: 10ms, unlock: l, compute: 1 s] }
      - { name: next, cpu: 1, start: 2ms, class: { name: FX, upri: 5 }, program: [compute: 1 s] }
  - name: q
    lwps:
      - { name: spinner, cpu: 1, start: 1ms, class: { name: FX, upri: 50 }, program: [lock: l, unlock: l] }
`);
    expect(changes(rows, KIND.user_spin, 2)).toEqual([
      [1_000_000, 0, 1],
      [5_000_000, 1, 0],
    ]);
    expect(changes(rows, KIND.sync_owner)).toEqual([
      [0, -1, 0],
      [10_000_000, 0, -1],
    ]);
    expect(changes(rows, KIND.sync_waiters).map(([, , now]) => now)).toEqual([1, 0]);
  });

  test('an impatient spinner sleeps in between, longer from time to time', () => {
    const { rows } = run(`cpus: 2
duration: 100 ms
${NO_COSTS}
locks: { l: { kind: spin, spin: 50us, delay: { first: 1ms, most: 1 s } } }
processes:
  - name: p
    lwps:
      - { name: holder, cpu: 0, program: [lock: l, compute: 30ms, unlock: l, compute: 1 s] }
      - { name: waiter, cpu: 1, start: 1ms, program: [lock: l, unlock: l, compute: 1 s] }
`);
    const states = of(rows, KIND.t_state, 1);
    const sleeps = states
      .filter((row) => row.new === TS.SLEEP)
      .map((row) => states.find((next) => next.timeNs > row.timeNs)!.timeNs - row.timeNs);
    expect(sleeps[0]).toBe(1_000_000);
    expect(sleeps.length).toBeGreaterThan(3);
    for (let i = 1; i < sleeps.length; i++) {
      expect(sleeps[i]! / sleeps[i - 1]!).toBeGreaterThanOrEqual(1);
      expect(sleeps[i]! / sleeps[i - 1]!).toBeLessThanOrEqual(2);
    }
    expect(states.find((row) => row.new === TS.SLEEP)!.timeNs).toBe(1_050_000);
  });

  test('a mutex parks its waiters and wakes the first of them', () => {
    const { rows } = run(`cpus: 4
duration: 100 ms
${NO_COSTS}
locks: { m: mutex }
processes:
  - name: p
    lwps:
      - { name: holder, program: [lock: m, compute: 10ms, unlock: m, compute: 1 s] }
      - { name: first, start: 1ms, program: [lock: m, compute: 5ms, unlock: m, compute: 1 s] }
      - { name: second, start: 2ms, program: [lock: m, compute: 5ms, unlock: m, compute: 1 s] }
`);
    expect(changes(rows, KIND.sync_owner)).toEqual([
      [0, -1, 0],
      [10_000_000, 0, -1],
      [10_000_000, -1, 1],
      [15_000_000, 1, -1],
      [15_000_000, -1, 2],
      [20_000_000, 2, -1],
    ]);
    expect(changes(rows, KIND.sc_flgs, 1)).toEqual([
      [1_000_000, 0, SC_FLGS.SC_PARK_FLG],
      [10_000_000, SC_FLGS.SC_PARK_FLG, 0],
    ]);
    expect(of(rows, KIND.sc_flgs, 1).at(-1)!.cause).toBe(CAUSE.schedctl_unpark);
    expect(of(rows, KIND.off_cpu_reason, 1).map((row) => row.new)).toContain(OFF_CPU_REASON.park);
    expect(of(rows, KIND.user_spin)).toEqual([]);
  });

  test("libc holds its queue's lock and wakes a waiter without being preempted", () => {
    const { rows } = run(`cpus: 2
duration: 100 ms
costs: { context_switch: 0, system_call: 10us, lock: 10us, lock_handoff: 0, store: 0 }
locks: { m: mutex }
processes:
  - name: p
    lwps:
      - { name: holder, cpu: 0, program: [lock: m, compute: 10ms, unlock: m, compute: 1 s] }
      - { name: waiter, cpu: 1, start: 1ms, program: [lock: m, unlock: m, compute: 1 s] }
`);
    // The waiter sets its structure up, queues, parks; the holder does the same set-up when it has somebody to wake.
    expect(changes(rows, KIND.sc_nopreempt, 1).slice(0, 2)).toEqual([
      [1_010_000, 0, 1],
      [1_020_000, 1, 0],
    ]);
    const holder = changes(rows, KIND.ul_preempt, 0);
    expect(holder).toEqual([
      [10_030_000, 0, 1],
      [10_040_000, 1, 0],
    ]);
    expect(of(rows, KIND.sc_state, 1).map((row) => row.new)).toEqual([SC.SC_SLEEP, SC.SC_ONPROC]);
  });

  test('an adaptive mutex is spun for only while its owner is on a CPU', () => {
    const { rows } = run(`cpus: 2
duration: 100 ms
${NO_COSTS}
locks: { m: { kind: adaptive, spin: 50ms } }
processes:
  - name: p
    lwps:
      # Asks for a shared structure and sleeps once, so that sc_state is right from then on.
      - { name: holder, cpu: 0, program: [schedctl_start, schedctl_stop, sleep: 1ms, lock: m, compute: 4ms, sleep: 20ms, unlock: m, compute: 1 s] }
      - { name: waiter, cpu: 1, start: 2ms, program: [lock: m, unlock: m, compute: 1 s] }
`);
    expect(changes(rows, KIND.user_spin, 1)).toEqual([
      [2_000_000, 0, 1],
      [5_000_000, 1, 0], // the owner goes to sleep: park
    ]);
    expect(of(rows, KIND.t_state, 1).find((row) => row.new === TS.SLEEP)!.timeNs).toBe(5_000_000);
    expect(changes(rows, KIND.sync_owner).at(-1)![0]).toBe(25_000_000);
  });
});

describe('a scenario that breaks a rule of the machine', () => {
  /** Drives an emulator until it throws; returns the error and how many rows were recorded before. */
  function failure(text: string): { error: unknown; rows: number } {
    const probe = new TransitionProbe();
    const emulator = new Emulator(parseScenario(text, 'rule.yaml'), { probe });
    try {
      while (emulator.advance() === 'running') while (probe.takeFilled() !== undefined);
    } catch (error) {
      expect(emulator.advance()).toBe('done');
      return { error, rows: probe.total };
    }
    throw new Error('the run came to its end');
  }

  test('ends with thread, virtual time and line; what was recorded stays', () => {
    const { error, rows } = failure(`cpus: 1
duration: 1 s
${NO_COSTS}
locks: { a: spin }
processes:
  - name: p
    lwps:
      - name: careless
        program:
          - compute: 5ms
          - chance: 0
            then: [lock: a]
          - unlock: a
`);
    expect(error).toBeInstanceOf(WorkbenchError);
    expect((error as WorkbenchError).code).toBe('scenario-rule');
    expect((error as WorkbenchError).message).toBe(
      'rule.yaml: at 0.005000000 s, LWP "careless", line 13: unlocks "a", which it does not hold. The recording ends here.',
    );
    expect((error as WorkbenchError).context).toEqual({
      file: 'rule.yaml',
      line: 13,
      timeNs: 5_000_000,
      lwp: 'careless',
    });
    expect(rows).toBeGreaterThan(10);
  });

  test('that a check of the text would find is found by the run as well, with what came before', () => {
    const { error, rows } = failure(`cpus: 1
duration: 1 s
locks: { a: mutex }
processes:
  - name: p
    lwps:
      - name: busy
        program:
          - compute: 20ms
          - mark: 1
          - loop: forever
            steps: [{ lock: a }, { unlock: a }, yield]
`);
    expect((error as WorkbenchError).message).toBe(
      'rule.yaml: at 0.020002000 s, LWP "busy", line 11: loops for ever and never blocks and never computes. The recording ends here.',
    );
    expect((error as WorkbenchError).context).toMatchObject({ line: 11, lwp: 'busy' });
    expect(rows).toBeGreaterThan(20);
  });

  test('names an LWP that cannot be started', () => {
    const { error } = failure(`cpus: 2
duration: 1 s
processor_sets: { batch: [1] }
events: [{ at: 1ms, assign: 1, set: default }]
processes:
  - name: p
    lwps:
      - { name: early, program: [compute: 10ms] }
      - { name: late, start: 5ms, set: batch, program: [compute: 1ms] }
`);
    expect((error as WorkbenchError).message).toMatch(/^rule.yaml: at 0.005000000 s, LWP "late", line 9: /);
  });

  test('is found when virtual time stands still', () => {
    const { error } = failure(
      `cpus: 2
duration: 1 s
${NO_COSTS}
processes:
  - name: p
    lwps:
      - { name: t, count: 3, program: [{ loop: forever, steps: [yield, { chance: 0.0000001, then: [{ compute: 1ms }] }] }] }
`,
    );
    expect((error as WorkbenchError).message).toMatch(/virtual time stands still/);
  });
});

test('another LWP changes nothing in the choices of those that were there', () => {
  const scenario = (extra: string) => `cpus: 4
duration: 300 ms
processes:
  - name: p
    lwps:
      - name: t
        program: [{ loop: forever, steps: [{ mark: 1 }, compute: { exponential: 1ms }, sleep: { exponential: 2ms }] }]
${extra}`;
  const marks = (text: string) => of(run(text).rows, KIND.user_mark, 0).map((row) => row.timeNs);
  const alone = marks(scenario(''));
  expect(alone.length).toBeGreaterThan(50);
  expect(
    marks(
      scenario('      - { name: u, cpu: 3, program: [{ loop: 5, steps: [compute: { exponential: 1ms }] }] }'),
    ),
  ).toEqual(alone);
});
