/**
 * In which state a thread leaves its CPU, whatever letters or numbers the source writes for it.
 *
 * `runnable` and `runnableInKernel` (Linux: R and R+) both mean that it wanted to go on: it was preempted,
 * or it yielded. The `+` only tells where it was preempted, not whether.
 */
import { OFF_CPU_REASON, TS } from '#shared/model/enums.ts';

export const LEAVE = {
  runnable: 0,
  runnableInKernel: 1,
  interruptible: 2,
  uninterruptible: 3,
  /** Uninterruptible, but not counted as load: a kernel thread without work. */
  idle: 4,
  stopped: 5,
  parked: 6,
  /** Gone for good: nobody waits for it (a thread of a process). */
  dead: 7,
  /** Gone, its parent has yet to hear of it (a process). */
  zombie: 8,
  unknown: 9,
} as const;
export type Leave = (typeof LEAVE)[keyof typeof LEAVE];

/** t_state after leaving, by {@link LEAVE}. */
export const STATE_AFTER = Int32Array.of(
  TS.RUN,
  TS.RUN,
  TS.SLEEP,
  TS.SLEEP,
  TS.SLEEP,
  TS.STOPPED,
  TS.SLEEP,
  TS.ZOMB,
  TS.ZOMB,
  TS.RUN,
);

/** off_cpu_reason after leaving, by {@link LEAVE}; a runnable thread that yielded is told apart elsewhere. */
export const REASON_AFTER = Int32Array.of(
  OFF_CPU_REASON.preempted,
  OFF_CPU_REASON.preempted,
  OFF_CPU_REASON.interruptible,
  OFF_CPU_REASON.uninterruptible,
  OFF_CPU_REASON.uninterruptible,
  OFF_CPU_REASON.stopped,
  OFF_CPU_REASON.uninterruptible,
  OFF_CPU_REASON.exited,
  OFF_CPU_REASON.exited,
  OFF_CPU_REASON.unknown,
);
