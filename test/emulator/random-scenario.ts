/**
 * Random scenarios for property tests: small machines with everything that the scenario language has (random-coverage
 * test holds this), as they are written. What a failure shrinks to is a scenario that anybody can record.
 */
import fc from 'fast-check';
import { stringify } from 'yaml';
import type { ScenarioPlan } from '#main/emulator/plan.ts';
import { parseScenario } from '#main/scenario/parse-scenario.ts';
import type { LwpText, ProcessText, ScenarioText, StepText } from '#main/scenario/schema.ts';
import { schedulingClass } from './random-classes.ts';
import { constant, duration, given, interval, maybe, seldom } from './random-durations.ts';
import { leafProgram, lockName, NAMES, program, signal } from './random-steps.ts';
import {
  condition,
  costs,
  dispatchTable,
  fssQuantum,
  LAST_START_US,
  lock,
  rtQuanta,
  semaphore,
  source,
  timed,
} from './random-world.ts';

interface Frame {
  readonly cpus: number;
  readonly locks: number;
  readonly programs: number;
  /** CPUs of the set, none where there is no set. */
  readonly setCpus: readonly number[];
}

const SET = 'apart';
const COPIES = 'copies';
/** More than processes one and two have. */
const LWPS_OF_TWO = 20;
/** A zone beside the global one, with a project and a process of its own. */
const ZONE = 'back';
const ZONE_PROJECT = 'remote';
const programName = (index: number): string => `program ${index}`;

const start = fc.oneof(
  constant(LAST_START_US),
  duration(LAST_START_US / 20).filter((text) => typeof text === 'string' || text === 0),
);

/** LWP number `index` of the scenario. The first ones are alone, so that steps can name them. */
function lwp(frame: Frame, index: number, setOfProcess: boolean): fc.Arbitrary<LwpText> {
  const { cpus, locks, programs, setCpus } = frame;
  const named = fc.integer({ min: 0, max: programs - 1 }).map(programName);
  // Bound LWPs are of the set of their CPU.
  const cpusToBind = setOfProcess ? setCpus : Array.from({ length: cpus }, (_, cpu) => cpu);
  const cpu = fc.constantFrom(undefined, undefined, undefined, ...cpusToBind);
  const base = fc.record({
    name: fc.constant(`lwp ${index}`),
    class: maybe(schedulingClass),
    start: maybe(start),
  });
  const single = fc
    .record({
      base,
      cpu,
      program: fc.oneof({ weight: 2, arbitrary: named }, { weight: 1, arbitrary: program(locks) }),
      inSet: fc.boolean(),
    })
    .map(({ base: common, cpu: bound, program: runs, inSet }): LwpText => {
      const fits = bound === undefined || setCpus.includes(bound);
      const set = inSet && setCpus.length > 0 && fits ? SET : undefined;
      return given({ ...common, cpu: bound, program: runs, set });
    });
  if (index < NAMES.lwps.length) return single;
  const several = fc
    .record({
      base,
      count: fc.integer({ min: 1, max: 3 }),
      program: named,
      override: maybe(
        fc.record({
          class: maybe(schedulingClass),
          start: maybe(start),
          cpu,
          program: maybe(named),
        }),
      ),
    })
    .map(({ base: common, count, program: runs, override }): LwpText =>
      given({
        ...common,
        count,
        program: runs,
        overrides: override === undefined ? undefined : [given({ index: count - 1, ...override })],
      }),
    );
  const forEachCpu = fc
    .record({ base, program: named })
    .map(({ base: common, program: runs }): LwpText => given({ ...common, for_each: 'cpu', program: runs }));
  const forEachSize = fc
    .record({ base, sizes: fc.array(constant(2_000), { minLength: 1, maxLength: 3 }) })
    .map(({ base: common, sizes }): LwpText => {
      const steps: StepText[] = [{ compute: 'each' }, { sleep: 'each' }];
      return given({ ...common, for_each: sizes, program: steps });
    });
  return fc.oneof(
    { weight: 6, arbitrary: single },
    { weight: 2, arbitrary: several },
    // Those are bound, each to its CPU: not in a process with a set.
    ...(setOfProcess ? [] : [{ weight: 1, arbitrary: forEachCpu }]),
    { weight: 1, arbitrary: forEachSize },
  );
}

