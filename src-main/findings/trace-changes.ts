/**
 * What a pass is told of a trace: each lane's changes, requests, decisions and wake-ups, in order of time. The recorder
 * tells it while rows are derived (store/derive), and a reader of a recorded file the same (store/queries): what comes
 * out does not depend on which.
 *
 * Within one instant: first what happened (requests, decisions, wake-ups, fields) in the order of the rows; then the
 * lanes as they are at its end, LWPs before CPUs before locks. A lane may be told twice at an instant, for what had no
 * length.
 *
 * Ids are the ordinals of the trace; -1 for none. Times are ns since the start of the trace. Hot: numbers only.
 */
import type { CpuId, IndexIntoBatch, LwpId, Ns, Seq, SyncId } from '#shared/base/brands.ts';
import type { Definition, TransitionColumns } from '#shared/model/transition-batch.ts';

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
  lwpState(timeNs: Ns, lwp: LwpId, state: number, cpu: CpuId, sync: SyncId): void;
  /** Which LWP a CPU runs from now on, -1 when it is idle. */
  cpuRuns(timeNs: Ns, cpu: CpuId, lwp: LwpId): void;
  /** Which LWP holds a lock from now on, -1 when it is free. */
  lockOwner(timeNs: Ns, sync: SyncId, lwp: LwpId): void;
  /** The LWP asks not to be preempted, or on Linux is granted an extension. */
  requestSet(timeNs: Ns, lwp: LwpId, sequence: Seq): void;
  /**
   * The request ends.
   *
   * @param ending WINDOW_END; overrun: the yield that the kernel asked for has not been made yet, and may be ({@link
   *   yielded})
   */
  requestCleared(timeNs: Ns, lwp: LwpId, ending: number): void;
  /** The LWP yields as the kernel asked it to: sc_yield is cleared. */
  yielded(timeNs: Ns, lwp: LwpId): void;
  /**
   * Preemption control decided.
   *
   * @param row a row of the kind `decision`
   */
  decision(columns: TransitionColumns, row: IndexIntoBatch, sequence: Seq): void;
  /** An LWP becomes runnable; `waker` ran where that was done. */
  wakeup(timeNs: Ns, lwp: LwpId, waker: LwpId, cpu: CpuId, sequence: Seq): void;
  /** A field of FOLLOWED_KINDS has another value; of notes: what they say. */
  field(timeNs: Ns, kind: number, subject: number, value: number): void;
  /** The trace ends. */
  finish(endNs: Ns): void;
}
