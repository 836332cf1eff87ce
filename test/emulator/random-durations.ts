/** Random durations and numbers of the scenario language. */
import fc from 'fast-check';
import type { DurationText, RandomDurationText } from '#main/scenario/schema.ts';

/** Now and then. */
export const seldom: fc.Arbitrary<boolean> = fc.integer({ min: 0, max: 7 }).map((n) => n === 7);

/** A value in one of two cases. */
export function maybe<T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return fc.option(value, { nil: undefined });
}

/** Without the keys that have no value: the language has none of those. */
export function given<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as T;
}

/** A constant duration up to `mostUs`. */
export function constant(mostUs: number, leastUs = 0): fc.Arbitrary<DurationText> {
  return fc.integer({ min: leastUs, max: mostUs }).map((us) => `${us}us`);
}

/** Any duration of the language but `each`; samples are of the order of `mostUs`. */
export function duration(mostUs: number): fc.Arbitrary<RandomDurationText> {
  const least = maybe(constant(10));
  const most = maybe(constant(10 * mostUs, mostUs));
  return fc.oneof(
    { weight: 4, arbitrary: constant(mostUs) },
    { weight: 1, arbitrary: fc.constant<RandomDurationText>(0) },
    {
      weight: 2,
      arbitrary: fc
        .tuple(fc.integer({ min: 0, max: mostUs }), fc.integer({ min: 0, max: mostUs }))
        .map(([a, b]): RandomDurationText => ({ uniform: [`${Math.min(a, b)}us`, `${Math.max(a, b)}us`] })),
    },
    {
      weight: 3,
      arbitrary: fc
        .record({ exponential: constant(mostUs, 1), least, most })
        .map((text): RandomDurationText => given(text)),
    },
    {
      weight: 1,
      arbitrary: fc
        .record({
          log_normal: fc.record({ median: constant(mostUs, 1), sigma: fc.constantFrom(0, 0.5, 1) }),
          least,
          most,
        })
        .map((text): RandomDurationText => given(text)),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        zipf: fc.record({
          unit: constant(Math.ceil(mostUs / 10), 1),
          exponent: fc.constantFrom(0, 1.1, 2),
          ranks: fc.integer({ min: 2, max: 50 }),
        }),
      }),
    },
  );
}

/** Time between two things that happen again and again: never so short that a run does nothing else. */
export function interval(mostUs: number): fc.Arbitrary<RandomDurationText> {
  return fc.oneof(
    constant(mostUs, 100),
    constant(mostUs, 100).map((exponential): RandomDurationText => ({ exponential, least: '50us' })),
  );
}
