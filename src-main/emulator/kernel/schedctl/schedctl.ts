/**
 * schedctl.c: a structure of 16 bytes for each LWP, on pages that kernel and user code share.
 *
 * One function for each of the original, under its name, with its order of effects. A shared structure
 * (`sc_shared_t *`) is a slot id: page number times SLOT_ID_STRIDE plus index; NULL is NONE. The current
 * thread is `k.machine.curthread`, its CPU `k.machine.cpuNow`.
 *
 * An ASSERT that does not hold throws AssertionFailure; a structure used where there is none throws
 * KernelPanic, as the original would take a bad trap.
 *
 * Hot: schedctl_save, schedctl_restore, schedctl_get_nopreempt, schedctl_set_nopreempt, schedctl_set_yield,
 * schedctl_set_cidpri and schedctl_sigblock run at ticks and context switches and allocate nothing.
 */
import { NONE } from '#shared/base/none.ts';
import { CAUSE } from '#shared/model/causes.ts';
import { PAGE_KIND, SC, SC_FLGS } from '#shared/model/enums.ts';
import { KIND, SLOT_ID_STRIDE } from '#shared/model/kinds.ts';
import { asCType } from '#shared/model/sc-shared.ts';
import { ASSERT, KernelPanic } from '../../assert-kernel.ts';
import { curproc, type KernelContext } from '../context/kernel-context.ts';
import { ENOMEM } from '../../errno.ts';
import type { PageControl } from '../context/proc-table.ts';
import { FILLSET, CANTMASK, SIGCANCEL, sigismember } from '../context/sigset.ts';
import { as_lookup, as_map, as_unmap, map_addr } from '../vm/address-space.ts';
import {
  anonmap_alloc,
  anonmap_decrement,
  anonmap_destroy,
  anonmap_free,
  kmem_alloc,
  kmem_free,
  segkp_get_withanonmap,
  segkp_release,
} from '../vm/anon.ts';
import { zeroSlot } from '../vm/user-memory.ts';
import { bt_availbit, bt_clear, bt_set } from './slot-bitmap.ts';

/** sizeof (sc_page_ctl_t) of the 64-bit kernel. */
const SC_PAGE_CTL_SIZE = 56;
/** sizeof (ulong_t), and bits in one (BT_NBIPUL). */
const ULONG_SIZE = 8;
const BT_NBIPUL = 64;

/**
 * The system call: gives the current LWP a shared structure, or the one that it has.
 *
 * sc_state and sc_cpu stay 0 until the next context switch. A repeated call changes nothing.
 *
 * @returns the user address of the structure; on failure the error number, which is also left as errno
 */
export function schedctl(k: KernelContext): number {
  const { machine, procs, locks } = k;
  const t = machine.curthread;

  if (machine.get(KIND.t_schedctl, t) === NONE) {
    const allocated = schedctl_shared_alloc(k);
    if (allocated.error !== 0) return procs.set_errno(t, allocated.error);
    const ssp = allocated.kaddr;
    zeroSlot(k, ssp, CAUSE.schedctl);

    k.ctx.installctx(t, ssp, contextOps(k));

    locks.thread_lock(t); // protect against ts_tick and ts_update
    machine.set(KIND.t_schedctl, t, ssp, CAUSE.schedctl);
    procs.set_t_sc_uaddr(t, allocated.uaddr);
    storeClassAndPriority(k, t, ssp, CAUSE.schedctl);
    locks.thread_unlock(t);
  }
  return procs.t_sc_uaddr(t);
}

/**
 * Takes the structure away from an LWP that exits. The page stays mapped until the process ends: libc's
 * adaptive locks still read it. Of the 16 bytes only sc_state changes. The LWP must have a structure.
 */
