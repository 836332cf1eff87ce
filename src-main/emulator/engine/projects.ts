/**
 * Projects and zones (task.c, rctl.c, zone.c): which project a process is in, and what shares of the CPU each project
 * and zone has. The FSS class follows once a second, or when a thread goes to another project.
 *
 * In the machine state a project has the number of its place in the scenario, from 1; 0 is the system's project of the
 * global zone. Zones have that of their place, 0 being the global zone.
 */
import { WorkbenchError } from '#shared/base/errors.ts';
import { CAUSE } from '#shared/model/causes.ts';
import { KIND } from '#shared/model/kinds.ts';
import type { ProjectEventPlan, ScenarioPlan } from '../plan.ts';
import type { Kernel } from '../kernel/kernel.ts';

export class Projects {
  private readonly kernel: Kernel;
  /** Numbers of the projects, by index into the plan's. */
  private readonly numbers: readonly number[];
  private readonly plan: ScenarioPlan;

  constructor(kernel: Kernel, plan: ScenarioPlan) {
    this.kernel = kernel;
    this.plan = plan;
    let last = 0;
    this.numbers = plan.projects.map(({ isSystem }) => (isSystem === true ? 0 : ++last));
  }

  /** Before anything runs: shares, and the project of each process of the plan. */
  setUp(): void {
    const { machine } = this.kernel;
    const { plan } = this;
    (plan.zones ?? []).forEach(({ shares }, zone) => {
      machine.ensure('machine', zone);
      machine.set(KIND.zone_shares, zone, shares, CAUSE.setup);
    });
    plan.projects.forEach(({ shares, zone }, index) => {
      const project = this.numbers[index]!;
      machine.ensure('machine', project);
      machine.set(KIND.kpj_zone, project, zone ?? 0, CAUSE.setup);
      machine.set(KIND.kpj_shares, project, shares, CAUSE.setup);
    });
    plan.processes.forEach(({ project }, p) => {
      machine.ensure('process', p);
      machine.set(KIND.p_project, p, this.numbers[project]!, CAUSE.setup);
    });
  }

  /**
   * An event is due; no thread is current.
   *
   * @param p process that a `newtask` is for, NONE where that has ended
   */
  happens(event: ProjectEventPlan, p: number): void {
    const { machine } = this.kernel;
    switch (event.event) {
      case 'project_shares':
        machine.set(KIND.kpj_shares, this.numbers[event.project]!, event.shares, CAUSE.rctl_set);
        break;
      case 'zone_shares':
        machine.set(KIND.zone_shares, event.zone, event.shares, CAUSE.rctl_set);
        break;
      case 'newtask':
        if (p >= 0) this.settaskid(p, event.project);
    }
  }

  /**
   * settaskid(): the process is in another project from now on, and FSS charges that for its threads. A process
   * stays in its zone: WorkbenchError `scenario-rule` for a project of another.
   */
  settaskid(p: number, project: number): void {
    const { classes, machine } = this.kernel;
    const kpj_new = this.numbers[project]!;
    const zone = machine.get(KIND.kpj_zone, machine.get(KIND.p_project, p));
    if (machine.get(KIND.kpj_zone, kpj_new) !== zone) {
      throw new WorkbenchError(
        'scenario-rule',
        `newtask found "${this.plan.projects[project]!.name}", a project of another zone, expected one of the zone that the process is in`,
      );
    }
    for (const t of this.kernel.threads(p)) classes.fss.fss_changeproj(t, kpj_new);
    machine.set(KIND.p_project, p, kpj_new, CAUSE.settaskid);
  }
}
