/** What a forked child has of its parent's LWPs and synchronisation objects. */
import { describe, expect, test } from 'vitest';
import type { LwpId, SyncId } from '#shared/base/brands.ts';
import { CAUSE } from '#shared/model/causes.ts';
import { TS } from '#shared/model/enums.ts';
import { KIND } from '#shared/model/kinds.ts';
import type { Definition } from '#shared/model/transition-batch.ts';
import { recordRun, type RecordedRun, type Row } from '../../../test/emulator/recorded-run.ts';
import { parseScenario } from '../../scenario/parse-scenario.ts';

interface Run {
  readonly rows: readonly Row[];
  readonly end: RecordedRun;
  readonly names: readonly Definition[];
}

function run(text: string, systemCall = '0'): Run {
  const rows: Row[] = [];
  const names: Definition[] = [];
  const costs = `costs: { context_switch: 0, system_call: ${systemCall}, lock: 0, lock_handoff: 0, store: 0 }`;
  const plan = parseScenario(`${costs}\nduration: 100 ms\n${text}`, 'test.yaml');
  const end = recordRun(
    plan,
    {},
    { onRow: (row) => rows.push(row), onDefinition: (definition) => names.push(definition) },
  );
  return { rows, end, names };
}

const MS = 1e6;
const of = (rows: readonly Row[], kind: number) => rows.filter((row) => row.kind === kind);
/** Marks as [ms, LWP, mark]. */
const marks = ({ rows }: Run) => of(rows, KIND.user_mark).map((row) => [row.timeNs / MS, row.lwp, row.new]);
/** Owners of an object as [ms, LWP]. */
const owners = ({ rows }: Run, sync: SyncId) =>
  of(rows, KIND.sync_owner)
    .filter((row) => row.object === sync)
    .map((row) => [row.timeNs / MS, row.new]);
const syncNames = ({ names }: Run) =>
  names.flatMap((name) => (name.table === 'sync' ? [[name.id, name.process, name.name]] : []));