export function schedctl_lwp_cleanup(k: KernelContext, t: number): void {
  const { machine, procs, locks } = k;
  const ssp = machine.get(KIND.t_schedctl, t);
  const p = procs.ttoproc(t);

  ASSERT(!locks.pLockHeld(p), 'schedctl_lwp_cleanup', 'MUTEX_NOT_HELD(&p->p_lock)');
  if (ssp === NONE) throw new KernelPanic('schedctl_lwp_cleanup', `LWP ${t} has no shared structure`);

  locks.thread_lock(t); // protect against ts_tick and ts_update
  machine.set(KIND.t_schedctl, t, NONE, CAUSE.schedctl_lwp_cleanup);
  procs.set_t_sc_uaddr(t, 0);
  locks.thread_unlock(t);

  // Or schedctl_save would store into a slot that may have another owner by then.
  k.ctx.removectx(t, ssp, contextOps(k));

  locks.enterPScLock(p);
  machine.set(KIND.sc_state, ssp, SC.SC_FREE, CAUSE.schedctl_lwp_cleanup);
  const pagep = schedctl_page_lookup(k, ssp);
  if (pagep === null)
    throw new KernelPanic('schedctl_lwp_cleanup', `slot ${ssp} is on no page of process ${p}`);
  bt_clear(machine, pagep.page, ssp % SLOT_ID_STRIDE, CAUSE.schedctl_lwp_cleanup);
  machine.set(KIND.slot_lwp, ssp, NONE, CAUSE.schedctl_lwp_cleanup);
  addSpace(k, pagep, k.vm.layout.scSize, CAUSE.schedctl_lwp_cleanup);
  locks.exitPScLock(p);
}

/**
 * Frees the pages of the current process, newest first: exec and exit, with one LWP left whose structure
 * is already gone. The list is emptied first, so a failed assertion leaves older pages allocated.
 */
export function schedctl_proc_cleanup(k: KernelContext): void {
  const { machine, procs, vm, sc } = k;
  const p = curproc(k);

  ASSERT(machine.get(KIND.p_lwpcnt, p) === 1, 'schedctl_proc_cleanup', 'p->p_lwpcnt == 1');
  ASSERT(
    machine.get(KIND.t_schedctl, machine.curthread) === NONE,
    'schedctl_proc_cleanup',
    'curthread->t_schedctl == NULL',
  );

  // One LWP is left, so nothing needs a lock.
  let pagep = procs.p_pagep(p);
  procs.set_p_pagep(p, null);
  for (let page = pagep; page !== null; page = page.spc_next) {
    machine.set(KIND.page_process, page.page, NONE, CAUSE.schedctl_proc_cleanup);
  }
  while (pagep !== null) {
    ASSERT(
      machine.get(KIND.spc_space, pagep.page) === sc.sc_pagesize,
      'schedctl_proc_cleanup',
      'pagep->spc_space == sc_pagesize',
    );
    const next: PageControl | null = pagep.spc_next;
    const as = as_lookup(k, machine.get(KIND.p_as, p));
    as_unmap(k, as, pagep.spc_uaddr, CAUSE.schedctl_proc_cleanup);
    schedctl_freepage(k, pagep.page, pagep.page);
    kmem_free(k, ULONG_SIZE * sc.sc_bitmap_words, CAUSE.schedctl_proc_cleanup);
    machine.set(KIND.spc_space, pagep.page, 0, CAUSE.schedctl_proc_cleanup);
    machine.set(KIND.spc_uaddr, pagep.page, 0, CAUSE.schedctl_proc_cleanup);
    vm.liveControls.delete(pagep.page);
    kmem_free(k, SC_PAGE_CTL_SIZE, CAUSE.schedctl_proc_cleanup);
    pagep = next;
  }
}

/** Context operation: the current thread is switched away from. Stores its t_state, whatever that is. */
export function schedctl_save(k: KernelContext, ssp: number): void {
  const { machine } = k;
  const state = machine.get(KIND.t_state, machine.curthread);
  machine.set(KIND.sc_state, ssp, asCType('ushort', state), CAUSE.schedctl_save);
}

