import { beforeEach, describe, expect, test } from 'vitest';
import { CAUSE } from '#shared/model/causes.ts';
import { TS } from '#shared/model/enums.ts';
import { KIND } from '#shared/model/kinds.ts';
import { queueIdentity } from '#shared/model/queues.ts';
import { Machine } from '../machine.ts';
import { TransitionProbe } from '#shared/model/transition-probe.ts';
import { CpuPartitions } from './cpu-part.ts';
import { RunQueues } from './run-queues.ts';

const CPUS = 4;
let machine: Machine;
let queues: RunQueues;
let pokes: number[];
let threads: number;

/** A stopped thread of this priority whose CPU is `cpu`, and which has just left it. */
function thread(pri: number, cpu: number, options: { bound?: boolean; away?: number } = {}): number {
  const t = threads++;
  machine.ensure('lwp', t);
  queues.ensureLwp(t);
  machine.set(KIND.t_state, t, TS.STOPPED, CAUSE.setup);
  machine.set(KIND.t_pri, t, pri, CAUSE.setup);
  machine.set(KIND.t_cpu, t, cpu, CAUSE.setup);
  machine.set(KIND.t_disp_time, t, machine.get(KIND.lbolt, 0) - (options.away ?? 0), CAUSE.setup);
  if (options.bound === true) machine.set(KIND.t_bound_cpu, t, cpu, CAUSE.setup);
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
  machine = new Machine(new TransitionProbe());
  pokes = [];
  threads = 0;
  queues = new RunQueues(machine, new CpuPartitions(machine, CPUS), {
    poke_cpu: (cpu) => pokes.push(cpu),
    disp_enq_thread: () => undefined,
  });
  machine.set(KIND.lbolt, 0, 100, CAUSE.setup);
  for (let cpu = 0; cpu < CPUS; cpu++) runs(cpu, 30);
});

describe('setbackdq', () => {
  test('keeps a thread on its CPU while its cache is warm', () => {
    runs(3, -1);
    const t = thread(29, 1, { away: 3 });
    queues.setbackdq(t);
    expect(cpuOf(t)).toBe(1);
    expect(machine.get(KIND.t_state, t)).toBe(TS.RUN);
  });

  test('looks for the least busy CPU when it has been away for longer', () => {
    runs(3, -1);
    const t = thread(29, 1, { away: 4 });
    queues.setbackdq(t);
    expect(cpuOf(t)).toBe(3);
  });

  test('below priority 16 goes to the next CPU as soon as that has fewer threads', () => {
    const chosen = Array.from({ length: 3 }, () => {
      const t = thread(15, 1);
      queues.setbackdq(t);
      return cpuOf(t);
    });
    expect(chosen).toEqual([1, 2, 1]);
  });

  test('from priority 16 on lets queues differ by two', () => {
    const chosen = Array.from({ length: 6 }, () => {
      const t = thread(16, 1);
      queues.setbackdq(t);
      return cpuOf(t);
    });
    expect(chosen).toEqual([1, 1, 1, 2, 1, 2]);
  });

  test('a bound thread goes nowhere else, however long the queue', () => {
    for (let i = 0; i < 5; i++) {
      const t = thread(10, 1, { bound: true, away: 50 });
      queues.setbackdq(t);
      expect(cpuOf(t)).toBe(1);
    }
    expect(machine.get(KIND.disp_max_unbound_pri, 1)).toBe(-1);
    expect(machine.get(KIND.disp_nrunnable, 1)).toBe(5);
  });
});

describe('setfrontdq', () => {
  test('goes to the front of its own CPU, however long it was away', () => {
    const first = thread(20, 2);
    queues.setbackdq(first);
    const second = thread(20, 2, { away: 50 });
    queues.setfrontdq(second);
    expect(cpuOf(second)).toBe(2);
    expect(machine.state.queueMembers(machine.get(KIND.t_queue, first))).toEqual([second, first]);
  });

  test('goes elsewhere when something better waits there and its cache is cold', () => {
    queues.setbackdq(thread(25, 2));
    runs(0, 5);
    const cold = thread(20, 2, { away: 50 });
    queues.setfrontdq(cold);
    expect(cpuOf(cold)).toBe(0);
    const warm = thread(20, 2);
    queues.setfrontdq(warm);
    expect(cpuOf(warm)).toBe(2);
  });
});

test('a CPU is asked to reschedule when a better thread than its own tops its queue', () => {
  queues.setbackdq(thread(30, 1));
  expect(pokes).toEqual([]);
  queues.setbackdq(thread(31, 1));
  expect(machine.get(KIND.cpu_runrun, 1)).toBe(1);
  expect(machine.get(KIND.cpu_kprunrun, 1)).toBe(0);
  expect(pokes).toEqual([1]);
});

test('a thread of priority 100 goes to its processor set, and preempts the kernel on the least busy CPU', () => {
  runs(2, 10);
  const t = thread(110, 0);
  queues.setbackdq(t);
  expect(queueIdentity(machine.get(KIND.t_queue, t))).toEqual({
    kind: 'kernelPreempt',
    partition: 0,
    priority: 110,
  });
  expect(machine.get(KIND.kp_maxrunpri, 0)).toBe(110);
  expect(machine.get(KIND.cpu_chosen_level, 2)).toBe(110);
  expect(machine.get(KIND.cpu_kprunrun, 2)).toBe(1);
  // The next one takes the level chosen for CPU 2 into account.
  queues.setbackdq(thread(105, 0));
  expect(machine.get(KIND.cpu_kprunrun, 0)).toBe(1);
});

test('dispdeq lowers the highest priority to the next one, and forgets everything with the last thread', () => {
  const low = thread(10, 1);
  const high = thread(40, 1);
  queues.setbackdq(low);
  queues.setbackdq(high);
  expect(queues.dispdeq(high)).toBe(true);
  expect(machine.get(KIND.disp_maxrunpri, 1)).toBe(10);
  expect(machine.get(KIND.disp_max_unbound_pri, 1)).toBe(10);
  expect(queues.dispdeq(low)).toBe(true);
  expect(machine.get(KIND.disp_maxrunpri, 1)).toBe(-1);
  expect(machine.get(KIND.disp_nrunnable, 1)).toBe(0);
  expect(queues.dispdeq(low)).toBe(false);
});

test('cpu_surrender concerns threads on a CPU only', () => {
  const t = thread(20, 1);
  queues.cpu_surrender(t);
  expect(machine.get(KIND.cpu_runrun, 1)).toBe(0);
  machine.set(KIND.t_state, t, TS.ONPROC, CAUSE.setup);
  queues.cpu_surrender(t);
  expect(machine.get(KIND.cpu_runrun, 1)).toBe(1);
});
