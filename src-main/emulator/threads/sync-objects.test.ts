/** Condition variables, semaphores and queue locks, run by programs. */
import { describe, expect, test } from 'vitest';
import type { LwpId } from '#shared/base/brands.ts';
import { CAUSE } from '#shared/model/causes.ts';
import { DECISION, SC_FLGS, TS } from '#shared/model/enums.ts';
import { KIND } from '#shared/model/kinds.ts';
import { recordRun, type Row } from '../../../test/emulator/recorded-run.ts';
import { parseScenario } from '../../scenario/parse-scenario.ts';

function run(text: string): Row[] {
  const rows: Row[] = [];
  recordRun(parseScenario(text, 'test.yaml'), {}, { onRow: (row) => rows.push(row) });
  return rows;
}

/** Times in ms at which LWP `lwp` made its marks. */
const marks = (rows: readonly Row[], lwp: LwpId): number[] =>
  rows.filter((row) => row.kind === KIND.user_mark && row.lwp === lwp).map((row) => row.timeNs / 1e6);

const valuesOf = (rows: readonly Row[], kind: number, object: number): number[] =>
  rows.filter((row) => row.kind === kind && row.object === object).map((row) => row.new);

const waiting = (signals: string, wait = '{ cond_wait: ready, mutex: m }') => `cpus: 4
duration: 1 s
locks: { m: mutex }
conditions: [ready]
programs:
  waiter: [lock: m, ${wait}, mark: 1, compute: 1ms, unlock: m, sleep: 10 s]
processes:
  - name: p
    lwps:
      - { name: waiter, count: 2, program: waiter }
      - { name: signaller, start: 20ms, program: ${signals} }
`;

describe('condition variables', () => {
  test('a signal lets one waiter go on, a broadcast all, one after the other', () => {
    const one = run(waiting('[cond_signal: ready, sleep: 10 s]'));
    expect([...marks(one, 0), ...marks(one, 1)]).toHaveLength(1);
    const all = run(waiting('[cond_broadcast: ready, sleep: 10 s]'));
    const [first, second] = [...marks(all, 0), ...marks(all, 1)].sort((a, b) => a - b);
    expect(first).toBeGreaterThan(20);
    // The second has to wait for the mutex.
    expect(second! - first!).toBeGreaterThanOrEqual(1);
  });

  test('a wait gives the mutex up, parks, and has the mutex again when it is over', () => {
    const rows = run(waiting('[lock: m, cond_signal: ready, compute: 5ms, unlock: m, sleep: 10 s]'));
    const [mark] = marks(rows, 0);
    const owners = rows.filter((row) => row.kind === KIND.sync_owner && row.timeNs / 1e6 <= mark!);
    expect(owners.map((row) => row.new)).toEqual([0, -1, 1, -1, 2, -1, 0]);
    const parked = rows.filter((row) => row.kind === KIND.sc_flgs && row.new === SC_FLGS.SC_PARK_FLG);
    expect(parked.map((row) => row.lwp)).toEqual([0, 1]);
  });

  test('signalled with the mutex held: moved to the queue of the mutex, woken by the unlock', () => {
    const rows = run(waiting('[lock: m, cond_signal: ready, compute: 5ms, unlock: m, sleep: 10 s]'));
    const moved = rows.find((row) => row.kind === KIND.t_wchan && row.cause === CAUSE.cond_signal)!;
    const unlocked = rows.find((row) => row.kind === KIND.sync_owner && row.old === 2)!;
    const woken = rows.find((row) => row.lwp === 0 && row.kind === KIND.t_state && row.old === TS.SLEEP)!;
    expect(moved).toMatchObject({ lwp: 0, new: 0 });
    expect(woken.timeNs).toBeGreaterThan(unlocked.timeNs);
    expect(unlocked.timeNs - moved.timeNs).toBeGreaterThanOrEqual(5e6);
  });

  test('who waits for a time is woken by a signal at once, even with the mutex held', () => {
    const timed = '{ cond_wait: ready, mutex: m, timeout: 500ms }';
    const rows = run(waiting('[lock: m, cond_signal: ready, compute: 5ms, unlock: m, sleep: 10 s]', timed));
    const woken = rows.find((row) => row.lwp === 0 && row.kind === KIND.t_state && row.old === TS.SLEEP)!;
    const unlocked = rows.find((row) => row.kind === KIND.sync_owner && row.old === 2)!;
    expect(woken.timeNs).toBeLessThan(unlocked.timeNs);
    expect(rows.find((row) => row.kind === KIND.t_wchan && row.cause === CAUSE.cond_signal)!.new).toBe(-1);
  });

  test('a signal to one whose time is up already is for the next', () => {
    const rows = run(`cpus: 4
duration: 1 s
costs: { context_switch: 1ms }
locks: { m: mutex }
conditions: [ready]
processes:
  - name: p
    lwps:
      - { name: timed, program: [lock: m, { cond_wait: ready, mutex: m, timeout: 20ms }, mark: 1, unlock: m] }
      - { name: other, start: 5ms, program: [lock: m, { cond_wait: ready, mutex: m }, mark: 2, unlock: m] }
      - { name: signaller, start: 20.3ms, program: [cond_signal: ready, sleep: 10 s] }
`);
    expect(marks(rows, 0)).toHaveLength(1);
    expect(marks(rows, 1)).toHaveLength(1);
    expect(valuesOf(rows, KIND.sync_waiters, 1)).toEqual([1, 2, 1, 0]);
  });

  test('a signal without a waiter is lost', () => {
    const rows = run(waiting('[sleep: 10 s]').replace('[lock: m,', '[cond_signal: ready, lock: m,'));
    expect([...marks(rows, 0), ...marks(rows, 1)]).toEqual([]);
  });

  test('a timed wait ends by itself, and then no signal is for it', () => {
    const timed = '{ cond_wait: ready, mutex: m, timeout: 10ms }';
    const rows = run(waiting('[cond_broadcast: ready, sleep: 10 s]', timed));
    expect(marks(rows, 0)[0]).toBeGreaterThan(10);
    expect(marks(rows, 0)[0]).toBeLessThan(11);
    expect(marks(rows, 1)[0]).toBeLessThan(12.2);
    expect(valuesOf(rows, KIND.sync_waiters, 1)).toEqual([1, 2, 1, 0]);
  });

  test('a signal before the time is up leaves no timer behind', () => {
    const timed = '{ cond_wait: ready, mutex: m, timeout: 100ms }';
    const rows = run(waiting('[cond_broadcast: ready, sleep: 10 s]', timed));
    expect(marks(rows, 0)[0]).toBeLessThan(21);
    expect(rows.filter((row) => row.cause === CAUSE.timeout && row.lwp < 2)).toEqual([]);
  });
});

