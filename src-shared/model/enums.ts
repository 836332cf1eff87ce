/**
 * Values of the coded columns, in the kernel's own names where the kernel has one.
 *
 * Each table is `name -> value`; {@link nameOf} goes the other way for views.
 */

/** t_state (sys/thread.h). sc_state uses the same values, 0 being SC_FREE. */
export const TS = {
  FREE: 0x00,
  SLEEP: 0x01,
  RUN: 0x02,
  ONPROC: 0x04,
  ZOMB: 0x08,
  STOPPED: 0x10,
  WAIT: 0x20,
} as const;

/** sc_state (sys/schedctl.h). There is no SC_ZOMB, but schedctl_save() may store TS_ZOMB. */
export const SC = {
  SC_FREE: 0x00,
  SC_SLEEP: 0x01,
  SC_RUN: 0x02,
  SC_ONPROC: 0x04,
  SC_STOPPED: 0x10,
  SC_WAIT: 0x20,
} as const;

/** sc_flgs (sys/schedctl.h). */
export const SC_FLGS = { SC_PARK_FLG: 0x01, SC_CANCEL_FLG: 0x02, SC_EINTR_FLG: 0x04 } as const;

/** Scheduling class ids, in the order in which the emulated kernel loads its classes. */
export const CID = { SYS: 0, TS: 1, IA: 2, FX: 3, FSS: 4, RT: 5 } as const;

/** ts_flags (ts.h, ia.h); the bit values are the kernel's. */
export const TS_FLAGS = {
  TSKPRI: 0x01,
  TSBACKQ: 0x02,
  TSIA: 0x04,
  TSIASET: 0x08,
  TSIANICED: 0x10,
  TSRESTORE: 0x20,
} as const;

/** fx_flags (fx.h). */
export const FX_FLAGS = { FXBACKQ: 0x0002 } as const;

/** fss_flags (fss.h). */
export const FSS_FLAGS = { FSSKPRI: 0x01, FSSBACKQ: 0x02, FSSRESTORE: 0x04 } as const;

/** rt_flags (rt.h). */
export const RT_FLAGS = { RTBACKQ: 0x0002 } as const;

/**
 * Why an LWP is not on a CPU: written just before the t_state that it explains, so that views need not
 * guess. (The kernel has no such field; the answer is spread over call stacks.)
 */
export const OFF_CPU_REASON = {
  none: 0,
  /** Runnable: woken from a sleep. */
  woken: 1,
  /** Runnable: lost its CPU against its will. */
  preempted: 2,
  /** Runnable: gave up its CPU by yield(). */
  yielded: 3,
  /** Runnable for the first time. */
  created: 4,
  /** Sleeping until a time. */
  timer: 5,
  /** Parked in lwp_park() by libc. */
  park: 6,
  /** Blocked on a lock. */
  lock: 7,
  /** Waiting for a condition variable or semaphore. */
  condition: 8,
  /** Waiting for a device or another process. */
  io: 9,
  /** Uninterruptible sleep of unknown kind (imports). */
  uninterruptible: 10,
  /** Stopped by /proc, a signal or a fork. */
  stopped: 11,
  /** Gone. */
  exited: 12,
  /** Import: the source does not say. */
  unknown: 13,
  /** Interruptible sleep of unknown kind (imports). */
  interruptible: 14,
} as const;

/**
 * What an LWP is doing, as views show it. Derived from t_state, the off-CPU reason and user_spin; see
 * `laneStateOf`. Stored as numbers in derived tables: never renumber.
 */
export const LANE_STATE = {
  unknown: 0,
  running: 1,
  spinning: 2,
  runnable: 3,
  preempted: 4,
  sleeping: 5,
  blocked: 6,
  parked: 7,
  stopped: 8,
  exited: 9,
} as const;
export type LaneState = (typeof LANE_STATE)[keyof typeof LANE_STATE];

/** Which of the places of preemption control decided (facts, section 3). Values are stored: never renumber. */
export const DECISION = {
  /** ts_tick, fx_tick, fss_tick: past the quantum, kept running, yield asked. */
  deferredAtTick: 1,
  /**
   * ts_preempt, fx_preempt, fss_preempt: put at the front of the queue, yield asked. Linux: an extension is granted.
   */
  deferredAtPreempt: 2,
  /** A yield() at or after the end of the quantum; rseq_slice_yield(). */
  yielded: 3,
  /** ts_tick: grace used up, ordinary expiry. */
  failsafe: 4,
  /** The preempt routine: grace used up, nopreempt cleared, forced off. Linux: the extension expired or was revoked. */
  forced: 5,
  /** ts_update passed over a thread that asked not to be preempted. */
  updateSkipped: 6,
  /** Linux: another system call than rseq_slice_yield ended the extension. */
  aborted: 7,
  /** Linux: a system call ended the extension in time; the source does not record which. */
  endedByCall: 8,
} as const;
export type Decision = (typeof DECISION)[keyof typeof DECISION];

/** What would have happened without sc_nopreempt; stored with each decision. */
export const WITHOUT_NOPREEMPT = {
  same: 0,
  /** The quantum would have ended: lower priority, back of the queue. */
  expired: 1,
  /** Off the CPU, behind the thread that preempted it. */
  preempted: 2,
  /** Its priority would have been recomputed for having waited long. */
  promoted: 3,
} as const;

/** How a nopreempt window ended. Values are stored: never renumber. */
export const WINDOW_END = {
  open: 0,
  /** Cleared before the kernel ever deferred anything. */
  unused: 1,
  /** Deferred, then cleared and answered with a yield. */
  honoured: 2,
  /** Deferred, then cleared without the yield that was asked for. */
  overrun: 3,
  /** Taken back by the kernel. */
  forced: 4,
  /** The LWP ended or its slot was freed with the request standing. */
  abandoned: 5,
  /** Linux: another system call than rseq_slice_yield ended the extension. */
  aborted: 6,
  /** Linux: a system call ended the extension in time; the source does not record which. */
  endedByCall: 7,
} as const;

/** What the slots of a page are. Values are stored: never renumber. */
export const PAGE_KIND = {
  /** Shared schedctl structures of illumos. */
  schedctl: 0,
  /** rseq areas of Linux: each lies in its thread's own memory, and the page stands for those of a process. */
  rseq: 1,
} as const;

/** Kinds of synchronisation objects. */
export const SYNC_KIND = {
  spinlock: 0,
  mutex: 1,
  adaptiveMutex: 2,
  condition: 3,
  semaphore: 4,
  queueLock: 5,
  futex: 6,
  unknown: 7,
} as const;

/** Name of `value` in one of the tables above; the number itself where it has none. */
export function nameOf(table: Readonly<Record<string, number>>, value: number): string {
  for (const name in table) if (table[name] === value) return name;
  return String(value);
}

/** Names of the bits set in `value`, in the table's order; an empty list for 0. */
export function flagNamesOf(table: Readonly<Record<string, number>>, value: number): string[] {
  const names: string[] = [];
  for (const name in table) if ((value & table[name]!) !== 0) names.push(name);
  return names;
}
