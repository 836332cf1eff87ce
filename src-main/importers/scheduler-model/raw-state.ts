/** prev_state as the kernel's number, as tools print it that do not turn it into letters. */
import { LEAVE, type Leave } from './leave.ts';

/** TASK_* of include/linux/sched.h; a preempted thread has TASK_REPORT_MAX, above them all. */
const STATES: readonly (readonly [bit: number, leave: Leave])[] = [
  [0x100, LEAVE.runnableInKernel],
  [0x80, LEAVE.idle],
  [0x40, LEAVE.parked],
  [0x20, LEAVE.zombie],
  [0x10, LEAVE.dead],
  [0x08, LEAVE.stopped],
  [0x04, LEAVE.stopped],
  [0x02, LEAVE.uninterruptible],
  [0x01, LEAVE.interruptible],
];

export function leaveOfRawState(state: number): Leave {
  if (state === 0) return LEAVE.runnable;
  return STATES.find(([bit]) => (state & bit) !== 0)?.[1] ?? LEAVE.unknown;
}
