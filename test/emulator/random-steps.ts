/**
 * Random steps of the scenario language, of every kind. A step may name the locks, programs, LWPs, processes and
 * sources of random-scenario.ts. What is created runs the program `leaf`, which creates nothing, so that a run stays
 * small.
 *
 * Rules of the machine that would end a run are kept: locks are taken in the order of their numbers and given back,
 * a wait for a condition has its mutex, and nothing loops for ever without computing.
 */
import fc from 'fast-check';
import { SIGNAL_NAMES, type SignalName } from '#main/scenario/signal-names.ts';
import { WORD_STEPS, type MaskText, type StepText } from '#main/scenario/schema.ts';
import { schedulingClass } from './random-classes.ts';
import { duration, given, maybe } from './random-durations.ts';

/** Names that every random scenario has. */
export const NAMES = {
  processes: ['one', 'two', 'child'],
  lwps: ['lwp 0', 'lwp 1', 'lwp 2'],
  leaf: 'leaf',
  monitor: 'monitor',
  condition: 'condition',
  semaphore: 'semaphore',
  source: 'disk',
  /** Of the global zone. */
  projects: ['small', 'large'],
} as const;

/** Signals: those with a handler, and those that stop and continue, more often than those that end the process. */
export const signal: fc.Arbitrary<SignalName> = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom<SignalName>('USR1', 'USR2', 'USR1', 'STOP', 'CONT', 'CONT') },
  { weight: 1, arbitrary: fc.constantFrom(...SIGNAL_NAMES) },
);
const signals = fc.uniqueArray(signal, { maxLength: 3 });
export const mask: fc.Arbitrary<MaskText> = fc.oneof(
  fc.constantFrom<MaskText>('none', 'none', 'all'),
  signals,
);
export const process: fc.Arbitrary<string> = fc.constantFrom(...NAMES.processes);
export const lwp: fc.Arbitrary<string> = fc.constantFrom(...NAMES.lwps);

/** Nobody, a process or an LWP, as the language says it. */
export const target: fc.Arbitrary<{ process?: string } | { lwp?: string }> = fc.oneof(
  process.map((name) => ({ process: name })),
  lwp.map((name) => ({ lwp: name })),
);

const words: fc.Arbitrary<StepText> = fc.constantFrom(
  ...WORD_STEPS.filter((word) => word !== 'exit' && word !== 'exit_process'),
);

/** Steps that create something, or end something: taken seldom. */
const drastic: fc.Arbitrary<StepText> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.oneof(
      fc.constant({ spawn: NAMES.leaf }),
      fc
        .record({
          program: fc.constant(NAMES.leaf),
          name: maybe(fc.constant('helper')),
          count: maybe(fc.integer({ min: 1, max: 3 })),
        })
        .map((spawn) => ({ spawn: given(spawn) })),
    ),
  },
  {
    weight: 5,
    arbitrary: fc.oneof(
      fc.constant({ fork: NAMES.leaf }),
      fc
        .record({
          program: fc.constant(NAMES.leaf),
          kind: maybe(fc.constantFrom('fork1' as const, 'vfork' as const)),
          name: maybe(fc.constant('child')),
        })
        .map((fork) => ({ fork: given(fork) })),
      fc
        .record({
          program: fc.constant(NAMES.leaf),
          kind: fc.constant('forkall' as const),
          siblings: fc.constantFrom(undefined, undefined, NAMES.leaf),
          name: fc.constant('child'),
        })
        .map((fork) => ({ fork: given(fork) })),
    ),
  },
  { weight: 1, arbitrary: fc.constantFrom<StepText>({ exec: NAMES.leaf }, 'exit', 'exit_process') },
  {
    weight: 2,
    arbitrary: fc
      .record({ send: signal, to: fc.oneof(fc.constant({}), target) })
      .map(({ send, to }) => ({ send, ...to })),
  },
  { weight: 1, arbitrary: lwp.map((name) => ({ cancel: name })) },
  { weight: 1, arbitrary: mask.map((sigsuspend) => ({ sigsuspend })) },
);

