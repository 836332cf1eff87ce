/**
 * CPUs and processor sets (cpupart.c, the lists in cpu.c), and the choice of a CPU for a thread.
 *
 * Hot: the choices run whenever a thread is queued and allocate nothing.
 */
import { NONE } from '#shared/base/none.ts';
import { CAUSE } from '#shared/model/causes.ts';
import { KIND } from '#shared/model/kinds.ts';
import type { Machine } from '../machine.ts';

/** Ticks off a CPU after which a thread's cache is taken to be cold (RECHOOSE_INTERVAL). */
export const rechoose_interval = 3;
/** Above any priority. */
const SHRT_MAX = 32_767;

export class CpuPartitions {
  readonly ncpus: number;
  private readonly machine: Machine;
  /** Next online CPU of the same processor set, in a ring. */
  private readonly cpu_next_part: Int32Array;

  /** All CPUs appear, online, in processor set 0. */
  constructor(machine: Machine, ncpus: number) {
    this.machine = machine;
    this.ncpus = ncpus;
    this.cpu_next_part = new Int32Array(ncpus);
    machine.ensure('cpu', ncpus - 1);
    machine.ensure('machine', 0);
    for (let cpu = 0; cpu < ncpus; cpu++) {
      machine.define({ table: 'cpu', id: cpu, name: `CPU ${cpu}` });
      machine.set(KIND.cpu_online, cpu, 1, CAUSE.setup);
      this.cpu_next_part[cpu] = (cpu + 1) % ncpus;
    }
  }

  /** cp->cpu_next_part */
  nextInPart(cpu: number): number {
    return this.cpu_next_part[cpu]!;
  }

  /** cpu_add_active(): an online CPU joins the ring of its processor set. */
  cpu_add_active(cpu: number): void {
    const part = this.machine.get(KIND.cpu_part, cpu);
    let before = cpu;
    // The ring is in the order of the CPUs' numbers: the next member, from behind, is followed by this one.
    for (let i = 1; i <= this.ncpus; i++) {
      before = (cpu - i + this.ncpus) % this.ncpus;
      if (before === cpu || this.isActive(before, part)) break;
    }
    this.cpu_next_part[cpu] = before === cpu ? cpu : this.cpu_next_part[before]!;
    this.cpu_next_part[before] = cpu;
  }

  /** cpu_remove_active(): a CPU leaves the ring of its processor set, and is alone in one of its own. */
  cpu_remove_active(cpu: number): void {
    let before = cpu;
    while (this.cpu_next_part[before] !== cpu) before = this.cpu_next_part[before]!;
    this.cpu_next_part[before] = this.cpu_next_part[cpu]!;
    this.cpu_next_part[cpu] = cpu;
  }

  /** cp_ncpus: online CPUs of a processor set. */
  onlineIn(part: number): number {
    let count = 0;
    for (let cpu = 0; cpu < this.ncpus; cpu++) if (this.isActive(cpu, part)) count++;
    return count;
  }

  private isActive(cpu: number, part: number): boolean {
    return this.machine.get(KIND.cpu_part, cpu) === part && this.machine.get(KIND.cpu_online, cpu) !== 0;
  }

  /** cp_cpulist: some online CPU of a processor set, NONE when it has none. */
  firstOf(part: number): number {
    for (let cpu = 0; cpu < this.ncpus; cpu++) {
      if (this.isActive(cpu, part)) return cpu;
    }
    return NONE;
  }

  /**
   * The CPU of the hint's processor set on which the least urgent thread runs or waits; the search starts at
   * the hint, and an idle CPU ends it.
   */
  disp_lowpri_cpu(hint: number): number {
    const { machine } = this;
    let best = hint;
    let bestPri = SHRT_MAX;
    let cpu = hint;
    do {
      const pri = Math.max(
        machine.get(KIND.cpu_dispatch_pri, cpu),
        machine.get(KIND.disp_maxrunpri, cpu),
        machine.get(KIND.cpu_chosen_level, cpu),
      );
      if (pri < bestPri) {
        if (pri === -1) return cpu;
        best = cpu;
        bestPri = pri;
      }
      cpu = this.cpu_next_part[cpu]!;
    } while (cpu !== hint);
    return best;
  }

  /** The thread's own CPU, unless it has been off it for so long that another is as good. */
  cpu_choose(t: number): number {
    const { machine } = this;
    const cpu = machine.get(KIND.t_cpu, t);
    const away = machine.get(KIND.lbolt, 0) - machine.get(KIND.t_disp_time, t);
    return away > rechoose_interval && t !== machine.curthread ? this.disp_lowpri_cpu(cpu) : cpu;
  }
}