/** Context operation: the current thread is switched to. Every store of sc_cpu is a row of the trace. */
export function schedctl_restore(k: KernelContext, ssp: number): void {
  const { machine } = k;
  machine.set(KIND.sc_state, ssp, SC.SC_ONPROC, CAUSE.schedctl_restore);
  machine.store(KIND.sc_cpu, ssp, machine.cpuNow, CAUSE.schedctl_restore);
}

/**
 * Context operation: thread `pt` is copied to `ct`. Unmaps the inherited pages from the child, once for a
 * fork (the forking thread's own hook), and not where a vfork child borrows the address space.
 */
export function schedctl_fork(k: KernelContext, pt: number, ct: number): void {
  const { machine, procs, locks } = k;
  const pp = procs.ttoproc(pt);
  const cp = procs.ttoproc(ct);

  ASSERT(machine.get(KIND.t_schedctl, ct) === NONE, 'schedctl_fork', 'ct->t_schedctl == NULL');

  if (pt !== machine.curthread || machine.get(KIND.p_vfork, cp) !== 0) return;

  locks.enterPScLock(pp);
  for (let pagep = procs.p_pagep(pp); pagep !== null; pagep = pagep.spc_next) {
    as_unmap(k, as_lookup(k, machine.get(KIND.p_as, cp)), pagep.spc_uaddr, CAUSE.schedctl_fork);
  }
  locks.exitPScLock(pp);
}

/** sc_nopreempt of a thread that has a structure, as a signed value. The thread lock is held. */
export function schedctl_get_nopreempt(k: KernelContext, t: number): number {
  ASSERT(k.locks.threadLockHeld(t), 'schedctl_get_nopreempt', 'THREAD_LOCK_HELD(t)');
  return k.machine.get(KIND.sc_nopreempt, structureOf(k, t, 'schedctl_get_nopreempt'));
}

/** Sets sc_nopreempt of a thread that has a structure. The thread lock is held. */
export function schedctl_set_nopreempt(k: KernelContext, t: number, val: number): void {
  ASSERT(k.locks.threadLockHeld(t), 'schedctl_set_nopreempt', 'THREAD_LOCK_HELD(t)');
  const ssp = structureOf(k, t, 'schedctl_set_nopreempt');
  k.machine.set(KIND.sc_nopreempt, ssp, asCType('short', val), CAUSE.schedctl_set_nopreempt);
}

/** Sets sc_yield of a thread that has a structure. The thread lock is held. */
export function schedctl_set_yield(k: KernelContext, t: number, val: number): void {
  ASSERT(k.locks.threadLockHeld(t), 'schedctl_set_yield', 'THREAD_LOCK_HELD(t)');
  const ssp = structureOf(k, t, 'schedctl_set_yield');
  k.machine.set(KIND.sc_yield, ssp, asCType('short', val), CAUSE.schedctl_set_yield);
}

/** Copies class, class priority and dispatch priority into the structure, if there is one. */
export function schedctl_set_cidpri(k: KernelContext, t: number): void {
  const ssp = k.machine.get(KIND.t_schedctl, t);
  if (ssp !== NONE) storeClassAndPriority(k, t, ssp, CAUSE.schedctl_set_cidpri);
}

/** sc_sigblock as a signed value; 0 where there is no structure. */
export function schedctl_sigblock(k: KernelContext, t: number): number {
  const ssp = k.machine.get(KIND.t_schedctl, t);
  return ssp === NONE ? 0 : k.machine.get(KIND.sc_sigblock, ssp);
}

/**
 * If the thread asked to block all maskable signals, does so and takes the request back. The thread is
 * the current one, or p_lock of its process is held.
 */
