/** Random scheduling classes, in the scenario language. */
import fc from 'fast-check';
import type { ClassText } from '#main/scenario/schema.ts';
import { constant, given, maybe } from './random-durations.ts';

const quantum = fc.oneof(fc.constantFrom('infinite' as const, '30ms', '3 ticks'), constant(40_000, 1_000));

/** A scheduling class, by name or with parameters. */
export const schedulingClass: fc.Arbitrary<ClassText> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom<ClassText>('TS', 'TS', 'IA', 'FX', 'FSS', 'FSS', 'RT') },
  {
    weight: 3,
    arbitrary: fc
      .record({
        name: fc.constantFrom('TS' as const, 'FSS' as const, 'IA' as const),
        upri: maybe(fc.integer({ min: -60, max: 60 })),
        uprilim: maybe(fc.integer({ min: -60, max: 60 })),
        interactive: maybe(fc.boolean()),
      })
      .map(({ name, upri, uprilim, interactive }): ClassText => {
        const limits = given({ upri, uprilim: limitOf(upri, uprilim) });
        return name === 'IA' ? given({ name, ...limits, interactive }) : { name, ...limits };
      }),
  },
  {
    weight: 2,
    arbitrary: fc
      .record({
        upri: maybe(fc.integer({ min: 0, max: 60 })),
        uprilim: maybe(fc.integer({ min: 0, max: 60 })),
        quantum: maybe(quantum),
      })
      .map(({ upri, uprilim, ...rest }): ClassText =>
        given({ name: 'FX' as const, upri, uprilim: limitOf(upri, uprilim), ...rest }),
      ),
  },
  {
    weight: 2,
    arbitrary: fc
      .record({
        pri: maybe(fc.integer({ min: 0, max: 59 })),
        quantum: maybe(quantum),
        quantum_signal: fc.constantFrom(undefined, undefined, 'USR1' as const),
      })
      .map((rest): ClassText => given({ name: 'RT' as const, ...rest })),
  },
);

/** A limit that is not below the priority. */
function limitOf(upri: number | undefined, uprilim: number | undefined): number | undefined {
  return uprilim === undefined ? undefined : Math.max(uprilim, upri ?? 0);
}