function process(frame: Frame, name: string, first: number, lwps: number): fc.Arbitrary<ProcessText> {
  return fc.boolean().chain((wantsSet) => {
    const inSet = wantsSet && frame.setCpus.length > 0;
    return fc
      .record({
        // Copies are numbered: those of the others could not be named.
        count: fc.constant(name === COPIES ? 2 : undefined),
        project: maybe(fc.constantFrom(...NAMES.projects)),
        signals: maybe(
          fc
            .tuple(signal, signal)
            .map(([handled, ignored]) => ({ [ignored]: 'ignore', [handled]: NAMES.leaf })),
        ),
        // A set may come to have no CPU, and an arrival in it no place.
        arrivals: inSet
          ? fc.constant(undefined)
          : maybe(
              fc
                .record({
                  name: fc.constant(`request of ${name}`),
                  program: fc.constant(NAMES.leaf),
                  start: maybe(duration(2_000)),
                  class: maybe(schedulingClass),
                  often: fc.oneof(
                    fc.record({ every: interval(5_000), count: fc.integer({ min: 1, max: 10 }) }),
                    fc.record({ every: constant(20_000, 5_000) }),
                  ),
                })
                .map(({ often, ...arrival }) => ({ ...arrival, ...often }))
                .map((arrival) => [given(arrival)]),
            ),
        lwps: fc.tuple(...Array.from({ length: lwps }, (_, at) => lwp(frame, first + at, inSet))),
      })
      .map((parts): ProcessText => given({ name, set: inSet ? SET : undefined, ...parts }));
  });
}

const shares = fc.integer({ min: 0, max: 50 });
/** Where it says nothing of its zone it is of the global one. */
const project: fc.Arbitrary<NonNullable<ScenarioText['projects']>[string]> = fc.oneof(
  shares,
  fc.record({ shares: maybe(shares), zone: maybe(fc.constant('global')) }).map(given),
);
const zones: fc.Arbitrary<NonNullable<ScenarioText['zones']>> = fc
  .tuple(shares, maybe(shares))
  .map(([back, global]) => given({ [ZONE]: back, global }) as Record<string, number>);

/** A process of the other zone, with or without a project of it. */
const inZone: fc.Arbitrary<ProcessText> = fc
  .record({
    named: fc.boolean(),
    class: fc.constantFrom('FSS' as const, 'FSS' as const, 'TS' as const),
    compute: duration(2_000),
    count: fc.integer({ min: 1, max: 3 }),
  })
  .map(({ named, compute, ...lwps }): ProcessText => ({
    name: ZONE_PROJECT,
    zone: ZONE,
    ...(named ? { project: ZONE_PROJECT } : {}),
    lwps: [
      {
        name: 'lwp of the zone',
        ...lwps,
        program: [
          { loop: 'forever', steps: [{ compute }, { newtask: ZONE_PROJECT }, { compute: '100us' }, 'yield'] },
        ],
      },
    ],
  }));

/** Everything that can be left out. */
const bare: fc.Arbitrary<ScenarioText> = constant(5_000).map((compute) => ({
  cpus: 1,
  duration: '10 ms',
  processes: [{ name: 'one', lwps: [{ name: 'lwp', program: [{ compute }] }] }],
}));

