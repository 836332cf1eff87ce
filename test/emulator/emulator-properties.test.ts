import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Emulator } from '#main/emulator/engine/emulator.ts';
import { nosteal_nsec } from '#main/emulator/disp/disp-context.ts';
import type { ScenarioPlan } from '#main/emulator/plan.ts';
import { TransitionProbe } from '#shared/model/transition-probe.ts';
import { parseScenario } from '#main/scenario/parse-scenario.ts';
import { brokenInvariants, waitingBesideIdleCpu } from './machine-invariants.ts';
import { randomPlan } from './random-plan.ts';
import { recordRun } from './recorded-run.ts';

const LIBRARY = new URL('../../traces/scenarios/', import.meta.url);
const library = readdirSync(LIBRARY)
  .filter((name) => name.endsWith('.yaml'))
  .map((name) => parseScenario(readFileSync(new URL(name, LIBRARY), 'utf8'), name));

/** Runs a plan event by event and reports the first broken invariant with its time. */
function firstBrokenInvariant(
  plan: ScenarioPlan,
  options: { eventsPerCheck: number; durationNs?: number },
): string {
  const probe = new TransitionProbe();
  const emulator = new Emulator(plan, { probe, durationNs: options.durationNs });
  const state = emulator.machine.state;
  const waitsSince = new Map<number, number>();
  while (emulator.advance(options.eventsPerCheck) === 'running') {
    for (let batch = probe.takeFilled(); batch !== undefined; batch = probe.takeFilled())
      probe.giveBack(batch);
    const broken = brokenInvariants(state, plan.cpus);
    if (broken.length > 0) return `${emulator.timeNs} ns: ${broken.join('; ')}`;

    const waiting = waitingBesideIdleCpu(state, plan.cpus);
    for (const t of waitsSince.keys()) if (!waiting.includes(t)) waitsSince.delete(t);
    for (const t of waiting) {
      const since = waitsSince.get(t) ?? emulator.timeNs;
      waitsSince.set(t, since);
      if (options.eventsPerCheck === 1 && emulator.timeNs - since > nosteal_nsec) {
        return `${emulator.timeNs} ns: LWP ${t} waits beside an idle CPU since ${since} ns`;
      }
    }
  }
  return '';
}

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
    expect(firstBrokenInvariant(plan, { eventsPerCheck: 97 })).toBe('');
  });
});

describe('random scenarios', () => {
  test('keep the machine consistent after every event', () => {
    fc.assert(
      fc.property(randomPlan, (plan) => {
        const durationNs = Math.min(plan.durationNs, 60_000_000);
        expect(firstBrokenInvariant(plan, { eventsPerCheck: 1, durationNs })).toBe('');
      }),
      { numRuns: 60 },
    );
  });

  test('replay to the same machine at every batch boundary, and run the same twice', () => {
    fc.assert(
      fc.property(randomPlan, (plan) => {
        const first = recordRun(plan, { batchRows: 512 }, { onBatch: (a, b) => expect(b).toBe(a) });
        expect(first.replayed.digest()).toBe(first.stateDigest);
        expect(recordRun(plan).eventDigest).toBe(first.eventDigest);
      }),
      { numRuns: 60 },
    );
  });

  test('another seed gives other events', () => {
    const plan = library[0]!;
    expect(recordRun(plan, { seed: plan.seed + 1 }).eventDigest).not.toBe(recordRun(plan).eventDigest);
  });
});
