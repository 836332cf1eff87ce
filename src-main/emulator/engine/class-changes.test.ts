/** Classes and parameters that change while a scenario runs (priocntl), and page faults. */
import { describe, expect, test } from 'vitest';
import { CAUSE } from '#shared/model/causes.ts';
import { CID, FSS_FLAGS, OFF_CPU_REASON, TS } from '#shared/model/enums.ts';
import { KIND } from '#shared/model/kinds.ts';
import { firstFault } from '../../../test/emulator/checked-run.ts';
import { recordRun, type Row } from '../../../test/emulator/recorded-run.ts';
import { parseScenario } from '../../scenario/parse-scenario.ts';

const MS = 1e6;
const NO_COSTS = 'costs: { context_switch: 0, system_call: 0, lock: 0, lock_handoff: 0, store: 0 }';

function run(text: string): Row[] {
  const rows: Row[] = [];
  const plan = parseScenario(`duration: 100 ms\n${NO_COSTS}\n${text}`, 'classes.yaml');
  recordRun(plan, {}, { onRow: (row) => rows.push(row) });
  expect(firstFault(plan, { eventsPerCheck: 1 })).toBe('');
  return rows;
}

/** [time in ms, new value] of each row of a kind and an LWP. */
const changes = (rows: readonly Row[], kind: number, lwp: number): [number, number][] =>
  rows.filter((row) => row.kind === kind && row.lwp === lwp).map((row) => [row.timeNs / MS, row.new]);

describe('priocntl', () => {
  test('an LWP that runs goes to another class, and loses its CPU to a better one', () => {
    const rows = run(`cpus: 1
events: [{ at: 5ms, priocntl: { name: FX, upri: 0 }, lwp: a }]
processes:
  - name: p
    lwps:
      - { name: a, class: { name: FX, upri: 30 }, program: [compute: 20ms] }
      - { name: b, class: { name: FX, upri: 20 }, start: 1ms, program: [compute: 10ms] }
`);
    expect(changes(rows, KIND.t_pri, 0).at(-1)).toEqual([5, 0]);
    expect(rows.find((row) => row.kind === KIND.fx_pri && row.lwp === 0 && row.timeNs > 0)).toMatchObject({
      cause: CAUSE.fx_parmsset,
      lwp: 0,
    });
    const runs = rows
      .filter((row) => row.kind === KIND.cpu_dispthread)
      .map((row) => [row.timeNs / MS, row.new]);
    expect(runs).toEqual([
      [0, 0],
      [5, 1],
      [15, 0],
      [30, -1],
    ]);
  });

  test('one that waits goes to the queue of its processor set with RT, and runs at once', () => {
    const rows = run(`cpus: 2
events: [{ at: 5ms, priocntl: { name: RT, pri: 7, quantum_signal: USR1 }, process: p }]
processes:
  - name: hog
    lwps: [{ name: hog, for_each: cpu, class: { name: FX, upri: 60 }, program: [compute: 90ms] }]
  - name: p
    signals: { USR1: ignore }
    lwps: [{ name: waits, start: 1ms, program: [compute: 3ms] }]
`);
    expect(changes(rows, KIND.t_cid, 2).at(-1)).toEqual([5, CID.RT]);
    expect(changes(rows, KIND.t_pri, 2).at(-1)).toEqual([5, 107]);
    expect(changes(rows, KIND.rt_tqsignal, 2)).toEqual([[5, 16]]);
    expect(changes(rows, KIND.t_state, 2).filter(([ms]) => ms >= 5)[0]).toEqual([5, TS.ONPROC]);
  });

  test('a program changes its own class, and parameters that it does not name stay', () => {
    const rows = run(`cpus: 1
processes:
  - name: p
    lwps:
      - name: a
        class: { name: TS, upri: -10, uprilim: 20 }
        program:
          - compute: 1ms
          - priocntl: { name: TS, upri: 15 }
          - compute: 1ms
          - priocntl: FSS
          - compute: 1ms
          - priocntl: { name: FX, uprilim: 9 }
          - compute: 1ms
          - priocntl: { name: FX, quantum: infinite }
          - compute: 1ms
`);
    expect(changes(rows, KIND.ts_uprilim, 0)).toEqual([
      [0, 20],
      [1, 15],
    ]);
    expect(changes(rows, KIND.t_cid, 0).slice(-2)).toEqual([
      [2, CID.FSS],
      [3, CID.FX],
    ]);
    expect(changes(rows, KIND.fx_pri, 0)).toEqual([[3, 9]]);
    expect(changes(rows, KIND.fx_pquantum, 0)).toEqual([
      [3, 20],
      [4, -2],
    ]);
  });

  test('the interactive mode is turned off and on, at the start as well', () => {
    const rows = run(`cpus: 1
processes:
  - name: p
    lwps:
      - name: a
        class: { name: IA, interactive: false }
        program: [compute: 1ms, priocntl: { name: IA, interactive: true }, compute: 1ms]
`);
    expect(changes(rows, KIND.ts_boost, 0)).toEqual([
      [0, 10],
      [0, -10],
      [1, 10],
    ]);
  });

  test('nobody is found, which is an LWP that has ended: nothing happens', () => {
    const rows = run(`cpus: 1
events: [{ at: 5ms, priocntl: RT, lwp: a }]
processes:
  - name: p
    lwps: [{ name: a, program: [compute: 1ms] }, { name: b, program: [compute: 9ms] }]
`);
    expect(rows.filter((row) => row.kind === KIND.t_cid && row.timeNs > 0)).toEqual([]);
  });
});

