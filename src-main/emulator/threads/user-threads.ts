/**
 * What LWPs are doing, as far as no kernel field says it: where they are in their programs, and how much CPU
 * time they need before something happens. Columns by LWP.
 */
import type { ColumnOf, Ns } from '#shared/base/brands.ts';
import { NONE } from '#shared/base/none.ts';

/** System calls that user code may be in; see {@link UserThreads.syscall}. */
export const SYSCALL = {
  none: 0,
  schedctl: 1,
  yield: 2,
  /** Until `syscallArg` nanoseconds have passed. */
  nanosleep: 3,
  /** lwp_park() on synchronisation object `syscallArg`. */
  lwp_park: 4,
  /** lwp_unpark() of LWP `syscallArg`. */
  lwp_unpark: 5,
  exit: 6,
  /** The rest of lwp_park(), after the sleep. */
  lwp_park_return: 7,
  /** The rest of nanosleep(), after the sleep. */
  nanosleep_return: 8,
  /** lwp_create() by the request `syscallArg` of the programs. */
  lwp_create: 9,
  /** fork1(), forkall() or vfork() by the request `syscallArg`; again after the other LWPs have come to rest. */
  fork: 10,
  /** The rest of vfork(), after the child has let go of the address space. */
  vfork_return: 11,
  /** exec of the program `syscallArg`; again after the other LWPs are gone. */
  exec: 12,
  /** exit() of the process; again after the other LWPs are gone. */
  exit_process: 13,
  /** waitid() for a child that has ended. */
  waitid: 14,
  /** The rest of waitid(), after the sleep. */
  waitid_return: 15,
  /** kill() by the request `syscallArg`. */
  kill: 16,
  /** lwp_sigmask() by the request `syscallArg`. */
  lwp_sigmask: 17,
  /** setcontext(): a signal handler returns. */
  setcontext: 18,
  /** schedctl() in libc's handler of SIGCANCEL, then SC_CANCEL_FLG. */
  set_cancel_flag: 19,
  /** read() from the source of external wake-ups `syscallArg`. */
  read: 20,
  /** The rest of read(), after the sleep. */
  read_return: 21,
  /** sigsuspend(), sigtimedwait() and pollsys() by the request `syscallArg`, and the rest of each after the sleep. */
  sigsuspend: 22,
  sigsuspend_return: 23,
  sigtimedwait: 24,
  sigtimedwait_return: 25,
  pollsys: 26,
  pollsys_return: 27,
  /** A read or write in /proc by the request `syscallArg`. */
  proc: 28,
  /** settaskid(): the process goes to project `syscallArg`. */
  settaskid: 29,
  /** priocntl() by the request `syscallArg`. */
  priocntl: 30,
  /** A trap: the page that is touched comes in `syscallArg` nanoseconds; and the rest after the sleep. */
  pagefault: 31,
  pagefault_return: 32,
} as const;

/** Bits of {@link UserThreads.cancel}. */
export const CANCEL = {
  /** ul_cancel_pending */
  pending: 1,
  /** ul_cancel_disabled */
  disabled: 2,
} as const;

export class UserThreads {
  /** Address of the current instruction. */
  pc: Int32Array;
  /** How far the current instruction has got; 0 at its start. Each instruction has phases of its own. */
  phase: Uint8Array;
  /** CPU time that the LWP still needs in the kernel, and then in user mode, before it goes on, ns. */
  kernelNs: ColumnOf<Float64Array, Ns>;
  userNs: ColumnOf<Float64Array, Ns>;
  /** 1 while the LWP is in the kernel: runrun has to wait until it returns. */
  inKernel: Uint8Array;
  /** System call whose effect is due when the kernel time has passed. */
  syscall: Uint8Array;
  syscallArg: Float64Array;
  /** Loop counters, `depth` for each LWP. */
  counters: Float64Array;
  /** Spin time left before a spinner gives up (spin-then-delay, adaptive), ns; Infinity: never. */
  spinLeftNs: ColumnOf<Float64Array, Ns>;
  /** The last sleep of a spin-then-delay lock, ns; 0 before the first. */
  delayNs: ColumnOf<Float64Array, Ns>;
  /** The timer of the LWP's system call has gone off. */
  timedOut: Uint8Array;
  /** When the sleep of the LWP's nanosleep() ends, ns. */
  deadlineNs: ColumnOf<Float64Array, Ns>;
  /** When the LWP's next lwp_park() ends by itself, ns; 0: never. */
  parkUntilNs: ColumnOf<Float64Array, Ns>;
  /** Mutex that the LWP gave up for a wait on a condition variable (ul_cvmutex). */
  cvmutex: Int32Array;
  /** The LWP's wait on a condition variable was cancelled: it ends as soon as it has given the mutex back. */
  waitCancelled: Uint8Array;
  /** By CPU: the lock that the thread on it spins for, in user mode and right now; NONE. */
  readonly spinsFor: Int32Array;
  /** libc asked for a shared structure and got none: it does not ask again. */
  schedctlFailed: Uint8Array;
  /** sc_nopreempt as it was before libc's outermost no_preempt() (ul_savpreempt). */
  savedNopreempt: Int16Array;
  /** Adaptive mutexes that the LWP holds: who spins for one must be told when the LWP leaves its CPU. */
  adaptiveHeld: Int32Array;
  /**
   * User address of the LWP's shared structure as libc has it noted in the LWP's user-level structure; it stays when
   * the LWP is gone. 0: never had one.
   */
  scAddress: Float64Array;
  /** Signal that libc has put off until the LWP leaves its critical section (ul_cursig), 0 for none. */
  cursig: Uint8Array;
  /** What libc knows of the LWP's cancellation: bits of {@link CANCEL}. */
  cancel: Uint8Array;
  /** The LWP's stream of random numbers. */
  stream: Int32Array;
  /** Adaptive mutexes whose owner is gone: who spins for one goes by whoever has the slot now. */
  orphanedMutexes = 0;
  readonly depth: number;
  private room: number;

