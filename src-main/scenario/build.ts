/**
 * From a scenario of the right shape to a plan: names become indexes, durations nanoseconds, `count` and
 * `for_each` become LWPs. Reports what a shape cannot express.
 */
import { pow } from '#shared/base/elementary-functions.ts';
import type { Problem } from '#shared/base/errors.ts';
import { SYNC_KIND } from '#shared/model/enums.ts';
import { MAX_PARTITIONS } from '#shared/model/queues.ts';
import type {
  ArrivalPlan,
  ClassPlan,
  CostPlan,
  DispatchTablePlan,
  DurationPlan,
  LockPlan,
  LwpPlan,
  ProcessorSetPlan,
  ProcessPlan,
  ProgramPlan,
  ProjectPlan,
  ScenarioPlan,
  SignalPlan,
  SourcePlan,
  StepPlan,
  SyncStepPlan,
} from '../emulator/plan.ts';
import { processStepPlan, timedPlan, type Names } from './build-process-steps.ts';
import { cpuEventPlan, isCpuEvent, type CpuNames } from './build-cpu-events.ts';
import { checkProgram } from './program-check.ts';
import {
  MAX_LWPS,
  type ClassText,
  type LockText,
  type LwpText,
  type ProcessText,
  type RandomDurationText,
  type ScenarioText,
  type StepText,
  type SyncStepText,
} from './schema.ts';
import { SIGNAL_NUMBERS, type SignalName } from './signal-names.ts';
import { durationOf } from './units.ts';
import type { ValuePath, YamlSource } from './yaml-source.ts';

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
/** s_lock.c of PostgreSQL: about a hundred pauses, then 1 ms to 1 s. */
const DEFAULT_SPIN_NS = 5_000;
const DEFAULT_FIRST_DELAY_NS = 1_000_000;
const DEFAULT_MOST_DELAY_NS = 1_000_000_000;
/** libc's adaptive spin count, as time. */
const DEFAULT_ADAPTIVE_SPIN_NS = 20_000;
/** sys/fx.h and rt.h: FX_TQINF and FX_TQDEF. */
const QUANTUM_INFINITE = -2;
const QUANTUM_DEFAULT = -3;
const FIRST_PID = 100;
/** The longest run: event times stay exact, and nobody waits for more. */
const MAX_DURATION_NS = 24 * 3600 * 1e9;

/** Kinds of synchronisation objects that a step can be about. */
interface SyncKinds {
  readonly called: string;
  readonly kinds: readonly number[];
}
const MUTEXES: SyncKinds = { called: 'a mutex', kinds: [SYNC_KIND.mutex, SYNC_KIND.adaptiveMutex] };
const LOCKS: SyncKinds = {
  called: 'a lock',
  kinds: [...MUTEXES.kinds, SYNC_KIND.spinlock, SYNC_KIND.queueLock],
};
const CONDITIONS: SyncKinds = { called: 'a condition variable', kinds: [SYNC_KIND.condition] };
const SEMAPHORES: SyncKinds = { called: 'a semaphore', kinds: [SYNC_KIND.semaphore] };

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
  readonly durationNs?: number | undefined;
}

/** Builds the plan of a scenario whose shape is valid; with problems, the plan is not fit to run. */
export function buildPlan(
  text: ScenarioText,
  source: YamlSource,
  title: string,
  fileName: string,
  overrides: PlanOverrides = {},
): BuiltScenario {
  return new PlanBuilder(text, source, overrides).build(title, fileName);
}

