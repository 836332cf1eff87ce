/**
 * Which CPUs have something to look at: those that were poked, and idle ones that may find work.
 *
 * A poke takes effect when the event that made it has been dealt with, in the order of the pokes. An idle CPU does not
 * go round its idle loop all the time, as one of the kernel does: it is halted, and is woken for everything that it
 * would have found. Which of several is woken first is the platform's choice (disp_enq_thread, bitset_find() of the
 * halted CPUs); here it is the next one in the ring of its processor set.
 *
 * Hot: runs at every switch and every wake-up, and allocates nothing.
 */
import type { CpuId } from '#shared/base/brands.ts';
import { NONE } from '#shared/base/none.ts';
import { KIND } from '#shared/model/kinds.ts';
import { CPU_IDLE_PRI, type CpuSignals, type DispContext } from '../kernel/disp/disp-context.ts';
import { disp_anywork } from '../kernel/disp/getwork.ts';
import type { Machine } from '../machine.ts';

export class CpuAttention implements CpuSignals {
  /** CPUs that have been poked and not looked at yet: a ring, in order. */
  private readonly poked: Int32Array;
  private from = 0;
  private count = 0;
  private readonly isPoked: Uint8Array;
  /** CPUs that idle, and how many: where none does, none needs a wake-up. */
  private readonly isIdle: Uint8Array;
  private idleCpus: number;
  /** Idle CPUs that wait until they may take a thread, and how many. */
  private readonly isWaiting: Uint8Array;
  private waitingCpus = 0;
  private readonly machine: Machine;
  /** Known only when the kernel is there, which is told of this one before. */
  private disp: DispContext | null = null;

  constructor(machine: Machine, cpus: number) {
    this.machine = machine;
    this.poked = new Int32Array(cpus);
    this.isPoked = new Uint8Array(cpus);
    this.isIdle = new Uint8Array(cpus).fill(1);
    this.idleCpus = cpus;
    this.isWaiting = new Uint8Array(cpus);
  }

  setDispatcher(disp: DispContext): void {
    this.disp = disp;
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

  poke_cpu(cpu: CpuId): void {
    if (this.isPoked[cpu] !== 0) return;
    this.isPoked[cpu] = 1;
    let at = this.from + this.count++;
    if (at >= this.poked.length) at -= this.poked.length;
    this.poked[at] = cpu;
  }

  disp_enq_thread(cpu: CpuId, bound: boolean): void {
    if (this.machine.get(KIND.cpu_dispatch_pri, cpu) === CPU_IDLE_PRI) {
      // Poked already, it is to run another thread first, or to take one from elsewhere.
      if (this.isPoked[cpu] !== 0 && !bound) this.wakeIdleCpu(cpu);
      else this.poke_cpu(cpu);
      return;
    }
    if (!bound) this.wakeIdleCpu(cpu);
  }

  /**
   * A thread runs on `cpu` now. If that idled, another idle CPU goes on to look for work in its stead, as every idle
   * CPU does all the time in the kernel: this one may not have taken what it was woken for, or waited for. And idle
   * CPUs that wait until they may take a thread look again, since it may be this one that they waited for.
   */
  switchedIn(cpu: CpuId): void {
    if (this.isIdle[cpu] !== 0) {
      this.isIdle[cpu] = 0;
      this.idleCpus--;
      this.setWaiting(cpu, 0);
      const other = this.nextIdle(cpu);
      if (other !== NONE && disp_anywork(this.disp!, other)) this.poke_cpu(other);
    }
    if (this.waitingCpus > 0) this.pokeWaiting(cpu);
  }

  /** `cpu` idles; it waits where there is a thread that it may take in a moment. */
  idle(cpu: CpuId, waits: boolean): void {
    this.idleCpus += 1 - this.isIdle[cpu]!;
    this.isIdle[cpu] = 1;
    this.setWaiting(cpu, waits ? 1 : 0);
  }

  private setWaiting(cpu: CpuId, waits: 0 | 1): void {
    this.waitingCpus += waits - this.isWaiting[cpu]!;
    this.isWaiting[cpu] = waits;
  }

  /** Lets some idle CPU other than `cpu` look for work. */
  private wakeIdleCpu(cpu: CpuId): void {
    const other = this.nextIdle(cpu);
    if (other !== NONE) this.poke_cpu(other);
  }

  /** The next idle CPU of the processor set of `cpu` that is not awake already, NONE where there is none. */
  private nextIdle(cpu: CpuId): number {
    if (this.idleCpus === 0) return NONE;
    const { machine } = this;
    const { cpus } = this.disp!;
    for (let other = cpus.next(cpu); other !== cpu; other = cpus.next(other)) {
      const idles = machine.get(KIND.cpu_dispatch_pri, other) === CPU_IDLE_PRI;
      if (idles && this.isPoked[other] === 0) return other;
    }
    return NONE;
  }

  private pokeWaiting(cpu: CpuId): void {
    const { cpus } = this.disp!;
    for (let other = cpus.next(cpu); other !== cpu; other = cpus.next(other)) {
      if (this.isWaiting[other] !== 0) this.poke_cpu(other);
    }
  }
}
