import { beforeEach, describe, expect, test } from 'vitest';
import type { CpuId } from '#shared/base/brands.ts';
import { CAUSE } from '#shared/model/causes.ts';
import { KIND } from '#shared/model/kinds.ts';
import { DispFixture } from '../kernel/disp/disp-fixture.ts';
import type { Machine } from '../machine.ts';
import { CpuAttention } from './cpu-attention.ts';

const CPUS = 4;
const IDLE = -1;
let machine: Machine;
let fixture: DispFixture;
let attention: CpuAttention;

/** CPU `cpu` runs a thread. */
function runs(cpu: CpuId): void {
  machine.set(KIND.cpu_dispatch_pri, cpu, 30, CAUSE.setup);
  attention.switchedIn(cpu);
}

/** What waits on the queue of a CPU. */
function queued(cpu: CpuId, threads: number, maxUnboundPri: number): void {
  machine.set(KIND.disp_nrunnable, cpu, threads, CAUSE.setup);
  machine.set(KIND.disp_max_unbound_pri, cpu, maxUnboundPri, CAUSE.setup);
}

/** The CPUs that are to look at something, in order. */
function taken(): number[] {
  const all: number[] = [];
  while (attention.isWanted) all.push(attention.take());
  return all;
}

beforeEach(() => {
  fixture = new DispFixture(CPUS);
  ({ machine } = fixture);
  attention = new CpuAttention(machine, CPUS);
  attention.setDispatcher(fixture.d);
  for (let cpu = 0; cpu < CPUS; cpu++) {
    machine.set(KIND.cpu_dispatch_pri, cpu, IDLE, CAUSE.setup);
    queued(cpu, 0, -1);
  }
  runs(3);
});

describe('a thread that is queued', () => {
  test('on a busy CPU wakes an idle one, unless it is bound', () => {
    queued(3, 1, 30);
    attention.disp_enq_thread(3, true);
    expect(taken()).toEqual([]);
    attention.disp_enq_thread(3, false);
    expect(taken()).toEqual([0]);
  });

  test('on an idle CPU wakes that one, and another where that one is woken already', () => {
    attention.disp_enq_thread(1, false);
    attention.disp_enq_thread(1, false);
    expect(taken()).toEqual([1, 2]);
  });
});

describe('a CPU that goes from idling to a thread', () => {
  test('leaves the search for work to another idle CPU: it may not have taken what it was woken for', () => {
    queued(3, 2, 30);
    attention.disp_enq_thread(3, false);
    attention.disp_enq_thread(3, false);
    // Bound: the CPU is awake already, and runs this one.
    attention.disp_enq_thread(0, true);
    expect(attention.take()).toBe(0);
    runs(0);
    expect(taken()).toEqual([1, 2]);
  });

  test('leaves it so, too, where it waited for a thread that was not to be taken yet', () => {
    queued(3, 1, 30);
    attention.idle(0, true);
    runs(0);
    expect(taken()).toEqual([1]);
  });

  test('leaves nothing to be looked for where only bound threads, or an idle CPU, have threads left', () => {
    queued(3, 1, -1);
    queued(2, 1, 30);
    runs(0);
    expect(taken()).toEqual([]);
  });

  test('wakes no CPU of another processor set', () => {
    for (const cpu of [1, 2]) {
      fixture.d.cpus.leave(cpu, 0);
      fixture.d.cpus.join(cpu, 1);
      machine.set(KIND.cpu_part, cpu, 1, CAUSE.setup);
    }
    queued(3, 1, 30);
    runs(0);
    expect(taken()).toEqual([]);
  });
});

describe('an idle CPU that waits until it may take a thread', () => {
  test('looks again as soon as any CPU of its set switches: that may be the thread that it waits for', () => {
    runs(0);
    attention.idle(1, true);
    expect(taken()).toEqual([]);
    runs(0);
    expect(taken()).toEqual([1]);
    attention.idle(1, false);
    runs(0);
    expect(taken()).toEqual([]);
  });
});
