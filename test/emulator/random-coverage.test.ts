/** Random scenarios have everything that the scenario language has: what is new there fails here until they do. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { scenarioSchema } from '#main/scenario/schema.ts';
import { randomScenario } from './random-scenario.ts';
import { SchemaCoverage } from './schema-coverage.ts';

const SEED = 20261201;
const SCENARIOS = 400;

test('every step, option and word of the language occurs in random scenarios', () => {
  const coverage = new SchemaCoverage(scenarioSchema);
  for (const text of fc.sample(randomScenario, { seed: SEED, numRuns: SCENARIOS })) coverage.see(text);
  expect(coverage.unused()).toEqual([]);
});

test('a form, a key, a word and an option left out are missed where nobody uses them', () => {
  const schema = z.strictObject({
    way: z.enum(['there', 'back']),
    stop: z.union([z.string(), z.strictObject({ at: z.boolean() })]).optional(),
  });
  const coverage = new SchemaCoverage(schema);
  coverage.see({ way: 'there', stop: 'here' });
  expect(coverage.unused()).toEqual(['.way=back', '.stop|1', '.stop?']);
  coverage.see({ way: 'back', stop: { at: true } });
  expect(coverage.unused()).toEqual(['.stop|1.at=false', '.stop?']);
  coverage.see({ way: 'back' });
  coverage.see({ way: 'back', stop: { at: false } });
  expect(coverage.unused()).toEqual([]);
});