const plain: fc.Arbitrary<StepText> = fc.oneof(
  { weight: 6, arbitrary: duration(3_000).map((compute) => ({ compute })) },
  { weight: 3, arbitrary: duration(5_000).map((sleep) => ({ sleep })) },
  { weight: 6, arbitrary: words },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 9 }).map((mark) => ({ mark })) },
  { weight: 1, arbitrary: lwp.map((name) => ({ look_at: name })) },
  { weight: 1, arbitrary: fc.constant({ await: NAMES.source }) },
  { weight: 1, arbitrary: fc.constantFrom(...NAMES.projects).map((newtask) => ({ newtask })) },
  {
    weight: 1,
    arbitrary: fc
      .record({ poll: fc.constant(NAMES.source), timeout: maybe(duration(2_000)), sigmask: maybe(mask) })
      .map(given),
  },
  {
    weight: 1,
    arbitrary: fc.record({ sigtimedwait: signals, timeout: maybe(duration(2_000)) }).map(given),
  },
  {
    weight: 2,
    arbitrary: fc.oneof(
      fc.constantFrom('none' as const, 'all' as const).map((sigmask) => ({ sigmask })),
      signals.map((block) => ({ sigmask: { block } })),
      signals.map((unblock) => ({ sigmask: { unblock } })),
      signals.map((set) => ({ sigmask: { set } })),
    ),
  },
  { weight: 1, arbitrary: fc.record({ proc: lwp, hold: maybe(mask) }).map(given) },
  { weight: 2, arbitrary: duration(2_000).map((page_fault) => ({ page_fault })) },
  {
    weight: 2,
    arbitrary: fc
      .record({ priocntl: schedulingClass, to: fc.oneof(fc.constant({}), fc.constant({}), target) })
      .map(({ priocntl, to }): StepText => ({ priocntl, ...to })),
  },
  {
    weight: 4,
    arbitrary: drastic.map((step): StepText => ({ chance: 0.2, then: [step] })),
  },
);

/** Steps about the monitor, its condition and the semaphore; they hold nothing when they are over. */
const shared: fc.Arbitrary<StepText[]> = fc.oneof(
  maybe(duration(3_000)).map((timeout) =>
    inside([given({ cond_wait: NAMES.condition, mutex: NAMES.monitor, timeout })]),
  ),
  duration(1_000).map((compute) => inside([{ cond_signal: NAMES.condition }, { compute }])),
  fc.constant<StepText[]>([{ cond_broadcast: NAMES.condition }]),
  fc.constant(inside([{ cond_broadcast: NAMES.condition }])),
  duration(1_000).map((compute): StepText[] => [
    { sema_wait: NAMES.semaphore },
    { compute },
    { sema_post: NAMES.semaphore },
  ]),
);

function inside(steps: readonly StepText[]): StepText[] {
  return [{ lock: NAMES.monitor }, ...steps, { unlock: NAMES.monitor }];
}

export const lockName = (index: number): string => `lock ${index}`;

/** Steps with locks from number `from` on, nested `depth` deep. */
export function steps(locks: number, from: number, depth: number): fc.Arbitrary<StepText[]> {
  const one = plain.map((step): StepText[] => [step]);
  const forms: fc.WeightedArbitrary<StepText[]>[] = [{ weight: 5, arbitrary: one }];
  // Outside of all locks, so that nobody waits in a circle.
  if (from === 0) forms.push({ weight: 2, arbitrary: shared });
  if (depth > 0) {
    const body = steps(locks, from, depth - 1);
    const probability = fc.constantFrom(0, 0.3, 0.7, 1);
    forms.push(
      {
        weight: 1,
        arbitrary: fc
          .tuple(fc.integer({ min: 1, max: 5 }), body)
          .map(([loop, inner]): StepText[] => [{ loop, steps: inner }]),
      },
      {
        weight: 1,
        arbitrary: fc
          .record({ chance: probability, then: body, else: maybe(body) })
          .map((step): StepText[] => [given(step)]),
      },
      {
        weight: 1,
        arbitrary: fc
          .record({ zipf: fc.constantFrom(0, 1, 2), of: fc.array(body, { minLength: 2, maxLength: 3 }) })
          .map((step): StepText[] => [step]),
      },
    );
    if (from < locks) {
      forms.push({
        weight: 2,
        arbitrary: fc
          .integer({ min: from, max: locks - 1 })
          .chain((index) =>
            steps(locks, index + 1, depth - 1).map((inner): StepText[] => [
              { lock: lockName(index) },
              ...inner,
              { unlock: lockName(index) },
            ]),
          ),
      });
    }
  }
  return fc.array(fc.oneof(...forms), { minLength: 1, maxLength: 4 }).map((parts) => parts.flat());
}

/** A program that ends, or that goes round for ever and computes. */
export function program(locks: number): fc.Arbitrary<StepText[]> {
  return fc
    .tuple(steps(locks, 0, 2), fc.boolean(), fc.integer({ min: 200, max: 5_000 }))
    .map(([body, forever, us]): StepText[] =>
      forever ? [{ loop: 'forever', steps: [...body, { compute: `${us}us` }] }] : body,
    );
}

/** What children, created LWPs, handlers and arrivals run. */
export const leafProgram: StepText[] = [
  'schedctl_start',
  { compute: { exponential: '200us' } },
  { sleep: { exponential: '500us' } },
  'schedctl_stop',
  { look_at: NAMES.lwps[0] },
];
