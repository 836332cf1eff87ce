/** A few moments of each kind of work; `npm run kill` tries thousands. */
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { KINDS } from './attempts.ts';
import { Killer } from './kill-once.ts';

const killer = new Killer(join(import.meta.dirname, '../../src-main/hosts/cli/main.ts'));
afterAll(() => killer.close());

it.each(KINDS)('%s: what is there after a kill is whole, opens, or says what it is', async (kind) => {
  const lastMs = await killer.durationMs(kind);
  for (const [at, again] of [
    [0.5 * Math.random(), false],
    [0.5 + 0.5 * Math.random(), true],
  ] as const) {
    await expect(killer.kill(kind, at * lastMs, again)).resolves.toMatch(/nothing|leftovers|part|whole/);
  }
});