export function schedctl_finish_sigblock(k: KernelContext, t: number): void {
  const { machine, locks, procs } = k;
  const ssp = machine.get(KIND.t_schedctl, t);

  ASSERT(
    t === machine.curthread || locks.pLockHeld(procs.ttoproc(t)),
    'schedctl_finish_sigblock',
    't == curthread || MUTEX_HELD(&ttoproc(t)->p_lock)',
  );

  if (ssp !== NONE && machine.get(KIND.sc_sigblock, ssp) !== 0) {
    machine.set(KIND.t_hold0, t, FILLSET[0] & ~CANTMASK[0], CAUSE.schedctl_finish_sigblock);
    machine.set(KIND.t_hold1, t, FILLSET[1] & ~CANTMASK[1], CAUSE.schedctl_finish_sigblock);
    machine.set(KIND.t_hold2, t, FILLSET[2] & ~CANTMASK[2], CAUSE.schedctl_finish_sigblock);
    machine.set(KIND.sc_sigblock, ssp, 0, CAUSE.schedctl_finish_sigblock);
  }
}

/** Whether the current thread has a cancellation pending that it may act on. */
export function schedctl_cancel_pending(k: KernelContext): boolean {
  const { machine } = k;
  const t = machine.curthread;
  const ssp = machine.get(KIND.t_schedctl, t);
  return (
    ssp !== NONE &&
    (machine.get(KIND.sc_flgs, ssp) & SC_FLGS.SC_CANCEL_FLG) !== 0 &&
    machine.get(KIND.sc_sigblock, ssp) === 0 &&
    !sigismember(machine, KIND.t_hold0, t, SIGCANCEL)
  );
}

/** Tells user code that EINTR came from its cancellation. The flag stays until the thread ends. */
export function schedctl_cancel_eintr(k: KernelContext): void {
  const ssp = k.machine.get(KIND.t_schedctl, k.machine.curthread);
  if (ssp !== NONE) setFlags(k, ssp, SC_FLGS.SC_EINTR_FLG, CAUSE.schedctl_cancel_eintr);
}

/** Whether the current thread still means to park. Yes where there is no structure to ask. */
export function schedctl_is_park(k: KernelContext): boolean {
  const ssp = k.machine.get(KIND.t_schedctl, k.machine.curthread);
  return ssp === NONE || (k.machine.get(KIND.sc_flgs, ssp) & SC_FLGS.SC_PARK_FLG) !== 0;
}

/** Declares that the current thread means to park. */
export function schedctl_set_park(k: KernelContext): void {
  const ssp = k.machine.get(KIND.t_schedctl, k.machine.curthread);
  if (ssp !== NONE) setFlags(k, ssp, SC_FLGS.SC_PARK_FLG, CAUSE.schedctl_set_park);
}

/** Clears the parking flag of the current thread. */
export function schedctl_unpark(k: KernelContext): void {
  const { machine } = k;
  const ssp = machine.get(KIND.t_schedctl, machine.curthread);
  if (ssp !== NONE) {
    const flags = machine.get(KIND.sc_flgs, ssp) & ~SC_FLGS.SC_PARK_FLG;
    machine.set(KIND.sc_flgs, ssp, flags, CAUSE.schedctl_unpark);
  }
}

/** Computes how a page is divided. Runs once, before any other function of this file. */
export function schedctl_init(k: KernelContext): void {
  const { pageSize, scSize } = k.vm.layout;
  // The part of a page that can hold shared structures.
  k.sc.sc_pagesize = pageSize - (pageSize % scSize);
  k.sc.sc_bitmap_len = k.sc.sc_pagesize / scSize;
  k.sc.sc_bitmap_words = Math.ceil(k.sc.sc_bitmap_len / BT_NBIPUL);
  k.sc.ops = {
    save: (ssp) => schedctl_save(k, ssp),
    restore: (ssp) => schedctl_restore(k, ssp),
    fork: (parent, child) => schedctl_fork(k, parent, child),
  };
}

/** Outcome of {@link schedctl_shared_alloc}: the addresses mean nothing unless `error` is 0. */
interface SharedAllocation {
  readonly error: number;
  /** Slot id. */
  readonly kaddr: number;
  readonly uaddr: number;
}

