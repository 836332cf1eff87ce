import { describe, expect, test } from 'vitest';
import type { LwpId } from '#shared/base/brands.ts';
import { WorkbenchError } from '#shared/base/errors.ts';
import { CAUSE } from '#shared/model/causes.ts';
import { SC_FLGS, TS } from '#shared/model/enums.ts';
import { KIND } from '#shared/model/kinds.ts';
import { recordRun, type RecordedRun, type Row } from '../../../test/emulator/recorded-run.ts';
import { parseScenario } from '../../scenario/parse-scenario.ts';
import { MAX_PAGES } from '../kernel/vm/anon.ts';

/** Runs a scenario given as YAML and returns its rows. */
function run(text: string): { rows: Row[]; end: RecordedRun } {
  const rows: Row[] = [];
  const costs = 'costs: { context_switch: 0, system_call: 0, lock: 0, lock_handoff: 0, store: 0 }';
  const plan = parseScenario(`${costs}\n${text}`, 'test.yaml');
  const end = recordRun(plan, {}, { onRow: (row) => rows.push(row) });
  return { rows, end };
}

const of = (rows: readonly Row[], kind: number, lwp?: LwpId): Row[] =>
  rows.filter((row) => row.kind === kind && (lwp === undefined || row.lwp === lwp));
const changes = (rows: readonly Row[], kind: number, lwp?: LwpId) =>
  of(rows, kind, lwp).map((row) => [row.timeNs, row.old, row.new]);
const marks = (rows: readonly Row[]) => of(rows, KIND.user_mark).map((row) => [row.timeNs, row.lwp, row.new]);

