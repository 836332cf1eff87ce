/**
 * What an administrator does to CPUs while a scenario runs: psradm, psrset. What the kernel refuses does not happen,
 * but is a row of the trace.
 */
import type { CauseId, CpuId } from '#shared/base/brands.ts';
import { NONE } from '#shared/base/none.ts';
import { CAUSE } from '#shared/model/causes.ts';
import { KIND } from '#shared/model/kinds.ts';
import { cpu_offline, cpu_online } from '../kernel/disp/cpu-state.ts';
import { cpupart_attach_cpu, cpupart_move_thread } from '../kernel/disp/cpupart-move.ts';
import type { CpuEventPlan, ProcessorSetPlan } from '../plan.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { Lives } from './lives.ts';

export class CpuEvents {
  private readonly kernel: Kernel;
  private readonly lives: Lives;

  constructor(kernel: Kernel, lives: Lives) {
    this.kernel = kernel;
    this.lives = lives;
  }

  /** Assigns the CPUs of processor sets before anything runs; set i is partition i + 1. */
  setUp(sets: readonly ProcessorSetPlan[]): void {
    sets.forEach(({ cpus }, index) => {
      for (const cpu of cpus) cpupart_attach_cpu(this.kernel.disp, cpu, index + 1, false);
    });
  }

  /** An event is due; no thread is current. */
  happens(plan: CpuEventPlan): void {
    const { disp, machine } = this.kernel;
    switch (plan.event) {
      case 'offline':
        this.refused(plan.cpu, NONE, CAUSE.cpu_offline, cpu_offline(disp, plan.cpu, plan.forced));
        break;
      case 'online':
        this.refused(plan.cpu, NONE, CAUSE.cpu_online, cpu_online(disp, plan.cpu));
        break;
      case 'assign': {
        const error = cpupart_attach_cpu(disp, plan.cpu, plan.part, plan.forced);
        this.refused(plan.cpu, plan.part, CAUSE.cpupart_move_cpu, error);
        break;
      }
      case 'bind':
        for (const t of this.lives.threadsOf(plan.target)) {
          const error = cpupart_move_thread(disp, t, plan.part);
          const cpu = machine.get(KIND.t_cpu, t);
          this.refused(cpu, plan.part, CAUSE.cpupart_move_thread, error, t);
        }
    }
  }

  private refused(cpu: CpuId, part: number, cause: CauseId, error: number, t: number = NONE): void {
    const { machine } = this.kernel;
    if (error === 0) return;
    machine.probe.at(machine.timeNs, cpu, t, cause).assign(KIND.cpu_event_refused, part, 0, error);
  }
}
