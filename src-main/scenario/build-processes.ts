/** From processes, LWPs and arrivals as they are written to their plans: `count` and `for_each` become LWPs. */
import type { ArrivalPlan, LwpPlan, ProcessPlan, SignalPlan } from '../emulator/plan.ts';
import type { Classes } from './build-classes.ts';
import type { Durations } from './build-durations.ts';
import type { Names } from './build-process-steps.ts';
import type { ProcessorSets } from './build-processor-sets.ts';
import type { Projects } from './build-projects.ts';
import type { Programs } from './build-programs.ts';
import type { BuildReport } from './build-report.ts';
import { MAX_LWPS, type LwpText, type ProcessText, type ScenarioText } from './schema.ts';
import { SIGNAL_NUMBERS, type SignalName } from './signal-names.ts';
import type { ValuePath } from './yaml-source.ts';

const FIRST_PID = 100;

/** What processes refer to. */
export interface ProcessParts {
  readonly report: BuildReport;
  readonly durations: Durations;
  readonly classes: Classes;
  readonly programs: Programs;
  readonly sets: ProcessorSets;
  readonly projects: Projects;
  readonly names: Names;
  readonly cpus: number;
}

export class Processes {
  readonly processes: ProcessPlan[] = [];
  readonly lwps: LwpPlan[] = [];
  readonly arrivals: ArrivalPlan[] = [];
  private readonly parts: ProcessParts;

  constructor(parts: ProcessParts, text: ScenarioText) {
    this.parts = parts;
    text.processes.forEach((process, index) => this.addProcess(process, ['processes', index]));
    if (this.lwps.length > MAX_LWPS) {
      parts.report.problem(['processes'], `found more than ${MAX_LWPS} LWPs, expected at most that many`);
    }
  }

  private addProcess(process: ProcessText, path: ValuePath): void {
    const { names, programs, projects } = this.parts;
    // Inline programs are shared by the copies of a process.
    const programsOf = process.lwps.map((lwp, at) => {
      const where = [...path, 'lwps', at, 'program'];
      return Array.isArray(lwp.for_each)
        ? lwp.for_each.map((size) => programs.ofSize(lwp.program, lwp.name, where, size))
        : [programs.of(lwp.program, lwp.name, where)];
    });
    const project = projects.projectOf(process, path);
    const signals = this.signalsOf(process, [...path, 'signals']);
    const copies = process.count ?? 1;
    for (let copy = 0; copy < copies && this.lwps.length <= MAX_LWPS; copy++) {
      const name = copies === 1 ? process.name : `${process.name} ${copy}`;
      this.processes.push({ name, pid: FIRST_PID + this.processes.length, project, signals });
      names.declare('process', name);
      this.addArrivals(process, path);
      let lwpNumber = 1;
      process.lwps.forEach((lwp, at) => {
        lwpNumber = this.addLwps(lwp, programsOf[at]!, lwpNumber, process.set, [...path, 'lwps', at]);
      });
    }
  }

  /** @returns the number of the next LWP of the process */
  private addLwps(
    lwp: LwpText,
    programOf: readonly number[],
    firstNumber: number,
    processSet: string | undefined,
    path: ValuePath,
  ): number {
    const { classes, durations, names, report, sets } = this.parts;
    if (lwp.count !== undefined && lwp.for_each !== undefined) {
      report.problem([...path, 'for_each'], 'found both count and for_each, expected one of them');
    }
    if (lwp.for_each === 'cpu' && lwp.cpu !== undefined) {
      report.problem([...path, 'cpu'], 'found both cpu and for_each: cpu, expected one of them');
    }
    if (lwp.cpu !== undefined) sets.checkCpu(lwp.cpu, [...path, 'cpu']);
    const { for_each: forEach } = lwp;
    const copies =
      forEach === undefined ? (lwp.count ?? 1) : forEach === 'cpu' ? this.parts.cpus : forEach.length;
    const line = report.lineOf(path);
    const classPlan = classes.plan(lwp.class, [...path, 'class']);
    const start = durations.plan(lwp.start ?? 0, [...path, 'start']);
    const overrides = this.overridesOf(lwp, copies, path);
    for (let copy = 0; copy < copies && this.lwps.length <= MAX_LWPS; copy++) {
      const name = copies === 1 ? lwp.name : `${lwp.name} ${copy}`;
      names.declare('LWP', name);
      const plan: LwpPlan = {
        name,
        process: this.processes.length - 1,
        lwpNumber: firstNumber + copy,
        class: classPlan,
        start,
        boundCpu: forEach === 'cpu' ? copy : (lwp.cpu ?? -1),
        // One for all, or one for each size.
        program: programOf[copy] ?? programOf[0]!,
        line,
        ...overrides.get(copy),
      };
      this.lwps.push({ ...plan, part: sets.partOf(lwp.set ?? processSet, plan.boundCpu, path) });
    }
    return firstNumber + copies;
  }

  /** What is different for single LWPs of an entry, by their number. */
  private overridesOf(lwp: LwpText, copies: number, at: ValuePath): Map<number, Partial<LwpPlan>> {
    const { classes, durations, programs, report, sets } = this.parts;
    const plans = new Map<number, Partial<LwpPlan>>();
    (lwp.overrides ?? []).forEach((override, position) => {
      const path = [...at, 'overrides', position];
      const { index, class: klass, start, cpu, program } = override;
      if (index >= copies || plans.has(index)) {
        report.problem(
          [...path, 'index'],
          `found ${index}, expected another of the numbers 0 to ${copies - 1} of the LWPs`,
        );
      }
      if (cpu !== undefined) sets.checkCpu(cpu, [...path, 'cpu']);
      plans.set(index, {
        ...(klass === undefined ? {} : { class: classes.plan(klass, [...path, 'class']) }),
        ...(start === undefined ? {} : { start: durations.plan(start, [...path, 'start']) }),
        ...(cpu === undefined ? {} : { boundCpu: cpu }),
        ...(program === undefined ? {} : { program: programs.named(program, [...path, 'program']) }),
      });
    });
    return plans;
  }

  private signalsOf(process: ProcessText, path: ValuePath): SignalPlan[] {
    return Object.entries(process.signals ?? {}).map(([signal, action]) => ({
      signal: SIGNAL_NUMBERS[signal as SignalName],
      handler: action === 'ignore' ? null : this.parts.programs.named(action, [...path, signal]),
    }));
  }

  private addArrivals(process: ProcessText, at: ValuePath): void {
    const { classes, durations, programs, report, sets } = this.parts;
    (process.arrivals ?? []).forEach((arrival, index) => {
      const path = [...at, 'arrivals', index];
      const interval = durations.plan(arrival.every, [...path, 'every']);
      this.arrivals.push({
        name: arrival.name,
        process: this.processes.length - 1,
        program: programs.named(arrival.program, [...path, 'program']),
        class: classes.plan(arrival.class, [...path, 'class']),
        part: sets.partOf(process.set, -1, path),
        start: arrival.start === undefined ? interval : durations.plan(arrival.start, [...path, 'start']),
        interval,
        count: arrival.count ?? Infinity,
        line: report.lineOf(path),
      });
    });
  }
}
