/** A wait for a lock, spinning or asleep, from its start to its end. Reused: copy what you keep. */
import { NONE } from '#shared/base/none.ts';

export class Wait {
  lwp = 0;
  lock = 0;
  startNs = 0;
  endNs = 0;
  /** Who held the lock when it began. */
  holder: number = NONE;
  /** Of it, spinning; off the CPU and runnable; asleep. */
  spinNs = 0;
  runnableNs = 0;
  asleepNs = 0;
  /** It ended with the LWP holding the lock. */
  hasLock = false;
}
