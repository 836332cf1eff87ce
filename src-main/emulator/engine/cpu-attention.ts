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
  private readonly machine: Machine;
  /** Known only when the kernel is there, which is told of this one before. */
  private cpus: CpuPartitions | null = null;

  constructor(machine: Machine, cpus: number) {
    this.machine = machine;
    this.poked = new Int32Array(cpus);
    this.isPoked = new Uint8Array(cpus);
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

  /**
   * A thread runs on `cpu` now. If it idled, another idle CPU goes on to look for work in its stead: every idle CPU does
   * so all the time in the kernel (idle()), and this one may not have taken what it was woken for, or waited for.
   */
  busy(cpu: number): void {
    if (this.isIdle[cpu] === 0) return;
    this.isIdle[cpu] = 0;
    this.idleCpus--;
    if (this.idleCpus > 0 && this.disp_anywork(cpu)) this.wakeIdleCpu(cpu);
  }

  /** `cpu` idles. */
  idle(cpu: number): void {
    this.idleCpus += 1 - this.isIdle[cpu]!;
    this.isIdle[cpu] = 1;
  }

  /** disp_anywork(): whether a CPU of the processor set of `cpu` that is busy has a thread for others on its queue. */
  private disp_anywork(cpu: number): boolean {
    const { cpus, machine } = this;
    let ocp = cpu;
    do {
      const isBusy = machine.get(KIND.cpu_dispatch_pri, ocp) !== -1;
      if (isBusy && machine.get(KIND.disp_max_unbound_pri, ocp) !== -1) return true;
      ocp = cpus!.nextInPart(ocp);
    } while (ocp !== cpu);
    return false;
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
