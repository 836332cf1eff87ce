/** Several records of one run, on one clock. */
import { gunzipSync } from 'node:zlib';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { importPath } from './collect-rows.ts';

const root = new URL('../../', import.meta.url).pathname;
const FTRACE = `${root}traces/real-convoy-spin.ftrace.txt.gz`;
const PERF = `${root}test/fixtures/ftrace/convoy-spin.perf-script.txt.gz`;
const LOCKS = `${root}test/fixtures/ftrace/locklogs/convoy-spin.csv.gz`;

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'merged-'));
});
afterAll(() => rm(folder, { recursive: true }));
const file = async (name: string, text: string): Promise<string> => {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
};

const line = (us: number, event: string, cpu = 0): string =>
  `     a-11   [00${cpu}] d..2.   100.${String(us).padStart(6, '0')}: ${event}\n`;
const switched = (from: string, to: string): string => {
  const [prev, prevPid] = from.split('-');
  const [next, nextPid] = to.split('-');
  return `sched_switch: prev_comm=${prev} prev_pid=${prevPid} prev_prio=120 prev_state=S ==> next_comm=${next} next_pid=${nextPid} next_prio=120`;
};

describe('a second trace of the same run', () => {
  it('adds nothing where it has the same events once more, stamped by another tool', async () => {
    const alone = await importPath(FTRACE);
    const merged = await importPath(FTRACE, { also: [PERF] });
    expect(merged.report).toMatchObject({
      format: 'ftrace + perf-script',
      brokenChains: 144,
      lwps: alone.report.lwps,
    });
    // All of perf's scheduler events but an exec; what it says about run times is about nothing here.
    expect(merged.report.repeated).toBe(1015);
    expect(merged.lwps.map(({ name }) => name)).toEqual(alone.lwps.map(({ name }) => name));
  });

  it('adds what the first one lacks, in order of time', async () => {
    const first = await file(
      'first.txt',
      line(0, switched('a-11', 'b-12')) + line(20, switched('c-13', 'd-14')),
    );
    const second = await file(
      'second.txt',
      line(1, switched('a-11', 'b-12')) + line(10, switched('b-12', 'c-13')),
    );
    const merged = await importPath(first, { also: [second] });
    expect(merged.report).toMatchObject({ repeated: 1, brokenChains: 0 });
    expect(merged.states('b')).toEqual(['0us ONPROC', '10us SLEEP/interruptible']);
    expect(merged.states('c')).toEqual(['10us ONPROC', '20us SLEEP/interruptible']);
  });

  it('that begins earlier is where time begins', async () => {
    const first = await file('late.txt', line(20, switched('c-13', 'd-14')));
    const second = await file('early.txt', line(10, switched('b-12', 'c-13')));
    const merged = await importPath(first, { also: [second] });
    expect(merged.report.origin).toBe('100.000010');
    expect(merged.states('c')).toEqual(['0us ONPROC', '10us SLEEP/interruptible']);
  });
});

describe('a lock log of the same run', () => {
  it('says who held and wanted the lock, every acquisition to the nanosecond', async () => {
    const trace = await importPath(FTRACE, { locks: LOCKS });
    const log = gunzipSync(await readFile(LOCKS))
      .toString()
      .trim()
      .split('\n')
      .slice(1)
      .map((row) => row.split(','));
    const taken = trace.rows.filter(({ kind, to }) => kind === 'sync_owner' && to !== '-1');
    expect(taken).toHaveLength(log.length);
    const originNs = 1_360_133_415_000n;
    expect(taken.map(({ timeNs }) => timeNs)).toEqual(
      log.map(([, , acquired]) => Number(BigInt(acquired!) - originNs)).sort((a, b) => a - b),
    );
    expect(trace.syncs.map(({ name }) => name)).toEqual(['convoy-spin']);
  });

  it('cannot be joined where the clock of the trace has no seconds', async () => {
    const counter = `${root}test/fixtures/ftrace/clock-counter.txt`;
    await expect(importPath(counter, { locks: LOCKS })).rejects.toMatchObject({
      code: 'import-failed',
      message: expect.stringContaining('cannot be joined') as string,
    });
  });
});
