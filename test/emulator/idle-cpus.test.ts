/** The look at idle CPUs itself: it must find what they leave, and nothing that the C leaves, too. */
import { expect, test } from 'vitest';
import { CAUSE } from '#shared/model/causes.ts';
import { TS } from '#shared/model/enums.ts';
import { KIND } from '#shared/model/kinds.ts';
import { DispFixture } from '#main/emulator/kernel/disp/disp-fixture.ts';
import { nosteal_nsec } from '#main/emulator/kernel/disp/disp-context.ts';
import { setbackdq } from '#main/emulator/kernel/disp/run-queues.ts';
import { idleBesideWork, WaitTimes } from './idle-cpus.ts';

const CPUS = 3;
const START_NS = 1_000_000;

/** CPU 2 runs a thread; the others idle. */
class World {
  readonly fixture = new DispFixture(CPUS);
  readonly waits = new WaitTimes();

  constructor() {
    const { machine } = this.fixture;
    const t = this.fixture.thread(59, 2);
    machine.set(KIND.t_state, t, TS.ONPROC, CAUSE.setup);
    machine.set(KIND.cpu_dispthread, 2, t, CAUSE.setup);
    machine.set(KIND.cpu_dispatch_pri, 2, 59, CAUSE.setup);
  }

  /** A thread that ran on CPU 2 last waits there from `sinceNs` on. */
  waiting(pri: number, sinceNs: number): number {
    const { fixture, waits } = this;
    const t = fixture.thread(pri, 2);
    setbackdq(fixture.d, t);
    waits.row(KIND.t_state, t, TS.STOPPED, TS.RUN, sinceNs);
    return t;
  }

  left(timeNs: number): string[] {
    return idleBesideWork(this.fixture.machine.state, CPUS, timeNs, this.waits);
  }
}

test('a thread of user priority may be left where it ran for nosteal_nsec, the end included', () => {
  const world = new World();
  world.waiting(29, START_NS);
  expect(world.left(START_NS + nosteal_nsec)).toEqual([]);
  expect(world.left(START_NS + nosteal_nsec + 1)).toEqual([
    'a CPU of set 0 idles, and may take what waits for CPU 2 at priority 29',
  ]);
});

test('one that waits for long is left behind a better one that is left alone', () => {
  const world = new World();
  world.waiting(0, 0);
  const better = world.waiting(29, START_NS);
  expect(world.left(START_NS + 1)).toEqual([]);
  world.fixture.machine.set(KIND.t_bound_cpu, better, 2, CAUSE.setup);
  // The priority that the queue claims is to be corrected.
  expect(world.left(START_NS + 1)).toHaveLength(1);
});

test.each([
  ['of the highest user priority and above', 60, 2],
  ['that ran elsewhere last', 29, 1],
])('a thread %s is taken at once', (_, pri, cpu) => {
  const world = new World();
  const t = world.waiting(pri, START_NS);
  world.fixture.machine.set(KIND.t_cpu, t, cpu, CAUSE.setup);
  expect(world.left(START_NS)).toHaveLength(1);
});

test('nothing on the queue of a set waits while a CPU of the set idles', () => {
  const world = new World();
  world.waiting(100, START_NS);
  expect(world.left(START_NS)).toEqual(['a CPU of set 0 idles, and 100 is the best on the queue of the set']);
  world.fixture.machine.set(KIND.cpu_part, 0, 1, CAUSE.setup);
  world.fixture.machine.set(KIND.cpu_part, 1, 1, CAUSE.setup);
  expect(world.left(START_NS)).toEqual([]);
});