/**
 * Allocates a structure for the current process: on the first page of its list that has space, at the
 * lowest clear bit; on a new page, linked at the head of the list, where none has. What a failed set-up
 * had allocated is given back.
 *
 * Errors: ENOMEM from getting or placing the page, or what as_map returned.
 */
export function schedctl_shared_alloc(k: KernelContext): SharedAllocation {
  const { machine, procs, locks, vm, sc } = k;
  const p = curproc(k);

  ASSERT(!locks.pLockHeld(p), 'schedctl_shared_alloc', 'MUTEX_NOT_HELD(&p->p_lock)');
  locks.enterPScLock(p);

  let pagep = procs.p_pagep(p);
  while (pagep !== null && machine.get(KIND.spc_space, pagep.page) === 0) pagep = pagep.spc_next;

  if (pagep === null) {
    const got = schedctl_getpage(k);
    if (got.error !== 0) {
      locks.exitPScLock(p);
      return { error: got.error, kaddr: NONE, uaddr: 0 };
    }
    const mapped = schedctl_map(k, got.amp, got.kaddr);
    if (mapped.error !== 0) {
      schedctl_freepage(k, got.amp, got.kaddr);
      locks.exitPScLock(p);
      return { error: mapped.error, kaddr: NONE, uaddr: 0 };
    }
    kmem_alloc(k, SC_PAGE_CTL_SIZE, CAUSE.schedctl_shared_alloc);
    kmem_alloc(k, ULONG_SIZE * sc.sc_bitmap_words, CAUSE.schedctl_shared_alloc);
    pagep = { spc_next: procs.p_pagep(p), page: got.amp, spc_uaddr: mapped.uaddr };
    vm.liveControls.add(pagep.page);
    machine.define({
      table: 'page',
      id: pagep.page,
      process: p,
      address: pagep.spc_uaddr,
      kind: PAGE_KIND.schedctl,
    });
    machine.set(KIND.spc_space, pagep.page, sc.sc_pagesize, CAUSE.schedctl_shared_alloc);
    machine.set(KIND.spc_uaddr, pagep.page, pagep.spc_uaddr, CAUSE.schedctl_shared_alloc);
    machine.set(KIND.page_process, pagep.page, p, CAUSE.schedctl_shared_alloc);
    procs.set_p_pagep(p, pagep);
  }

  ASSERT(
    machine.get(KIND.spc_space, pagep.page) >= vm.layout.scSize,
    'schedctl_shared_alloc',
    'pagep != NULL && pagep->spc_space >= sizeof (sc_shared_t)',
  );
  const index = bt_availbit(machine, pagep.page, sc.sc_bitmap_len);
  ASSERT(index !== -1, 'schedctl_shared_alloc', 'index != -1');

  const ssp = pagep.page * SLOT_ID_STRIDE + index;
  machine.set(KIND.slot_lwp, ssp, machine.curthread, CAUSE.schedctl_shared_alloc);
  bt_set(machine, pagep.page, index, CAUSE.schedctl_shared_alloc);
  addSpace(k, pagep, -vm.layout.scSize, CAUSE.schedctl_shared_alloc);
  locks.exitPScLock(p);

  return { error: 0, kaddr: ssp, uaddr: pagep.spc_uaddr + index * vm.layout.scSize };
}

/** The page of the current process that holds a slot, or null. The process's p_sc_lock is held. */
export function schedctl_page_lookup(k: KernelContext, ssp: number): PageControl | null {
  const p = curproc(k);
  ASSERT(k.locks.pScLockHeld(p), 'schedctl_page_lookup', 'MUTEX_HELD(&p->p_sc_lock)');
  const page = Math.trunc(ssp / SLOT_ID_STRIDE);
  for (let pagep = k.procs.p_pagep(p); pagep !== null; pagep = pagep.spc_next) {
    if (pagep.page === page) return pagep;
  }
  return null;
}

