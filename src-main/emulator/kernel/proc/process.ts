/**
 * Processes and their LWPs: how they come, how they go, and what schedctl does at each of these places
 * (proc.c, lwp.c, exit.c, exec.c).
 *
 * Ids are ordinals that the caller chooses and never uses twice. Threads' class data, run queues and
 * program are not this file's business: the engine does its part before or after.
 */
import { NONE } from '#shared/base/none.ts';
import { CAUSE } from '#shared/model/causes.ts';
import { TS } from '#shared/model/enums.ts';
import { KIND } from '#shared/model/kinds.ts';
import { ASSERT } from '../../assert-kernel.ts';
import { curproc, type KernelContext } from '../context/kernel-context.ts';
import {
  schedctl_finish_sigblock,
  schedctl_lwp_cleanup,
  schedctl_proc_cleanup,
} from '../schedctl/schedctl.ts';
import { checkNothingLeaked } from '../vm/accounting.ts';
import { as_alloc, as_lookup, as_rele } from '../vm/address-space.ts';
import type { AddressSpace } from '../vm/virtual-memory.ts';

/** A process without LWPs appears, with an empty address space of its own. */
export function proc_create(k: KernelContext, p: number, cause: number): void {
  addProcess(k, p, as_alloc(k), cause);
}

/** A process appears with the given address space, which must already count it as a user. */
export function addProcess(k: KernelContext, p: number, as: AddressSpace, cause: number): void {
  const { machine, procs, locks } = k;
  machine.ensure('process', p);
  procs.addProcess(p);
  locks.ensureProcess(p);
  machine.set(KIND.p_alive, p, 1, cause);
  machine.set(KIND.p_as, p, as.id, cause);
}

/** An LWP appears in `p`: stopped, without shared structure, hooks or signals. */
export function lwp_create(k: KernelContext, t: number, p: number, cause: number): void {
  const { machine, procs, locks, ctx } = k;
  machine.ensure('lwp', t);
  procs.addLwp(t, p);
  locks.ensureLwp(t);
  ctx.ensureLwp(t);
  machine.set(KIND.lwp_alive, t, 1, cause);
  machine.set(KIND.t_state, t, TS.STOPPED, cause);
  machine.set(KIND.p_lwpcnt, p, machine.get(KIND.p_lwpcnt, p) + 1, cause);
}

/**
 * An LWP other than its process's last exits: its shared structure goes, then itself. The caller switches
 * away from it for good; t_state is the caller's to set, before or after.
 */
export function lwp_exit(k: KernelContext, t: number): void {
  if (k.machine.get(KIND.t_schedctl, t) !== NONE) schedctl_lwp_cleanup(k, t);
  lwp_detach(k, t, CAUSE.lwp_exit);
}

/** An LWP is gone, without any clean-up. */
export function lwp_detach(k: KernelContext, t: number, cause: number): void {
  const { machine, procs } = k;
  const p = procs.ttoproc(t);
  ASSERT(machine.get(KIND.p_lwpcnt, p) > 0, 'lwp_exit', 'p->p_lwpcnt > 0');
  machine.set(KIND.p_lwpcnt, p, machine.get(KIND.p_lwpcnt, p) - 1, cause);
  machine.set(KIND.lwp_alive, t, 0, cause);
}

/**
 * The current process exits; the current LWP is its last. Its structure goes, then the pages, then the
 * address space (which a vfork child only lets go), then LWP and process.
 */
export function proc_exit(k: KernelContext): void {
  const { machine } = k;
  const t = machine.curthread;
  const p = curproc(k);
  cleanUpSchedctl(k);
  as_rele(k, as_lookup(k, machine.get(KIND.p_as, p)), CAUSE.proc_exit);
  machine.set(KIND.p_as, p, NONE, CAUSE.proc_exit);
  machine.set(KIND.p_vfork, p, 0, CAUSE.proc_exit);
  lwp_detach(k, t, CAUSE.proc_exit);
  machine.set(KIND.p_alive, p, 0, CAUSE.proc_exit);
  if (k.vm.liveSpaces === 0) checkNothingLeaked(k);
}

/**
 * The current process execs; the current LWP is the only one left. As at exit its structure and pages go
 * and the address space is let go; then it has a new, empty one and borrows nothing any more.
 */
export function exec(k: KernelContext): void {
  const { machine } = k;
  const p = curproc(k);
  cleanUpSchedctl(k);
  as_rele(k, as_lookup(k, machine.get(KIND.p_as, p)), CAUSE.exec);
  machine.set(KIND.p_as, p, as_alloc(k).id, CAUSE.exec);
  machine.set(KIND.p_vfork, p, 0, CAUSE.exec);
}

/** What exec_common does to signals before anything is torn down: a request to block them is acted on. */
export function exec_finish_sigblock(k: KernelContext): void {
  schedctl_finish_sigblock(k, k.machine.curthread);
}

function cleanUpSchedctl(k: KernelContext): void {
  const t = k.machine.curthread;
  if (k.machine.get(KIND.t_schedctl, t) !== NONE) schedctl_lwp_cleanup(k, t);
  if (k.procs.p_pagep(curproc(k)) !== null) schedctl_proc_cleanup(k);
}
