/** CPUs that go and come, and processor sets, on a loaded machine. */
import { describe, expect, test } from 'vitest';
import { CAUSE } from '#shared/model/causes.ts';
import { KIND } from '#shared/model/kinds.ts';
import { idleBesideWork, WaitTimes } from '../../../../test/emulator/idle-cpus.ts';
import { brokenInvariants } from '../../../../test/emulator/machine-invariants.ts';
import { recordRun, type RecordedRun, type Row } from '../../../../test/emulator/recorded-run.ts';
import { parseScenario } from '../../../scenario/parse-scenario.ts';
import { EBUSY, EINVAL } from '../../errno.ts';
import type { ProcessorSetPlan, ScenarioPlan, TimedPlan } from '../../plan.ts';
import { nosteal_nsec } from './disp-context.ts';

const LINE = 1;
const MS = 1e6;

function loaded(timed: readonly TimedPlan[], more: Partial<ScenarioPlan> = {}, lwps = ''): ScenarioPlan {
  const plan = parseScenario(
    `cpus: 4
duration: 400 ms
processes:
  - name: p
    lwps:
      - { name: hog, count: 6, program: [loop: forever, steps: [compute: 3ms, sleep: 1ms]] }
${lwps}`.replace(
      '[loop: forever, steps: [compute: 3ms, sleep: 1ms]]',
      '[{ loop: forever, steps: [compute: 3ms, sleep: 1ms] }]',
    ),
    'cpus.yaml',
  );
  return { ...plan, timed, ...more };
}

function run(plan: ScenarioPlan): { rows: Row[]; end: RecordedRun } {
  const rows: Row[] = [];
  const waits = new WaitTimes();
  const onRow = (row: Row): void => {
    rows.push(row);
    waits.row(row.kind, row.lwp, row.old, row.new, row.timeNs);
  };
  const end = recordRun(plan, {}, { onRow });
  expect(end.stateDigest).toBe(end.replayed.digest());
  expect(brokenInvariants(end.replayed, plan.cpus)).toEqual([]);
  expect(idleBesideWork(end.replayed, plan.cpus, end.endNs, waits)).toEqual([]);
  return { rows, end };
}

/** Threads that `cpu` was given, as [LWP, time in ms]. */
const ranOn = (rows: readonly Row[], cpu: number, fromMs: number, toMs: number): number[] =>
  rows
    .filter((row) => row.kind === KIND.cpu_dispthread && row.cpu === cpu && row.new >= 0)
    .filter((row) => row.timeNs > fromMs * MS && row.timeNs < toMs * MS)
    .map((row) => row.new);

const rowsOf = (rows: readonly Row[], kind: number, cause: number): Row[] =>
  rows.filter((row) => row.kind === kind && row.cause === cause);