class PlanBuilder {
  private readonly text: ScenarioText;
  private readonly source: YamlSource;
  private readonly overrides: PlanOverrides;
  private readonly cpus: number;
  private readonly hz: number;
  private readonly problems: Problem[] = [];
  private readonly violations: Problem[] = [];
  private readonly locks: LockPlan[] = [];
  private readonly lockIndex = new Map<string, number>();
  private readonly programs: ProgramPlan[] = [];
  private readonly programIndex = new Map<string, number>();
  private readonly projects: ProjectPlan[] = [];
  private readonly projectIndex = new Map<string, number>();
  private readonly processes: ProcessPlan[] = [];
  private readonly lwps: LwpPlan[] = [];
  private readonly arrivals: ArrivalPlan[] = [];
  private readonly sources: SourcePlan[] = [];
  private readonly sourceIndex = new Map<string, number>();
  private readonly declared = { LWP: new Set<string>(), process: new Set<string>() };
  private readonly references: { kind: 'LWP' | 'process'; name: string; path: ValuePath }[] = [];
  private readonly names: Names = {
    program: (name, path) => this.indexOf('a program', name, this.programIndex, path),
    source: (name, path) => this.indexOf('a source', name, this.sourceIndex, path),
    declare: (kind, name) => void this.declared[kind].add(name),
    refer: (kind, name, path) => void this.references.push({ kind, name, path }),
    duration: (text, path) => this.durationPlan(text, path),
    report: (path, message) => this.report(path, message),
  };

  private readonly sets: ProcessorSetPlan[] = [];
  private readonly setIndex = new Map<string, number>();
  private readonly setOfCpu = new Map<number, number>();
  private readonly cpuNames: CpuNames = {
    part: (name, path) => {
      const part = this.setIndex.get(name);
      if (part !== undefined) return part;
      this.report(path, `found "${name}", expected the name of a processor set${choices(this.setIndex)}`);
      return 0;
    },
    checkCpu: (cpu, path) => this.checkCpu(cpu, path),
  };

  constructor(text: ScenarioText, source: YamlSource, overrides: PlanOverrides) {
    this.text = text;
    this.source = source;
    this.overrides = overrides;
    this.cpus = overrides.cpus ?? text.cpus;
    this.hz = text.hz ?? DEFAULT_HZ;
  }

  build(title: string, fileName: string): BuiltScenario {
    const { text, overrides } = this;
    const durationNs = overrides.durationNs ?? durationOf(text.duration, this.hz);
    if (durationNs <= 0 || durationNs > MAX_DURATION_NS) {
      this.report(
        ['duration'],
        `found a duration of ${durationNs / 1e9} s, expected more than 0 and at most 24 h`,
      );
    }
    for (const [name, lock] of Object.entries(text.locks ?? {})) {
      this.lockIndex.set(name, this.locks.length);
      this.locks.push(this.lockPlan(name, lock));
    }
    (text.conditions ?? []).forEach((name, index) => {
      this.addSync({ name, kind: SYNC_KIND.condition }, ['conditions', index]);
    });
    for (const [name, count] of Object.entries(text.semaphores ?? {})) {
      this.addSync({ name, kind: SYNC_KIND.semaphore, count }, ['semaphores', name]);
    }
    for (const [name, shares] of Object.entries(text.projects ?? {})) {
      this.projectIndex.set(name, this.projects.push({ name, shares }) - 1);
    }
    // As on a machine that was not told otherwise: everything in one project.
    if (this.projects.length === 0) this.projects.push({ name: 'default', shares: 1 });
    for (const [name, source] of Object.entries(text.sources ?? {})) {
      const path = ['sources', name];
      const start = this.durationPlan(source.start ?? source.every, [...path, 'start']);
      const interval = this.durationPlan(source.every, [...path, 'every']);
      this.sourceIndex.set(name, this.sources.push({ name, start, interval }) - 1);
    }
    // Before they are read, because they name one another.
    Object.keys(text.programs ?? {}).forEach((name, index) => this.programIndex.set(name, index));
    for (const [name, steps] of Object.entries(text.programs ?? {})) {
      this.addProgram(name, steps, ['programs', name]);
    }
    this.addSets();
    text.processes.forEach((process, index) => {
      const path = ['processes', index];
      // Inline programs are shared by the copies of a process.
      const programs = process.lwps.map((lwp, at) => this.programOf(lwp, [...path, 'lwps', at, 'program']));
      const project = this.projectOf(process.project, [...path, 'project']);
      const signals = this.signalsOf(process, [...path, 'signals']);
      const copies = process.count ?? 1;
      for (let copy = 0; copy < copies && this.lwps.length <= MAX_LWPS; copy++) {
        this.processes.push({
          name: copies === 1 ? process.name : `${process.name} ${copy}`,
          pid: FIRST_PID + this.processes.length,
          project,
          signals,
        });
        this.names.declare('process', this.processes.at(-1)!.name);
        this.addArrivals(process, path);
        let lwpNumber = 1;
        process.lwps.forEach((lwp, at) => {
          lwpNumber = this.addLwps(lwp, programs[at]!, lwpNumber, process.set, [...path, 'lwps', at]);
        });
      }
    });
    const timed = (text.events ?? []).map((event, index) => {
      const path = ['events', index];
      const { line } = this.source.positionOf(path);
      const timeNs = durationOf(event.at, this.hz);
      return isCpuEvent(event)
        ? { ...cpuEventPlan(event, this.cpuNames, this.names, path), timeNs, line }
        : timedPlan(event, this.names, path, line, timeNs);
    });
    this.checkNames();
    if (this.lwps.length > MAX_LWPS) {
      this.report(['processes'], `found more than ${MAX_LWPS} LWPs, expected at most that many`);
    }
    return {
      plan: {
        title,
        fileName,
        cpus: this.cpus,
        hz: this.hz,
        durationNs,
        seed: overrides.seed ?? text.seed ?? DEFAULT_SEED,
        dispatchTable: dispatchTablePlan(text.dispatch_table),
        costs: this.costPlan(),
        locks: this.locks,
        programs: this.programs,
        projects: this.projects,
        processes: this.processes,
        lwps: this.lwps,
        arrivals: this.arrivals,
        sources: this.sources,
        sets: this.sets,
        timed: timed.sort((a, b) => a.timeNs - b.timeNs),
      },
      problems: this.problems,
      violations: this.violations,
    };
  }

