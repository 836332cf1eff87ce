/**
 * From a scenario of the right shape to a plan: names become indexes, durations nanoseconds, `count` and
 * `for_each` become LWPs. Reports what a shape cannot express. Each part of a plan has a builder of its own
 * (`build-*.ts`); here they are put together.
 */
import type { Ns } from '#shared/base/brands.ts';
import type { Problem } from '#shared/base/errors.ts';
import type { CostPlan, ScenarioPlan, SourcePlan, TimedPlan } from '../emulator/plan.ts';
import { Classes, dispatchTablePlan } from './build-classes.ts';
import { cpuEventPlan, isCpuEvent } from './build-cpu-events.ts';
import { Durations, MAX_DURATION_NS } from './build-durations.ts';
import { DeclaredNames } from './build-names.ts';
import { timedPlan, type Names } from './build-process-steps.ts';
import { Processes } from './build-processes.ts';
import { ProcessorSets } from './build-processor-sets.ts';
import { classParameters, isProjectEvent, Projects } from './build-projects.ts';
import { Programs } from './build-programs.ts';
import { BuildReport } from './build-report.ts';
import { SyncObjects } from './build-sync-objects.ts';
import type { ScenarioText } from './schema.ts';
import { durationOf } from './units.ts';
import type { YamlSource } from './yaml-source.ts';

/** Costs of an ordinary server of today; a scenario may say otherwise. */
const DEFAULT_COSTS: CostPlan = {
  contextSwitchNs: 2_000,
  systemCallNs: 300,
  lockNs: 25,
  lockHandoffNs: 100,
  storeNs: 5,
};
const DEFAULT_HZ = 100;
const DEFAULT_SEED = 1;

export interface BuiltScenario {
  readonly plan: ScenarioPlan;
  readonly problems: readonly Problem[];
  /** Rules of the machine that a program breaks wherever it gets there: the run would end there. */
  readonly violations: readonly Problem[];
}

/** What a recording is asked for instead of what the scenario says. */
export interface PlanOverrides {
  /** 1 to MAX_CPUS. Everything that the scenario has for each CPU follows. */
  readonly cpus?: number | undefined;
  readonly seed?: number | undefined;
  readonly durationNs?: Ns | undefined;
}

/** Builds the plan of a scenario whose shape is valid; with problems, the plan is not fit to run. */
export function buildPlan(
  text: ScenarioText,
  source: YamlSource,
  title: string,
  fileName: string,
  overrides: PlanOverrides = {},
): BuiltScenario {
  const report = new BuildReport(source);
  const cpus = overrides.cpus ?? text.cpus;
  const hz = text.hz ?? DEFAULT_HZ;
  const durationNs = overrides.durationNs ?? durationOf(text.duration, hz);
  if (durationNs <= 0 || durationNs > MAX_DURATION_NS) {
    report.problem(
      ['duration'],
      `found a duration of ${durationNs / 1e9} s, expected more than 0 and at most 24 h`,
    );
  }
  const durations = new Durations(report, hz);
  const classes = new Classes(report, durations);
  const sync = new SyncObjects(report, durations, text);
  const sources = sourcePlans(text, durations);
  const declared = new DeclaredNames(report);
  const projects = new Projects(report, text);
  const names: Names = {
    program: (name, path) => programs.named(name, path),
    source: (name, path) => report.indexOf('a source', name, sources.index, path),
    project: (name, path) => projects.project(name, path),
    declare: (kind, name) => declared.declare(kind, name),
    refer: (kind, name, path) => declared.refer(kind, name, path),
    duration: (duration, path) => durations.plan(duration, path),
    classChange: (klass, path) => classes.change(klass, path),
    report: (path, message) => report.problem(path, message),
  };
  const programs = new Programs({ report, durations, sync, names });
  programs.addNamed(text);
  const sets = new ProcessorSets(report, text, cpus);
  const processes = new Processes(
    { report, durations, classes, programs, sets, projects, names, cpus },
    text,
  );
  const zoneOfProcess = new Map(
    processes.processes.map(({ name, project }) => [name, projects.zoneOf(project)]),
  );
  const timed = timedPlans(text, { sets, projects, zoneOfProcess }, names, report, hz);
  declared.check(processes.arrivals.map(({ name }) => name));
  return {
    plan: {
      title,
      fileName,
      cpus,
      hz,
      durationNs,
      seed: overrides.seed ?? text.seed ?? DEFAULT_SEED,
      dispatchTable: dispatchTablePlan(text.dispatch_table),
      costs: costPlan(text.costs, durations),
      locks: sync.plans,
      programs: programs.plans,
      projects: projects.plans,
      zones: projects.zones,
      ...classParameters(text, report, hz),
      processes: processes.processes,
      lwps: processes.lwps,
      arrivals: processes.arrivals,
      sources: sources.plans,
      sets: sets.plans,
      timed,
    },
    problems: report.problems,
    violations: report.violations,
  };
}

function sourcePlans(
  text: ScenarioText,
  durations: Durations,
): { readonly plans: SourcePlan[]; readonly index: ReadonlyMap<string, number> } {
  const plans: SourcePlan[] = [];
  const index = new Map<string, number>();
  for (const [name, source] of Object.entries(text.sources ?? {})) {
    const path = ['sources', name];
    const start = durations.plan(source.start ?? source.every, [...path, 'start']);
    const interval = durations.plan(source.every, [...path, 'every']);
    index.set(name, plans.push({ name, start, interval }) - 1);
  }
  return { plans, index };
}

function timedPlans(
  text: ScenarioText,
  parts: {
    readonly sets: ProcessorSets;
    readonly projects: Projects;
    /** By name of the processes that the scenario starts. */
    readonly zoneOfProcess: ReadonlyMap<string, number>;
  },
  names: Names,
  report: BuildReport,
  hz: number,
): TimedPlan[] {
  const plans = (text.events ?? []).map((event, index): TimedPlan => {
    const path = ['events', index];
    const line = report.lineOf(path);
    const timeNs = durationOf(event.at, hz);
    if (isProjectEvent(event)) {
      return { ...parts.projects.event(event, names, parts.zoneOfProcess, path), timeNs, line };
    }
    return isCpuEvent(event)
      ? { ...cpuEventPlan(event, parts.sets, names, path), timeNs, line }
      : timedPlan(event, names, path, line, timeNs);
  });
  return plans.sort((a, b) => a.timeNs - b.timeNs);
}

function costPlan(costs: ScenarioText['costs'], durations: Durations): CostPlan {
  return {
    contextSwitchNs: durations.ns(costs?.context_switch, DEFAULT_COSTS.contextSwitchNs),
    systemCallNs: durations.ns(costs?.system_call, DEFAULT_COSTS.systemCallNs),
    lockNs: durations.ns(costs?.lock, DEFAULT_COSTS.lockNs),
    lockHandoffNs: durations.ns(costs?.lock_handoff, DEFAULT_COSTS.lockHandoffNs),
    storeNs: durations.ns(costs?.store, DEFAULT_COSTS.storeNs),
  };
}
