/** The door to the scenario language: text in, plan or problems out. */
import type { ScenarioCheck } from '#shared/api/contract.ts';
import { WorkbenchError, type Problem } from '#shared/base/errors.ts';
import type { ScenarioPlan } from '../emulator/plan.ts';
import { buildPlan, type PlanOverrides } from './build.ts';
import { scenarioHeader } from './header.ts';
import { inOrder, problemsOf } from './problems.ts';
import { scenarioSchema } from './schema.ts';
import { YamlSource } from './yaml-source.ts';

/**
 * Parses and validates a scenario. A program that breaks a rule of the machine is valid: the run ends where it does so,
 * with time and thread.
 *
 * @param text YAML
 * @param fileName for messages and the plan's title
 * @param overrides what the recording is asked for instead of what the text says
 * @throws WorkbenchError `scenario-invalid` with every problem in `context.problems`; line and column of the first
 *   are the context's own
 */
export function parseScenario(text: string, fileName: string, overrides: PlanOverrides = {}): ScenarioPlan {
  const { plan, problems } = analyse(text, fileName, overrides);
  const first = problems[0];
  if (plan !== null && first === undefined) return plan;
  const further = problems.length > 1 ? ` (and ${problems.length - 1} more)` : '';
  throw new WorkbenchError(
    'scenario-invalid',
    `${fileName}, line ${first!.line}: ${first!.message}${further}. Correct the scenario and try again.`,
    { file: fileName, line: first!.line, column: first!.column, problems },
  );
}

/**
 * The same without throwing, for an editor: every problem, and the facts of a valid scenario. Also where a program
 * breaks a rule of the machine, as far as that can be told without running it.
 */
export function checkScenario(text: string): ScenarioCheck {
  const { plan, problems: faults, violations } = analyse(text, 'scenario', {});
  const problems = inOrder([...faults, ...violations]);
  if (plan === null || problems.length > 0) return { problems, facts: null };
  return {
    problems,
    facts: {
      title: plan.title,
      cpus: plan.cpus,
      lwps: plan.lwps.length,
      durationNs: plan.durationNs,
      seed: plan.seed,
    },
  };
}

interface Analysis {
  /** Null where the shape is wrong. */
  readonly plan: ScenarioPlan | null;
  readonly problems: readonly Problem[];
  readonly violations: readonly Problem[];
}

function analyse(text: string, fileName: string, overrides: PlanOverrides): Analysis {
  const source = new YamlSource(text);
  if (source.problems.length > 0) return { plan: null, problems: inOrder(source.problems), violations: [] };
  const shape = scenarioSchema.safeParse(source.value);
  if (!shape.success) {
    return { plan: null, problems: problemsOf(shape.error.issues, source), violations: [] };
  }
  const title = scenarioHeader(text).title ?? fileName;
  const built = buildPlan(shape.data, source, title, fileName, overrides);
  return { ...built, problems: inOrder(built.problems) };
}
