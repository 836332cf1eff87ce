/**
 * npm run kill -- [--times N] [--kind KIND] [--at MS] [--jobs N]: kills the built program at moments spread over its
 * runs.
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureBuilt } from '#main/bootstrap/build.mjs';
import { KINDS, type Kind } from './attempts.ts';
import { Killer, type Found } from './kill-once.ts';

/** One in so many is done once more after the kill. */
const AGAIN_EVERY = 10;

const { values } = parseArgs({
  options: {
    times: { type: 'string', default: '200' },
    kind: { type: 'string' },
    at: { type: 'string' },
    jobs: { type: 'string', default: '2' },
  },
});
const kinds = values.kind === undefined ? KINDS : KINDS.filter((kind) => kind === values.kind);
if (kinds.length === 0) throw new Error(`there is no kind ${values.kind}, only ${KINDS.join(', ')}`);
await ensureBuilt((line) => console.error(line));
const killer = new Killer(join(import.meta.dirname, '../../dist/main/cli.js'));
process.on('exit', () => killer.close());

const counts = new Map<Kind, Record<Found | 'failed', number>>(
  kinds.map((kind) => [kind, { nothing: 0, leftovers: 0, part: 0, whole: 0, failed: 0 }]),
);
const times = Number(values.times);
const durations = new Map<Kind, number>();
for (const kind of kinds) durations.set(kind, await killer.durationMs(kind));
let next = 0;

async function work(): Promise<void> {
  while (next < times) {
    const number = next++;
    const kind = kinds[number % kinds.length]!;
    // Spread evenly over the run and a little beyond, each moment once; one in ten counts from the start of the
    // program.
    const fraction = (Math.floor(number / kinds.length) + Math.random()) / Math.ceil(times / kinds.length);
    const spreadMs = fraction * 1.2 * durations.get(kind)!;
    const fromStart = Math.floor(number / kinds.length) % 10 === 9;
    const afterMs = values.at === undefined ? (fromStart ? -spreadMs : spreadMs) : Number(values.at);
    const count = counts.get(kind)!;
    try {
      count[await killer.kill(kind, afterMs, Math.floor(number / kinds.length) % AGAIN_EVERY === 0)]++;
    } catch (thrown) {
      count.failed++;
      console.log(`${kind} after ${afterMs.toFixed(1)} ms: ${(thrown as Error).message}`);
    }
    if (next % 100 === 0) console.error(`${next} of ${times}`);
  }
}
await Promise.all(Array.from({ length: Number(values.jobs) }, work));
console.table(Object.fromEntries(counts));
process.exitCode = [...counts.values()].some(({ failed }) => failed > 0) ? 1 : 0;
