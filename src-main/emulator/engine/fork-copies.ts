/**
 * What a forked child has of its parent's user level, as its memory is a copy: synchronisation objects as they were,
 * and, with forkall, every LWP where it was in its program, in its handlers and in libc.
 *
 * An LWP that slept in the kernel has come back from it with EINTR before it is copied, in the parent and so in the
 * child (holdlwps, MUSTRETURN). None has a shared structure (continue_fork() of libc forgets it): a request that stood
 * is not there in the child.
 */
import { NONE } from '#shared/base/none.ts';
import { CAUSE } from '#shared/model/causes.ts';
import { KIND } from '#shared/model/kinds.ts';
import { SYNC_KIND } from '#shared/model/enums.ts';
import { sigassign } from '../kernel/context/sigset.ts';
import type { UserContext } from '../threads/user-context.ts';

/** What copying an LWP needs of the rest of the engine. */
export interface ForkCopiesHost {
  /** The copy `ct` is in the same handlers as `pt`. */
  copyFrames(pt: number, ct: number): void;
  /** An LWP of process `p` that stands for one of its parent that was not copied: it holds what that held. */
  addAbsent(pt: number, p: number): number;
}

export class ForkCopies {
  private readonly u: UserContext;
  private readonly host: ForkCopiesHost;

  constructor(u: UserContext, host: ForkCopiesHost) {
    this.u = u;
    this.host = host;
  }

  /**
   * The objects of process `pp` are there in `cp`, too. An owner that was not copied (fork1) is gone in the child: what
   * it holds stays held for ever.
   *
   * @param copies LWPs of the child by LWP of the parent
   * @param areWhereTheyWere of these, all but the one that forks go on where the parent's are
   */
  copyObjects(pp: number, cp: number, copies: ReadonlyMap<number, number>, areWhereTheyWere: boolean): void {
    const { objects, threads } = this.u;
    const absent = new Map<number, number>();
    const ownerOf = (pt: number): number => {
      const there = copies.get(pt) ?? absent.get(pt);
      if (there !== undefined) return there;
      const owner = this.host.addAbsent(pt, cp);
      absent.set(pt, owner);
      return owner;
    };
    objects.fork(
      pp,
      cp,
      (id, pt) => {
        const owner = ownerOf(pt);
        if (objects.planOf(id).kind === SYNC_KIND.adaptiveMutex) threads.adaptiveHeld[owner]!++;
        return owner;
      },
      (pt) => (areWhereTheyWere ? (copies.get(pt) ?? NONE) : NONE),
    );
  }

  /** Copies who waits for what, after {@link copyObjects}: `ct` goes on where `pt` is. */
  goOnWhere(pt: number, ct: number, cp: number): void {
    const { kernel, machine, objects, threads } = this.u;
    const { context, signals } = kernel;
    threads.copy(pt, ct);
    context.procs.set_errno(ct, context.procs.errno(pt));
    this.host.copyFrames(pt, ct);
    machine.set(KIND.ul_preempt, ct, machine.get(KIND.ul_preempt, pt), CAUSE.newproc);
    machine.set(KIND.user_spin, ct, machine.get(KIND.user_spin, pt), CAUSE.newproc);
    // T_TOMASK is not inherited: libc puts the mask back itself where no handler has run (restore_signals()).
    const oldmask = signals.signals.oldmask(pt);
    if (oldmask !== undefined) sigassign(machine, KIND.t_hold0, ct, oldmask, CAUSE.newproc);
    if (objects.waiting.isQueued(ct)) threads.cvmutex[ct] = objects.inChild(cp, threads.cvmutex[pt]!);
    const sync = machine.get(KIND.t_wchan, pt);
    if (sync === NONE) return;
    const copy = objects.inChild(cp, sync);
    machine.set(KIND.t_wchan, ct, copy, CAUSE.newproc);
    machine.set(KIND.sync_waiters, copy, machine.get(KIND.sync_waiters, copy) + 1, CAUSE.newproc);
  }
}
