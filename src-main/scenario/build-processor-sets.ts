/** From CPUs and processor sets as they are written to numbers. */
import type { CpuId } from '#shared/base/brands.ts';
import { MAX_PARTITIONS } from '#shared/model/queues.ts';
import type { ProcessorSetPlan } from '../emulator/plan.ts';
import type { CpuNames } from './build-cpu-events.ts';
import { choices, type BuildReport } from './build-report.ts';
import type { ScenarioText } from './schema.ts';
import type { ValuePath } from './yaml-source.ts';

export class ProcessorSets implements CpuNames {
  readonly plans: ProcessorSetPlan[] = [];
  private readonly index = new Map<string, number>([['default', 0]]);
  private readonly setOfCpu = new Map<number, number>();
  private readonly report: BuildReport;
  /** CPUs of the machine, and as many as the text says. */
  private readonly cpus: number;
  private readonly written: number;

  constructor(report: BuildReport, text: ScenarioText, cpus: number) {
    this.report = report;
    this.cpus = cpus;
    this.written = text.cpus;
    for (const [name, members] of Object.entries(text.processor_sets ?? {})) this.add(name, members);
    if (this.setOfCpu.size >= cpus) {
      report.problem(
        ['processor_sets'],
        'found all CPUs in sets, expected one at least to be left for the default set',
      );
    }
  }

  part(name: string, path: ValuePath): number {
    const part = this.index.get(name);
    if (part !== undefined) return part;
    this.report.problem(path, `found "${name}", expected the name of a processor set${choices(this.index)}`);
    return 0;
  }

  checkCpu(cpu: CpuId, path: ValuePath): void {
    if (cpu < this.cpus) return;
    const asked = this.cpus === this.written ? '' : ' that the recording was asked for';
    this.report.problem(
      path,
      `found CPU ${cpu}, expected one of the ${this.cpus} CPUs${asked}, 0 to ${this.cpus - 1}`,
    );
  }

  /** Processor set of an LWP: as said, or that of the CPU that it is bound to. */
  partOf(set: string | undefined, boundCpu: CpuId, at: ValuePath): number {
    const ofCpu = boundCpu < 0 ? undefined : (this.setOfCpu.get(boundCpu) ?? 0);
    if (set === undefined) return ofCpu ?? 0;
    const path = [...at, 'set'];
    const part = this.part(set, path);
    if (ofCpu !== undefined && ofCpu !== part) {
      this.report.problem(
        path,
        `found the set "${set}", expected the set of CPU ${boundCpu}, which the LWP is bound to`,
      );
    }
    return part;
  }

  private add(name: string, cpus: readonly number[]): void {
    const { index, plans, report, setOfCpu } = this;
    const path = ['processor_sets', name];
    if (index.has(name)) {
      report.problem(path, 'found a set "default", expected another name: every machine has that');
    }
    if (plans.length + 1 >= MAX_PARTITIONS) {
      const most = MAX_PARTITIONS - 1;
      report.problem(path, `found more than ${most} processor sets, expected at most that many`);
    }
    cpus.forEach((cpu, at) => {
      this.checkCpu(cpu, [...path, at]);
      if (setOfCpu.has(cpu)) report.problem([...path, at], `found CPU ${cpu}, which is in a set already`);
      setOfCpu.set(cpu, plans.length + 1);
    });
    index.set(name, plans.push({ name, cpus }));
  }
}
