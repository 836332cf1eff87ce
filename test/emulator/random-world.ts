/** Random machines, classes, objects, and what happens from outside, in the scenario language. */
import fc from 'fast-check';
import type { LockText, ScenarioText, TimedText } from '#main/scenario/schema.ts';
import { schedulingClass } from './random-classes.ts';
import { constant, duration, given, interval, maybe } from './random-durations.ts';
import { lwp, mask, NAMES, process, signal, target } from './random-steps.ts';

/** LWPs start before this time, CPUs change after it: one that is bound to a CPU that is gone cannot start. */
export const LAST_START_US = 20_000;
const LAST_EVENT_US = 70_000;

/** Time slices of the classes FSS and RT, as dispadmin(8) sets them. */
export const fssQuantum = fc.integer({ min: 1, max: 20 }).map((ticks) => `${ticks} ticks`);
export const rtQuanta = fc
  .array(
    fc.oneof(
      fc.constant('infinite' as const),
      fc.integer({ min: 1, max: 20 }).map((ticks) => `${ticks} ticks`),
    ),
    { minLength: 4, maxLength: 4 },
  )
  .map((quanta) => Array.from({ length: 60 }, (_, at) => quanta[at % quanta.length]!));

const shared = maybe(fc.boolean());

/** A lock of any kind. */
export const lock: fc.Arbitrary<LockText> = fc.oneof(
  fc.constantFrom<LockText>('spin', 'mutex', 'adaptive', 'queue'),
  fc
    .record({
      kind: fc.constant('spin' as const),
      spin: maybe(constant(100)),
      delay: maybe(
        fc.record({ first: maybe(constant(500, 1)), most: maybe(constant(5_000, 1_000)) }).map(given),
      ),
      shared,
    })
    .map((text): LockText => given(text)),
  fc
    .record({ kind: fc.constantFrom('mutex' as const, 'queue' as const), shared })
    .map((text): LockText => given(text)),
  fc
    .record({ kind: fc.constant('adaptive' as const), spin: maybe(constant(60)), shared })
    .map((text): LockText => given(text)),
);

/** A condition variable, by name or with its scope. */
export const condition = (name: string): fc.Arbitrary<NonNullable<ScenarioText['conditions']>[number]> =>
  fc.oneof(
    fc.constant(name),
    shared.map((scope) => given({ name, shared: scope })),
  );

/** A semaphore, by its count or with its scope. */
export const semaphore: fc.Arbitrary<NonNullable<ScenarioText['semaphores']>[string]> = fc
  .tuple(fc.integer({ min: 0, max: 3 }), fc.boolean(), shared)
  .map(([count, plain, scope]) => (plain ? count : given({ count, shared: scope })));

const level = fc.integer({ min: 0, max: 59 });

/** A dispatch table. */
export const dispatchTable: fc.Arbitrary<NonNullable<ScenarioText['dispatch_table']>> = fc.oneof(
  fc.constantFrom('default' as const, 'server' as const),
  fc
    .array(fc.tuple(fc.integer({ min: 1, max: 20 }), level, level, fc.integer({ min: 0, max: 3 }), level), {
      minLength: 5,
      maxLength: 5,
    })
    .map((rows) => Array.from({ length: 60 }, (_, at) => rows[at % rows.length]!)),
);

const cost = maybe(fc.constantFrom<string | 0>(0, '5ns', '300ns', '2us'));

/** What things cost. */
export const costs: fc.Arbitrary<NonNullable<ScenarioText['costs']>> = fc
  .record({ context_switch: cost, system_call: cost, lock: cost, lock_handoff: cost, store: cost })
  .map(given);

/** A source of wake-ups. */
export const source: fc.Arbitrary<NonNullable<ScenarioText['sources']>[string]> = fc
  .record({ every: interval(2_000), start: maybe(duration(1_000)) })
  .map(given);

const late = fc.integer({ min: LAST_START_US, max: LAST_EVENT_US }).map((us) => `${us}us`);
const any = fc.integer({ min: 0, max: LAST_EVENT_US }).map((us) => `${us}us`);

/** What happens at a time. Much of what an administrator asks for is refused. */
export function timed(
  cpus: number,
  sets: readonly string[],
  zones: readonly string[],
  projects: readonly string[],
): fc.Arbitrary<TimedText> {
  const cpu = fc.integer({ min: 0, max: cpus - 1 });
  const set = fc.constantFrom('default', ...sets);
  const forced = maybe(fc.boolean());
  return fc.oneof(
    fc
      .record({ at: any, signal, to: target })
      .map(({ at, signal: name, to }): TimedText => ({ at, signal: name, ...to })),
    fc
      .record({
        at: any,
        fail: fc.constantFrom('page' as const, 'address' as const, 'mapping' as const),
        nth: maybe(fc.constantFrom<'every' | number>('every', 1, 2, 3)),
        error: maybe(fc.constantFrom('ENOMEM' as const, 'EAGAIN' as const, 'EINVAL' as const)),
      })
      .map((event): TimedText => given(event)),
    any.map((at): TimedText => ({ at, heal: 'all' })),
    fc.record({ at: any, proc: lwp, hold: maybe(mask) }).map((event): TimedText => given(event)),
    fc
      .record({ at: any, priocntl: schedulingClass, to: target })
      .map(({ at, priocntl, to }): TimedText => ({ at, priocntl, ...to })),
    fc.record({ at: late, offline: cpu, forced }).map((event): TimedText => given(event)),
    fc.record({ at: late, online: cpu }),
    fc
      .record({
        at: any,
        shares: fc.integer({ min: 0, max: 50 }),
        of: fc.oneof(
          fc.constantFrom(...projects).map((project) => ({ project })),
          fc.constantFrom(...zones).map((zone) => ({ zone })),
        ),
      })
      .map(({ of, ...event }): TimedText => ({ ...event, ...of })),
    fc.record({ at: any, newtask: fc.constantFrom(...NAMES.projects), process }),
    fc.record({ at: late, assign: cpu, set, forced }).map((event): TimedText => given(event)),
    fc
      .record({
        at: late,
        bind: set,
        to: fc.oneof(
          process.map((name) => ({ process: name })),
          lwp.map((name) => ({ lwp: name })),
        ),
      })
      .map(({ at, bind, to }): TimedText => ({ at, bind, ...to })),
  );
}