describe('a CPU goes offline', () => {
  const offline = { event: 'offline', cpu: 2, forced: false, timeNs: 100 * MS, line: LINE } as const;

  test('its threads move off at once, and it runs none until it is online again', () => {
    const { rows } = run(loaded([offline, { event: 'online', cpu: 2, timeNs: 200 * MS, line: LINE }]));
    expect(rowsOf(rows, KIND.cpu_online, CAUSE.cpu_offline)).toMatchObject([{ cpu: 2, new: 0 }]);
    expect(rowsOf(rows, KIND.t_cpu, CAUSE.cpu_offline).length).toBeGreaterThan(0);
    expect(ranOn(rows, 2, 0, 100).length).toBeGreaterThan(10);
    expect(ranOn(rows, 2, 100, 200)).toEqual([]);
    expect(ranOn(rows, 2, 200, 400).length).toBeGreaterThan(10);
  });

  test('bound threads are in the way, unless it is forced', () => {
    const bound =
      '      - { name: bound, cpu: 2, program: [{ loop: forever, steps: [compute: 3ms, sleep: 1ms] }] }\n';
    const refused = run(loaded([offline], {}, bound));
    expect(rowsOf(refused.rows, KIND.cpu_online, CAUSE.cpu_offline)).toEqual([]);
    expect(rowsOf(refused.rows, KIND.cpu_event_refused, CAUSE.cpu_offline)).toMatchObject([
      { cpu: 2, lwp: -1, object: -1, new: EBUSY, timeNs: 100 * MS },
    ]);
    const { rows } = run(loaded([{ ...offline, forced: true }], {}, bound));
    expect(rowsOf(rows, KIND.t_bound_cpu, CAUSE.cpu_offline)).toMatchObject([{ lwp: 6, new: -1 }]);
    expect(ranOn(rows, 2, 100, 400)).toEqual([]);
    expect(ranOn(rows, 3, 100, 400).length).toBeGreaterThan(0);
  });

  test('bound threads that wait on its queue when they are unbound move off like the others', () => {
    const bound =
      '      - { name: bound, count: 3, cpu: 2, program: [{ loop: forever, steps: [compute: 3ms] }] }\n';
    const { rows } = run(loaded([{ ...offline, forced: true }], {}, bound));
    expect(ranOn(rows, 2, 100, 400)).toEqual([]);
    expect(new Set([0, 1, 3].flatMap((cpu) => ranOn(rows, cpu, 100, 400))).size).toBe(9);
  });

  test('the last one stays', () => {
    const { end } = run(
      loaded([0, 1, 2, 3].map((cpu) => ({ ...offline, cpu, timeNs: (cpu + 1) * 50 * MS }))),
    );
    expect([0, 1, 2, 3].map((cpu) => end.replayed.read(KIND.cpu_online, cpu))).toEqual([0, 0, 0, 1]);
  });
});

test('when the CPU that waits for a thread goes offline, another one takes the thread when it may', () => {
  const plan = parseScenario(
    `cpus: 3
duration: 20 ms
costs: { context_switch: 0, system_call: 0 }
events: [{ at: 15050us, offline: 1 }]
processes:
  - name: p
    lwps:
      - { name: busy, class: RT, cpu: 0, program: [compute: 1 s] }
      - { name: others, count: 2, program: [compute: 1us] }
      - { name: waits on CPU 0, start: 15ms, program: [compute: 1ms] }
`,
    'cpus.yaml',
  );
  const { rows } = run(plan);
  const [taken] = rowsOf(rows, KIND.cpu_dispthread, CAUSE.disp_getbest).filter((row) => row.new === 3);
  expect(taken).toMatchObject({ cpu: 2, timeNs: 15 * MS + nosteal_nsec + 1 });
});