/**
 * Maps a page into the current process: shared, read, write and execute. Errors: ENOMEM where there is no
 * room, or what as_map returned; then nothing is mapped.
 */
export function schedctl_map(
  k: KernelContext,
  amp: number,
  _kaddr: number,
): { readonly error: number; readonly uaddr: number } {
  const as = as_lookup(k, k.machine.get(KIND.p_as, curproc(k)));
  // The original passes the kernel address on, so that both mappings have the same cache colour.
  const uaddr = map_addr(k, as);
  if (uaddr === 0) return { error: ENOMEM, uaddr: 0 };
  const error = as_map(k, as, uaddr, amp, CAUSE.schedctl_shared_alloc);
  return { error, uaddr: error === 0 ? uaddr : 0 };
}

/** A zeroed page, locked in memory and mapped in the kernel. Error: ENOMEM; then nothing is left behind. */
export function schedctl_getpage(k: KernelContext): {
  readonly error: number;
  readonly amp: number;
  readonly kaddr: number;
} {
  const amp = anonmap_alloc(k, CAUSE.schedctl_getpage);
  const kaddr = segkp_get_withanonmap(k, amp, CAUSE.schedctl_getpage);
  if (kaddr === NONE) {
    anonmap_decrement(k, amp, CAUSE.schedctl_getpage);
    anonmap_free(k, amp, CAUSE.schedctl_getpage);
    return { error: ENOMEM, amp: NONE, kaddr: NONE };
  }
  return { error: 0, amp, kaddr };
}

/**
 * Removes the kernel's mapping and its reference. The page itself goes with the last reference: here, or
 * with the last address space that maps it.
 */
export function schedctl_freepage(k: KernelContext, amp: number, kaddr: number): void {
  segkp_release(k, kaddr, CAUSE.schedctl_freepage);
  if (anonmap_decrement(k, amp, CAUSE.schedctl_freepage) === 0) {
    anonmap_destroy(k, amp, CAUSE.schedctl_freepage);
  }
}

/** Kernel heap that one page's control structure and bitmap cost, bytes. */
export function pageControlBytes(k: KernelContext): number {
  return SC_PAGE_CTL_SIZE + ULONG_SIZE * k.sc.sc_bitmap_words;
}

function contextOps(k: KernelContext): NonNullable<typeof k.sc.ops> {
  if (k.sc.ops === null) throw new KernelPanic('schedctl', 'schedctl_init has not run');
  return k.sc.ops;
}

/** t->t_schedctl of a thread that must have one. */
function structureOf(k: KernelContext, t: number, functionName: string): number {
  const ssp = k.machine.get(KIND.t_schedctl, t);
  if (ssp === NONE) throw new KernelPanic(functionName, `LWP ${t} has no shared structure`);
  return ssp;
}

function storeClassAndPriority(k: KernelContext, t: number, ssp: number, cause: number): void {
  const { machine } = k;
  const pri = Math.max(machine.get(KIND.t_epri, t), machine.get(KIND.t_pri, t)); // DISP_PRIO(t)
  machine.set(KIND.sc_cid, ssp, asCType('char', machine.get(KIND.t_cid, t)), cause);
  machine.set(KIND.sc_cpri, ssp, asCType('char', machine.get(KIND.t_cpri, t)), cause);
  machine.set(KIND.sc_priority, ssp, asCType('uchar', pri), cause);
}

function setFlags(k: KernelContext, ssp: number, flags: number, cause: number): void {
  k.machine.set(KIND.sc_flgs, ssp, k.machine.get(KIND.sc_flgs, ssp) | flags, cause);
}

function addSpace(k: KernelContext, pagep: PageControl, bytes: number, cause: number): void {
  const { machine } = k;
  machine.set(KIND.spc_space, pagep.page, machine.get(KIND.spc_space, pagep.page) + bytes, cause);
}
