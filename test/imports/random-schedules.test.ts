/**
 * Schedules made at random, printed as each tool prints them, with events of other subsystems at every place: after
 * the import every run, state and wake-up is what happened, and there is no thread more.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { importText } from '#main/importers/collect-rows.ts';
import { PRINTERS } from './print-schedule.ts';
import { makeSchedule } from './random-schedule.ts';

const WAKES: ReadonlySet<string> = new Set(['sched_waking', 'sched_wakeup', 'sched_wakeup_new']);
const RUNS_A_PRINTER = 25;

const choice = fc.tuple(
  fc.oneof(fc.constant(0), fc.nat(30), fc.nat(2_000_000)),
  fc.nat(3),
  fc.nat(7),
  fc.nat(1000),
);
const choices = fc.array(choice, { minLength: 5, maxLength: 150, size: 'max' });

describe.each(PRINTERS)('$name', ({ print, isWhole }) => {
  it('gives every run, state and wake-up of a schedule, and no thread more', async () => {
    let switches = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 2, max: 9 }),
        choices,
        async (cpus, threads, steps) => {
          const schedule = makeSchedule(cpus, threads, isWhole, steps);
          fc.pre(
            schedule.runs.length > 0 && (isWhole || ['switch', 'waking'].includes(schedule.events[0]!.event)),
          );
          switches += schedule.runs.length;
          const trace = await importText(print(schedule));
          expect(trace.report.skipped).toEqual([]);
          expect(
            trace.rows
              .filter(({ kind }) => kind === 'cpu_dispthread')
              .map(({ cpu, timeNs, to }) => `${cpu} ${timeNs / 1000}us ${to}`),
          ).toEqual(schedule.runs);
          expect(trace.text('chain_broken')).toEqual([]);
          if (!isWhole) return;
          expect(trace.lwps.map(({ name }) => name).sort()).toEqual([...schedule.states.keys()].sort());
          for (const [name, states] of schedule.states) expect(trace.states(name), name).toEqual(states);
          expect(
            trace.rows
              .filter(({ kind, to, cause }) => kind === 't_state' && to === 'RUN' && WAKES.has(cause))
              .map(({ timeNs, cpu, thread }) => `${timeNs / 1000}us on ${cpu}: ${thread}`),
          ).toEqual(schedule.wakeups);
          expect(trace.report.repairs).toEqual([]);
        },
      ),
      { numRuns: RUNS_A_PRINTER, seed: 4711 },
    );
    expect(switches).toBeGreaterThan(RUNS_A_PRINTER * 10);
  });
});