  /** @returns the number of the next LWP of the process */
  private addLwps(
    lwp: LwpText,
    program: number,
    firstNumber: number,
    processSet: string | undefined,
    path: ValuePath,
  ): number {
    if (lwp.count !== undefined && lwp.for_each !== undefined) {
      this.report([...path, 'for_each'], 'found both count and for_each, expected one of them');
    }
    if (lwp.for_each !== undefined && lwp.cpu !== undefined) {
      this.report([...path, 'cpu'], 'found both cpu and for_each: cpu, expected one of them');
    }
    if (lwp.cpu !== undefined) this.checkCpu(lwp.cpu, [...path, 'cpu']);
    const copies = lwp.for_each === undefined ? (lwp.count ?? 1) : this.cpus;
    const { line } = this.source.positionOf(path);
    const classPlan = this.classPlan(lwp.class, [...path, 'class']);
    const start = this.durationPlan(lwp.start ?? 0, [...path, 'start']);
    const overrides = this.overridesOf(lwp, copies, path);
    for (let copy = 0; copy < copies && this.lwps.length <= MAX_LWPS; copy++) {
      const name = copies === 1 ? lwp.name : `${lwp.name} ${copy}`;
      this.names.declare('LWP', name);
      const plan: LwpPlan = {
        name,
        process: this.processes.length - 1,
        lwpNumber: firstNumber + copy,
        class: classPlan,
        start,
        boundCpu: lwp.for_each === undefined ? (lwp.cpu ?? -1) : copy,
        program,
        line,
        ...overrides.get(copy),
      };
      this.lwps.push({ ...plan, part: this.partOf(lwp.set ?? processSet, plan.boundCpu, path) });
    }
    return firstNumber + copies;
  }

  private addSets(): void {
    const { setIndex, sets, setOfCpu } = this;
    setIndex.set('default', 0);
    for (const [name, cpus] of Object.entries(this.text.processor_sets ?? {})) {
      const path = ['processor_sets', name];
      if (setIndex.has(name))
        this.report(path, 'found a set "default", expected another name: every machine has that');
      if (sets.length + 1 >= MAX_PARTITIONS) {
        this.report(path, `found more than ${MAX_PARTITIONS - 1} processor sets, expected at most that many`);
      }
      cpus.forEach((cpu, at) => {
        this.checkCpu(cpu, [...path, at]);
        if (setOfCpu.has(cpu)) this.report([...path, at], `found CPU ${cpu}, which is in a set already`);
        setOfCpu.set(cpu, sets.length + 1);
      });
      setIndex.set(name, sets.push({ name, cpus }));
    }
    if (setOfCpu.size >= this.cpus) {
      this.report(
        ['processor_sets'],
        'found all CPUs in sets, expected one at least to be left for the default set',
      );
    }
  }

