import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseScenario } from '#main/scenario/parse-scenario.ts';
import { firstFault } from './checked-run.ts';
import { planOf, randomScenario } from './random-scenario.ts';
import { recordRun } from './recorded-run.ts';

/** The same scenarios every time; `npm run random-plans` looks for others. */
const SEED = 20261201;
const LIBRARY = new URL('../../traces/scenarios/', import.meta.url);
const library = readdirSync(LIBRARY)
  .filter((name) => name.endsWith('.yaml'))
  .map((name) => parseScenario(readFileSync(new URL(name, LIBRARY), 'utf8'), name));

describe('every scenario of the library', () => {
  test.each(library)('$fileName runs the same twice and replays to the same machine', (plan) => {
    const boundaries: [string, string][] = [];
    const first = recordRun(
      plan,
      {},
      { onBatch: (emulated, replayed) => boundaries.push([emulated, replayed]) },
    );
    const second = recordRun(plan, { batchRows: 16_384 });
    expect(first.rows).toBeGreaterThan(10_000);
    expect(second.eventDigest).toBe(first.eventDigest);
    expect(boundaries.filter(([emulated, replayed]) => emulated !== replayed)).toEqual([]);
    expect(boundaries.length).toBeGreaterThan(2);
    expect(first.endNs).toBe(plan.durationNs);
  });

  test.each(library)('$fileName keeps the machine consistent', (plan) => {
    expect(firstFault(plan, { eventsPerCheck: 97 })).toBe('');
  });
});

describe('random scenarios', () => {
  // In parts, each well below the time that a test may take.
  test.each([1, 2, 3, 4])(
    'keep the machine consistent after every event, and replay to it: part %i',
    (part) => {
      fc.assert(
        fc.property(randomScenario, (text) => {
          expect(firstFault(planOf(text), { eventsPerCheck: 1, durationNs: 60_000_000 })).toBe('');
        }),
        { seed: SEED + part, numRuns: 15 },
      );
    },
  );

  test.each([5, 6, 7, 8])('do so over more of them, looked at now and then: part %i', (part) => {
    fc.assert(
      fc.property(randomScenario, fc.integer({ min: 2, max: 60 }), (text, eventsPerCheck) => {
        expect(firstFault(planOf(text), { eventsPerCheck, durationNs: 80_000_000 })).toBe('');
      }),
      { seed: SEED + part, numRuns: 35 },
    );
  });

  test('run the same twice', () => {
    fc.assert(
      fc.property(randomScenario, (text) => {
        const plan = planOf(text);
        const digestOf = (batchRows: number): string => {
          try {
            return recordRun(plan, { batchRows, durationNs: 60_000_000 }).eventDigest;
          } catch (error) {
            return String(error);
          }
        };
        expect(digestOf(512)).toBe(digestOf(4096));
      }),
      { seed: SEED, numRuns: 30 },
    );
  });

  test('another seed gives other events', () => {
    const plan = library[0]!;
    expect(recordRun(plan, { seed: plan.seed + 1 }).eventDigest).not.toBe(recordRun(plan).eventDigest);
  });
});
