/**
 * The workloads of some captures wrote down, on the same clock, when each thread took and released its lock.
 * What those logs and the text of the trace say together was computed by an independent program
 * (expected-holders.json); the imported trace must say the same.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, describe, it } from 'vitest';
import { LANE_STATE } from '#shared/model/enums.ts';
import type { LockHolders } from '../analysis/lock-holders.ts';
import { TraceDatabase } from '../store/index.ts';
import { temporaryFolder } from '../store/testing/temporary-folder.ts';
import { holdersIn, openForHolders } from './lock-holders.ts';
import { importFile, recordScenario } from './make-trace.ts';

const holdersOf = async (...source: Parameters<typeof openForHolders>) =>
  holdersIn(await openForHolders(...source));

const file = temporaryFolder();
const fixture = (name: string): string =>
  join(new URL('../../test/fixtures/ftrace/', import.meta.url).pathname, name);
const expected = JSON.parse(readFileSync(fixture('expected-holders.json'), 'utf8')) as {
  readonly trace: string;
  readonly locks: string;
  readonly holders: LockHolders;
}[];
const convoy = expected[1]!;

/** Holds of a trace inside which their thread is preempted, by the states that its lanes show. */
function holdsWithPreemption(path: string): number {
  const trace = TraceDatabase.open(path);
  const count = trace
    .prepare(
      `SELECT count(DISTINCT hold.id) FROM lock_hold AS hold JOIN lwp_state AS slice ON slice.lwp = hold.lwp
       AND slice.state = ? AND slice.start_ns > hold.start_ns AND slice.start_ns < hold.end_ns`,
    )
    .get(LANE_STATE.preempted) as readonly [number];
  trace.close();
  return count[0];
}

describe('lock holders', () => {
  it.each(expected)('of $trace are those of the independent program', async ({ trace, locks, holders }) => {
    expect((await holdersOf(fixture(trace), fixture(locks), {})).holders).toEqual(holders);
  });

  it('are the same from the imported trace file as from the text', async () => {
    const path = file('convoy.sctrace');
    await importFile({ source: fixture(convoy.trace), path }, {});
    expect((await holdersOf(path, fixture(convoy.locks), {})).holders).toEqual(convoy.holders);
  });

  it.each([1, 2])('of a recorded scenario on %i CPUs are those of its thread states', async (cpus) => {
    const path = file(`scenario-${cpus}.sctrace`);
    const scenario = `
cpus: ${cpus}
duration: 300 ms
locks: { latch: { kind: spin } }
processes:
  - name: app
    lwps:
      - name: worker
        count: ${3 * cpus}
        program:
          - loop: forever
            steps: [{ lock: latch }, { compute: 30ms }, { unlock: latch }, { compute: 1ms }]
`;
    await recordScenario({ text: scenario, name: 'test', path }, {});
    const { holders } = await holdersOf(path, undefined, {});
    expect(holders.acquisitions).toBeGreaterThan(3);
    expect(holders.holds_with_switch_out).toBeGreaterThan(0);
    expect(holders.holds_with_switch_out).toBe(holdsWithPreemption(path));
    expect(holders.off_cpu_while_holding_ns).toBeLessThan(holders.hold_ns_sum);
    expect(holders.worst_hold).not.toBeNull();
  });

  it('that were put on a queue and picked again at once have not lost their CPU', async () => {
    const path = file('asks.sctrace');
    const scenario = `
cpus: 1
duration: 200 ms
locks: { latch: { kind: spin } }
processes:
  - name: app
    lwps:
      - name: asks
        program:
          - loop: forever
            steps: [schedctl_start, { lock: latch }, { compute: 3ms }, { unlock: latch }, schedctl_stop, { compute: 1ms }]
      - name: wakes
        program:
          - loop: forever
            steps: [{ sleep: 2ms }, { compute: 100us }]
`;
    await recordScenario({ text: scenario, name: 'test', path }, {});
    const { holders } = await holdersOf(path, undefined, {});
    expect(holders.acquisitions).toBeGreaterThan(20);
    expect(holders.holds_with_switch_out).toBe(0);
    expect(holders.off_cpu_while_holding_ns).toBe(0);
  });
});

describe('what cannot be joined is an error that says why', () => {
  const csv = (name: string, ...lines: readonly string[]): string => {
    writeFileSync(file(name), `${lines.join('\n')}\n`);
    return file(name);
  };
  const header = 'tid,want_ns,acq_ns,rel_ns';
  const trace = fixture(convoy.trace);

  it.each([
    ['no header', ['1,2,3,4'], 'does not begin with a line that names the columns tid, acq_ns, rel_ns'],
    ['nothing', [''], 'is empty'],
    ['no readable line', [header, 'x,1,2,3'], 'no readable acquisition (line 2: it has no thread id)'],
    ['times of another clock', [header, '11669,1000,2000,3000'], 'do not overlap in time'],
    ['other threads', [header, '1234567,1360312566448,1360312566518,1360313076659'], 'No thread of'],
  ])('a log with %s', async (name, lines, message) => {
    await expect(holdersOf(trace, csv(`${name}.csv`, ...lines), {})).rejects.toMatchObject({
      code: 'import-failed',
      message: expect.stringContaining(message) as string,
    });
  });

  it('a trace whose clock has no seconds', async () => {
    const { locks } = convoy;
    await expect(holdersOf(fixture('clock-counter.txt'), fixture(locks), {})).rejects.toMatchObject({
      code: 'import-failed',
      message: expect.stringContaining('cannot be joined') as string,
    });
  });

  it('a trace without locks, and no log', async () => {
    await expect(holdersOf(trace, undefined, {})).rejects.toMatchObject({
      message: expect.stringContaining('--locks') as string,
    });
  });

  it('unreadable lines are left out, counted and quoted', async () => {
    const log = csv(
      'damaged.csv',
      'want_ns,tid,rel_ns,acq_ns',
      '1360312566448,11669,1360313076659,1360312566518',
      '1360312566448,11669,1360312566518,1360313076659',
      'x,11669,1,1',
      'y,11669,1,1',
    );
    const { holders, warnings } = await holdersOf(trace, log, {});
    expect(holders.acquisitions).toBe(1);
    expect(warnings).toContain(
      'damaged.csv: 2 lines left out: a time of it is not a number of nanoseconds (the first is line 4: x,11669,1,1)',
    );
  });
});