  /** Processor set of an LWP: as said, or that of the CPU that it is bound to. */
  private partOf(set: string | undefined, boundCpu: number, at: ValuePath): number {
    const ofCpu = boundCpu < 0 ? undefined : (this.setOfCpu.get(boundCpu) ?? 0);
    if (set === undefined) return ofCpu ?? 0;
    const path = [...at, 'set'];
    const part = this.cpuNames.part(set, path);
    if (ofCpu !== undefined && ofCpu !== part) {
      this.report(
        path,
        `found the set "${set}", expected the set of CPU ${boundCpu}, which the LWP is bound to`,
      );
    }
    return part;
  }

  /** What is different for single LWPs of an entry, by their number. */
  private overridesOf(lwp: LwpText, copies: number, at: ValuePath): Map<number, Partial<LwpPlan>> {
    const plans = new Map<number, Partial<LwpPlan>>();
    (lwp.overrides ?? []).forEach((override, position) => {
      const path = [...at, 'overrides', position];
      const { index, class: klass, start, cpu, program } = override;
      if (index >= copies || plans.has(index)) {
        this.report(
          [...path, 'index'],
          `found ${index}, expected another of the numbers 0 to ${copies - 1} of the LWPs`,
        );
      }
      if (cpu !== undefined) this.checkCpu(cpu, [...path, 'cpu']);
      plans.set(index, {
        ...(klass === undefined ? {} : { class: this.classPlan(klass, [...path, 'class']) }),
        ...(start === undefined ? {} : { start: this.durationPlan(start, [...path, 'start']) }),
        ...(cpu === undefined ? {} : { boundCpu: cpu }),
        ...(program === undefined ? {} : { program: this.names.program(program, [...path, 'program']) }),
      });
    });
    return plans;
  }

  private signalsOf(process: ProcessText, path: ValuePath): SignalPlan[] {
    return Object.entries(process.signals ?? {}).map(([signal, action]) => ({
      signal: SIGNAL_NUMBERS[signal as SignalName],
      handler: action === 'ignore' ? null : this.names.program(action, [...path, signal]),
    }));
  }

  private addArrivals(process: ProcessText, at: ValuePath): void {
    (process.arrivals ?? []).forEach((arrival, index) => {
      const path = [...at, 'arrivals', index];
      const interval = this.durationPlan(arrival.every, [...path, 'every']);
      this.arrivals.push({
        name: arrival.name,
        process: this.processes.length - 1,
        program: this.names.program(arrival.program, [...path, 'program']),
        class: this.classPlan(arrival.class, [...path, 'class']),
        part: this.partOf(process.set, -1, path),
        start: arrival.start === undefined ? interval : this.durationPlan(arrival.start, [...path, 'start']),
        interval,
        count: arrival.count ?? Infinity,
        line: this.source.positionOf(path).line,
      });
    });
  }

  private checkNames(): void {
    for (const { kind, name, path } of this.references) {
      const known = this.declared[kind];
      const isArrival =
        kind === 'LWP' && this.arrivals.some((arrival) => name.startsWith(`${arrival.name} `));
      if (known.has(name) || isArrival) continue;
      this.report(path, `found "${name}", expected the name of ${kind === 'LWP' ? 'an LWP' : 'a process'}`);
    }
  }

  private checkCpu(cpu: number, path: ValuePath): void {
    if (cpu < this.cpus) return;
    const asked = this.cpus === this.text.cpus ? '' : ' that the recording was asked for';
    this.report(
      path,
      `found CPU ${cpu}, expected one of the ${this.cpus} CPUs${asked}, 0 to ${this.cpus - 1}`,
    );
  }

