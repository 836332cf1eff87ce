import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Ns } from '#shared/base/brands.ts';
import { SyntheticTrace } from '../testing/synthetic-trace.ts';
import { temporaryFolder, writeSynthetic } from '../testing/temporary-folder.ts';
import { TraceDatabase } from '../read/trace-database.ts';
import { cpuUse, lanes } from './index.ts';
import { LANE_STATE } from '#shared/model/enums.ts';

const file = temporaryFolder();
const options = { events: 20_000, seed: 11, cpus: 3, lwps: 7 };
const path = file('trace.sctrace');
writeSynthetic(path, options);
const trace = TraceDatabase.open(path);
const durationNs = SyntheticTrace.rows(options).at(-1)!.timeNs;

/** Every run on every CPU, as the lanes show them where there is room. */
const runs = (() => {
  const found = { startNs: [] as number[], endNs: [] as number[], state: [] as number[] };
  const parts = 40;
  for (let part = 0; part < parts; part++) {
    const startNs = Math.floor((durationNs * part) / parts);
    const endNs = Math.floor((durationNs * (part + 1)) / parts);
    const columns = lanes(trace, {
      startNs,
      endNs,
      pixels: 16_384_000,
      lanes: [0, 1, 2].map((id) => ({ kind: 'cpu' as const, id })),
    });
    columns.startNs.forEach((start, i) => {
      const from = Math.max(start, startNs);
      const to = Math.min(columns.endNs[i]!, endNs);
      if (to <= from) return;
      found.startNs.push(from);
      found.endNs.push(to);
      found.state.push(columns.state[i]!);
    });
  }
  return found;
})();

function usedNs(startNs: Ns, endNs: Ns, spinning: boolean): Ns {
  let sum = 0;
  runs.startNs.forEach((start, i) => {
    if ((runs.state[i] === LANE_STATE.spinning) !== spinning) return;
    sum += Math.max(0, Math.min(endNs, runs.endNs[i]!) - Math.max(startNs, start));
  });
  return sum;
}

describe('CPU use', () => {
  it('is the time that the lanes show, bucket by bucket', () => {
    const anyTime = fc.integer({ min: 0, max: durationNs });
    fc.assert(
      fc.property(anyTime, anyTime, fc.integer({ min: 1, max: 30 }), (a, b, pixels) => {
        fc.pre(a !== b);
        const window = { startNs: Math.min(a, b), endNs: Math.max(a, b), pixels };
        const found = cpuUse(trace, window);
        expect(found.buckets).toBeLessThanOrEqual(pixels);
        expect(found.startNs + found.buckets * found.bucketNs).toBeGreaterThanOrEqual(window.endNs);
        for (let bucket = 0; bucket < found.buckets; bucket++) {
          const from = found.startNs + bucket * found.bucketNs;
          const to = Math.min(window.endNs, from + found.bucketNs);
          expect(found.runningNs[bucket]).toBe(usedNs(from, to, false));
          expect(found.spinningNs[bucket]).toBe(usedNs(from, to, true));
        }
      }),
      { numRuns: 25 },
    );
  });

  it('of a time range with very many runs has the buckets of the overview', () => {
    const whole = cpuUse(trace, { startNs: 0, endNs: durationNs, pixels: 500 }, 0);
    const exact = cpuUse(trace, { startNs: 0, endNs: durationNs, pixels: 5000 });
    const sum = (column: Float64Array, to: number): number =>
      column.subarray(0, to).reduce((total, value) => total + value, 0);
    expect(whole.bucketNs % 1024).toBe(0);
    expect(whole.buckets).toBeLessThanOrEqual(501);
    for (const column of ['runningNs', 'spinningNs'] as const) {
      expect(sum(whole[column], whole.buckets)).toBe(sum(exact[column], exact.buckets));
      // Added up run by run it is the same time, as far as whole buckets reach.
      const half = Math.floor(whole.buckets / 2);
      const upTo = Math.floor((half * whole.bucketNs) / exact.bucketNs);
      const difference = Math.abs(sum(whole[column], half) - sum(exact[column], upTo));
      expect(difference).toBeLessThan(options.cpus * exact.bucketNs);
    }
  });
});
