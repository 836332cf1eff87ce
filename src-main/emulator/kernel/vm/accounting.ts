/**
 * Checks of the memory accounts: every live count is what the live objects add up to, and nothing is left
 * when the last address space is gone. Freeing twice is a panic where it happens (anon.ts).
 */
import { KIND } from '#shared/model/kinds.ts';
import { KernelPanic } from '../../assert-kernel.ts';
import { MACHINE } from './anon.ts';
import type { MemoryContext } from './virtual-memory.ts';

const COUNTS = ['live_anon_maps', 'live_kernel_pages', 'live_anon_pages', 'live_kernel_heap'] as const;

/** Throws KernelPanic where memory is still allocated: for the moment when no process is left to free it. */
export function checkNothingLeaked(m: MemoryContext): void {
  for (const name of COUNTS) {
    const left = m.machine.get(KIND[name], MACHINE);
    if (left !== 0)
      throw new KernelPanic('as_free', `memory leaked: ${name} is ${left} with no process left`);
  }
}

/**
 * Throws KernelPanic where a count, or the references of a page, are not what the objects add up to. Walks
 * all pages and address spaces: for tests and for the end of a run.
 *
 * @param controlBytes kernel heap of one page's control structure and bitmap
 */
export function checkAccounts(m: MemoryContext, controlBytes: number): void {
  const { machine, vm } = m;
  const mappings = new Map<number, number>();
  for (const as of vm.spaces) {
    for (const page of as?.mappings.values() ?? []) mappings.set(page, (mappings.get(page) ?? 0) + 1);
  }
  let pages = 0;
  let kernelPages = 0;
  for (let page = 0; page < vm.pages; page++) {
    const references = machine.get(KIND.page_references, page);
    const inKernel = machine.get(KIND.page_kernel_mapping, page);
    expectCount(`references of page ${page}`, inKernel + (mappings.get(page) ?? 0), references);
    if (references > 0) pages++;
    kernelPages += inKernel;
  }
  const live = (name: (typeof COUNTS)[number]): number => machine.get(KIND[name], MACHINE);
  expectCount('live_anon_maps', pages, live('live_anon_maps'));
  expectCount('live_anon_pages', pages, live('live_anon_pages'));
  expectCount('live_kernel_pages', kernelPages, live('live_kernel_pages'));
  expectCount('live_kernel_heap', vm.liveControls.size * controlBytes, live('live_kernel_heap'));
}

function expectCount(what: string, expected: number, found: number): void {
  if (expected !== found)
    throw new KernelPanic('checkAccounts', `${what}: counted ${found}, there are ${expected}`);
}