describe('LWPs and processes', () => {
  test('an LWP that is created has the class, priority and mask of its creator, and the lowest free slot', () => {
    const { rows, end } = run(`cpus: 1
duration: 1 s
programs:
  child: [schedctl_start, compute: 1ms]
processes:
  - name: p
    lwps:
      - name: a
        class: { name: FX, upri: 30 }
        program: [sigmask: { block: [USR1] }, schedctl_start, spawn: child, sleep: 5ms]
`);
    expect(end.replayed.read(KIND.t_cid, 1)).toBe(end.replayed.read(KIND.t_cid, 0));
    expect(of(rows, KIND.fx_pri, 1).map((row) => row.new)).toEqual([30]);
    expect(end.replayed.read(KIND.t_hold0, 1)).toBe(1 << 15);
    expect(of(rows, KIND.t_schedctl, 1).map((row) => row.new)).toEqual([1, -1]);
    expect(end.replayed.read(KIND.p_alive, 0)).toBe(0);
  });

  test('fork1 unmaps the pages in the child, CL_FORKRET has the parent pay, and it waits for the child', () => {
    const { rows, end } = run(`cpus: 1
duration: 1 s
programs:
  child: [schedctl_start, compute: 1ms, exit_process]
processes:
  - name: p
    lwps: [{ name: a, program: [schedctl_start, fork: child, mark: 1, wait_child, mark: 2] }]
`);
    const firstPage = of(rows, KIND.page_references).filter((row) => row.object === 0);
    expect(firstPage.map((row) => [row.cause, row.new])).toEqual([
      [CAUSE.schedctl_getpage, 1],
      [CAUSE.schedctl_shared_alloc, 2],
      [CAUSE.newproc, 3],
      [CAUSE.schedctl_fork, 2],
      [CAUSE.schedctl_proc_cleanup, 1],
      [CAUSE.schedctl_freepage, 0],
    ]);
    expect(of(rows, KIND.ts_cpupri, 0).find((row) => row.cause === CAUSE.ts_forkret)!.new).toBe(19);
    // The child runs first; the parent sees its end.
    expect(marks(rows)).toEqual([
      [1_000_000, 0, 1],
      [1_000_000, 0, 2],
    ]);
    expect(end.replayed.read(KIND.live_anon_pages, 0)).toBe(0);
  });

  test('vfork: the parent sleeps, and its other LWPs stop, until the child execs; the child borrows its memory', () => {
    const { rows } = run(`cpus: 2
duration: 1 s
programs:
  child: [compute: 3ms, exec: image]
  image: [schedctl_start, compute: 10ms]
processes:
  - name: p
    lwps:
      - { name: a, program: [compute: 1ms, fork: { program: child, kind: vfork }, mark: 1] }
      - { name: b, program: [compute: 4ms, mark: 2] }
`);
    expect(changes(rows, KIND.p_vfork)).toEqual([
      [1_000_000, 0, 1],
      [4_000_000, 1, 0],
    ]);
    expect(marks(rows)).toEqual([
      // The other CPU leaves a thread to its own one for the nosteal interval, 0.1 ms, the end included.
      [4_100_001, 0, 1],
      [7_100_001, 1, 2],
    ]);
    expect(of(rows, KIND.t_state, 1).map((row) => row.new)).toContain(TS.STOPPED);
  });

  test('exec ends the other LWPs, frees the pages and begins anew', () => {
    const { rows, end } = run(`cpus: 2
duration: 1 s
programs:
  image: [schedctl_start, compute: 2ms]
processes:
  - name: p
    lwps:
      - { name: a, program: [schedctl_start, compute: 1ms, exec: image] }
      - { name: b, program: [schedctl_start, compute: 900ms] }
      - { name: c, program: [sleep: 900ms] }
      - { name: late, start: 500ms, program: [mark: 1] }
`);
    expect(changes(rows, KIND.lwp_alive, 1).at(-1)).toEqual([1_000_000, 1, 0]);
    expect(changes(rows, KIND.lwp_alive, 2).at(-1)).toEqual([1_000_000, 1, 0]);
    // A new page, by the number of the old one.
    expect(of(rows, KIND.t_schedctl, 0).map((row) => row.new)).toEqual([0, -1, 0, -1]);
    const pages = rows.filter((row) => row.kind === KIND.page_process);
    expect(pages.map((row) => row.new)).toEqual([0, -1, 0, -1]);
    expect(end.endNs).toBe(3_000_000);
    expect(marks(rows)).toEqual([]);
  });

  test('one after the other, processes have more pages than there can be at a time', () => {
    let pages = 0;
    const plan = parseScenario(
      `cpus: 4
duration: 1 s
costs: { context_switch: 0, system_call: 0 }
programs:
  child: [schedctl_start, compute: 2us, exit_process]
processes:
  - name: shell
    count: 8
    lwps:
      - name: main
        class: { name: FX, upri: 30, quantum: infinite }
        program: [{ loop: 1100, steps: [compute: 1us, fork: child, wait_child] }]
`,
      'test.yaml',
    );
    const onRow = (row: Row): void => {
      if (row.kind === KIND.page_process && row.new >= 0) pages++;
    };
    const { replayed, stateDigest } = recordRun(plan, {}, { onRow });
    expect(pages).toBe(8 * 1100);
    expect(pages).toBeGreaterThan(MAX_PAGES);
    expect(replayed.countOf('page')).toBeLessThan(16);
    expect(replayed.read(KIND.live_anon_pages, 0)).toBe(0);
    expect(replayed.digest()).toBe(stateDigest);
  });

  test('a mutex whose owner has ended is spun for while the owner is taken to run: its slot has a new holder', () => {
    const { rows } = run(`cpus: 2
duration: 100 ms
locks: { m: { kind: adaptive, spin: 3ms } }
processes:
  - name: p
    lwps:
      - { name: owner, program: [schedctl_start, schedctl_stop, lock: m, exit] }
      - { name: stranger, start: 1ms, program: [sleep: 1ms, schedctl_start, sleep: 1ms, compute: 50ms] }
      - { name: waiter, start: 5ms, program: [lock: m] }
`);
    expect(of(rows, KIND.t_schedctl, 1)[0]!.new).toBe(0);
    expect(changes(rows, KIND.user_spin, 2)).toEqual([
      [5_000_000, 0, 1],
      [8_000_000, 1, 0],
    ]);
  });
});

