/**
 * The rings of online CPUs, one for each processor set (cpupart.c, the lists in cpu.c). A CPU joins at the tail; the
 * head moves on when it leaves. So a ring follows from the order of the `cpu_online` and `cpu_part` rows.
 *
 * Hot: {@link CpuPartitions.next} is asked for every CPU that is looked at.
 */
import { NONE } from '#shared/base/none.ts';
import { CAUSE } from '#shared/model/causes.ts';
import { KIND } from '#shared/model/kinds.ts';
import { MAX_PARTITIONS } from '#shared/model/queues.ts';
import type { Machine } from '../../machine.ts';

export class CpuPartitions {
  readonly ncpus: number;
  private readonly machine: Machine;
  private readonly cpu_next_part: Int32Array;
  private readonly cpu_prev_part: Int32Array;
  private readonly cp_cpulist = new Int32Array(MAX_PARTITIONS).fill(NONE);
  private readonly cp_ncpus = new Int32Array(MAX_PARTITIONS);

  /** All CPUs appear, online, in processor set 0. */
  constructor(machine: Machine, ncpus: number) {
    this.machine = machine;
    this.ncpus = ncpus;
    this.cpu_next_part = new Int32Array(ncpus);
    this.cpu_prev_part = new Int32Array(ncpus);
    machine.ensure('cpu', ncpus - 1);
    machine.ensure('machine', 0);
    for (let cpu = 0; cpu < ncpus; cpu++) {
      machine.define({ table: 'cpu', id: cpu, name: `CPU ${cpu}` });
      machine.set(KIND.cpu_online, cpu, 1, CAUSE.setup);
      this.join(cpu, 0);
    }
  }

  /** cpu_next_part: the next CPU of the ring; itself, where it is alone or in none. */
  next(cpu: number): number {
    return this.cpu_next_part[cpu]!;
  }

  /** cp_cpulist: where the ring of a processor set begins, NONE where it has no online CPU. */
  first(part: number): number {
    return this.cp_cpulist[part]!;
  }

  /** cp_ncpus: online CPUs of a processor set. */
  count(part: number): number {
    return this.cp_ncpus[part]!;
  }

  /** Whether a CPU is in the ring of a processor set. */
  has(part: number, cpu: number): boolean {
    return this.machine.get(KIND.cpu_part, cpu) === part && this.machine.get(KIND.cpu_online, cpu) !== 0;
  }

  /** CPUs of a ring in order. */
  ring(part: number): number[] {
    const first = this.first(part);
    if (first === NONE) return [];
    const cpus = [first];
    for (let cpu = this.next(first); cpu !== first; cpu = this.next(cpu)) cpus.push(cpu);
    return cpus;
  }

  /** A CPU joins the ring of a processor set at its tail: cpu_add_active(), the middle of cpupart_move_cpu(). */
  join(cpu: number, part: number): void {
    const first = this.cp_cpulist[part]!;
    if (first === NONE) {
      this.cp_cpulist[part] = cpu;
      this.cpu_next_part[cpu] = cpu;
      this.cpu_prev_part[cpu] = cpu;
    } else {
      const last = this.cpu_prev_part[first]!;
      this.cpu_next_part[cpu] = first;
      this.cpu_prev_part[cpu] = last;
      this.cpu_next_part[last] = cpu;
      this.cpu_prev_part[first] = cpu;
    }
    this.cp_ncpus[part]!++;
  }

  /** A CPU leaves the ring of a processor set: cpu_remove_active(), the middle of cpupart_move_cpu(). */
  leave(cpu: number, part: number): void {
    const next = this.cpu_next_part[cpu]!;
    const previous = this.cpu_prev_part[cpu]!;
    this.cpu_next_part[previous] = next;
    this.cpu_prev_part[next] = previous;
    if (this.cp_cpulist[part] === cpu) this.cp_cpulist[part] = next === cpu ? NONE : next;
    this.cpu_next_part[cpu] = cpu;
    this.cpu_prev_part[cpu] = cpu;
    this.cp_ncpus[part]!--;
  }
}
