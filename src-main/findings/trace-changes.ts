/**
 * What a pass is told of a trace: each lane's changes, requests, decisions and wake-ups, in order of time. The recorder tells it
 * while rows are derived (store/derive), and a reader of a recorded file the same (store/queries): what comes out does not
 * depend on which.
 *
 * Within one instant: first what happened (requests, decisions, wake-ups, fields) in the order of the rows; then the lanes as
 * they are at its end, LWPs before CPUs before locks. A lane may be told twice at an instant, for what had no length.
 *
 * Ids are the ordinals of the trace; -1 for none. Times are ns since the start of the trace. Hot: numbers only.
 */
import type { Definition } from '#shared/model/transition-batch.ts';

export interface TraceChanges {
  /** A name; a later one of the same id replaces it. */
  define(definition: Definition): void;
  /**
   * What an LWP does from now on.
   *
   * @param state LANE_STATE
   * @param cpu where it is or was
   * @param sync what it waits for, whatever its state
   */
  lwpState(timeNs: number, lwp: number, state: number, cpu: number, sync: number): void;
  /** Which LWP a CPU runs from now on, -1 when it is idle. */
  cpuRuns(timeNs: number, cpu: number, lwp: number): void;
  /** Which LWP holds a lock from now on, -1 when it is free. */
  lockOwner(timeNs: number, sync: number, lwp: number): void;
  /** The LWP asks not to be preempted, or on Linux is granted an extension. */
  requestSet(timeNs: number, lwp: number, sequence: number): void;
  /**
   * The request ends.
   *
   * @param ending WINDOW_END; overrun: the yield that the kernel asked for has not been made yet, and may be ({@link yielded})
   */
  requestCleared(timeNs: number, lwp: number, ending: number): void;
  /** The LWP yields as the kernel asked it to: sc_yield is cleared. */
  yielded(timeNs: number, lwp: number): void;
  /**
   * Preemption control decided.
   *
   * @param outcome DECISION
   * @param timeleft ticks, UNKNOWN_VALUE where none were compared
   * @param without WITHOUT_NOPREEMPT
   */
  decision(
    timeNs: number,
    lwp: number,
    cpu: number,
    outcome: number,
    timeleft: number,
    without: number,
    sequence: number,
  ): void;
  /** An LWP becomes runnable; `waker` ran where that was done. */
  wakeup(timeNs: number, lwp: number, waker: number, cpu: number, sequence: number): void;
  /** A field of FOLLOWED_KINDS has another value; of notes: what they say. */
  field(timeNs: number, kind: number, subject: number, value: number): void;
  /** The trace ends. */
  finish(endNs: number): void;
}
