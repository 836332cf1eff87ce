/**
 * libc's own queues of LWPs that wait for a lock: user memory, first come, first served. An LWP is on one before
 * it parks, so the kernel's sleep queue (t_queue) holds it later than this one.
 *
 * Hot: constant time, but {@link WaitQueues.remove} for a spurious wake-up; allocates nothing.
 */
import { NONE } from '#shared/base/none.ts';
import { withRoom } from '../growable.ts';

export class WaitQueues {
  private first: Int32Array;
  private last: Int32Array;
  private next: Int32Array;
  /** Lock whose queue the LWP is on. */
  private queueOf: Int32Array;

  constructor(locks: number, lwps: number) {
    this.first = new Int32Array(locks).fill(NONE);
    this.last = new Int32Array(locks).fill(NONE);
    this.next = new Int32Array(lwps).fill(NONE);
    this.queueOf = new Int32Array(lwps).fill(NONE);
  }

  /** Makes room for an LWP. */
  ensureLwp(t: number): void {
    this.next = withRoom(this.next, t, NONE);
    this.queueOf = withRoom(this.queueOf, t, NONE);
  }

  /** Makes room for a lock. */
  ensureLock(lock: number): void {
    this.first = withRoom(this.first, lock, NONE);
    this.last = withRoom(this.last, lock, NONE);
  }

  /** LWPs on the queue of a lock, in order. Allocates. */
  members(lock: number): number[] {
    const members: number[] = [];
    for (let t = this.first[lock]!; t !== NONE; t = this.next[t]!) members.push(t);
    return members;
  }

  /** Puts `t`, which is on no queue, at the end. */
  enqueue(lock: number, t: number): void {
    const last = this.last[lock]!;
    if (last === NONE) this.first[lock] = t;
    else this.next[last] = t;
    this.last[lock] = t;
    this.next[t] = NONE;
    this.queueOf[t] = lock;
  }

  /** Whether no LWP waits for the lock. */
  isEmpty(lock: number): boolean {
    return this.first[lock] === NONE;
  }

  /** Whether `t` is on some queue. */
  isQueued(t: number): boolean {
    return this.queueOf[t] !== NONE;
  }

  /** Takes the first LWP off, NONE where none waits. */
  dequeue(lock: number): number {
    const t = this.first[lock]!;
    if (t !== NONE) this.unlink(lock, NONE, t);
    return t;
  }

  /** Takes `t` off its queue, if it is on one. */
  remove(t: number): void {
    const lock = this.queueOf[t]!;
    if (lock === NONE) return;
    let previous = NONE;
    for (let other = this.first[lock]!; other !== t; other = this.next[other]!) previous = other;
    this.unlink(lock, previous, t);
  }

  private unlink(lock: number, previous: number, t: number): void {
    const next = this.next[t]!;
    if (previous === NONE) this.first[lock] = next;
    else this.next[previous] = next;
    if (next === NONE) this.last[lock] = previous;
    this.next[t] = NONE;
    this.queueOf[t] = NONE;
  }
}
