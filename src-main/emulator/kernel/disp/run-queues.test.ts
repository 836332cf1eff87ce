import { beforeEach, describe, expect, test } from 'vitest';
import { CAUSE } from '#shared/model/causes.ts';
import { TS } from '#shared/model/enums.ts';
import { KIND } from '#shared/model/kinds.ts';
import { queueIdentity } from '#shared/model/queues.ts';
import type { Machine } from '../../machine.ts';
import { cpu_bind_thread } from './cpu-bind.ts';
import { cpu_surrender } from './cpu-resched.ts';
import type { DispContext } from './disp-context.ts';
import { DispFixture } from './disp-fixture.ts';
import { dispdeq, setbackdq, setfrontdq } from './run-queues.ts';

const CPUS = 4;
let fixture: DispFixture;
let machine: Machine;
let d: DispContext;

function thread(pri: number, cpu: number, options: { bound?: boolean; away?: number } = {}): number {
  const t = fixture.thread(pri, cpu, options.away);
  if (options.bound === true) cpu_bind_thread(d, t, cpu, CAUSE.setup);
  return t;
}

/** CPU `cpu` runs a thread of this priority. */
function runs(cpu: number, pri: number): void {
  machine.set(KIND.cpu_dispatch_pri, cpu, pri, CAUSE.setup);
}

const cpuOf = (t: number): number => {
  const queue = queueIdentity(machine.get(KIND.t_queue, t));
  if (queue.kind !== 'run') throw new Error(`thread ${t} is on a ${queue.kind} queue`);
  return queue.cpu;
};

beforeEach(() => {
  fixture = new DispFixture(CPUS);
  ({ machine, d } = fixture);
  machine.set(KIND.lbolt, 0, 100, CAUSE.setup);
  for (let cpu = 0; cpu < CPUS; cpu++) runs(cpu, 30);
});

describe('setbackdq', () => {
  test('keeps a thread on its CPU while its cache is warm', () => {
    runs(3, -1);
    const t = thread(29, 1, { away: 3 });
    setbackdq(d, t);
    expect(cpuOf(t)).toBe(1);
    expect(machine.get(KIND.t_state, t)).toBe(TS.RUN);
  });

  test('looks for the least busy CPU when it has been away for longer', () => {
    runs(3, -1);
    const t = thread(29, 1, { away: 4 });
    setbackdq(d, t);
    expect(cpuOf(t)).toBe(3);
  });

  test('below priority 16 goes to the next CPU as soon as that has fewer threads', () => {
    const chosen = Array.from({ length: 3 }, () => {
      const t = thread(15, 1);
      setbackdq(d, t);
      return cpuOf(t);
    });
    expect(chosen).toEqual([1, 2, 1]);
  });

  test('from priority 16 on lets queues differ by two', () => {
    const chosen = Array.from({ length: 6 }, () => {
      const t = thread(16, 1);
      setbackdq(d, t);
      return cpuOf(t);
    });
    expect(chosen).toEqual([1, 1, 1, 2, 1, 2]);
  });

  test('a bound thread goes nowhere else, however long the queue', () => {
    for (let i = 0; i < 5; i++) {
      const t = thread(10, 1, { bound: true, away: 50 });
      setbackdq(d, t);
      expect(cpuOf(t)).toBe(1);
    }
    expect(machine.get(KIND.disp_max_unbound_pri, 1)).toBe(-1);
    expect(machine.get(KIND.disp_nrunnable, 1)).toBe(5);
  });
});

describe('setfrontdq', () => {
  test('goes to the front of its own CPU, however long it was away', () => {
    const first = thread(20, 2);
    setbackdq(d, first);
    const second = thread(20, 2, { away: 50 });
    setfrontdq(d, second);
    expect(cpuOf(second)).toBe(2);
    expect(machine.state.queueMembers(machine.get(KIND.t_queue, first))).toEqual([second, first]);
  });

  test('goes elsewhere when something better waits there and its cache is cold', () => {
    setbackdq(d, thread(25, 2));
    runs(0, 5);
    const cold = thread(20, 2, { away: 50 });
    setfrontdq(d, cold);
    expect(cpuOf(cold)).toBe(0);
    const warm = thread(20, 2);
    setfrontdq(d, warm);
    expect(cpuOf(warm)).toBe(2);
  });
});

test('a CPU is asked to reschedule when a better thread than its own tops its queue', () => {
  setbackdq(d, thread(30, 1));
  expect(fixture.pokes).toEqual([]);
  setbackdq(d, thread(31, 1));
  expect(machine.get(KIND.cpu_runrun, 1)).toBe(1);
  expect(machine.get(KIND.cpu_kprunrun, 1)).toBe(0);
  expect(fixture.pokes).toEqual([1]);
});

test('a thread of priority 100 goes to its processor set, and preempts the kernel on the least busy CPU', () => {
  runs(2, 10);
  const t = thread(110, 0);
  setbackdq(d, t);
  expect(queueIdentity(machine.get(KIND.t_queue, t))).toEqual({
    kind: 'kernelPreempt',
    partition: 0,
    priority: 110,
  });
  expect(machine.get(KIND.kp_maxrunpri, 0)).toBe(110);
  expect(machine.get(KIND.cpu_chosen_level, 2)).toBe(110);
  expect(machine.get(KIND.cpu_kprunrun, 2)).toBe(1);
  // The next one takes the level chosen for CPU 2 into account.
  setbackdq(d, thread(105, 0));
  expect(machine.get(KIND.cpu_kprunrun, 0)).toBe(1);
});

test('dispdeq lowers the highest priority to the next one, and forgets everything with the last thread', () => {
  const low = thread(10, 1);
  const high = thread(40, 1);
  setbackdq(d, low);
  setbackdq(d, high);
  expect(dispdeq(d, high)).toBe(true);
  expect(machine.get(KIND.disp_maxrunpri, 1)).toBe(10);
  expect(machine.get(KIND.disp_max_unbound_pri, 1)).toBe(10);
  expect(dispdeq(d, low)).toBe(true);
  expect(machine.get(KIND.disp_maxrunpri, 1)).toBe(-1);
  expect(machine.get(KIND.disp_nrunnable, 1)).toBe(0);
  expect(() => dispdeq(d, low)).toThrow('thread 0 is not on the queue of its priority, 10');
  machine.set(KIND.t_state, low, TS.STOPPED, CAUSE.setup);
  expect(dispdeq(d, low)).toBe(false);
});

test('the CPU that queues a thread for itself is not poked: it looks at its flags anyway', () => {
  fixture.on(1);
  setbackdq(d, thread(31, 1));
  expect(machine.get(KIND.cpu_runrun, 1)).toBe(1);
  expect(fixture.pokes).toEqual([]);
});

test('a thread beyond the highest priority is an assertion of the kernel', () => {
  expect(() => setbackdq(d, thread(170, 1))).toThrow('tpri >= 0 && tpri < dp->disp_npri');
});

test('cpu_surrender concerns threads on a CPU only', () => {
  const t = thread(20, 1);
  cpu_surrender(d, t);
  expect(machine.get(KIND.cpu_runrun, 1)).toBe(0);
  machine.set(KIND.t_state, t, TS.ONPROC, CAUSE.setup);
  d.t_disp_queue[t] = 1;
  cpu_surrender(d, t);
  expect(machine.get(KIND.cpu_runrun, 1)).toBe(1);
  expect(machine.get(KIND.t_astflag, t)).toBe(1);
  expect(fixture.pokes).toEqual([1]);
});
