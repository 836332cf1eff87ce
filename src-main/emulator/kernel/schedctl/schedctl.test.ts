/** What the vectors do not show: invariants over random histories, and what a probe sees. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NONE } from '#shared/base/none.ts';
import { CAUSE, CAUSE_NAMES } from '#shared/model/causes.ts';
import { SC, TS } from '#shared/model/enums.ts';
import { KIND, KIND_NAMES, SLOT_ID_STRIDE } from '#shared/model/kinds.ts';
import { KernelPanic } from '../../assert-kernel.ts';
import { createKernelContext, type KernelContext } from '../context/kernel-context.ts';
import { Machine } from '../../machine.ts';
import { TransitionProbe } from '#shared/model/transition-probe.ts';
import { forklwp, newproc } from '../proc/fork.ts';
import { exec, lwp_create, lwp_exit, proc_create, proc_exit } from '../proc/process.ts';
import { user_load, user_load_at, user_store } from '../proc/user-schedctl.ts';
import { checkAccounts } from '../vm/accounting.ts';
import { as_lookup } from '../vm/address-space.ts';
import { FAULT, userLoadSlot, userStoreByte } from '../vm/user-memory.ts';
import { pageControlBytes, schedctl, schedctl_init, schedctl_lwp_cleanup } from './schedctl.ts';

/** A kernel with pages of four slots. */
function smallKernel(scSize = 16): KernelContext {
  const k = createKernelContext(new Machine(new TransitionProbe()), { pageSize: 4 * scSize, scSize });
  schedctl_init(k);
  return k;
}

function as(k: KernelContext, t: number): KernelContext {
  k.machine.curthread = t;
  return k;
}

/** One process, 0, with LWPs 0..n-1. */
function oneProcess(lwps: number, scSize = 16): KernelContext {
  const k = smallKernel(scSize);
  proc_create(k, 0, CAUSE.setup);
  for (let t = 0; t < lwps; t++) lwp_create(k, t, 0, CAUSE.setup);
  return k;
}

/** A machine whose processes come, fork, exec, fail and go as a list of numbers says. */
class RandomHistory {
  readonly k = smallKernel();
  /** LWPs of each live process; a process is here as long as it lives. */
  readonly live = new Map<number, number[]>();
  private nextProcess = 0;
  private nextLwp = 0;
  private readonly borrowedFrom = new Map<number, number>();

  /** Does what `choice` says, as far as it is possible; `pick` says to whom. */
  step(choice: number, pick: number): void {
    const processes = [...this.live.keys()].filter((p) => ![...this.borrowedFrom.values()].includes(p));
    const p = processes[pick % Math.max(1, processes.length)];
    if (p === undefined || choice === 0) return this.start();
    const lwps = this.live.get(p)!;
    const t = lwps[pick % lwps.length]!;
    as(this.k, t);
    if (choice <= 4) schedctl(this.k);
    else if (choice <= 6) this.addLwp(p);
    else if (choice === 7 && lwps.length > 1) this.exitLwp(p, t);
    else if (choice === 8) this.fork(p, t, 'fork1');
    else if (choice === 9) this.fork(p, t, 'vfork');
    else if (choice === 10) this.execProcess(p, t);
    else if (choice === 11) this.exitProcess(p, t);
    else if (choice === 12) this.failingSchedctl(pick);
  }

  exitAll(): void {
    // Borrowers first, as vfork has it.
    for (const p of [...this.live.keys()].reverse()) this.exitProcess(p, this.live.get(p)![0]!);
  }

  private start(): void {
    const p = this.nextProcess++;
    proc_create(this.k, p, CAUSE.setup);
    this.live.set(p, []);
    this.addLwp(p);
  }

  private addLwp(p: number): void {
    const t = this.nextLwp++;
    lwp_create(this.k, t, p, CAUSE.setup);
    this.live.get(p)!.push(t);
  }

  private exitLwp(p: number, t: number): void {
    lwp_exit(as(this.k, t), t);
    this.live.set(
      p,
      this.live.get(p)!.filter((lwp) => lwp !== t),
    );
  }

  private leaveOnly(p: number, t: number): void {
    for (const other of this.live.get(p)!) if (other !== t) this.exitLwp(p, other);
    as(this.k, t);
  }

  private fork(p: number, t: number, kind: 'fork1' | 'vfork'): void {
    const cp = this.nextProcess++;
    const ct = this.nextLwp++;
    newproc(this.k, cp, kind);
    forklwp(this.k, t, ct, cp);
    this.live.set(cp, [ct]);
    if (kind === 'vfork') this.borrowedFrom.set(cp, p);
  }

  private execProcess(p: number, t: number): void {
    this.leaveOnly(p, t);
    exec(this.k);
    this.borrowedFrom.delete(p);
  }

