/**
 * Which CPUs have something to look at: those that were poked, and idle ones that may find work.
 *
 * A poke takes effect when the event that made it has been dealt with, in the order of the pokes.
 *
 * Hot: runs at every switch and every wake-up, and allocates nothing.
 */
import { KIND } from '#shared/model/kinds.ts';
import type { CpuPartitions } from '../disp/cpu-part.ts';
import type { CpuSignals } from '../disp/run-queues.ts';
import type { Machine } from '../machine.ts';

export class CpuAttention implements CpuSignals {
  /** CPUs that have been poked and not looked at yet: a ring, in order. */
  private readonly poked: Int32Array;
  private from = 0;
  private count = 0;
  private readonly isPoked: Uint8Array;
  /** CPUs that idle, and how many: nobody is to be woken where none does. */
  private readonly isIdle: Uint8Array;
  private idleCpus: number;
  /** Idle CPUs that will look again for a thread that is not to be taken yet. */
  private readonly watches: Uint8Array;
  private readonly machine: Machine;
  /** Known only when the kernel is there, which is told of this one before. */
  private cpus: CpuPartitions | null = null;

  constructor(machine: Machine, cpus: number) {
    this.machine = machine;
    this.poked = new Int32Array(cpus);
    this.isPoked = new Uint8Array(cpus);
    this.watches = new Uint8Array(cpus);
    this.isIdle = new Uint8Array(cpus).fill(1);
    this.idleCpus = cpus;
  }

  setPartitions(cpus: CpuPartitions): void {
    this.cpus = cpus;
  }

  /** Whether any CPU has been poked. */
  get isWanted(): boolean {
    return this.count > 0;
  }

  /** The CPU that was poked first; it is poked no more. */
  take(): number {
    const cpu = this.poked[this.from]!;
    this.from = this.from + 1 === this.poked.length ? 0 : this.from + 1;
    this.count--;
    this.isPoked[cpu] = 0;
    return cpu;
  }

  poke_cpu(cpu: number): void {
    if (this.isPoked[cpu] !== 0) return;
    this.isPoked[cpu] = 1;
    let at = this.from + this.count++;
    if (at >= this.poked.length) at -= this.poked.length;
    this.poked[at] = cpu;
  }

  disp_enq_thread(cpu: number, bound: boolean): void {
    if (this.machine.get(KIND.cpu_dispatch_pri, cpu) === -1) {
      // Poked already, it is to run another thread first, or to take one from elsewhere.
      if (this.isPoked[cpu] !== 0 && !bound) this.wakeIdleCpu(cpu);
      else this.poke_cpu(cpu);
      return;
    }
    if (!bound) this.wakeIdleCpu(cpu);
  }

  /** A thread runs on `cpu` now. */
  busy(cpu: number): void {
    if (this.isIdle[cpu] !== 0) {
      this.isIdle[cpu] = 0;
      this.idleCpus--;
      // An idle CPU does not halt while there is anything on a queue (disp_anywork), and nobody took it from an idle one.
      if (this.idleCpus > 0 && this.machine.get(KIND.disp_nrunnable, cpu) > 0) this.wakeIdleCpu(cpu);
    }
    if (this.watches[cpu] !== 0) {
      // It waited for another CPU's thread to become free to take; an idle CPU is to wait in its stead.
      this.watches[cpu] = 0;
      this.wakeIdleCpu(cpu);
    }
  }

  /** `cpu` idles. `watches`: it will look for work again by itself. */
  idle(cpu: number, watches: boolean): void {
    this.idleCpus += 1 - this.isIdle[cpu]!;
    this.isIdle[cpu] = 1;
    this.watches[cpu] = watches ? 1 : 0;
  }

  /** Lets some idle CPU other than `cpu` look for work. */
  private wakeIdleCpu(cpu: number): void {
    const { cpus, machine } = this;
    if (this.idleCpus === 0) return;
    for (let other = cpus!.nextInPart(cpu); other !== cpu; other = cpus!.nextInPart(other)) {
      if (machine.get(KIND.cpu_dispatch_pri, other) === -1 && this.isPoked[other] === 0) {
        this.poke_cpu(other);
        return;
      }
    }
  }
}
