/** The invariants themselves: they must find what is wrong. */
import { expect, test } from 'vitest';
import { CAUSE } from '#shared/model/causes.ts';
import { TS } from '#shared/model/enums.ts';
import { KIND } from '#shared/model/kinds.ts';
import { DispFixture } from '#main/emulator/kernel/disp/disp-fixture.ts';
import { setbackdq } from '#main/emulator/kernel/disp/run-queues.ts';
import { brokenInvariants } from './machine-invariants.ts';

const CPUS = 2;

/** What is said of threads on queues, of a machine whose CPUs are busy with something else. */
function complaints(prepare: (fixture: DispFixture, t: number) => void, pri: number): string[] {
  const fixture = new DispFixture(CPUS);
  const t = fixture.thread(pri, 1);
  fixture.machine.set(KIND.lwp_alive, t, 1, CAUSE.setup);
  setbackdq(fixture.d, t);
  prepare(fixture, t);
  return brokenInvariants(fixture.machine.state, CPUS).filter((text) => /waits where|queues$/.test(text));
}

test('a thread is where the dispatcher puts it', () => {
  for (const pri of [0, 59, 99, 100, 159]) expect(complaints(() => undefined, pri)).toEqual([]);
});

test.each([
  ['is bound to another CPU', 20, KIND.t_bound_cpu, 0],
  ['belongs to another processor set', 20, KIND.t_cpupart, 1],
  ['is bound, and on the queue of the set', 120, KIND.t_bound_cpu, 1],
  ['is of high priority, and on the queue of a CPU', 20, KIND.t_epri, 120],
])('a queued thread is missed that %s', (_, pri, kind, value) => {
  const found = complaints((fixture, t) => fixture.machine.set(kind, t, value, CAUSE.setup), pri);
  expect(found).toEqual([expect.stringMatching(/^LWP 0 waits where nobody would have put it/)]);
});

test('a queue of a CPU that is offline, a runnable thread on no queue and a sleeper on one are found', () => {
  const offline = complaints(({ machine }) => machine.set(KIND.cpu_online, 1, 0, CAUSE.setup), 20);
  expect(offline).toHaveLength(1);
  expect(complaints(({ machine }, t) => machine.dequeue(t, CAUSE.setup), 20)).toEqual([
    'LWP 0 in state 2 is on 0 queues',
  ]);
  expect(complaints(({ machine }, t) => machine.set(KIND.t_state, t, TS.SLEEP, CAUSE.setup), 20)).toEqual([
    'LWP 0 in state 1 is on 1 queues',
  ]);
});