  private programOf(lwp: LwpText, path: ValuePath): number {
    if (typeof lwp.program !== 'string') return this.addProgram(lwp.name, lwp.program, path);
    return this.names.program(lwp.program, path);
  }

  private indexOf(what: string, name: string, indexes: ReadonlyMap<string, number>, path: ValuePath): number {
    const index = indexes.get(name);
    if (index === undefined) {
      this.report(path, `found "${name}", expected the name of ${what}${choices(indexes)}`);
    }
    return index ?? 0;
  }

  private projectOf(name: string | undefined, path: ValuePath): number {
    if (name === undefined) return 0;
    const index = this.projectIndex.get(name);
    if (index === undefined) {
      this.report(path, `found "${name}", expected the name of a project${choices(this.projectIndex)}`);
      return 0;
    }
    return index;
  }

  private addProgram(name: string, steps: readonly StepText[], path: ValuePath): number {
    const plan = steps.map((step, index) => this.stepPlan(step, [...path, index]));
    for (const problem of checkProgram(plan, [...this.lockIndex.keys()])) {
      this.violations.push({ ...problem, column: 1 });
    }
    this.programs.push({ name, steps: plan });
    return this.programs.length - 1;
  }

  private stepPlan(step: StepText, path: ValuePath): StepPlan {
    const { line } = this.source.positionOf(path);
    if (typeof step === 'string') return { op: step, line };
    if ('compute' in step) {
      return { op: 'compute', duration: this.durationPlan(step.compute, [...path, 'compute']), line };
    }
    if ('sleep' in step) {
      return { op: 'sleep', duration: this.durationPlan(step.sleep, [...path, 'sleep']), line };
    }
    if ('lock' in step) return { op: 'lock', lock: this.syncOf(step.lock, LOCKS, [...path, 'lock']), line };
    if ('unlock' in step) {
      return { op: 'unlock', lock: this.syncOf(step.unlock, LOCKS, [...path, 'unlock']), line };
    }
    if ('mark' in step) return { op: 'mark', mark: step.mark, line };
    const list = (steps: readonly StepText[], key: string): StepPlan[] =>
      steps.map((inner, index) => this.stepPlan(inner, [...path, key, index]));
    if ('loop' in step) {
      const count = step.loop === 'forever' ? Infinity : step.loop;
      return { op: 'loop', count, steps: list(step.steps, 'steps'), line };
    }
    if ('chance' in step) {
      const otherwise = list(step.else ?? [], 'else');
      return { op: 'chance', probability: step.chance, steps: list(step.then, 'then'), otherwise, line };
    }
    if ('zipf' in step) return this.zipfPlan(step, path, line);
    if (isSyncStep(step)) return this.syncStep(step, path, line);
    return processStepPlan(step, this.names, path, line);
  }