  private exitProcess(p: number, t: number): void {
    this.leaveOnly(p, t);
    proc_exit(this.k);
    this.borrowedFrom.delete(p);
    this.live.delete(p);
  }

  private failingSchedctl(pick: number): void {
    const calls = ['segkp_get_withanonmap', 'map_addr', 'as_map'] as const;
    this.k.vm.failures.plant({ call: calls[pick % calls.length]!, error: 11, nth: 0 });
    schedctl(this.k);
    this.k.vm.failures.clear();
  }
}

/** Slots on the lists of live processes agree with their bitmaps, owners and space. */
function checkSlots(history: RandomHistory): void {
  const { k, live } = history;
  const { machine } = k;
  for (const [p, lwps] of live) {
    const held = new Set(lwps.map((t) => machine.get(KIND.t_schedctl, t)).filter((slot) => slot !== NONE));
    let allocated = 0;
    for (let pagep = k.procs.p_pagep(p); pagep !== null; pagep = pagep.spc_next) {
      let free = 0;
      for (let index = 0; index < k.sc.sc_bitmap_len; index++) {
        const slot = pagep.page * SLOT_ID_STRIDE + index;
        const bit = machine.get(KIND.slot_allocated, slot) !== 0;
        expect(bit).toBe(held.has(slot));
        if (bit) {
          allocated++;
          expect(machine.get(KIND.t_schedctl, machine.get(KIND.slot_lwp, slot))).toBe(slot);
        } else {
          free++;
          expect(machine.get(KIND.slot_lwp, slot)).toBe(NONE);
          expect(machine.get(KIND.sc_state, slot)).toBe(SC.SC_FREE);
        }
      }
      expect(machine.get(KIND.spc_space, pagep.page)).toBe(free * k.vm.layout.scSize);
      expect(machine.get(KIND.page_process, pagep.page)).toBe(p);
    }
    expect(allocated).toBe(held.size);
  }
}

