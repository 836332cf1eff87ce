/**
 * Who had a CPU is in a trace file in several forms: the events, the runs of CPUs, the states of threads, the sums of
 * an area, and in what the lock holders are computed from. Of an imported capture all of them must say the same.
 */
import { writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { LANE_STATE } from '#shared/model/enums.ts';
import { aggregates } from '../store/queries/index.ts';
import { temporaryFolder } from '../store/testing/temporary-folder.ts';
import { TraceDatabase } from '../store/index.ts';
import { holdersIn, openForHolders } from './lock-holders.ts';
import { importFile } from './make-trace.ts';

const file = temporaryFolder();
const root = new URL('../../', import.meta.url).pathname;
const fixture = (name: string): string => `${root}test/fixtures/ftrace/${name}`;

type Rows = [number, number][];

async function imported(source: string, locks?: string): Promise<TraceDatabase> {
  const path = file('same.sctrace');
  const made = await importFile({ source, path, locks }, { replace: true });
  expect(made.error).toBeNull();
  return TraceDatabase.open(path);
}

const rows = (trace: TraceDatabase, sql: string): Map<number, number> =>
  new Map((trace.prepare(sql).raw().all() as Rows).filter(([, value]) => value !== 0));
const columns = (ids: ArrayLike<number>, values: ArrayLike<number>): Map<number, number> =>
  new Map(
    Array.from(ids, (id, row): [number, number] => [id, values[row]!]).filter(([, value]) => value !== 0),
  );

describe.each([
  ['tlb-and-fpu.txt.gz'],
  ['yield-short-sections.txt.gz'],
  ['uprobe-lock-events.txt.gz'],
  ['convoy-spin.perf-script.txt.gz'],
  ['trace_pipe-lost.txt.gz'],
])('%s', (name) => {
  it('has the same times on CPUs in its runs, in the states of its threads and in the sums of the whole', async () => {
    const trace = await imported(fixture(name));
    try {
      const onCpu = `state IN (${LANE_STATE.running}, ${LANE_STATE.spinning})`;
      const ofRuns = rows(trace, 'SELECT lwp, sum(end_ns - start_ns) FROM cpu_run GROUP BY lwp');
      const ofStates = rows(
        trace,
        `SELECT lwp, sum(end_ns - start_ns) FROM lwp_state WHERE ${onCpu} GROUP BY lwp`,
      );
      expect(ofRuns.size).toBeGreaterThan(5);
      expect(ofStates).toEqual(ofRuns);

      const area = { startNs: 0, endNs: trace.durationNs };
      const { threads, cpus } = aggregates(trace, area);
      const running = Array.from(threads.lwp, (_, row) => threads.runningNs[row]! + threads.spinningNs[row]!);
      expect(columns(threads.lwp, running)).toEqual(ofRuns);
      const preempted = rows(
        trace,
        `SELECT lwp, sum(end_ns - start_ns) FROM lwp_state WHERE state = ${LANE_STATE.preempted} GROUP BY lwp`,
      );
      expect(preempted.size).toBeGreaterThan(0);
      expect(columns(threads.lwp, threads.preemptedNs)).toEqual(preempted);
      expect(columns(cpus.cpu, cpus.busyNs)).toEqual(
        rows(trace, 'SELECT cpu, sum(end_ns - start_ns) FROM cpu_run GROUP BY cpu'),
      );
    } finally {
      trace.close();
    }
  });
});

describe('a hold that loses its CPU', () => {
  const TRACE = `          keeper-300     [000] d..2.    10.001000: sched_switch: prev_comm=keeper prev_pid=300 prev_prio=120 prev_state=R ==> next_comm=hog next_pid=400 next_prio=120
          keeper-300     [000] d..2.    10.001002: tlb_flush: pages:-1 reason:flush on task switch (0)
             hog-400     [000] d..2.    10.006000: sched_switch: prev_comm=hog prev_pid=400 prev_prio=120 prev_state=S ==> next_comm=keeper next_pid=300 next_prio=120
             hog-400     [000] d..2.    10.006003: tlb_flush: pages:-1 reason:flush on task switch (0)
          keeper-300     [000] d..2.    10.008000: sched_switch: prev_comm=keeper prev_pid=300 prev_prio=120 prev_state=S ==> next_comm=swapper/0 next_pid=0 next_prio=120
`;
  const written = (name: string, text: string): string => {
    writeFileSync(file(name), text);
    return file(name);
  };
  const log = (...lines: readonly string[]): string => `tid,want_ns,acq_ns,rel_ns\n${lines.join('\n')}\n`;
  const OFF_CPU = `
    SELECT s.lwp, sum(min(s.end_ns, h.end_ns) - max(s.start_ns, h.start_ns)) FROM lock_hold h JOIN lwp_state s
    ON s.lwp = h.lwp AND s.start_ns < h.end_ns AND s.end_ns > h.start_ns AND s.state = ${LANE_STATE.preempted}
    GROUP BY s.lwp`;

  it.each([
    ['given back', log('300,10000000000,10000001000,10007000000'), 7_000_000 - 1000],
    ['never given back', log('300,10000000000,10000001000,', '400,10002000000,,'), 8_000_000 - 1000],
  ])(
    'lost it for as long by the log, by the trace that has the log, and by its states: %s',
    async (_what, text, heldNs) => {
      const source = written('trace.txt', TRACE);
      const locks = written('locks.csv', text);
      const byLog = holdersIn(await openForHolders(source, locks, {})).holders;
      expect(byLog).toMatchObject({
        acquisitions: 1,
        holds_with_switch_out: 1,
        switch_outs_by_prev_state: { R: 1 },
        off_cpu_while_holding_ns: 5_000_000,
        hold_ns_sum: heldNs,
      });
      const trace = await imported(source, locks);
      expect([...rows(trace, OFF_CPU).values()]).toEqual([5_000_000]);
      const { path } = trace;
      trace.close();
      expect(holdersIn(await openForHolders(path, undefined, {})).holders).toEqual(byLog);
    },
  );
});