describe('processor sets', () => {
  const sets: ProcessorSetPlan[] = [{ name: 'fast', cpus: [2, 3] }];
  const placed = (plan: ScenarioPlan): ScenarioPlan => ({
    ...plan,
    lwps: plan.lwps.map((lwp, t) => (t < 3 ? { ...lwp, part: 1 } : lwp)),
  });

  test('threads run on the CPUs of their set only, and no CPU steals across sets', () => {
    const { rows } = run(placed(loaded([], { sets })));
    expect(new Set([0, 1].flatMap((cpu) => ranOn(rows, cpu, 0, 400)))).toEqual(new Set([3, 4, 5]));
    expect(new Set([2, 3].flatMap((cpu) => ranOn(rows, cpu, 0, 400)))).toEqual(new Set([0, 1, 2]));
  });

  test('a CPU that is offline is assigned to no set: EINVAL', () => {
    const sets = [{ name: 'one', cpus: [3] }];
    const { rows } = run(
      loaded(
        [
          { event: 'offline', cpu: 1, forced: false, timeNs: 50 * MS, line: LINE },
          { event: 'assign', cpu: 1, part: 1, forced: true, timeNs: 100 * MS, line: LINE },
        ],
        { sets },
      ),
    );
    expect(rowsOf(rows, KIND.cpu_event_refused, CAUSE.cpupart_move_cpu)).toMatchObject([
      { cpu: 1, object: 1, new: EINVAL, timeNs: 100 * MS },
    ]);
    expect(rowsOf(rows, KIND.cpu_part, CAUSE.cpupart_move_cpu).filter((row) => row.cpu === 1)).toEqual([]);
  });

  test('a CPU that is assigned to another set runs the threads of that one', () => {
    const { rows } = run(
      placed(
        loaded([{ event: 'assign', cpu: 1, part: 1, forced: false, timeNs: 100 * MS, line: LINE }], { sets }),
      ),
    );
    expect(rowsOf(rows, KIND.cpu_part, CAUSE.cpupart_move_cpu).map((row) => row.cpu)).toEqual([2, 3, 1]);
    expect(Math.min(...ranOn(rows, 1, 0, 100))).toBe(3);
    expect(Math.max(...ranOn(rows, 1, 100, 400))).toBeLessThan(3);
  });

  test('the last CPU of the default set, and of a set with threads, stays', () => {
    const assign = { event: 'assign', forced: true, line: LINE } as const;
    const { end } = run(
      placed(
        loaded(
          [
            { ...assign, cpu: 0, part: 1, timeNs: 50 * MS },
            { ...assign, cpu: 1, part: 1, timeNs: 60 * MS },
            { event: 'offline', cpu: 1, forced: true, timeNs: 70 * MS, line: LINE },
          ],
          { sets },
        ),
      ),
    );
    expect([0, 1, 2, 3].map((cpu) => end.replayed.read(KIND.cpu_part, cpu))).toEqual([1, 0, 1, 1]);
    expect(end.replayed.read(KIND.cpu_online, 1)).toBe(1);
  });

  test('a process that is bound to a set moves there, running, queued or asleep', () => {
    const { rows } = run(
      loaded(
        [{ event: 'bind', target: { kind: 'process', name: 'p' }, part: 1, timeNs: 100 * MS, line: LINE }],
        { sets },
      ),
    );
    expect(rowsOf(rows, KIND.t_cpupart, CAUSE.cpupart_move_thread)).toHaveLength(6);
    expect(ranOn(rows, 2, 0, 100)).toEqual([]);
    expect(ranOn(rows, 0, 105, 400)).toEqual([]);
    expect(new Set(ranOn(rows, 2, 100, 400)).size).toBeGreaterThan(3);
  });

  test('threads of FSS take their project along: it competes where they are', () => {
    const fair =
      '      - { name: fair, count: 3, class: FSS, program: [{ loop: forever, steps: [compute: 3ms, sleep: 1ms] }] }\n';
    const { rows, end } = run(
      loaded(
        [{ event: 'bind', target: { kind: 'process', name: 'p' }, part: 1, timeNs: 100 * MS, line: LINE }],
        { sets },
        fair,
      ),
    );
    const moved = rowsOf(rows, KIND.fss_proj, CAUSE.fss_changepset);
    expect(moved.map((row) => [row.lwp, row.old, row.new])).toEqual([
      [6, 0, 1],
      [7, 0, 1],
      [8, 0, 1],
    ]);
    const count = (kind: number, account: number): number => end.replayed.read(kind, account);
    expect([0, 1].map((account) => count(KIND.fssp_threads, account))).toEqual([0, 3]);
    expect(count(KIND.fssp_runnable, 0)).toBe(0);
    expect(count(KIND.fssps_shares, 0)).toBe(0);
    expect(new Set([2, 3].flatMap((cpu) => ranOn(rows, cpu, 105, 400))).size).toBe(9);
  });

  test('a set without CPUs takes no threads', () => {
    const { rows } = run(
      loaded(
        [{ event: 'bind', target: { kind: 'lwp', name: 'hog 0' }, part: 1, timeNs: 100 * MS, line: LINE }],
        {
          sets: [{ name: 'empty', cpus: [] }],
        },
      ),
    );
    expect(rowsOf(rows, KIND.t_cpupart, CAUSE.cpupart_move_thread)).toEqual([]);
    expect(rowsOf(rows, KIND.cpu_event_refused, CAUSE.cpupart_move_thread)).toMatchObject([
      { lwp: 0, object: 1, new: EINVAL },
    ]);
  });
});
