/** From projects, zones and what dispadmin(8) sets as they are written to their plans. */
import type { ProjectEventPlan, ProjectPlan, ZonePlan } from '../emulator/plan.ts';
import type { Names } from './build-process-steps.ts';
import { choices, type BuildReport } from './build-report.ts';
import type { ProjectEventText, ScenarioText, TimedText } from './schema.ts';
import { durationOf } from './units.ts';
import type { ValuePath } from './yaml-source.ts';

/** The zone that every machine has, and its project of kernel processes, which is project 0. */
const GLOBAL_ZONE = 'global';
const SYSTEM_PROJECT = 'system';
/** What is not said. */
const DEFAULT_SHARES = 1;
/** RT_TQINF */
const QUANTUM_INFINITE = -2;

export class Projects {
  readonly plans: ProjectPlan[] = [];
  readonly zones: ZonePlan[];
  private readonly index = new Map<string, number>();
  private readonly zoneIndex: ReadonlyMap<string, number>;
  /** Project of processes that name a zone only, by zone. */
  private readonly defaults = new Map<number, number>();
  private readonly report: BuildReport;

  constructor(report: BuildReport, text: ScenarioText) {
    this.report = report;
    const { [GLOBAL_ZONE]: ofGlobal = DEFAULT_SHARES, ...others } = text.zones ?? {};
    this.zones = Object.entries({ [GLOBAL_ZONE]: ofGlobal, ...others }).map(([name, shares]) => ({
      name,
      shares,
    }));
    this.zoneIndex = new Map(this.zones.map(({ name }, zone) => [name, zone]));
    for (const [name, project] of Object.entries(text.projects ?? {})) {
      const { shares = DEFAULT_SHARES, zone } =
        typeof project === 'number' ? { shares: project, zone: undefined } : project;
      this.index.set(name, this.add(name, shares, this.zone(zone, ['projects', name, 'zone'])));
    }
    // As on a machine that was not told otherwise: everything in one project.
    if (this.plans.length === 0) this.defaults.set(0, this.add('default', DEFAULT_SHARES, 0));
  }

  private add(name: string, shares: number, zone: number): number {
    const isSystem = name === SYSTEM_PROJECT && zone === 0;
    const plan = { name, shares, ...(zone === 0 ? {} : { zone }), ...(isSystem ? { isSystem } : {}) };
    return this.plans.push(plan) - 1;
  }

  project(name: string, path: ValuePath): number {
    return this.report.indexOf('a project', name, this.index, path);
  }

  /** Index of a zone; that of the global one where none is named. */
  zone(name: string | undefined, path: ValuePath): number {
    return name === undefined ? 0 : this.report.indexOf('a zone', name, this.zoneIndex, path);
  }

  /** Project of a process: as it says, or that of its zone for all that say no more, or the first one. */
  projectOf(process: { project?: string | undefined; zone?: string | undefined }, at: ValuePath): number {
    const zone = this.zone(process.zone, [...at, 'zone']);
    if (process.project === undefined) {
      if (process.zone === undefined) return 0;
      const known = this.defaults.get(zone) ?? this.add('default', DEFAULT_SHARES, zone);
      this.defaults.set(zone, known);
      return known;
    }
    const project = this.project(process.project, [...at, 'project']);
    if (process.zone !== undefined) this.checkZone(project, zone, [...at, 'project']);
    return project;
  }

  zoneOf(project: number): number {
    return this.plans[project]!.zone ?? 0;
  }

  /** Reports a project that is not of a zone. */
  checkZone(project: number, zone: number, path: ValuePath): void {
    const own = this.zoneOf(project);
    if (own === zone) return;
    const { name } = this.plans[project]!;
    this.report.problem(
      path,
      `found "${name}", a project of the zone "${this.zones[own]!.name}", expected one of the zone "${this.zones[zone]!.name}"${choices(this.projectsOf(zone))}`,
    );
  }

  private projectsOf(zone: number): ReadonlyMap<string, number> {
    return new Map([...this.index].filter(([, project]) => this.zoneOf(project) === zone));
  }

  /**
   * The plan of an event about a project or a zone.
   *
   * @param processes zones of the processes that the scenario starts, by name; others are looked at when it is due
   */
  event(
    event: ProjectEventText,
    names: Names,
    processes: ReadonlyMap<string, number>,
    path: ValuePath,
  ): ProjectEventPlan {
    if ('newtask' in event) {
      const project = this.project(event.newtask, [...path, 'newtask']);
      names.refer('process', event.process, [...path, 'process']);
      const zone = processes.get(event.process);
      if (zone !== undefined) this.checkZone(project, zone, [...path, 'newtask']);
      return { event: 'newtask', process: event.process, project };
    }
    const { project, shares, zone } = event;
    if ((project === undefined) === (zone === undefined)) {
      this.report.problem(path, 'found no project and no zone, or both, expected one of them');
    }
    return project === undefined
      ? { event: 'zone_shares', zone: this.zone(zone, [...path, 'zone']), shares }
      : { event: 'project_shares', project: this.project(project, [...path, 'project']), shares };
  }
}

export function isProjectEvent(event: TimedText): event is ProjectEventText {
  return 'shares' in event || 'newtask' in event;
}

/** What dispadmin(8) sets, in ticks. */
export function classParameters(
  text: ScenarioText,
  report: BuildReport,
  hz: number,
): { readonly fssQuantum?: number; readonly rtQuanta?: readonly number[] } {
  const ticks = (duration: string | number): number => Math.round((durationOf(duration, hz) * hz) / 1e9);
  const { fss_quantum, rt_quanta } = text;
  const fssQuantum = fss_quantum === undefined ? undefined : ticks(fss_quantum);
  if (fssQuantum !== undefined && (fssQuantum < 1 || fssQuantum >= hz)) {
    report.problem(
      ['fss_quantum'],
      `found ${fssQuantum} ticks, expected at least 1 and at most ${hz - 1}, which is less than a second`,
    );
  }
  const rtQuanta = rt_quanta?.map((quantum) => (quantum === 'infinite' ? QUANTUM_INFINITE : ticks(quantum)));
  rtQuanta?.forEach((quantum, level) => {
    if (quantum < 1 && quantum !== QUANTUM_INFINITE) {
      report.problem(['rt_quanta', level], `found ${quantum} ticks, expected at least 1, or infinite`);
    }
  });
  return {
    ...(fssQuantum === undefined ? {} : { fssQuantum }),
    ...(rtQuanta === undefined ? {} : { rtQuanta }),
  };
}