const full: fc.Arbitrary<ScenarioText> = fc
  .record({
    cpus: fc.integer({ min: 1, max: 5 }),
    locks: fc.integer({ min: 0, max: 3 }),
    programs: fc.integer({ min: 1, max: 3 }),
    inSet: fc.integer({ min: 0, max: 2 }),
    ofOne: fc.integer({ min: 1, max: 5 }),
    ofTwo: fc.integer({ min: 2, max: 5 }),
    hasZone: fc.boolean(),
  })
  .chain(({ cpus, locks, programs, inSet, ofOne, ofTwo, hasZone }) => {
    // The last CPUs are in the set; one at least is left to the others.
    const setCpus = Array.from({ length: Math.min(inSet, cpus - 1) }, (_, at) => cpus - 1 - at);
    const frame: Frame = { cpus, locks, programs, setCpus };
    const sets = setCpus.length > 0 ? [SET] : [];
    const projectNames = [...NAMES.projects, ...(hasZone ? [ZONE_PROJECT] : [])];
    return fc
      .record({
        hz: maybe(fc.constantFrom(100, 1000)),
        duration: fc.constantFrom('100 ms', '100 ms', '1100 ms'),
        seed: maybe(fc.integer({ min: 0, max: 0xffff_ffff })),
        dispatch_table: maybe(dispatchTable),
        costs: maybe(costs),
        locks: fc
          .tuple(
            fc.tuple(...Array.from({ length: locks }, () => lock)),
            lock.filter((text) =>
              ['mutex', 'adaptive'].includes(typeof text === 'string' ? text : text.kind),
            ),
          )
          .map(([plain, monitor]) =>
            Object.fromEntries([
              ...plain.map((text, index) => [lockName(index), text] as const),
              [NAMES.monitor, monitor] as const,
            ]),
          ),
        conditions: condition(NAMES.condition).map((text) => [text]),
        semaphores: semaphore.map((text) => ({ [NAMES.semaphore]: text })),
        zones: fc.constant(hasZone).chain((has) => (has ? zones : fc.constant(undefined))),
        projects: fc.tuple(project, project, shares).map(([small, large, remote]) => ({
          [NAMES.projects[0]]: small,
          [NAMES.projects[1]]: large,
          ...(hasZone ? { [ZONE_PROJECT]: { shares: remote, zone: ZONE } } : {}),
        })),
        fss_quantum: maybe(fssQuantum),
        rt_quanta: maybe(rtQuanta),
        sources: source.map((text) => ({ [NAMES.source]: text })),
        events: maybe(
          fc.array(timed(cpus, sets, hasZone ? ['global', ZONE] : ['global'], projectNames), {
            maxLength: 8,
          }),
        ),
        programs: fc.tuple(...Array.from({ length: programs }, () => program(locks))).map((bodies) => ({
          ...Object.fromEntries(bodies.map((body, index) => [programName(index), body])),
          // Names of a child that no program makes would be unknown.
          maker: [{ fork: { program: NAMES.leaf, name: 'child' } }] as StepText[],
          [NAMES.leaf]: leafProgram,
        })),
        processes: fc
          .tuple(
            process(frame, 'one', 0, ofOne),
            process(frame, 'two', ofOne, Math.max(ofTwo, NAMES.lwps.length - ofOne)),
            process(frame, COPIES, LWPS_OF_TWO, 1),
            seldom,
            inZone,
          )
          .map(([one, two, copies, hasCopies, remote]) => [
            one,
            two,
            ...(hasCopies ? [copies] : []),
            ...(hasZone ? [remote] : []),
          ]),
      })
      .map((parts): ScenarioText =>
        given({
          cpus,
          ...parts,
          processor_sets: setCpus.length > 0 ? { [SET]: setCpus } : undefined,
        }),
      );
  });

/** A scenario of some hundred milliseconds. */
export const randomScenario: fc.Arbitrary<ScenarioText> = fc.oneof(
  { weight: 40, arbitrary: full },
  { weight: 1, arbitrary: bare },
);

/** The scenario as a file. */
export function yamlOf(text: ScenarioText): string {
  return stringify(text, { aliasDuplicateObjects: false });
}

/** The plan of a random scenario, by way of its text. */
export function planOf(text: ScenarioText): ScenarioPlan {
  return parseScenario(yamlOf(text), 'random.yaml');
}