describe('forkall', () => {
  test('the copies of the other LWPs go on where these were, with their loop counters', () => {
    const seen = run(`cpus: 4
programs:
  child: [mark: 9]
processes:
  - name: p
    lwps:
      - { name: a, program: [compute: 3ms, fork: { program: child, kind: forkall }] }
      - { name: b, program: [compute: 100us, { loop: 3, steps: [compute: 2ms, mark: 1] }, mark: 2] }
`);
    const ofLwp = (lwp: LwpId) => marks(seen).flatMap(([at, who, mark]) => (who === lwp ? [[at, mark]] : []));
    const [, ct, copy] = [1, 2, 3];
    expect(ofLwp(ct)).toHaveLength(1);
    // The second of its three turns was under way; the first is not done again.
    expect(ofLwp(copy).map(([, mark]) => mark)).toEqual([1, 1, 2]);
    expect(ofLwp(1).map(([, mark]) => mark)).toEqual([1, 1, 1, 2]);
    const [first, second] = ofLwp(copy);
    expect(second![0]! - first![0]!).toBeCloseTo(2, 1);
  });

  test('the copy of an LWP has its number and name, and CL_FORK is for each of them', () => {
    const { names, end } = run(`cpus: 2
programs:
  child: [compute: 1ms]
processes:
  - name: p
    lwps:
      - { name: b, class: { name: FX, upri: 20 }, program: [compute: 20ms] }
      - { name: a, program: [compute: 1ms, fork: { program: child, kind: forkall }, compute: 1ms] }
`);
    const copies = names.flatMap((name) => (name.table === 'lwp' && name.process === 1 ? [name] : []));
    expect(copies.map(({ lwpNumber, name }) => [lwpNumber, name])).toEqual([
      [2, 'child'],
      [1, 'b'],
    ]);
    expect(end.replayed.read(KIND.fx_pri, copies[1]!.id)).toBe(20);
  });

  test('a mutex is copied as it is: the copy of its owner holds it and gives it back, whoever has the original', () => {
    const seen = run(`cpus: 4
locks: { m: mutex }
programs:
  child: [lock: m, mark: 1, unlock: m]
processes:
  - name: p
    lwps:
      - { name: a, program: [compute: 2ms, fork: { program: child, kind: forkall }, wait_child, mark: 3] }
      - { name: b, program: [compute: 1ms, lock: m, compute: 5ms, unlock: m] }
`);
    expect(syncNames(seen)).toEqual([
      [0, -1, 'm'],
      [1, 1, 'm, pid 101'],
    ]);
    const [ct, copy] = [2, 3];
    expect(owners(seen, 0).map(([, lwp]) => lwp)).toEqual([1, -1]);
    expect(owners(seen, 1).map(([, lwp]) => lwp)).toEqual([copy, -1, ct, -1]);
    expect(owners(seen, 1)[0]![0]).toBe(2);
    expect(of(seen.rows, KIND.sync_owner).find((row) => row.object === 1)!.cause).toBe(CAUSE.newproc);
    expect(marks(seen).map(([, lwp, mark]) => [lwp, mark])).toEqual([
      [ct, 1],
      [0, 3],
    ]);
  });

  test('who waits for a mutex waits for the copy in the child, in the same order', () => {
    const seen = run(`cpus: 4
locks: { m: mutex }
programs:
  child: [compute: 30ms]
  waiter: [lock: m, mark: 1, unlock: m]
processes:
  - name: p
    lwps:
      - { name: owner, program: [lock: m, compute: 9ms, unlock: m] }
      - { name: first, start: 1ms, program: waiter }
      - { name: second, start: 2ms, program: waiter }
      - { name: a, start: 4ms, program: [fork: { program: child, kind: forkall }] }
`);
    const [first, second] = [6, 7];
    expect(seen.end.replayed.read(KIND.sync_waiters, 1)).toBe(0);
    expect(marks(seen).map(([, lwp]) => lwp)).toEqual(expect.arrayContaining([1, 2, first, second]));
    expect(owners(seen, 1).map(([, lwp]) => lwp)).toEqual([5, -1, first, -1, second, -1]);
    // Parked for the original when they were called back: they park again, in both processes.
    const parked = of(seen.rows, KIND.t_queue).filter((row) => row.lwp === first && row.new !== -1);
    expect(parked.length).toBeGreaterThan(0);
  });

  test('a sleep in the kernel ends with EINTR, in the parent and in the child', () => {
    const seen = run(`cpus: 4
programs:
  child: [compute: 1ms]
processes:
  - name: p
    lwps:
      - { name: a, program: [compute: 2ms, fork: { program: child, kind: forkall }] }
      - { name: b, program: [sleep: 80ms, mark: 1] }
`);
    const slept = marks(seen);
    expect(slept.map(([, lwp]) => lwp).sort()).toEqual([1, 3]);
    for (const [at] of slept) expect(at).toBeLessThan(5);
    const copy = of(seen.rows, KIND.t_state).filter((row) => row.lwp === 3);
    expect(copy.map((row) => row.new)).not.toContain(TS.SLEEP);
  });

  test('a wait for a condition ends for nothing, a semaphore keeps its count, a timed wait is over', () => {
    const seen = run(`cpus: 4
locks: { m: mutex }
conditions: [c]
semaphores: { s: 3 }
programs:
  child: [sema_wait: s, sema_wait: s, mark: 7]
processes:
  - name: p
    lwps:
      - { name: a, program: [sema_wait: s, compute: 2ms, fork: { program: child, kind: forkall }] }
      - { name: b, program: [lock: m, { cond_wait: c, mutex: m }, mark: 1, unlock: m] }
`);
    expect(
      marks(seen)
        .map(([, lwp, mark]) => `${lwp} ${mark}`)
        .sort(),
    ).toEqual(['1 1', '2 7', '3 1']);
    const semaphore = syncNames(seen).find(([id, , name]) => id !== 2 && String(name).startsWith('s'))!;
    expect(seen.end.replayed.read(KIND.sync_count, semaphore[0] as number)).toBe(0);
    expect(seen.end.replayed.read(KIND.sync_count, 2)).toBe(2);
    for (const [id] of syncNames(seen))
      expect(seen.end.replayed.read(KIND.sync_waiters, id as number)).toBe(0);
  });

  test('who is in a handler is in it in the child, and returns to what it interrupted', () => {
    const seen = run(`cpus: 4
programs:
  child: [compute: 1ms]
  handler: [mark: 1, compute: 4ms, mark: 2]
events: [{ at: 1ms, signal: USR1, lwp: b }]
processes:
  - name: p
    signals: { USR1: handler }
    lwps:
      - { name: a, program: [compute: 3ms, fork: { program: child, kind: forkall }] }
      - { name: b, program: [compute: 8ms, mark: 3] }
`);
    expect(
      marks(seen)
        .map(([, lwp, mark]) => `${lwp} ${mark}`)
        .sort(),
    ).toEqual(['1 1', '1 2', '1 3', '3 2', '3 3']);
  });

  test('a second fork of another LWP meanwhile fails with EINTR', () => {
    const { rows } = run(
      `cpus: 2
programs:
  child: [compute: 1ms]
processes:
  - name: p
    lwps:
      - { name: a, program: [compute: 1ms, fork: { program: child, kind: forkall }] }
      - { name: b, program: [compute: 1ms, fork: { program: child, kind: forkall }, compute: 1ms] }
`,
      '10us',
    );
    // One of the two, and its child copies the other behind its call.
    expect(of(rows, KIND.p_alive).filter((row) => row.cause === CAUSE.newproc)).toHaveLength(1);
  });

  test('who comes back from a sleep stops on the way, although it has just looked at its signals', () => {
    const seen = run(`cpus: 2
locks: { m: mutex }
programs:
  child: [compute: 1ms]
  locker: [lock: m, compute: 5ms, unlock: m]
processes:
  - name: p
    lwps:
      - { name: b, program: locker }
      - { name: c, start: 1ms, program: locker }
      - { name: d, start: 1ms, program: locker }
      - { name: a, start: 2ms, program: [fork: { program: child, kind: forkall }, mark: 1] }
`);
    expect(marks(seen).map(([, lwp, mark]) => [lwp, mark])).toEqual([[3, 1]]);
    expect(owners(seen, 1).map(([, lwp]) => lwp)).toEqual([5, -1, 6, -1, 7, -1]);
  });

  test('siblings says what the copies do instead', () => {
    const seen = run(`cpus: 4
programs:
  child: [compute: 1ms]
  other: [mark: 4]
processes:
  - name: p
    lwps:
      - { name: a, program: [compute: 2ms, fork: { program: child, kind: forkall, siblings: other }] }
      - { name: b, program: [compute: 5ms, mark: 1] }
`);
    expect(marks(seen).map(([, lwp, mark]) => [lwp, mark])).toEqual([
      [3, 4],
      [1, 1],
    ]);
  });

  test('of a process-shared mutex there is one: the copy of its owner has no part in it', () => {
    expect(() =>
      run(`cpus: 4
locks: { m: { kind: mutex, shared: true } }
programs:
  child: [compute: 1ms]
processes:
  - name: p
    lwps:
      - { name: a, program: [compute: 2ms, fork: { program: child, kind: forkall }] }
      - { name: b, program: [lock: m, compute: 5ms, unlock: m] }
`),
    ).toThrow(/unlocks "m", which .*does not hold/);
  });
});

