/**
 * What LWPs are doing, as far as no kernel field says it: where they are in their programs, and how much CPU
 * time they need before something happens. Columns by LWP.
 */
import { NONE } from '#shared/base/brand.ts';

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
} as const;

export class UserThreads {
  /** Address of the current instruction. */
  readonly pc: Int32Array;
  /** How far the current instruction has got; 0 at its start. Each instruction has phases of its own. */
  readonly phase: Uint8Array;
  /** CPU time that the LWP still needs in the kernel, and then in user mode, before it goes on, ns. */
  readonly kernelNs: Float64Array;
  readonly userNs: Float64Array;
  /** 1 while the LWP is in the kernel: runrun has to wait until it returns. */
  readonly inKernel: Uint8Array;
  /** System call whose effect is due when the kernel time has passed. */
  readonly syscall: Uint8Array;
  readonly syscallArg: Float64Array;
  /** Loop counters, `depth` for each LWP. */
  readonly counters: Float64Array;
  /** Spin time left before a spinner gives up (spin-then-delay, adaptive), ns; Infinity: never. */
  readonly spinLeftNs: Float64Array;
  /** The last sleep of a spin-then-delay lock, ns; 0 before the first. */
  readonly delayNs: Float64Array;
  /** t_unpark: an lwp_unpark() came before the lwp_park(). */
  readonly unparked: Uint8Array;
  /** By CPU: the lock that the thread on it spins for, in user mode and right now; NONE. */
  readonly spinsFor: Int32Array;
  /** libc asked for a shared structure and got none: it does not ask again. */
  readonly schedctlFailed: Uint8Array;
  /** sc_nopreempt as it was before libc's outermost no_preempt() (ul_savpreempt). */
  readonly savedNopreempt: Int16Array;
  /** Adaptive mutexes that the LWP holds: who spins for one must be told when the LWP leaves its CPU. */
  readonly adaptiveHeld: Int32Array;
  readonly depth: number;

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
    this.unparked = new Uint8Array(lwps);
    this.spinsFor = new Int32Array(cpus).fill(NONE);
    this.schedctlFailed = new Uint8Array(lwps);
    this.savedNopreempt = new Int16Array(lwps);
    this.adaptiveHeld = new Int32Array(lwps);
    this.depth = depth;
  }
}
