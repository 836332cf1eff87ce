/**
 * Rows about locks: who holds them and who waits for them.
 *
 * A thread may be inside three waits at once: for a lock that its program names, in the futex system call
 * that serves it, and for a lock that the kernel takes on the way. What the program waits for is what is
 * shown; it tells most.
 */
import type { CauseId, LwpId } from '#shared/base/brands.ts';
import { NONE } from '#shared/base/none.ts';
import { CAUSE } from '#shared/model/causes.ts';
import { KIND } from '#shared/model/kinds.ts';
import type { TransitionProbe } from '#shared/model/transition-probe.ts';
import { IntColumn } from './columns.ts';
import type { FieldRows } from './field-rows.ts';
import type { Locks } from './locks.ts';
import type { Threads } from './threads.ts';

export class LockRows {
  private readonly fields: FieldRows;
  private readonly locks: Locks;
  private readonly threads: Threads;
  private readonly writer: TransitionProbe;
  private readonly wantedLock = new IntColumn(NONE);
  private readonly wantedFutex = new IntColumn(NONE);
  private readonly wantedKernelLock = new IntColumn(NONE);
  private used = false;

  constructor(fields: FieldRows, locks: Locks, threads: Threads, writer: TransitionProbe) {
    this.fields = fields;
    this.locks = locks;
    this.threads = threads;
    this.writer = writer;
  }

  /** Whether a thread that goes to sleep now does so for a lock of its program. */
  waits(lwp: LwpId): boolean {
    return this.used && (this.wantedLock.get(lwp) !== NONE || this.wantedFutex.get(lwp) !== NONE);
  }

  /** The thread tries to take a lock. While it is on a CPU it counts as spinning. */
  wanted(lwp: LwpId, lock: number): void {
    this.announce(lwp, lock);
    this.wantedLock.set(lwp, lock);
    this.showWait(lwp, CAUSE.lock_wait);
    this.fields.assign(KIND.user_spin, lwp, lwp, CAUSE.spin, 1);
  }

  /**
   * @returns false where another thread still had the lock: its hold ends here, as its release is written late or not
   *   at all
   */
  acquired(lwp: LwpId, lock: number): boolean {
    this.announce(lwp, lock);
    const holder = this.fields.read(KIND.sync_owner, lock);
    if (this.wantedLock.get(lwp) !== NONE) {
      this.wantedLock.set(lwp, NONE);
      this.fields.assign(KIND.user_spin, lwp, lwp, CAUSE.lock_acquire, 0);
      this.showWait(lwp, CAUSE.lock_acquire);
    }
    this.fields.assign(KIND.sync_owner, lock, lwp, CAUSE.lock_acquire, lwp);
    return holder === NONE || holder === lwp;
  }

  /** The thread gives a lock back; nothing where another one has it by now. */
  released(lwp: LwpId, lock: number): void {
    if (this.fields.read(KIND.sync_owner, lock) !== lwp) return;
    this.fields.assign(KIND.sync_owner, lock, lwp, CAUSE.lock_release, NONE);
  }

  /** In the kernel for a futex, -1: back again. */
  futex(lwp: LwpId, lock: number): void {
    if (lock === NONE && this.wantedFutex.get(lwp) === NONE) return;
    if (lock !== NONE) this.announce(lwp, lock);
    this.wantedFutex.set(lwp, lock);
    this.showWait(lwp, CAUSE.sys_futex);
  }

  /** Waits for a lock of the kernel, -1: has it. */
  contention(lwp: LwpId, lock: number, cause: CauseId): void {
    if (lock === NONE && this.wantedKernelLock.get(lwp) === NONE) return;
    if (lock !== NONE) this.announce(lwp, lock);
    this.wantedKernelLock.set(lwp, lock);
    this.showWait(lwp, cause);
  }

  /** The thread is gone, and waits no more. What it held stays held: no line shows it given back. */
  end(lwp: LwpId, cause: CauseId): void {
    if (!this.used) return;
    this.wantedLock.set(lwp, NONE);
    this.wantedFutex.set(lwp, NONE);
    this.wantedKernelLock.set(lwp, NONE);
    this.showWait(lwp, cause);
    this.fields.assign(KIND.user_spin, lwp, lwp, cause, 0);
  }

  private announce(lwp: LwpId, lock: number): void {
    this.used = true;
    this.locks.announce(lock, this.threads.processOf(lwp), this.writer);
  }

  private showWait(lwp: LwpId, cause: CauseId): void {
    let lock = this.wantedLock.get(lwp);
    if (lock === NONE) lock = this.wantedFutex.get(lwp);
    if (lock === NONE) lock = this.wantedKernelLock.get(lwp);
    this.fields.assign(KIND.t_wchan, lwp, lwp, cause, lock);
  }
}
