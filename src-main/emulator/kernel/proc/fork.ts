/**
 * fork1, forkall, vfork and vforkall, as far as address spaces and context operations go (fork.c).
 *
 * Two steps, so that the engine can do its own between them: {@link newproc} makes the child process,
 * {@link forklwp} one child LWP.
 */
import { CAUSE } from '#shared/model/causes.ts';
import { KIND } from '#shared/model/kinds.ts';
import { curproc, type KernelContext } from '../context/kernel-context.ts';
import { as_dup, as_hold, as_lookup } from '../vm/address-space.ts';
import { addProcess, lwp_create } from './process.ts';
import { sigassign, sigread } from '../context/sigset.ts';

export type ForkKind = 'fork1' | 'forkall' | 'vfork' | 'vforkall';

/** Whether the child borrows its parent's address space (SVFORK). */
export function isVfork(kind: ForkKind): boolean {
  return kind === 'vfork' || kind === 'vforkall';
}

/** Whether all LWPs of the parent are copied, or only the one that forks. */
export function isForkAll(kind: ForkKind): boolean {
  return kind === 'forkall' || kind === 'vforkall';
}

/** The current process gets a child `cp`, without LWPs, with a copy of its address space or, vfork, that itself. */
export function newproc(k: KernelContext, cp: number, kind: ForkKind): void {
  const { machine } = k;
  const as = as_lookup(k, machine.get(KIND.p_as, curproc(k)));
  if (isVfork(kind)) {
    as_hold(as);
    addProcess(k, cp, as, CAUSE.newproc);
    machine.set(KIND.p_vfork, cp, 1, CAUSE.newproc);
  } else {
    addProcess(k, cp, as_dup(k, as, CAUSE.newproc), CAUSE.newproc);
  }
  machine.set(KIND.p_project, cp, machine.get(KIND.p_project, curproc(k)), CAUSE.newproc);
}

/**
 * LWP `pt` of the current process is copied to `ct` of the child: priorities, class and held signals, then
 * the fork hooks of `pt` run. The child starts stopped, without shared structure or hooks.
 */
export function forklwp(k: KernelContext, pt: number, ct: number, cp: number): void {
  copyLwp(k, pt, ct, cp);
  k.ctx.forkctx(pt, ct);
}

/** {@link forklwp} before the hooks run. */
export function copyLwp(k: KernelContext, pt: number, ct: number, cp: number): void {
  const { machine } = k;
  lwp_create(k, ct, cp, CAUSE.newproc);
  for (const kind of [KIND.t_cid, KIND.t_cpri, KIND.t_pri, KIND.t_epri]) {
    machine.set(kind, ct, machine.get(kind, pt), CAUSE.newproc);
  }
  machine.set(KIND.t_unpark, ct, machine.get(KIND.t_unpark, pt), CAUSE.newproc);
  sigassign(machine, KIND.t_hold0, ct, sigread(machine, KIND.t_hold0, pt), CAUSE.newproc);
}