describe('cancellation of waits', () => {
  const cancelled = (waiter: string, canceller: string, more = '') => `cpus: 4
duration: 1 s
locks: { m: mutex }
conditions: [ready]
semaphores: { s: 0 }
programs:
  waiter: [${waiter}]
processes:
  - name: p
    lwps:
      - { name: waiter, program: waiter }
      - { name: canceller, start: 20ms, program: [${canceller}] }
${more}`;
  const ends = (rows: readonly Row[], lwp: LwpId): number[] =>
    rows
      .filter((row) => row.kind === KIND.lwp_alive && row.lwp === lwp && row.new === 0)
      .map((row) => row.timeNs / 1e6);
  const owners = (rows: readonly Row[]): number[] => valuesOf(rows, KIND.sync_owner, 0);

  test('ends a wait for a condition: the mutex is taken once more, given back, and the LWP ends', () => {
    const rows = run(
      cancelled('lock: m, { cond_wait: ready, mutex: m }, mark: 1, unlock: m', 'cancel: waiter, sleep: 10ms'),
    );
    expect(marks(rows, 0)).toEqual([]);
    expect(owners(rows)).toEqual([0, -1, 0, -1]);
    expect(ends(rows, 0)[0]).toBeCloseTo(20, 1);
    expect(valuesOf(rows, KIND.sync_waiters, 1)).toEqual([1, 0]);
  });

  test('that was asked for before ends a wait before it begins', () => {
    const rows = run(
      cancelled('lock: m, compute: 30ms, { cond_wait: ready, mutex: m }, mark: 1', 'cancel: waiter'),
    );
    expect(marks(rows, 0)).toEqual([]);
    expect(owners(rows)).toEqual([0, -1]);
    expect(ends(rows, 0)[0]).toBeCloseTo(30, 1);
  });

  test('does not end the wait for a mutex: parking clears SC_CANCEL_FLG, and sets it again', () => {
    const rows = run(
      cancelled(
        'sleep: 5ms, lock: m, mark: 1, unlock: m, sleep: 1ms, mark: 2',
        'cancel: waiter, sleep: 10 s',
        '      - { name: holder, program: [lock: m, compute: 40ms, unlock: m, sleep: 10 s] }\n',
      ),
    );
    expect(marks(rows, 0)).toHaveLength(1);
    expect(marks(rows, 0)[0]).toBeGreaterThan(40);
    const flags = rows.filter((row) => row.kind === KIND.sc_flgs && row.lwp === 0).map((row) => row.new);
    const { SC_PARK_FLG, SC_CANCEL_FLG, SC_EINTR_FLG } = SC_FLGS;
    expect(flags).toEqual([
      SC_PARK_FLG,
      0,
      SC_CANCEL_FLG,
      SC_PARK_FLG,
      0,
      SC_CANCEL_FLG,
      SC_CANCEL_FLG | SC_EINTR_FLG,
    ]);
  });

  test('ends a wait for a semaphore, without taking anything off it', () => {
    const rows = run(
      cancelled('sema_wait: s, mark: 1', 'cancel: waiter, sleep: 5ms, sema_post: s, sema_wait: s, mark: 2'),
    );
    expect(marks(rows, 0)).toEqual([]);
    expect(marks(rows, 1)).toHaveLength(1);
    expect(ends(rows, 0)[0]).toBeCloseTo(20, 1);
    expect(valuesOf(rows, KIND.sync_waiters, 0 + 2)).toEqual([1, 0]);
  });

  test('of oneself is found at the next call; a second request is none; one that is disabled interrupts nothing', () => {
    const self = run(cancelled('cancel: waiter, mark: 1, sleep: 1ms, mark: 2', 'compute: 1ms'));
    expect(marks(self, 0)).toHaveLength(1);
    const disabled = run(
      cancelled(
        'cancel_disable, sleep: 50ms, mark: 1, cancel_enable, mark: 2, sleep: 1ms, mark: 3',
        'cancel: waiter, cancel: waiter',
      ),
    );
    expect(marks(disabled, 0)[0]).toBeGreaterThan(50);
    expect(marks(disabled, 0)).toHaveLength(2);
    expect(disabled.filter((row) => row.cause === CAUSE.sigtoproc)).toEqual([]);
  });
});