describe('a page fault', () => {
  const fault = (klass: string): Row[] =>
    run(`cpus: 1
events: [{ at: 2ms, signal: USR1, process: p }]
programs:
  handler: [mark: 7]
processes:
  - name: p
    signals: { USR1: handler }
    lwps:
      - { name: a, class: ${klass}, program: [compute: 1ms, page_fault: 5ms, compute: 1ms] }
`);

  test('sleeps until the page is there, whatever signals come; they are handled afterwards', () => {
    const rows = fault('TS');
    expect(changes(rows, KIND.off_cpu_reason, 0)).toContainEqual([1, OFF_CPU_REASON.io]);
    expect(changes(rows, KIND.t_state, 0).filter(([ms]) => ms > 0)).toEqual([
      [1, TS.SLEEP],
      [6, TS.RUN],
      [6, TS.ONPROC],
      [7, TS.ZOMB],
    ]);
    expect(rows.filter((row) => row.kind === KIND.user_mark).map((row) => row.timeNs / MS)).toEqual([6]);
  });

  test('brings an FSS thread to kernel priority, until fss_trapret() on its way back to user mode', () => {
    const rows = fault('FSS');
    expect(changes(rows, KIND.t_kpri_req, 0)).toEqual([
      [1, 1],
      [6, 0],
    ]);
    const flags = changes(rows, KIND.fss_flags, 0).map(([ms, value]) => [ms, value & FSS_FLAGS.FSSKPRI]);
    expect(flags.filter(([, kpri]) => kpri !== 0).map(([ms]) => ms)).toContain(1);
    expect(flags.at(-1)).toEqual([6, 0]);
    const priorities = rows.filter((row) => row.kind === KIND.t_pri && row.timeNs >= MS);
    expect(priorities.map((row) => [row.timeNs / MS, row.new])).toEqual([
      [1, 60],
      [6, expect.any(Number)],
    ]);
    expect(priorities[1]!.new).toBeLessThan(60);
  });

  test('of a page that is in memory takes the time of a system call', () => {
    const rows = run(`cpus: 1
processes:
  - name: p
    lwps: [{ name: a, program: [compute: 1ms, page_fault: 0, compute: 1ms] }]
`);
    expect(rows.filter((row) => row.kind === KIND.t_state && row.new === TS.SLEEP)).toEqual([]);
  });
});

test('an event about nobody is refused with its line', () => {
  const text = `cpus: 1
duration: 1 ms
events:
  - { at: 0, priocntl: RT }
processes: [{ name: p, lwps: [{ name: a, program: [compute: 1ms] }] }]`;
  expect(() => parseScenario(text, 'nobody.yaml')).toThrow(
    'nobody.yaml, line 4: found priocntl without a target, expected process or lwp',
  );
});
