/** From programs as they are written to their plans: every step with its line, every name resolved. */
import type { ProgramPlan, StepPlan } from '../emulator/plan.ts';
import { zipfWeights, type Durations } from './build-durations.ts';
import { processStepPlan, type Names } from './build-process-steps.ts';
import type { BuildReport } from './build-report.ts';
import { isSyncStep, type SyncObjects } from './build-sync-objects.ts';
import { checkProgram } from './program-check.ts';
import type { ScenarioText, StepText } from './schema.ts';
import type { ValuePath } from './yaml-source.ts';

/** What programs refer to. */
export interface ProgramParts {
  readonly report: BuildReport;
  readonly durations: Durations;
  readonly sync: SyncObjects;
  readonly names: Names;
}

export class Programs {
  readonly plans: ProgramPlan[] = [];
  private readonly index = new Map<string, number>();
  /** Named programs that say `each`: read anew for each size. */
  private readonly templates = new Map<string, readonly StepText[]>();
  private readonly parts: ProgramParts;

  constructor(parts: ProgramParts) {
    this.parts = parts;
  }

  /** Programs with names. Their names are known before they are read, because they name one another. */
  addNamed(text: ScenarioText): void {
    Object.keys(text.programs ?? {}).forEach((name, at) => this.index.set(name, at));
    for (const [name, steps] of Object.entries(text.programs ?? {})) {
      if (!saysEach(steps)) this.add(name, steps, ['programs', name]);
      else {
        this.templates.set(name, steps);
        this.plans.push({ name, steps: [] });
      }
    }
  }

  /** Index of the program `name`. */
  named(name: string, path: ValuePath): number {
    if (this.templates.has(name)) {
      this.parts.report.problem(
        path,
        `found "${name}", which says each; expected it in an LWP whose for_each lists the sizes`,
      );
    }
    return this.parts.report.indexOf('a program', name, this.index, path);
  }

  /** Index of a program that is given by its name, or by its steps where it is used. */
  of(program: string | readonly StepText[], owner: string, path: ValuePath): number {
    return typeof program === 'string' ? this.named(program, path) : this.add(owner, program, path);
  }

  /** The same of a program in which `each` means `size`. */
  ofSize(
    program: string | readonly StepText[],
    owner: string,
    path: ValuePath,
    size: string | number,
  ): number {
    const { durations } = this.parts;
    const template = typeof program === 'string' ? this.templates.get(program) : program;
    if (template === undefined) return this.of(program, owner, path);
    const at = typeof program === 'string' ? ['programs', program] : path;
    return durations.withEach(size, () => this.add(`${owner} ${size}`, template, at));
  }

  private add(name: string, steps: readonly StepText[], path: ValuePath): number {
    const plan = this.steps(steps, path);
    for (const { line, message } of checkProgram(plan, this.parts.sync.names)) {
      this.parts.report.violation(line, message);
    }
    return this.plans.push({ name, steps: plan }) - 1;
  }

  private steps(steps: readonly StepText[], path: ValuePath): StepPlan[] {
    return steps.map((step, index) => this.step(step, [...path, index]));
  }

  private step(step: StepText, path: ValuePath): StepPlan {
    const { durations, names, report, sync } = this.parts;
    const line = report.lineOf(path);
    if (typeof step === 'string') return { op: step, line };
    if ('compute' in step) {
      return { op: 'compute', duration: durations.plan(step.compute, [...path, 'compute']), line };
    }
    if ('sleep' in step) {
      return { op: 'sleep', duration: durations.plan(step.sleep, [...path, 'sleep']), line };
    }
    if ('lock' in step) return { op: 'lock', lock: sync.lock(step.lock, [...path, 'lock']), line };
    if ('unlock' in step) return { op: 'unlock', lock: sync.lock(step.unlock, [...path, 'unlock']), line };
    if ('mark' in step) return { op: 'mark', mark: step.mark, line };
    if ('loop' in step) {
      const count = step.loop === 'forever' ? Infinity : step.loop;
      return { op: 'loop', count, steps: this.steps(step.steps, [...path, 'steps']), line };
    }
    if ('chance' in step) {
      const otherwise = this.steps(step.else ?? [], [...path, 'else']);
      const steps = this.steps(step.then, [...path, 'then']);
      return { op: 'chance', probability: step.chance, steps, otherwise, line };
    }
    if ('zipf' in step) return this.zipf(step, path, line);
    if (isSyncStep(step)) return sync.step(step, path, line);
    return processStepPlan(step, names, path, line);
  }

  /** A choice among several, as chances one inside the other. */
  private zipf(step: Extract<StepText, { zipf: number }>, path: ValuePath, line: number): StepPlan {
    const branches = step.of.map((steps, branch) => this.steps(steps, [...path, 'of', branch]));
    const weights = zipfWeights(step.zipf, branches.length);
    let rest = branches.at(-1)!;
    let restWeight = weights.at(-1)!;
    for (let branch = branches.length - 2; branch >= 0; branch--) {
      restWeight += weights[branch]!;
      const probability = weights[branch]! / restWeight;
      rest = [{ op: 'chance', probability, steps: branches[branch]!, otherwise: rest, line }];
    }
    return rest[0]!;
  }
}

/** Whether `each` is said anywhere in the steps. */
function saysEach(value: unknown): boolean {
  if (value === 'each') return true;
  return typeof value === 'object' && value !== null && Object.values(value).some(saysEach);
}