describe('semaphores', () => {
  test('let as many in as they count, the others in the order of their coming', () => {
    const rows = run(`cpus: 4
duration: 1 s
semaphores: { connections: 2 }
processes:
  - name: p
    lwps:
      - name: client
        count: 4
        program: [sema_wait: connections, mark: 1, compute: 10ms, sema_post: connections]
`);
    const [a, b, c, d] = [0, 1, 2, 3].flatMap((lwp) => marks(rows, lwp));
    expect(Math.max(a!, b!)).toBeLessThan(0.1);
    expect(Math.min(c!, d!)).toBeGreaterThan(10);
    expect(Math.max(c!, d!)).toBeLessThan(10.1);
    expect(valuesOf(rows, KIND.sync_count, 0)).toEqual([2, 1, 0, 1, 2, 1, 0, 1, 2]);
    expect(valuesOf(rows, KIND.sync_waiters, 0)).toEqual([1, 2, 1, 0]);
  });
});

describe('queue locks', () => {
  const text = `cpus: 1
duration: 1 s
locks: { q: queue }
processes:
  - name: p
    lwps:
      - { name: holder, program: [lock: q, compute: 125ms, unlock: q, sleep: 10 s] }
      - { name: other, program: [compute: 500ms] }
`;

  test('are held under no_preempt(): the kernel defers, and is answered by a yield', () => {
    const rows = run(text);
    const of = (kind: number) => rows.filter((row) => row.kind === kind && row.lwp === 0);
    expect(of(KIND.ul_preempt).map((row) => row.new)).toEqual([1, 0]);
    const decided = of(KIND.decision).map((row) => row.object);
    expect(decided).toContain(DECISION.deferredAtTick);
    expect(decided.at(-1)).toBe(DECISION.yielded);
  });

  test('are waited for by spinning', () => {
    const rows = run(
      text.replace('cpus: 1', 'cpus: 2').replace('[compute: 500ms]', '[sleep: 5ms, lock: q, unlock: q]'),
    );
    const spins = rows.filter((row) => row.kind === KIND.user_spin && row.lwp === 1);
    expect(spins.map((row) => row.new)).toEqual([1, 0]);
    expect((spins[1]!.timeNs - spins[0]!.timeNs) / 1e6).toBeCloseTo(120, 0);
  });
});

test('schedctl_init and schedctl_lookup ask for the structure once, schedctl_exit gives nothing back', () => {
  const rows = run(`cpus: 1
duration: 1 s
processes:
  - name: p
    lwps: [{ name: t, program: [schedctl_init, schedctl_lookup, schedctl_exit, compute: 1ms] }]
`);
  const allocated = rows.filter((row) => row.kind === KIND.slot_allocated);
  expect(allocated.map((row) => row.cause)).toEqual([
    CAUSE.schedctl_shared_alloc,
    CAUSE.schedctl_lwp_cleanup,
  ]);
});
