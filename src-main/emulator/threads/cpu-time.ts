/**
 * Who computes, and for how much longer: turns the CPU time that threads need into events.
 *
 * A thread on a CPU first works off its kernel time, then its user time; when either is used up the CPU's event
 * comes due. Taken off the CPU in between, it keeps what is left.
 *
 * Hot: runs at every switch and every burst, and allocates nothing.
 */
import type { ColumnOf, CpuId, Ns } from '#shared/base/brands.ts';
import { NONE } from '#shared/base/none.ts';
import type { Machine } from '../machine.ts';
import type { UserThreads } from './user-threads.ts';
import type { EventQueue } from './event-queue.ts';

export class CpuTime {
  private readonly machine: Machine;
  private readonly threads: UserThreads;
  private readonly events: EventQueue;
  private readonly startNs: ColumnOf<Float64Array, Ns>;

  /** Event number of a CPU is the CPU's own number. */
  constructor(machine: Machine, threads: UserThreads, events: EventQueue, cpus: number) {
    this.machine = machine;
    this.threads = threads;
    this.events = events;
    this.startNs = new Float64Array(cpus);
  }

  /** `t` begins, or goes on, to compute on `cpu`. */
  start(cpu: CpuId, t: number): void {
    const { threads } = this;
    const now = this.machine.timeNs;
    this.startNs[cpu] = now;
    const due = threads.inKernel[t] !== 0 ? threads.kernelNs[t]! : threads.userNs[t]!;
    if (due === Infinity) this.events.cancel(cpu);
    else this.events.schedule(cpu, now + due);
  }

  /** `t` leaves `cpu`: what it has not worked off stays due. */
  stop(cpu: CpuId, t: number): void {
    this.account(cpu, t);
    this.events.cancel(cpu);
  }

  /** A spinner is to look at its lock again at once. */
  interruptSpin(cpu: CpuId, t: number): void {
    this.account(cpu, t);
    this.events.schedule(cpu, this.machine.timeNs);
  }

  /**
   * Takes what `t` has worked since its start off what it needs. A spinner stops spinning: what is left of its
   * patience goes to where it decides anew.
   */
  account(cpu: CpuId, t: number): void {
    const { threads } = this;
    const now = this.machine.timeNs;
    const worked = now - this.startNs[cpu]!;
    this.startNs[cpu] = now;
    if (threads.inKernel[t] !== 0) {
      threads.kernelNs[t] = Math.max(0, threads.kernelNs[t]! - worked);
      return;
    }
    const left = Math.max(0, threads.userNs[t]! - worked);
    if (threads.spinsFor[cpu] === NONE) threads.userNs[t] = left;
    else {
      threads.spinsFor[cpu] = NONE;
      threads.spinLeftNs[t] = left;
      threads.userNs[t] = 0;
    }
  }

  /** CPU `cpu` idles until `retryNs`, Infinity for until it is poked. */
  idle(cpu: CpuId, retryNs: Ns): void {
    if (retryNs === Infinity) this.events.cancel(cpu);
    else this.events.schedule(cpu, Math.max(retryNs, this.machine.timeNs));
  }
}
