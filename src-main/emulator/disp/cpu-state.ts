/**
 * CPUs that go offline and come back, and processor sets (cpu.c, cpupart.c): what psradm(1M) and psrset(1M) ask for.
 *
 * A CPU that leaves, for good or for another set, lets go of every thread: queued ones go to another CPU's queue, the
 * running one is preempted, and for sleepers another CPU counts as the last. Bound threads are in the way: the call
 * is refused, unless it is forced, which unbinds them.
 *
 * Functions return 0 or an error number, and act with no thread current.
 */
import { NONE } from '#shared/base/none.ts';
import { CAUSE } from '#shared/model/causes.ts';
import { TS } from '#shared/model/enums.ts';
import { KIND } from '#shared/model/kinds.ts';
import { EBUSY, EINVAL } from '../errno.ts';
import type { Machine } from '../machine.ts';
import type { CpuPartitions } from './cpu-part.ts';
import type { RunQueues } from './run-queues.ts';

/** What leaving a CPU needs from the rest of the kernel. */
export interface CpuStateServices {
  forEachThread(visit: (t: number) => void): void;
  /** Makes the thread on a CPU give it up: its class says to which end of a queue it goes. Switches. */
  preemptOn(cpu: number): void;
  poke_cpu(cpu: number): void;
  /** The FSS class follows a thread to its new processor set. */
  fss_changepset(t: number, newpp: number): void;
}

export class CpuState {
  private readonly machine: Machine;
  private readonly cpus: CpuPartitions;
  private readonly queues: RunQueues;
  private readonly services: CpuStateServices;

  constructor(machine: Machine, cpus: CpuPartitions, queues: RunQueues, services: CpuStateServices) {
    this.machine = machine;
    this.cpus = cpus;
    this.queues = queues;
    this.services = services;
  }

  /** p_online(P_OFFLINE). EBUSY for the last CPU of a processor set, and where threads are bound to it. */
  cpu_offline(cp: number, forced: boolean): number {
    const { machine, cpus } = this;
    if (machine.get(KIND.cpu_online, cp) === 0) return 0;
    const part = machine.get(KIND.cpu_part, cp);
    if (cpus.onlineIn(part) <= 1 || !this.unbound(cp, forced, CAUSE.cpu_offline)) return EBUSY;
    machine.set(KIND.cpu_online, cp, 0, CAUSE.cpu_offline);
    cpus.cpu_remove_active(cp);
    this.leave(cp, part, CAUSE.cpu_offline);
    return 0;
  }

  /** p_online(P_ONLINE): the CPU looks for work at once. */
  cpu_online(cp: number): number {
    const { machine } = this;
    if (machine.get(KIND.cpu_online, cp) !== 0) return 0;
    machine.set(KIND.cpu_online, cp, 1, CAUSE.cpu_online);
    this.cpus.cpu_add_active(cp);
    this.services.poke_cpu(cp);
    return 0;
  }

  /**
   * pset_assign(): the CPU belongs to another processor set. EBUSY where it is the last of a set that has threads, or
   * of the default set, and where threads are bound to it.
   */
  cpupart_move_cpu(cp: number, newpp: number, forced: boolean): number {
    const { machine, cpus } = this;
    const cause = CAUSE.cpupart_move_cpu;
    const oldpp = machine.get(KIND.cpu_part, cp);
    if (oldpp === newpp) return 0;
    const online = machine.get(KIND.cpu_online, cp) !== 0;
    if (online && cpus.onlineIn(oldpp) === 1 && (oldpp === 0 || this.hasThreads(oldpp))) return EBUSY;
    if (!this.unbound(cp, forced, cause)) return EBUSY;
    if (online) cpus.cpu_remove_active(cp);
    machine.set(KIND.cpu_part, cp, newpp, cause);
    if (!online) return 0;
    cpus.cpu_add_active(cp);
    this.leave(cp, oldpp, cause);
    this.services.poke_cpu(cp);
    return 0;
  }

  /**
   * pset_bind(): the thread runs on the CPUs of a processor set from now on. EINVAL for a set without CPUs, EBUSY for
   * a thread that is bound to a CPU of another.
   */
  cpupart_move_thread(t: number, newpp: number): number {
    const { machine, cpus, queues } = this;
    if (machine.get(KIND.t_cpupart, t) === newpp) return 0;
    if (cpus.firstOf(newpp) === NONE) return EINVAL;
    const bound = machine.get(KIND.t_bound_cpu, t);
    if (bound !== NONE && machine.get(KIND.cpu_part, bound) !== newpp) return EBUSY;
    this.services.fss_changepset(t, newpp);
    machine.set(KIND.t_cpupart, t, newpp, CAUSE.cpupart_move_thread);
    if (machine.get(KIND.t_state, t) === TS.ONPROC) queues.cpu_surrender(t);
    else if (queues.dispdeq(t)) queues.setbackdq(t);
    return 0;
  }

  /** Whether nothing is bound to the CPU, or no longer is: cpu_unbind(). */
  private unbound(cp: number, forced: boolean, cause: number): boolean {
    const { machine, queues } = this;
    let bound = 0;
    this.services.forEachThread((t) => {
      if (machine.get(KIND.t_bound_cpu, t) !== cp) return;
      if (!forced) {
        bound++;
        return;
      }
      machine.set(KIND.t_bound_cpu, t, NONE, cause);
      // Queued anew, it counts among the unbound threads of the queue: only those are looked for there.
      if (queues.dispdeq(t)) queues.setbackdq(t);
    });
    return bound === 0;
  }

  private hasThreads(part: number): boolean {
    let found = false;
    this.services.forEachThread((t) => {
      found ||= this.machine.get(KIND.t_cpupart, t) === part;
    });
    return found;
  }

  /** The CPU is in no ring of `part` any more: its threads go on elsewhere in that set. */
  private leave(cp: number, part: number, cause: number): void {
    const { machine, cpus } = this;
    const hint = cpus.firstOf(part);
    this.services.forEachThread((t) => {
      if (machine.get(KIND.t_cpu, t) !== cp) return;
      // One that has gone to another set, but has not run there, may come back: a CPU that is offline is not to be found.
      if (cause !== CAUSE.cpu_offline && machine.get(KIND.t_cpupart, t) !== part) return;
      machine.set(KIND.t_cpu, t, cpus.disp_lowpri_cpu(hint), cause);
    });
    this.queues.disp_cpu_inactive(cp);
    if (machine.get(KIND.cpu_dispthread, cp) !== NONE) this.services.preemptOn(cp);
  }
}
