/**
 * Kernel locks, as far as ASSERTs ask about them.
 *
 * The emulated kernel runs one call at a time, so no lock is ever waited for: a lock is a flag that says
 * who would hold it. Taking a lock that is held is a deadlock in the original and a panic here.
 *
 * Hot: thread locks are taken at every tick and context switch; nothing is allocated.
 */
import { KernelPanic } from '../../assert-kernel.ts';
import { withRoom } from '../../growable.ts';

export class KernelLocks {
  private threads = new Uint8Array(0);
  private pLocks = new Uint8Array(0);
  private pScLocks = new Uint8Array(0);

  /** Makes room for an LWP's lock. */
  ensureLwp(lwp: number): void {
    this.threads = withRoom(this.threads, lwp, 0);
  }

  /** Makes room for a process's locks. */
  ensureProcess(process: number): void {
    this.pLocks = withRoom(this.pLocks, process, 0);
    this.pScLocks = withRoom(this.pScLocks, process, 0);
  }

  /** Takes a thread's lock. */
  thread_lock(t: number): void {
    if (this.threads[t] !== 0) throw new KernelPanic('thread_lock', `thread ${t} is already locked`);
    this.threads[t] = 1;
  }

  thread_unlock(t: number): void {
    if (this.threads[t] !== 1) throw new KernelPanic('thread_unlock', `thread ${t} is not locked`);
    this.threads[t] = 0;
  }

  /** THREAD_LOCK_HELD(t) */
  threadLockHeld(t: number): boolean {
    return this.threads[t] === 1;
  }

  /** mutex_enter(&p->p_lock) */
  enterPLock(p: number): void {
    if (this.pLocks[p] !== 0) throw new KernelPanic('mutex_enter', `p_lock of process ${p} is already held`);
    this.pLocks[p] = 1;
  }

  /** mutex_exit(&p->p_lock) */
  exitPLock(p: number): void {
    if (this.pLocks[p] !== 1) throw new KernelPanic('mutex_exit', `p_lock of process ${p} is not held`);
    this.pLocks[p] = 0;
  }

  /** MUTEX_HELD(&p->p_lock) */
  pLockHeld(p: number): boolean {
    return this.pLocks[p] === 1;
  }

  /** mutex_enter(&p->p_sc_lock) */
  enterPScLock(p: number): void {
    if (this.pScLocks[p] !== 0) {
      throw new KernelPanic('mutex_enter', `p_sc_lock of process ${p} is already held`);
    }
    this.pScLocks[p] = 1;
  }

  /** mutex_exit(&p->p_sc_lock) */
  exitPScLock(p: number): void {
    if (this.pScLocks[p] !== 1) throw new KernelPanic('mutex_exit', `p_sc_lock of process ${p} is not held`);
    this.pScLocks[p] = 0;
  }

  /** MUTEX_HELD(&p->p_sc_lock) */
  pScLockHeld(p: number): boolean {
    return this.pScLocks[p] === 1;
  }
}
