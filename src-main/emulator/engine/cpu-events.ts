/** What an administrator does to CPUs while a scenario runs: psradm, psrset. What the kernel refuses does not happen. */
import { NONE } from '#shared/base/none.ts';
import { WorkbenchError } from '#shared/base/errors.ts';
import { CID } from '#shared/model/enums.ts';
import { KIND } from '#shared/model/kinds.ts';
import type { CpuEventPlan, ProcessorSetPlan, TargetPlan } from '../plan.ts';
import type { Kernel } from './kernel.ts';
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
      for (const cpu of cpus) this.kernel.cpuState.cpupart_move_cpu(cpu, index + 1, false);
    });
  }

  /** An event is due; no thread is current. */
  happens(plan: CpuEventPlan): void {
    const { cpuState } = this.kernel;
    switch (plan.event) {
      case 'offline':
        cpuState.cpu_offline(plan.cpu, plan.forced);
        break;
      case 'online':
        cpuState.cpu_online(plan.cpu);
        break;
      case 'assign':
        cpuState.cpupart_move_cpu(plan.cpu, plan.part, plan.forced);
        break;
      case 'bind':
        for (const t of this.threadsOf(plan.target)) this.bind(t, plan.part);
    }
  }

  private bind(t: number, part: number): void {
    const { kernel } = this;
    if (kernel.machine.get(KIND.t_cid, t) === CID.FSS && kernel.machine.get(KIND.t_cpupart, t) !== part) {
      throw new WorkbenchError(
        'scenario-rule',
        `LWP "${this.lives.lwps[t]!.name}" is of the class FSS, whose threads cannot change their processor set here while they run; give it its set from the start`,
      );
    }
    kernel.cpuState.cpupart_move_thread(t, part);
  }

  /** A copy: a thread that is moved changes no list, but its class may. */
  private threadsOf(target: TargetPlan): number[] {
    const { kernel, lives } = this;
    if (target.kind === 'process') {
      const p = lives.processNamed(target.name);
      return p === NONE ? [] : [...kernel.threads(p)];
    }
    const t = target.kind === 'lwp' ? lives.lwpNamed(target.name) : NONE;
    return t !== NONE && kernel.machine.state.read(KIND.lwp_alive, t) !== 0 ? [t] : [];
  }
}