describe('schedctl', () => {
  it('keeps bitmaps, owners, space and memory accounts true over any history', () => {
    const steps = fc.array(fc.tuple(fc.nat(12), fc.nat(1000)), { minLength: 1, maxLength: 120 });
    fc.assert(
      fc.property(steps, (history) => {
        const random = new RandomHistory();
        for (const [choice, pick] of history) {
          random.step(choice, pick);
          checkSlots(random);
          checkAccounts(random.k, pageControlBytes(random.k));
        }
        random.exitAll();
        for (const name of [
          'live_anon_maps',
          'live_anon_pages',
          'live_kernel_pages',
          'live_kernel_heap',
        ] as const) {
          expect(random.k.machine.get(KIND[name], 0)).toBe(0);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('records a first call in the order in which the kernel writes', () => {
    const k = oneProcess(1);
    k.machine.set(KIND.t_cid, 0, 1, CAUSE.setup);
    k.machine.set(KIND.t_pri, 0, 29, CAUSE.setup);
    const from = k.machine.probe.total;
    schedctl(as(k, 0));
    const batch = k.machine.probe.takeLast();
    const rows: string[] = [];
    for (let row = from; row < batch.length; row++) {
      const { kind, cause, newValue } = batch.columns;
      rows.push(`${KIND_NAMES[kind[row]!]} = ${newValue[row]} (${CAUSE_NAMES[cause[row]!]})`);
    }
    expect(rows).toEqual([
      'live_anon_maps = 1 (schedctl_getpage)',
      'page_references = 1 (schedctl_getpage)',
      'live_anon_pages = 1 (schedctl_getpage)',
      'live_kernel_pages = 1 (schedctl_getpage)',
      'page_kernel_mapping = 1 (schedctl_getpage)',
      'page_references = 2 (schedctl_shared_alloc)',
      'live_kernel_heap = 56 (schedctl_shared_alloc)',
      'live_kernel_heap = 64 (schedctl_shared_alloc)',
      'spc_space = 64 (schedctl_shared_alloc)',
      'spc_uaddr = 2145386432 (schedctl_shared_alloc)',
      'page_process = 0 (schedctl_shared_alloc)',
      'slot_lwp = 0 (schedctl_shared_alloc)',
      'slot_allocated = 1 (schedctl_shared_alloc)',
      'spc_space = 48 (schedctl_shared_alloc)',
      't_schedctl = 0 (schedctl)',
      'sc_cid = 1 (schedctl)',
      'sc_priority = 29 (schedctl)',
    ]);
    expect(batch.definitions).toContainEqual(expect.objectContaining({ table: 'page', id: 0, process: 0 }));
  });

  it('records every store of sc_cpu, and sc_state only where it changes', () => {
    const k = oneProcess(1);
    schedctl(as(k, 0));
    k.machine.cpuNow = 3;
    k.ctx.restorectx(0);
    const before = k.machine.probe.total;
    k.ctx.restorectx(0);
    expect(k.machine.probe.total - before).toBe(1);
    k.machine.set(KIND.t_state, 0, TS.ZOMB, CAUSE.setup);
    k.ctx.savectx(0);
    expect(k.machine.get(KIND.sc_state, k.machine.get(KIND.t_schedctl, 0))).toBe(TS.ZOMB);
  });

  it('lets user code read a freed slot, and the next owner of the slot through an old address', () => {
    const k = oneProcess(3);
    const uaddr = schedctl(as(k, 0));
    schedctl(as(k, 1));
    k.machine.cpuNow = 2;
    k.ctx.restorectx(as(k, 0).machine.curthread);
    expect(user_load_at(k, 1, uaddr, KIND.sc_state)).toBe(SC.SC_ONPROC);
    lwp_exit(k, 0);
    expect(user_load_at(k, 1, uaddr, KIND.sc_state)).toBe(SC.SC_FREE);
    expect(user_load_at(k, 1, uaddr, KIND.sc_cpu)).toBe(2);
    expect(schedctl(as(k, 2))).toBe(uaddr);
    k.ctx.restorectx(2);
    expect(user_load_at(k, 1, uaddr, KIND.sc_state)).toBe(SC.SC_ONPROC);
  });

  it("gives a page that is gone, with what user code left on it, to nobody: its number's next page is zeroed", () => {
    const k = oneProcess(1);
    schedctl(as(k, 0));
    user_store(k, 0, KIND.sc_nopreempt, 1, CAUSE.user_store);
    user_store(k, 0, KIND.sc_pad, 7, CAUSE.user_store);
    exec(k);
    expect(k.machine.get(KIND.page_references, 0)).toBe(0);
    proc_create(k, 1, CAUSE.setup);
    lwp_create(k, 1, 1, CAUSE.setup);
    schedctl(as(k, 1));
    expect(k.machine.get(KIND.t_schedctl, 1)).toBe(0);
    expect(user_load(k, 1, KIND.sc_nopreempt)).toBe(0);
    lwp_create(k, 2, 0, CAUSE.setup);
    schedctl(as(k, 2));
    expect(k.machine.get(KIND.t_schedctl, 2)).toBe(SLOT_ID_STRIDE);
    checkAccounts(k, pageControlBytes(k));
  });

  it('takes the number of a page whose set-up failed for the next', () => {
    const k = oneProcess(1);
    k.vm.failures.plant({ call: 'as_map', error: 11, nth: 1 });
    expect(schedctl(as(k, 0))).toBe(11);
    schedctl(k);
    expect(k.machine.get(KIND.t_schedctl, 0)).toBe(0);
  });

  it('faults on the user side where there is no structure', () => {
    const k = oneProcess(1);
    expect(user_load(k, 0, KIND.sc_nopreempt)).toBe(FAULT);
    expect(user_store(k, 0, KIND.sc_nopreempt, 1, CAUSE.user_store)).toBe(false);
  });

  it.each([16, 24, 48])('keeps any byte that user code stores on a page of %d-byte slots', (scSize) => {
    const k = oneProcess(1, scSize);
    const base = schedctl(as(k, 0));
    const space = as_lookup(k, k.machine.get(KIND.p_as, 0));
    const bytes = Array.from({ length: 4 * scSize }, (_, index) => (index * 37 + 129) & 0xff);
    bytes.forEach((byte, index) => {
      expect(userStoreByte(k, space, base + index, byte, CAUSE.user_store)).toBe(true);
    });
    const read = [0, 1, 2, 3].flatMap((slot) => [...userLoadSlot(k, space, base + slot * scSize)!]);
    expect(read).toEqual(bytes);

    // A slot is zeroed when it is allocated, padding included, and not before.
    schedctl_lwp_cleanup(k, 0);
    expect([...userLoadSlot(k, space, base)!].slice(2)).toEqual(bytes.slice(2, scSize));
    schedctl(k);
    expect([...userLoadSlot(k, space, base)!]).toEqual(new Array<number>(scSize).fill(0));
  });

  it('panics where the original would use a null pointer or free twice', () => {
    const k = oneProcess(2);
    expect(() => schedctl_lwp_cleanup(as(k, 0), 0)).toThrow(KernelPanic);
    schedctl(k);
    schedctl_lwp_cleanup(k, 0);
    expect(() => schedctl_lwp_cleanup(k, 0)).toThrow('LWP 0 has no shared structure');
  });

  it('refuses a page layout that slot ids have no room for', () => {
    const machine = new Machine(new TransitionProbe());
    expect(() => createKernelContext(machine, { pageSize: 65536, scSize: 16 })).toThrow(
      '1 to 512 are possible',
    );
    expect(() => createKernelContext(machine, { pageSize: 4096, scSize: 8 })).toThrow('16 is the least');
  });
});
