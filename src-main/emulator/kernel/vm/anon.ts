/**
 * Anonymous memory and the kernel's mapping of it: one page each (vm_anon.c, seg_kp.c).
 *
 * An anonymous map is named by the number of its page. Every object is counted (live_anon_maps,
 * live_kernel_pages, live_anon_pages); taking away what is not there is a panic.
 */
import { NONE } from '#shared/base/none.ts';
import { WorkbenchError } from '#shared/base/errors.ts';
import { KIND, SLOT_ID_STRIDE } from '#shared/model/kinds.ts';
import { KernelPanic } from '../../assert-kernel.ts';
import { zeroPage } from './user-memory.ts';
import type { MemoryContext } from './virtual-memory.ts';

/** The machine's counters live in columns of subject 0. */
export const MACHINE = 0;

/** Adds to one of the live counts. */
export function addLive(m: MemoryContext, kind: number, amount: number, cause: number): void {
  const { machine } = m;
  machine.set(kind, MACHINE, machine.get(kind, MACHINE) + amount, cause);
}

/**
 * Pages of shared structures that may exist at one time. Every one takes its slots in each slot column: about 24 KB
 * of machine state.
 */
export const MAX_PAGES = 8192;

/**
 * An anonymous map for a new page, with one reference. Returns the page's number: that of the page that was freed
 * last, or the next. Never fails, but throws WorkbenchError `scenario-rule` for more than {@link MAX_PAGES}.
 */
export function anonmap_alloc(m: MemoryContext, cause: number): number {
  const { machine, vm } = m;
  const amp = vm.freePages.pop() ?? vm.pages++;
  if (amp >= MAX_PAGES) {
    throw new WorkbenchError(
      'scenario-rule',
      `The processes have ${MAX_PAGES} pages of shared structures at a time, as many as there can be; let fewer processes live at once, or fewer of them ask for a structure`,
    );
  }
  machine.ensure('page', amp);
  machine.ensure('slot', (amp + 1) * SLOT_ID_STRIDE - 1);
  vm.observer?.('anonmap_alloc');
  addLive(m, KIND.live_anon_maps, 1, cause);
  machine.set(KIND.page_references, amp, 1, cause);
  return amp;
}

/** Counts a further reference. */
export function anonmap_hold(m: MemoryContext, amp: number, cause: number): void {
  const { machine } = m;
  machine.set(KIND.page_references, amp, machine.get(KIND.page_references, amp) + 1, cause);
}

/** `--amp->refcnt`: drops a reference and returns how many are left. */
export function anonmap_decrement(m: MemoryContext, amp: number, cause: number): number {
  const { machine } = m;
  const left = machine.get(KIND.page_references, amp) - 1;
  if (left < 0) throw new KernelPanic('anonmap_decrement', `page ${amp} has no reference left to drop`);
  machine.set(KIND.page_references, amp, left, cause);
  return left;
}

/** Frees the map, whose last reference is gone. */
export function anonmap_free(m: MemoryContext, amp: number, cause: number): void {
  if (m.machine.get(KIND.page_references, amp) !== 0) {
    throw new KernelPanic('anonmap_free', `page ${amp} still has references`);
  }
  m.vm.observer?.('anonmap_free');
  addLive(m, KIND.live_anon_maps, -1, cause);
  m.vm.freePages.push(amp);
}

/** Frees the page's memory together with its map: what whoever drops the last reference does. */
export function anonmap_destroy(m: MemoryContext, amp: number, cause: number): void {
  const { machine, vm } = m;
  if (machine.get(KIND.page_kernel_mapping, amp) !== 0) {
    throw new KernelPanic('anon_free', `page ${amp} is still mapped in the kernel`);
  }
  vm.observer?.('anonmap_purge');
  vm.observer?.('anon_free');
  vm.spareBytes.delete(amp);
  addLive(m, KIND.live_anon_pages, -1, cause);
  anonmap_free(m, amp, cause);
}

/**
 * Allocates the map's page, zeroed and locked in memory, with a mapping in the kernel. Returns the kernel
 * address, which is the page's number, or NONE where a failure is planted. Where the number had another page before,
 * zeroing shows: a transition for each field that is not 0.
 */
export function segkp_get_withanonmap(m: MemoryContext, amp: number, cause: number): number {
  const { machine, vm } = m;
  if (vm.failures.strike('segkp_get_withanonmap') !== null) {
    vm.observer?.('segkp_get_withanonmap fails');
    return NONE;
  }
  vm.observer?.('segkp_get_withanonmap');
  zeroPage(m, amp, cause);
  addLive(m, KIND.live_anon_pages, 1, cause);
  addLive(m, KIND.live_kernel_pages, 1, cause);
  machine.set(KIND.page_kernel_mapping, amp, 1, cause);
  return amp;
}

/** Removes the kernel's mapping of a page. */
export function segkp_release(m: MemoryContext, kaddr: number, cause: number): void {
  const { machine, vm } = m;
  if (machine.get(KIND.page_kernel_mapping, kaddr) !== 1) {
    throw new KernelPanic('segkp_release', `page ${kaddr} is not mapped in the kernel`);
  }
  vm.observer?.('segkp_release');
  machine.set(KIND.page_kernel_mapping, kaddr, 0, cause);
  addLive(m, KIND.live_kernel_pages, -1, cause);
}

/** kmem_alloc: counts kernel heap. Never fails (KM_SLEEP). */
export function kmem_alloc(m: MemoryContext, bytes: number, cause: number): void {
  addLive(m, KIND.live_kernel_heap, bytes, cause);
}

/** kmem_free: gives kernel heap back. */
export function kmem_free(m: MemoryContext, bytes: number, cause: number): void {
  if (m.machine.get(KIND.live_kernel_heap, MACHINE) < bytes) {
    throw new KernelPanic('kmem_free', `${bytes} bytes are freed, which is more than is allocated`);
  }
  addLive(m, KIND.live_kernel_heap, -bytes, cause);
}
