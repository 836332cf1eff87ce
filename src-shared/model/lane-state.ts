/** What an LWP is doing, from the fields that decide it. One rule for the emulator's and for imported traces. */
import { LANE_STATE, OFF_CPU_REASON, TS, type LaneState } from './enums.ts';

/**
 * @param tState t_state
 * @param offCpuReason off_cpu_reason
 * @param userSpin user_spin
 * @param alive lwp_alive: 0 before creation and after exit
 */
export function laneStateOf(
  tState: number,
  offCpuReason: number,
  userSpin: number,
  alive: number,
): LaneState {
  if (alive === 0) return LANE_STATE.exited;
  switch (tState) {
    case TS.ONPROC:
      return userSpin !== 0 ? LANE_STATE.spinning : LANE_STATE.running;
    case TS.RUN:
      if (offCpuReason === OFF_CPU_REASON.unknown) return LANE_STATE.unknown;
      return offCpuReason === OFF_CPU_REASON.preempted ? LANE_STATE.preempted : LANE_STATE.runnable;
    case TS.SLEEP:
    case TS.WAIT:
      if (offCpuReason === OFF_CPU_REASON.park) return LANE_STATE.parked;
      if (offCpuReason === OFF_CPU_REASON.lock || offCpuReason === OFF_CPU_REASON.condition) {
        return LANE_STATE.blocked;
      }
      return LANE_STATE.sleeping;
    case TS.STOPPED:
      return LANE_STATE.stopped;
    case TS.ZOMB:
      return LANE_STATE.exited;
    default:
      return LANE_STATE.unknown;
  }
}