  /** A choice among several, as chances one inside the other. */
  private zipfPlan(step: Extract<StepText, { zipf: number }>, path: ValuePath, line: number): StepPlan {
    const branches = step.of.map((steps, branch) =>
      steps.map((inner, index) => this.stepPlan(inner, [...path, 'of', branch, index])),
    );
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

  private syncStep(step: SyncStepText, path: ValuePath, line: number): SyncStepPlan {
    if ('cond_wait' in step) {
      return {
        op: 'wait',
        condition: this.syncOf(step.cond_wait, CONDITIONS, [...path, 'cond_wait']),
        lock: this.syncOf(step.mutex, MUTEXES, [...path, 'mutex']),
        timeout: step.timeout === undefined ? null : this.durationPlan(step.timeout, [...path, 'timeout']),
        line,
      };
    }
    if ('cond_signal' in step) {
      return {
        op: 'signal',
        condition: this.syncOf(step.cond_signal, CONDITIONS, [...path, 'cond_signal']),
        line,
      };
    }
    if ('cond_broadcast' in step) {
      const condition = this.syncOf(step.cond_broadcast, CONDITIONS, [...path, 'cond_broadcast']);
      return { op: 'broadcast', condition, line };
    }
    if ('sema_wait' in step) {
      return {
        op: 'sema_wait',
        semaphore: this.syncOf(step.sema_wait, SEMAPHORES, [...path, 'sema_wait']),
        line,
      };
    }
    return {
      op: 'sema_post',
      semaphore: this.syncOf(step.sema_post, SEMAPHORES, [...path, 'sema_post']),
      line,
    };
  }

  /** Index of the synchronisation object `name`, which is to be of one of the kinds. */
  private syncOf(name: string, of: SyncKinds, path: ValuePath): number {
    const index = this.lockIndex.get(name);
    if (index !== undefined && of.kinds.includes(this.locks[index]!.kind)) return index;
    const known = new Map([...this.lockIndex].filter(([, at]) => of.kinds.includes(this.locks[at]!.kind)));
    this.report(path, `found "${name}", expected the name of ${of.called}${choices(known)}`);
    return -1;
  }

  private addSync(plan: LockPlan, path: ValuePath): void {
    if (this.lockIndex.has(plan.name)) {
      this.report(path, `found "${plan.name}", which is declared already; expected another name`);
      return;
    }
    this.lockIndex.set(plan.name, this.locks.push(plan) - 1);
  }

  private lockPlan(name: string, lock: LockText): LockPlan {
    const plain = typeof lock === 'string' ? { kind: lock } : lock;
    switch (plain.kind) {
      case 'mutex':
        return { name, kind: SYNC_KIND.mutex };
      case 'queue':
        return { name, kind: SYNC_KIND.queueLock };
      case 'adaptive': {
        const spin = 'spin' in plain ? plain.spin : undefined;
        return { name, kind: SYNC_KIND.adaptiveMutex, spinNs: this.nsOr(spin, DEFAULT_ADAPTIVE_SPIN_NS) };
      }
      case 'spin': {
        const spin = 'spin' in plain ? plain.spin : undefined;
        const delay = 'delay' in plain ? plain.delay : undefined;
        if (spin === undefined && delay === undefined) {
          return { name, kind: SYNC_KIND.spinlock, spinThenDelay: null };
        }
        const firstDelayNs = this.nsOr(delay?.first, DEFAULT_FIRST_DELAY_NS);
        const mostDelayNs = this.nsOr(delay?.most, Math.max(DEFAULT_MOST_DELAY_NS, firstDelayNs));
        if (firstDelayNs <= 0 || mostDelayNs < firstDelayNs) {
          this.report(
            ['locks', name, 'delay'],
            'found delays that leave no room, expected first above 0 and most at least as long',
          );
        }
        const spinNs = this.nsOr(spin, DEFAULT_SPIN_NS);
        return {
          name,
          kind: SYNC_KIND.spinlock,
          spinThenDelay: { spinNs, firstDelayNs, mostDelayNs },
        };
      }
    }
  }

  private classPlan(text: ClassText | undefined, path: ValuePath): ClassPlan {
    const given =
      text === undefined ? { name: 'TS' as const } : typeof text === 'string' ? { name: text } : text;
    switch (given.name) {
      case 'TS':
      case 'FSS':
      case 'IA': {
        const upri = ('upri' in given ? given.upri : undefined) ?? 0;
        const uprilim = ('uprilim' in given ? given.uprilim : undefined) ?? Math.max(upri, 0);
        this.checkLimit(upri, uprilim, path);
        return given.name !== 'IA'
          ? { name: given.name, upri, uprilim }
          : {
              name: 'IA',
              upri,
              uprilim,
              interactive: ('interactive' in given ? given.interactive : undefined) ?? true,
            };
      }
      case 'FX': {
        const upri = ('upri' in given ? given.upri : undefined) ?? 0;
        const uprilim = ('uprilim' in given ? given.uprilim : undefined) ?? upri;
        this.checkLimit(upri, uprilim, path);
        return { name: 'FX', upri, uprilim, quantumNs: this.quantumOf(given) };
      }
      case 'RT': {
        const pri = ('pri' in given ? given.pri : undefined) ?? 0;
        return { name: 'RT', pri, quantumNs: this.quantumOf(given) };
      }
    }
  }

  private checkLimit(upri: number, uprilim: number, path: ValuePath): void {
    if (upri > uprilim) {
      this.report(path, `found upri ${upri} above uprilim ${uprilim}, expected at most uprilim`);
    }
  }

  private quantumOf(given: object): number {
    if (!('quantum' in given) || given.quantum === undefined) return QUANTUM_DEFAULT;
    if (given.quantum === 'infinite') return QUANTUM_INFINITE;
    return durationOf(given.quantum as string | number, this.hz);
  }

  private durationPlan(text: RandomDurationText, path: ValuePath): DurationPlan {
    if (typeof text === 'string' || typeof text === 'number') {
      return { kind: 'constant', ns: durationOf(text, this.hz) };
    }
    if ('uniform' in text) {
      const lowNs = durationOf(text.uniform[0], this.hz);
      const highNs = durationOf(text.uniform[1], this.hz);
      if (lowNs > highNs) {
        this.report(path, 'found a lower bound above the upper one, expected the lower bound first');
      }
      return { kind: 'uniform', lowNs, highNs };
    }
    if ('zipf' in text) {
      const { unit, exponent, ranks } = text.zipf;
      let sum = 0;
      const sums = zipfWeights(exponent, ranks).map((weight) => (sum += weight));
      return {
        kind: 'zipf',
        unitNs: durationOf(unit, this.hz),
        cumulative: sums.map((part) => part / sum),
      };
    }
    const leastNs = durationOf(text.least ?? 0, this.hz);
    const mostNs = text.most === undefined ? MAX_DURATION_NS : durationOf(text.most, this.hz);
    if (leastNs > mostNs) this.report(path, 'found least above most, expected most to be the longer one');
    return 'exponential' in text
      ? { kind: 'exponential', meanNs: durationOf(text.exponential, this.hz), leastNs, mostNs }
      : {
          kind: 'logNormal',
          medianNs: durationOf(text.log_normal.median, this.hz),
          sigma: text.log_normal.sigma,
          leastNs,
          mostNs,
        };
  }

  private costPlan(): CostPlan {
    const costs = this.text.costs;
    return {
      contextSwitchNs: this.nsOr(costs?.context_switch, DEFAULT_COSTS.contextSwitchNs),
      systemCallNs: this.nsOr(costs?.system_call, DEFAULT_COSTS.systemCallNs),
      lockNs: this.nsOr(costs?.lock, DEFAULT_COSTS.lockNs),
      lockHandoffNs: this.nsOr(costs?.lock_handoff, DEFAULT_COSTS.lockHandoffNs),
      storeNs: this.nsOr(costs?.store, DEFAULT_COSTS.storeNs),
    };
  }

  private nsOr(text: string | number | undefined, otherwise: number): number {
    return text === undefined ? otherwise : durationOf(text, this.hz);
  }

  private report(path: ValuePath, message: string): void {
    this.problems.push({ message, ...this.source.positionOf(path) });
  }
}

function dispatchTablePlan(text: ScenarioText['dispatch_table']): DispatchTablePlan {
  if (text === undefined || text === 'default') return { kind: 'default' };
  if (text === 'server') return { kind: 'server' };
  return {
    kind: 'custom',
    rows: text.map(([quantum, tqexp, slpret, maxwait, lwait]) => ({
      quantum,
      tqexp,
      slpret,
      maxwait,
      lwait,
    })),
  };
}

function isSyncStep(step: object): step is SyncStepText {
  return ['cond_wait', 'cond_signal', 'cond_broadcast', 'sema_wait', 'sema_post'].some((key) => key in step);
}

/** Weights of ranks 1 .. `ranks`. */
function zipfWeights(exponent: number, ranks: number): number[] {
  return Array.from({ length: ranks }, (_, index) => pow(index + 1, -exponent));
}

/** ": a, b or c" for a message, nothing where there are none or too many to read. */
function choices(names: ReadonlyMap<string, number>): string {
  if (names.size === 0) return ' (none is declared)';
  if (names.size > 12) return '';
  return `: ${[...names.keys()].join(', ').replace(/, ([^,]*)$/, ' or $1')}`;
}