describe('fork1', () => {
  test('the child has the mutexes that the forking LWP holds, and those of the others stay held for ever', () => {
    const seen = run(`cpus: 4
locks: { mine: mutex, yours: mutex }
programs:
  child: [unlock: mine, mark: 1, lock: yours, mark: 2]
processes:
  - name: p
    lwps:
      - { name: a, program: [lock: mine, compute: 2ms, fork: child, unlock: mine] }
      - { name: b, program: [compute: 1ms, lock: yours, compute: 5ms, unlock: yours] }
`);
    expect(marks(seen).map(([, lwp, mark]) => [lwp, mark])).toEqual([[2, 1]]);
    const yours = syncNames(seen).find(
      ([, process, name]) => process === 1 && String(name).startsWith('yours'),
    )!;
    const owner = seen.end.replayed.read(KIND.sync_owner, yours[0] as number);
    expect(seen.names).toContainEqual({ table: 'lwp', id: owner, process: 1, lwpNumber: 2, name: 'b' });
    expect(seen.end.replayed.read(KIND.lwp_alive, owner)).toBe(0);
    expect(seen.end.replayed.read(KIND.t_wchan, 2)).toBe(yours[0]);
  });

  test('a mutex that several processes use is shared, and its child waits for the parent', () => {
    const seen = run(`cpus: 4
locks: { m: mutex }
programs:
  child: [lock: m, mark: 1, unlock: m]
processes:
  - name: p
    lwps: [{ name: a, program: [compute: 1ms, lock: m, fork: child, compute: 5ms, unlock: m] }]
  - name: q
    lwps: [{ name: b, program: [lock: m, unlock: m] }]
`);
    expect(syncNames(seen)).toHaveLength(1);
    expect(marks(seen)[0]![0]).toBeGreaterThanOrEqual(6);
  });

  test('shared: false gives each process a mutex of its own', () => {
    const seen = run(`cpus: 4
locks: { m: { kind: mutex, shared: false } }
programs:
  holder: [lock: m, compute: 5ms, mark: 1, unlock: m]
processes:
  - name: p
    count: 2
    lwps: [{ name: a, program: holder }]
`);
    expect(marks(seen).map(([at]) => at)).toEqual([5, 5]);
    expect(syncNames(seen)).toEqual([
      [0, -1, 'm'],
      [1, 1, 'm, pid 101'],
    ]);
  });
});

test('a vfork child uses what its parent has; after exec there are new ones', () => {
  const seen = run(`cpus: 2
locks: { m: mutex }
programs:
  child: [lock: m, compute: 1ms, exec: image]
  image: [lock: m, mark: 1, unlock: m]
processes:
  - name: p
    lwps: [{ name: a, program: [compute: 1ms, fork: { program: child, kind: vfork }, mark: 2] }]
`);
  expect(owners(seen, 0).map(([, lwp]) => lwp)).toEqual([1]);
  expect(owners(seen, 1).map(([, lwp]) => lwp)).toEqual([1, -1]);
  expect(syncNames(seen)[1]).toEqual([1, 1, 'm, pid 101']);
});
