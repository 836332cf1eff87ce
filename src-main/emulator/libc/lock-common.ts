/** What all user-level locks have in common: owner, waiters, and giving a lock to a spinner. */
import { NONE } from '#shared/base/none.ts';
import { CAUSE } from '#shared/model/causes.ts';
import { SYNC_KIND } from '#shared/model/enums.ts';
import { KIND } from '#shared/model/kinds.ts';
import type { UserContext } from '../threads/user-context.ts';

/** Holder of a lock, NONE when it is free. */
export function ownerOf(u: UserContext, lock: number): number {
  return u.machine.get(KIND.sync_owner, lock);
}

/** The current LWP takes a free lock that it has not waited for. */
export function takeFree(u: UserContext, t: number, lock: number): void {
  own(u, t, lock);
  u.threads.userNs[t] = u.costs.lockNs;
}

/** The current LWP finds the lock held and begins to wait for it. */
export function beginWait(u: UserContext, t: number, lock: number): void {
  const { machine } = u;
  if (ownerOf(u, lock) === t) {
    u.violation(
      t,
      `locks "${u.objects.planOf(lock).name}", which it holds already: it would wait for itself for ever`,
    );
  }
  machine.set(KIND.t_wchan, t, lock, CAUSE.lock_wait);
  machine.set(KIND.sync_waiters, lock, machine.get(KIND.sync_waiters, lock) + 1, CAUSE.lock_wait);
}

/** An LWP that has waited gets the lock. */
export function takeAfterWait(u: UserContext, t: number, lock: number): void {
  const { machine } = u;
  machine.set(KIND.user_spin, t, 0, CAUSE.lock_acquire);
  machine.set(KIND.t_wchan, t, NONE, CAUSE.lock_acquire);
  machine.set(KIND.sync_waiters, lock, machine.get(KIND.sync_waiters, lock) - 1, CAUSE.lock_acquire);
  own(u, t, lock);
  u.threads.userNs[t] = u.costs.lockHandoffNs;
}

/** The current LWP gives the lock up. */
export function release(u: UserContext, t: number, lock: number): void {
  if (ownerOf(u, lock) !== t) {
    u.violation(t, `unlocks "${u.objects.planOf(lock).name}", which it does not hold`);
  }
  if (u.objects.planOf(lock).kind === SYNC_KIND.adaptiveMutex) u.threads.adaptiveHeld[t]!--;
  u.machine.set(KIND.sync_owner, lock, NONE, CAUSE.lock_release);
}

/**
 * A lock has become free: one of those that spin for it on a CPU right now has it a moment later. Which one, is
 * chance: the first to get the cache line. Returns false where no thread spins.
 */
export function grantToSpinner(u: UserContext, lock: number): boolean {
  const { machine, threads } = u;
  const { spinsFor } = threads;
  let spinners = 0;
  for (let cpu = 0; cpu < spinsFor.length; cpu++) if (spinsFor[cpu] === lock) spinners++;
  if (spinners === 0) return false;
  let which = spinners === 1 ? 0 : u.random.below(u.objects.streamOf(lock), spinners);
  let cpu = 0;
  for (; ; cpu++) if (spinsFor[cpu] === lock && which-- === 0) break;

  const { cpuNow, curthread } = machine;
  const winner = machine.get(KIND.cpu_dispthread, cpu);
  machine.cpuNow = cpu;
  machine.curthread = winner;
  u.cpuTime.account(cpu, winner);
  takeAfterWait(u, winner, lock);
  threads.pc[winner]!++;
  threads.phase[winner] = 0;
  u.cpuTime.start(cpu, winner);
  machine.cpuNow = cpuNow;
  machine.curthread = curthread;
  return true;
}

/** The current LWP spins for the lock on its CPU, as long as its patience lasts. */
export function spin(u: UserContext, t: number, lock: number): void {
  u.threads.spinsFor[u.machine.cpuNow] = lock;
  u.threads.userNs[t] = u.threads.spinLeftNs[t]!;
}

function own(u: UserContext, t: number, lock: number): void {
  if (u.objects.planOf(lock).kind === SYNC_KIND.adaptiveMutex) u.threads.adaptiveHeld[t]!++;
  u.machine.set(KIND.sync_owner, lock, t, CAUSE.lock_acquire);
}
