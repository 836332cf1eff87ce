import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { stateAt } from '../queries/index.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { TraceDatabase } from '../read/trace-database.ts';
import { verifyTrace } from '../verify/verify.ts';

const file = temporaryFolder();

/**
 * Starts a recording in another process, kills it when it has committed `events` and `afterMs` have passed; returns
 * what it said it had.
 */
function recordAndKill(path: string, events: number, afterMs = 0): Promise<number> {
  const script = join(import.meta.dirname, '../testing', 'endless-writer.ts');
  const child = spawn(process.execPath, [script, path], { stdio: ['ignore', 'pipe', 'inherit'] });
  let committed = 0;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    committed = Number(text.trim().split('\n').at(-1));
    if (committed >= events) setTimeout(() => child.kill('SIGKILL'), afterMs);
  });
  return new Promise((resolve) => child.on('close', () => resolve(committed)));
}

it('a recording that was killed opens with everything up to its last commit', async () => {
  const path = file('killed.sctrace');
  const committed = await recordAndKill(path, 100_000);
  expect(existsSync(path)).toBe(false);
  const trace = TraceDatabase.open(`${path}.part`);
  expect(trace.meta).toMatchObject({ complete: false, closed: false });
  expect(trace.meta.incompleteReason).toBe('The recording was cut off.');
  // It may have committed once more before the signal reached it.
  expect(trace.events).toBeGreaterThanOrEqual(committed);
  expect(stateAt(trace, {}).sequence).toBe(trace.events);
  trace.close();
  expect(verifyTrace(`${path}.part`)).toMatchObject({ ok: true, difference: null });
});

it.each([0, 1, 2, 3])('so does one that was killed at any other moment (%i)', async (run) => {
  const path = file(`moment-${run}.sctrace`);
  // In the middle of a batch, of a commit, of a checkpoint: wherever it happens to be.
  const committed = await recordAndKill(path, 1, Math.random() * 700);
  const trace = TraceDatabase.open(`${path}.part`);
  expect(trace.events).toBeGreaterThanOrEqual(committed);
  trace.close();
  expect(verifyTrace(`${path}.part`)).toMatchObject({ ok: true, difference: null });
});
