/** What user-level code (programs and libc) works on. */
import type { CpuTime } from './cpu-time.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { RandomStreams } from './random.ts';
import type { SyncObjects } from './sync-objects.ts';
import type { Machine } from '../machine.ts';
import type { CostPlan, LockPlan } from '../plan.ts';
import type { UserThreads } from './user-threads.ts';

export interface UserContext {
  readonly machine: Machine;
  readonly kernel: Kernel;
  readonly threads: UserThreads;
  readonly cpuTime: CpuTime;
  readonly costs: CostPlan;
  /** Synchronisation objects of the plan, which programs name by index. */
  readonly locks: readonly LockPlan[];
  /** The objects themselves, by id; and who waits for which (`objects.waiting`). */
  readonly objects: SyncObjects;
  /** Streams of LWPs are in `threads.stream`, those of locks in `objects`. */
  readonly random: RandomStreams;
  /**
   * The LWP of that name that was created last, in the same process if there is one; NONE where there has been none.
   */
  readonly lwpNamed: (name: string) => number;
  /** schedctl() takes effect for the current LWP. */
  readonly askForStructure: (t: number) => void;
  /** Ends the run: the scenario broke a rule of the machine. */
  readonly violation: (t: number, message: string) => never;
}

/**
 * The current LWP enters the kernel; the call takes effect when its time has passed, and user code goes on
 * after it.
 */
export function systemCall(u: UserContext, t: number, call: number, argument = 0): void {
  const { threads } = u;
  threads.syscall[t] = call;
  threads.syscallArg[t] = argument;
  threads.inKernel[t] = 1;
  threads.kernelNs[t] = u.costs.systemCallNs;
}