  /** @param lwps LWPs that are known from the start; {@link ensure} makes room for more */
  constructor(lwps: number, cpus: number, depth: number) {
    this.pc = new Int32Array(lwps);
    this.phase = new Uint8Array(lwps);
    this.kernelNs = new Float64Array(lwps);
    this.userNs = new Float64Array(lwps);
    this.inKernel = new Uint8Array(lwps);
    this.syscall = new Uint8Array(lwps);
    this.syscallArg = new Float64Array(lwps);
    this.counters = new Float64Array(lwps * depth);
    this.spinLeftNs = new Float64Array(lwps);
    this.delayNs = new Float64Array(lwps);
    this.timedOut = new Uint8Array(lwps);
    this.deadlineNs = new Float64Array(lwps);
    this.parkUntilNs = new Float64Array(lwps);
    this.cvmutex = new Int32Array(lwps);
    this.waitCancelled = new Uint8Array(lwps);
    this.spinsFor = new Int32Array(cpus).fill(NONE);
    this.schedctlFailed = new Uint8Array(lwps);
    this.savedNopreempt = new Int16Array(lwps);
    this.adaptiveHeld = new Int32Array(lwps);
    this.scAddress = new Float64Array(lwps);
    this.cursig = new Uint8Array(lwps);
    this.cancel = new Uint8Array(lwps);
    this.stream = Int32Array.from({ length: lwps }, (_, t) => t);
    this.depth = depth;
    this.room = lwps;
  }

  /** Makes room for LWP `t`: replaces the columns, so that none may be kept over a call. */
  ensure(t: number): void {
    if (t < this.room) return;
    this.room = Math.max(16, 2 * this.room, t + 1);
    const { room } = this;
    this.pc = grown(this.pc, room);
    this.phase = grown(this.phase, room);
    this.kernelNs = grown(this.kernelNs, room);
    this.userNs = grown(this.userNs, room);
    this.inKernel = grown(this.inKernel, room);
    this.syscall = grown(this.syscall, room);
    this.syscallArg = grown(this.syscallArg, room);
    this.counters = grown(this.counters, room * this.depth);
    this.spinLeftNs = grown(this.spinLeftNs, room);
    this.delayNs = grown(this.delayNs, room);
    this.timedOut = grown(this.timedOut, room);
    this.deadlineNs = grown(this.deadlineNs, room);
    this.parkUntilNs = grown(this.parkUntilNs, room);
    this.cvmutex = grown(this.cvmutex, room);
    this.waitCancelled = grown(this.waitCancelled, room);
    this.schedctlFailed = grown(this.schedctlFailed, room);
    this.savedNopreempt = grown(this.savedNopreempt, room);
    this.adaptiveHeld = grown(this.adaptiveHeld, room);
    this.scAddress = grown(this.scAddress, room);
    this.cursig = grown(this.cursig, room);
    this.cancel = grown(this.cancel, room);
    this.stream = grown(this.stream, room);
  }

  /**
   * forkall: LWP `to` is a copy of `from` where that is in its program and in libc. It has no shared structure, and
   * chance of its own.
   */
  copy(from: number, to: number): void {
    for (const column of [
      this.pc,
      this.phase,
      this.userNs,
      this.spinLeftNs,
      this.delayNs,
      this.parkUntilNs,
      this.syscall,
      this.syscallArg,
      this.savedNopreempt,
      this.waitCancelled,
      this.cancel,
    ])
      column[to] = column[from]!;
    const { counters, depth } = this;
    counters.copyWithin(to * depth, from * depth, (from + 1) * depth);
  }

  /** What the LWP's program and libc had under way is forgotten: a new program begins (exec). */
  restart(t: number): void {
    for (const column of [
      this.phase,
      this.userNs,
      this.spinLeftNs,
      this.delayNs,
      this.parkUntilNs,
      this.savedNopreempt,
    ])
      column[t] = 0;
    for (const column of [this.schedctlFailed, this.scAddress, this.cancel, this.waitCancelled])
      column[t] = 0;
    this.counters.fill(0, t * this.depth, (t + 1) * this.depth);
  }
}

function grown<Column extends Int32Array | Uint8Array | Float64Array | Int16Array>(
  column: Column,
  room: number,
): Column {
  const next = new (column.constructor as new (length: number) => Column)(room);
  next.set(column);
  return next;
}
