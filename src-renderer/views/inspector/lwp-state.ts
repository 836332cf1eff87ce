/** What LWPs are doing in a state of the machine. */
import type { LaneState } from '#shared/model/enums.ts';
import { KIND } from '#shared/model/kinds.ts';
import { laneStateOf } from '#shared/model/lane-state.ts';
import type { MachineState } from '#shared/model/machine-state.ts';

export function lwpStateIn(state: MachineState, lwp: number): LaneState {
  const read = (kind: number): number => state.read(kind, lwp);
  return laneStateOf(
    read(KIND.t_state),
    read(KIND.off_cpu_reason),
    read(KIND.user_spin),
    read(KIND.lwp_alive),
  );
}

/** LWPs that wait for a lock, condition or semaphore, spinning or asleep, by number. */
export function waitersFor(state: MachineState, sync: number): number[] {
  return Array.from({ length: state.countOf('lwp') }, (_, lwp) => lwp).filter(
    (lwp) => state.read(KIND.t_wchan, lwp) === sync && state.read(KIND.lwp_alive, lwp) !== 0,
  );
}
