/**
 * `npm run random-plans -- --count 100000 --seed 1`: runs random scenarios and looks at the machine all the way. The
 * first failure is shrunk and printed as a scenario, with the seed that makes it again; exit code 1.
 *
 * Scenario number n of a seed is the same whatever --count and --from are, so that a run can be gone on with.
 */
import { parseArgs } from 'node:util';
import fc from 'fast-check';
import type { ScenarioText } from '#main/scenario/schema.ts';
import { firstFault } from './checked-run.ts';
import { planOf, randomScenario, yamlOf } from './random-scenario.ts';

/** Virtual time of a run; most of what goes wrong does so early. */
const DURATION_NS = 100_000_000;
/** Primes, so that looks fall on all kinds of moments. */
const EVENTS_PER_CHECK = [1, 7, 13, 23, 41, 61];
const PROGRESS_MS = 10_000;

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    from: { type: 'string', default: '0' },
  },
});
const count = wholeNumber('count', values.count);
const seed = wholeNumber('seed', values.seed);
const from = wholeNumber('from', values.from);

let said = Date.now();
for (let n = from; n < from + count; n++) {
  const fault = faultOf(fc.sample(randomScenario, { seed: seedOf(n), numRuns: 1 })[0]!, n);
  if (fault !== '') {
    process.stdout.write(`scenario ${n} of seed ${seed}: ${fault}\n\n`);
    printShrunk(n);
    process.exitCode = 1;
    break;
  }
  if (Date.now() - said > PROGRESS_MS) {
    said = Date.now();
    process.stderr.write(`${n - from + 1} of ${count}\n`);
  }
  if (n === from + count - 1) process.stdout.write(`${count} random scenarios, none failed\n`);
}

function faultOf(text: ScenarioText, n: number): string {
  const eventsPerCheck = EVENTS_PER_CHECK[n % EVENTS_PER_CHECK.length]!;
  return firstFault(planOf(text), { eventsPerCheck, durationNs: DURATION_NS });
}

/** The smallest scenario that fails in its place. */
function printShrunk(n: number): void {
  const result = fc.check(
    fc.property(randomScenario, (text) => faultOf(text, n) === ''),
    { seed: seedOf(n), numRuns: 1, interruptAfterTimeLimit: 120_000, markInterruptAsFailure: false },
  );
  const text = result.counterexample?.[0];
  if (text === undefined) return;
  process.stdout.write(`# ${faultOf(text, n).split('\n')[0]}\n${yamlOf(text)}`);
}

/** Spread over 32 bits: neighbours have nothing in common. */
function seedOf(n: number): number {
  return Math.imul(seed + Math.imul(n, 0x9e3779b1), 0x85ebca6b) | 0;
}

function wholeNumber(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0) throw new Error(`--${name} ${text} is no whole number`);
  return value;
}
