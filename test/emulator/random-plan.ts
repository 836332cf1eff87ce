/** Random scenarios for property tests: small machines, all classes, all kinds of locks, any program. */
import fc from 'fast-check';
import {
  arrivals,
  leafProgram,
  processSteps,
  signalActions,
  sources,
  timed,
  LAST_START_NS,
} from './random-process-steps.ts';
import { lock, sharedObjectPlans, sharedObjects, syncSteps } from './random-sync-steps.ts';
import type { ClassPlan, DurationPlan, LwpPlan, ScenarioPlan, StepPlan } from '#main/emulator/plan.ts';

const LINE = 1;

const duration = (mostNs: number): fc.Arbitrary<DurationPlan> =>
  fc.oneof(
    fc.integer({ min: 0, max: mostNs }).map((ns): DurationPlan => ({ kind: 'constant', ns })),
    fc
      .tuple(fc.integer({ min: 0, max: mostNs }), fc.integer({ min: 0, max: mostNs }))
      .map(([a, b]): DurationPlan => ({ kind: 'uniform', lowNs: Math.min(a, b), highNs: Math.max(a, b) })),
    fc
      .integer({ min: 1_000, max: mostNs })
      .map((meanNs): DurationPlan => ({ kind: 'exponential', meanNs, leastNs: 0, mostNs: 10 * meanNs })),
  );

/** Steps; locks are taken in order of their numbers, so that nobody waits in a circle. */
const steps = (locks: number, from: number, depth: number, leaf: number): fc.Arbitrary<StepPlan[]> => {
  const compute = duration(3_000_000).map((d): StepPlan[] => [{ op: 'compute', duration: d, line: LINE }]);
  const single: fc.Arbitrary<StepPlan[]>[] = [
    compute,
    duration(5_000_000).map((d): StepPlan[] => [{ op: 'sleep', duration: d, line: LINE }]),
    fc.constant<StepPlan[]>([{ op: 'yield', line: LINE }]),
    fc.constant<StepPlan[]>([{ op: 'schedctl_start', line: LINE }]),
    fc.constant<StepPlan[]>([{ op: 'schedctl_stop', line: LINE }]),
    processSteps(leaf),
  ];
  // Outside of all locks, so that nobody waits in a circle.
  if (from === 0) single.push(syncSteps(sharedObjects(locks), duration(3_000_000)));
  if (depth > 0) {
    single.push(
      fc
        .tuple(fc.integer({ min: 1, max: 5 }), steps(locks, from, depth - 1, leaf))
        .map(([count, body]): StepPlan[] => [{ op: 'loop', count, steps: body, line: LINE }]),
      fc
        .tuple(fc.double({ min: 0, max: 1, noNaN: true }), steps(locks, from, depth - 1, leaf))
        .map(([probability, body]): StepPlan[] => [
          { op: 'chance', probability, steps: body, otherwise: [], line: LINE },
        ]),
    );
    if (from < locks) {
      single.push(
        fc
          .integer({ min: from, max: locks - 1 })
          .chain((index) =>
            steps(locks, index + 1, depth - 1, leaf).map((body): StepPlan[] => [
              { op: 'lock', lock: index, line: LINE },
              ...body,
              { op: 'unlock', lock: index, line: LINE },
            ]),
          ),
      );
    }
  }
  return fc.array(fc.oneof(...single), { minLength: 1, maxLength: 4 }).map((parts) => parts.flat());
};

const program = (locks: number, leaf: number): fc.Arbitrary<StepPlan[]> =>
  fc
    .tuple(steps(locks, 0, 2, leaf), fc.boolean(), fc.integer({ min: 200_000, max: 5_000_000 }))
    .map(([body, forever, ns]) =>
      forever
        ? [
            {
              op: 'loop' as const,
              count: Infinity,
              steps: [
                ...body,
                { op: 'compute' as const, duration: { kind: 'constant' as const, ns }, line: LINE },
              ],
              line: LINE,
            },
          ]
        : body,
    );