describe('signals', () => {
  test('sc_sigblock keeps a signal pending until a system call sets the mask; then its handler runs', () => {
    const { rows } = run(`cpus: 1
duration: 1 s
events: [{ at: 2ms, signal: USR1, process: p }]
programs:
  handler: [mark: 7, compute: 1ms]
processes:
  - name: p
    signals: { USR1: handler }
    lwps: [{ name: a, program: [sigblock, compute: 5ms, sigmask: none, compute: 1ms, mark: 8] }]
`);
    expect(changes(rows, KIND.sc_sigblock).map(([timeNs, , value]) => [timeNs, value])).toEqual([
      [0, 1],
      [5_000_000, 0],
    ]);
    expect(marks(rows)).toEqual([
      [5_000_000, 0, 7],
      [7_000_000, 0, 8],
    ]);
    expect(of(rows, KIND.t_hold0, 0)[0]!.cause).toBe(CAUSE.schedctl_finish_sigblock);
  });

  test('a handler interrupts a computation, which then goes on where it was; a sleep ends with EINTR', () => {
    const { rows } = run(`cpus: 1
duration: 1 s
events:
  - { at: 2ms, signal: USR1, lwp: a }
  - { at: 7ms, signal: USR1, lwp: a }
programs:
  handler: [mark: 7, compute: 1ms]
processes:
  - name: p
    signals: { USR1: handler }
    lwps: [{ name: a, program: [compute: 5ms, mark: 1, sleep: 500ms, mark: 2] }]
`);
    expect(marks(rows)).toEqual([
      [2_000_000, 0, 7],
      [6_000_000, 0, 1],
      [7_000_000, 0, 7],
      [8_000_000, 0, 2],
    ]);
  });

  test('STOP and CONT; the default of TERM ends the process with all of its LWPs', () => {
    const { rows, end } = run(`cpus: 2
duration: 1 s
events:
  - { at: 2ms, signal: STOP, process: p }
  - { at: 8ms, signal: CONT, process: p }
  - { at: 20ms, signal: TERM, process: p }
processes:
  - name: p
    lwps:
      - { name: a, program: [compute: 5ms, mark: 1, compute: 500ms] }
      - { name: b, program: [sleep: 12ms, mark: 2, sleep: 500ms] }
`);
    expect(marks(rows)).toEqual([
      [11_000_000, 0, 1],
      [12_000_000, 1, 2],
    ]);
    expect(end.endNs).toBe(20_000_000);
    expect(end.replayed.read(KIND.p_alive, 0)).toBe(0);
  });

  test('a cancellation that is disabled waits; then a system call returns EINTR, SC_EINTR_FLG is set, the LWP ends', () => {
    const { rows } = run(`cpus: 2
duration: 1 s
processes:
  - name: p
    lwps:
      - { name: a, program: [cancel_disable, sleep: 5ms, compute: 5ms, cancel_enable, compute: 1ms, sleep: 500ms] }
      - { name: b, program: [sleep: 7ms, cancel: a] }
`);
    expect(changes(rows, KIND.sc_flgs)).toEqual([
      [10_000_000, 0, SC_FLGS.SC_CANCEL_FLG],
      [11_000_000, SC_FLGS.SC_CANCEL_FLG, SC_FLGS.SC_CANCEL_FLG | SC_FLGS.SC_EINTR_FLG],
    ]);
    expect(changes(rows, KIND.lwp_alive, 0).at(-1)).toEqual([11_000_000, 1, 0]);
  });
});

describe('the world outside', () => {
  test('a failed mapping leaves nothing behind, and the LWP goes on without a structure', () => {
    const { rows, end } = run(`cpus: 1
duration: 1 s
events: [{ at: 0, fail: mapping, nth: 1 }]
processes:
  - name: p
    lwps:
      - { name: a, program: [compute: 1ms, schedctl_start, compute: 1ms, schedctl_stop] }
      - { name: b, start: 5ms, program: [schedctl_start, compute: 1ms] }
`);
    expect(of(rows, KIND.t_schedctl).map((row) => row.lwp)).toEqual([1, 1]);
    expect(end.replayed.read(KIND.live_anon_pages, 0)).toBe(0);
  });

  test('arrivals create LWPs one after the other, sources wake who waits for them', () => {
    const { rows, end } = run(`cpus: 1
duration: 100 ms
sources: { disk: { every: 4ms } }
programs:
  request: [mark: 1]
processes:
  - name: p
    arrivals: [{ name: request, program: request, every: 3ms, count: 2 }]
    lwps: [{ name: a, program: [await: disk, mark: 2, sleep: 10ms, await: disk, await: disk, mark: 3] }]
`);
    expect(marks(rows)).toEqual([
      [3_000_000, 1, 1],
      [4_000_000, 0, 2],
      [6_000_000, 2, 1],
      [14_000_000, 0, 3],
    ]);
    expect(end.endNs).toBe(14_000_000);
  });

  test('a program that forks without end is told so, with its line', () => {
    expect(() =>
      run(`cpus: 1
duration: 1 s
programs:
  bomb:
    - loop: forever
      steps:
        - compute: 0
        - chance: 0.5
          then: [spawn: bomb]
        - chance: 0.0
          then: [sleep: 1ms]
processes:
  - name: p
    lwps: [{ name: a, program: bomb }]
`),
    ).toThrow(WorkbenchError);
  });
});
