/** A lock during the pass: its hold and its waiters. */
import type { Hold } from './hold.ts';

export class LockTrack {
  readonly lock: number;
  /** Null where it is free. */
  hold: Hold | null = null;
  /** LWPs that wait for it. */
  readonly waiters: number[] = [];

  constructor(lock: number) {
    this.lock = lock;
  }
}
