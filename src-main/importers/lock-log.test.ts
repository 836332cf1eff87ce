/**
 * The workloads of some captures wrote down, on the same clock, when each thread took and released its lock.
 * How often a holder lost its CPU, and for how long, was computed from those logs and the text of the trace by
 * an independent program; the imported trace must give the same.
 */
import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { importPath, type Collected } from './collect-rows.ts';

const fixtures = new URL('../../test/fixtures/ftrace/', import.meta.url).pathname;
const CONVOY = new URL('../../traces/real-convoy-spin.ftrace.txt.gz', import.meta.url).pathname;

interface OffCpu {
  readonly fromNs: number;
  readonly toNs: number;
  readonly reason: string;
}

it.each([
  {
    log: 'convoy-spin',
    trace: CONVOY,
    holds: 260,
    interrupted: 86,
    switchOuts: 88,
    offCpuNs: 1_133_892_000,
    worstNs: 28_003_000,
    unseenReturns: 1,
  },
  {
    log: 'convoy-spin',
    trace: `${fixtures}convoy-spin.perf-script.txt.gz`,
    holds: 260,
    interrupted: 86,
    switchOuts: 88,
    offCpuNs: 1_133_889_310,
    worstNs: 28_003_359,
    unseenReturns: 1,
  },
  {
    log: 'convoy-rseq-events',
    holds: 350,
    interrupted: 26,
    switchOuts: 51,
    offCpuNs: 314_754_000,
    worstNs: 64_570_000,
    unseenReturns: 2,
  },
  {
    log: 'lock-markers',
    holds: 470,
    interrupted: 67,
    switchOuts: 87,
    offCpuNs: 333_323_000,
    worstNs: 21_693_000,
    unseenReturns: 3,
  },
  {
    log: 'uprobe-lock-events',
    holds: 490,
    interrupted: 32,
    switchOuts: 63,
    offCpuNs: 321_103_000,
    worstNs: 42_885_000,
    unseenReturns: 0,
  },
  {
    log: 'futex-and-kernel-locks',
    holds: 1097,
    interrupted: 30,
    switchOuts: 30,
    offCpuNs: 8_651_000,
    worstNs: 4_016_000,
    unseenReturns: 0,
  },
])('agrees with the lock log of $log', async ({ log, trace: path, ...expected }) => {
  const trace = await importPath(path ?? `${fixtures}${log}.txt.gz`);
  const offCpu = offCpuByTid(trace);
  let interrupted = 0;
  let offCpuNs = 0;
  let worstNs = 0;
  const reasons: string[] = [];
  const holds = await readHolds(log, trace.report.origin!);
  for (const { tid, acquiredNs, releasedNs } of holds) {
    const within = (offCpu.get(tid) ?? []).filter(
      ({ fromNs }) => fromNs >= acquiredNs && fromNs < releasedNs,
    );
    const ns = within.reduce((sum, { fromNs, toNs }) => sum + Math.min(toNs, releasedNs) - fromNs, 0);
    if (within.length > 0) interrupted++;
    reasons.push(...within.map(({ reason }) => reason));
    offCpuNs += ns;
    worstNs = Math.max(worstNs, ns);
  }
  expect({ holds: holds.length, interrupted, switchOuts: reasons.length, worstNs }).toEqual({
    holds: expected.holds,
    interrupted: expected.interrupted,
    switchOuts: expected.switchOuts,
    worstNs: expected.worstNs,
  });
  // Every one of them left in state R: against its will.
  expect(new Set(reasons)).toEqual(new Set(['preempted']));
  // Where no line shows the holder come back, the reference leaves the time out; here it ends at a best guess.
  expect(offCpuNs).toBeGreaterThanOrEqual(expected.offCpuNs);
  expect(offCpuNs).toBeLessThanOrEqual(expected.offCpuNs + expected.unseenReturns * expected.worstNs);
});

function offCpuByTid(trace: Collected): Map<number, OffCpu[]> {
  const byTid = new Map<number, OffCpu[]>();
  const reasons = new Map<number, string>();
  const left = new Map<number, Omit<OffCpu, 'toNs'>>();
  for (const { kind, lwp, timeNs, from, to } of trace.rows) {
    if (kind === 'off_cpu_reason') reasons.set(lwp, to);
    if (kind !== 't_state') continue;
    if (from === 'ONPROC') left.set(lwp, { fromNs: timeNs, reason: reasons.get(lwp)! });
    const leaving = left.get(lwp);
    if (to !== 'ONPROC' || leaving === undefined) continue;
    const tid = trace.lwps[lwp]!.lwpNumber;
    byTid.set(tid, [...(byTid.get(tid) ?? []), { ...leaving, toNs: timeNs }]);
    left.delete(lwp);
  }
  return byTid;
}

/** Columns tid, want_ns, acq_ns, rel_ns, cpu_acq, cpu_rel; times of the clock whose `origin` is 0 in the trace. */
async function readHolds(
  log: string,
  origin: string,
): Promise<{ tid: number; acquiredNs: number; releasedNs: number }[]> {
  const text = gunzipSync(await readFile(`${fixtures}locklogs/${log}.csv.gz`)).toString();
  const [seconds, fraction] = origin.split('.');
  const originNs = BigInt(seconds!) * 1_000_000_000n + BigInt(fraction!.padEnd(9, '0'));
  return text
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => {
      const [tid, , acquired, released] = line.split(',');
      return {
        tid: Number(tid),
        acquiredNs: Number(BigInt(acquired!) - originNs),
        releasedNs: Number(BigInt(released!) - originNs),
      };
    });
}
