/**
 * What kernel code works on. Made once for each machine and handed to every kernel function; there is no
 * other state.
 */
import type { Machine } from '../../machine.ts';
import { ContextOperations } from './ctxops.ts';
import { KernelLocks } from './locks.ts';
import { ProcTable } from './proc-table.ts';
import { createSchedctlState, type SchedctlState } from './schedctl-state.ts';
import { checkPageLayout, DEFAULT_PAGE_LAYOUT, type PageLayout } from '../vm/page-layout.ts';
import { VirtualMemory } from '../vm/virtual-memory.ts';

export interface KernelContext {
  readonly machine: Machine;
  readonly locks: KernelLocks;
  readonly procs: ProcTable;
  readonly ctx: ContextOperations;
  readonly vm: VirtualMemory;
  /** The static variables of schedctl.c; {@link schedctl_init} must run before any other call. */
  readonly sc: SchedctlState;
}

/** Throws WorkbenchError `scenario-rule` for a page layout that cannot be emulated. */
export function createKernelContext(
  machine: Machine,
  layout: PageLayout = DEFAULT_PAGE_LAYOUT,
): KernelContext {
  return {
    machine,
    locks: new KernelLocks(),
    procs: new ProcTable(),
    ctx: new ContextOperations(),
    vm: new VirtualMemory(checkPageLayout(layout)),
    sc: createSchedctlState(),
  };
}

/** curproc: the process of the current thread. */
export function curproc(k: KernelContext): number {
  return k.procs.ttoproc(k.machine.curthread);
}