const schedulingClass: fc.Arbitrary<ClassPlan> = fc.oneof(
  { weight: 4, arbitrary: fc.constant<ClassPlan>({ name: 'TS', uprilim: 0, upri: 0 }) },
  {
    weight: 1,
    arbitrary: fc
      .integer({ min: -60, max: 60 })
      .map((upri): ClassPlan => ({ name: 'TS', uprilim: Math.max(upri, 0), upri })),
  },
  {
    weight: 1,
    arbitrary: fc
      .boolean()
      .map((interactive): ClassPlan => ({ name: 'IA', uprilim: 0, upri: 0, interactive })),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.integer({ min: 0, max: 60 }), fc.constantFrom(-2, -3, 30_000_000))
      .map(([upri, quantumNs]): ClassPlan => ({ name: 'FX', uprilim: 60, upri, quantumNs })),
  },
  { weight: 2, arbitrary: fc.constant<ClassPlan>({ name: 'FSS', uprilim: 0, upri: 0 }) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.integer({ min: 0, max: 59 }), fc.constantFrom(-2, -3, 30_000_000))
      .map(([pri, quantumNs]): ClassPlan => ({ name: 'RT', pri, quantumNs })),
  },
);

/** A plan of some hundred milliseconds. */
export const randomPlan: fc.Arbitrary<ScenarioPlan> = fc
  .record({
    cpus: fc.integer({ min: 1, max: 5 }),
    locks: fc.integer({ min: 0, max: 3 }),
    programs: fc.integer({ min: 1, max: 3 }),
    seed: fc.integer({ min: 0, max: 0xffff_ffff }),
    table: fc.constantFrom('default' as const, 'server' as const),
    hasSet: fc.boolean(),
  })
  .chain(({ cpus, locks, programs, seed, table, hasSet }) => {
    // The last CPU is in a set of its own where there is one.
    const sets = hasSet && cpus > 1 ? [{ name: 'set', cpus: [cpus - 1] }] : [];
    const partOf = (cpu: number): number => (sets.length > 0 && cpu === cpus - 1 ? 1 : 0);
    return fc.record({
      title: fc.constant('random'),
      fileName: fc.constant('random.yaml'),
      cpus: fc.constant(cpus),
      hz: fc.constantFrom(100, 1000),
      durationNs: fc.constantFrom(100_000_000, 100_000_000, 1_100_000_000),
      seed: fc.constant(seed),
      dispatchTable: fc.constant({ kind: table }),
      costs: fc.constantFrom(
        { contextSwitchNs: 2_000, systemCallNs: 300, lockNs: 25, lockHandoffNs: 100, storeNs: 5 },
        { contextSwitchNs: 0, systemCallNs: 0, lockNs: 0, lockHandoffNs: 0, storeNs: 0 },
      ),
      locks: fc
        .tuple(...Array.from({ length: locks }, (_, index) => lock(index)))
        .map((plans) => [...plans, ...sharedObjectPlans]),
      sets: fc.constant(sets),
      programs: fc.tuple(
        ...Array.from({ length: programs }, (_, index) =>
          program(locks, programs).map((body) => ({ name: `program ${index}`, steps: body })),
        ),
        fc.constant({ name: 'leaf', steps: leafProgram }),
      ),
      processes: signalActions(programs).map((signals) => [
        { name: 'one', pid: 100, project: 0, signals },
        { name: 'two', pid: 101, project: 1 },
      ]),
      arrivals: arrivals(programs),
      sources: fc.constant(sources),
      timed: timed(cpus, sets.length),
      projects: fc.constant([
        { name: 'small', shares: 1 },
        { name: 'large', shares: 10 },
      ]),
      lwps: fc
        .array(
          fc.record({
            process: fc.integer({ min: 0, max: 1 }),
            class: schedulingClass,
            start: fc
              .integer({ min: 0, max: LAST_START_NS })
              .map((ns) => ({ kind: 'constant' as const, ns })),
            boundCpu: fc.oneof(
              { weight: 4, arbitrary: fc.constant(-1) },
              { weight: 1, arbitrary: fc.integer({ min: 0, max: cpus - 1 }) },
            ),
            program: fc.integer({ min: 0, max: programs - 1 }),
            part: fc.integer({ min: 0, max: sets.length }),
          }),
          { minLength: 1, maxLength: 14 },
        )
        .map((lwps) =>
          lwps.map((lwp, index): LwpPlan => ({
            ...lwp,
            part: lwp.boundCpu < 0 ? lwp.part : partOf(lwp.boundCpu),
            name: `lwp ${index}`,
            lwpNumber: index + 1,
            line: LINE,
          })),
        ),
    });
  });
