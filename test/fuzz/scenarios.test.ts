/** Mutilated scenarios: an editor checks a text at every key, finished or not. */
import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkScenario, parseScenario } from '#main/scenario/parse-scenario.ts';
import { FUZZ, FUZZ_TIMEOUT_MS, survives } from './fuzz.ts';

const FOLDER = new URL('../../traces/scenarios/', import.meta.url);
/** The shorter ones: they have every construct among them, and a case costs what its text is long. */
const TEXTS = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.yaml'))
  .map((name) => readFileSync(new URL(name, FOLDER), 'utf8').replaceAll(/^#.*\n/gm, ''))
  .filter((text) => text.length < 1500);

/** What people and accidents put into YAML. */
const SNIPPETS = [
  '- ', ': ', '{', '}', '[', ']', '"', "'", '\t', '\n', '  ', '&a ', '*a ', '!!binary ', '!<x> ', '|', '>', '<<: *a',
  '---\n', '...\n', '%YAML 1.1\n', '# ', '\0', '\uFEFF', '\u2028', '💥', '-1', '1e999', '.nan', '0x7fffffffffffffff', 'null',
  'true', '? [a]: b\n', '{ [a]: b }', '2026-11-25', '10 parsec', '1000000000 s', '0 ns', '__proto__', 'constructor', 'count: 1000000000', 'cpus: 1e6',
  'loop: forever\n', 'steps: []', 'processes:', 'program: *a',
]; // prettier-ignore

const edit = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  remove: fc.integer({ min: 0, max: 40 }),
  insert: fc.oneof(fc.constantFrom(...SNIPPETS), fc.string({ maxLength: 12, unit: 'binary' })),
});

const scenario = fc
  .record({ text: fc.constantFrom(...TEXTS), edits: fc.array(edit, { minLength: 1, maxLength: 5 }) })
  .map(({ text, edits }) =>
    edits.reduce((current, { at, remove, insert }) => {
      const start = Math.floor(at * current.length);
      return current.slice(0, start) + insert + current.slice(start + remove);
    }, text),
  );

test(
  'a mutilated scenario is checked: every problem has a place and a sentence',
  { timeout: FUZZ_TIMEOUT_MS },
  async () => {
    const warnings: string[] = [];
    const onWarning = ({ message }: Error): void => void warnings.push(message);
    process.on('warning', onWarning);
    await fc.assert(
      fc.asyncProperty(scenario, async (text) => {
        await survives(() => {
          const { problems, facts } = checkScenario(text);
          expect(facts === null).toBe(problems.length > 0);
          for (const { line, column, message } of problems) {
            expect(Math.min(line, column)).toBeGreaterThanOrEqual(1);
            expect(message).not.toBe('');
          }
        });
        await survives(() => parseScenario(text, 'fuzz.yaml'));
      }),
      FUZZ,
    );
    process.off('warning', onWarning);
    expect(warnings, 'on the console').toEqual([]);
  },
);
