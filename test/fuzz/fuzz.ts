/** What the fuzz tests share: how many cases from which seed, and what may come of one. */
import { WorkbenchError } from '#shared/base/errors.ts';

/** For fast-check: the same cases every time. A failure prints the seed and the path to its smallest case. */
export const FUZZ = {
  numRuns: Number(process.env['FUZZ_RUNS'] ?? 2000),
  seed: Number(process.env['FUZZ_SEED'] ?? 20_261_125),
};
/** For the whole of a test: a case takes milliseconds, a machine that does other work as well several times that. */
export const FUZZ_TIMEOUT_MS = Math.max(180_000, FUZZ.numRuns * 50);

const LONGEST_CASE_MS = 2000;

/** An error for people: a code that is not "internal", and a sentence. Anything else is thrown again. */
export function expectSentence(thrown: unknown): void {
  if (!(thrown instanceof WorkbenchError) || thrown.code === 'internal') throw thrown;
  if (!/\S\s\S.*[.?!)]$/s.test(thrown.message)) throw new Error(`no sentence: ${thrown.message}`);
}

/** Runs a case: its end may be an error for people, and must come within two seconds. */
export async function survives(run: () => unknown): Promise<void> {
  const startMs = performance.now();
  try {
    await run();
  } catch (thrown) {
    expectSentence(thrown);
  }
  const tookMs = performance.now() - startMs;
  if (tookMs > LONGEST_CASE_MS) throw new Error(`took ${Math.round(tookMs)} ms`);
}
