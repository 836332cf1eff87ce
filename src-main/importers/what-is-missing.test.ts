/** Sources that leave out something which a timeline needs: what can be shown is, and what is missing is said. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { importPath, importText } from './collect-rows.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'missing-'));
});
afterAll(() => rm(folder, { recursive: true }));
const file = async (name: string, text: string): Promise<string> => {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
};

const line = (stamp: string, task: string, event: string): string =>
  `${task}   [000] d..2. ${stamp}: ${event}\n`;
const switched = (from: string, pid: number, state: string, to: string, toPid: number): string =>
  `sched_switch: prev_comm=${from} prev_pid=${pid} prev_prio=120 prev_state=${state} ==> next_comm=${to} next_pid=${toPid} next_prio=120`;

describe('the end of a trace', () => {
  it('is its last line, not its last change', async () => {
    const trace = await importText(
      line('10.000000', '<idle>-0', switched('swapper/0', 0, 'R', 'hog', 400)) +
        line('10.000100', 'hog-400', 'sys_enter: NR 1 (1, 2, 3, 4, 5, 6)') +
        line('20.000000', 'hog-400', 'sys_enter: NR 1 (1, 2, 3, 4, 5, 6)'),
    );
    expect(trace.report.durationNs).toBe(10_000_000_000);
    expect(trace.rows.at(-1)).toMatchObject({
      timeNs: 10_000_000_000,
      kind: 'cpu_online',
      from: '1',
      to: '1',
    });
  });

  it('is its last line on a machine whose first CPU is not in the trace', async () => {
    const trace = await importText(
      line('10.000000', '<idle>-0', switched('swapper/3', 0, 'R', 'hog', 400)).replace('[000]', '[003]') +
        line('10.500000', 'hog-400', 'x: 1').replace('[000]', '[003]'),
    );
    expect(trace.rows.at(-1)).toMatchObject({ timeNs: 500_000_000, cpu: 3 });
  });
});

describe('a trace without scheduler events', () => {
  it('says that none was recorded, and how to record them', async () => {
    const { report } = await importText(
      line('10.000000', 'app-300', 'ext4_sync_file_enter: dev 8,1 ino 12') +
        line('12.000000', 'app-300', 'ext4_sync_file_exit: dev 8,1 ino 12 ret 0'),
    );
    expect(report.warnings[0]).toMatch(/^No scheduler event was recorded .*events\/sched\/enable/);
  });

  it('says nothing of the kind where there are some', async () => {
    const { report } = await importText(line('10.000000', 'a-1', switched('a', 1, 'S', 'b', 2)));
    expect(report.warnings.join(' ')).not.toContain('No scheduler event');
  });
});

describe('perf script', () => {
  const perf = (stamp: string, task: string, event: string): string => `${task} [000] ${stamp}: ${event}\n`;

  it('begins where the records of the run begin, not at the records that perf made up at time 0', async () => {
    const text =
      perf('   0.000000', '  perf   900', 'PERF_RECORD_COMM: perf:900/900') +
      perf(
        '   0.000000',
        '  perf   901',
        'PERF_RECORD_MMAP2 901/901: [0x55(0x1000) @ 0 08:01 12 0]: r-xp /usr/bin/perf',
      ) +
      perf('5000.000000', 'swapper     0', `sched:${switched('swapper/0', 0, 'R', 'keeper', 300)}`) +
      perf('5000.005000', 'keeper   300', `sched:${switched('keeper', 300, 'S', 'swapper/0', 0)}`);
    const trace = await importText(text);
    expect(trace.report).toMatchObject({
      origin: '5000.000000',
      durationNs: 5_000_000,
      lwps: 1,
      skipped: [],
    });
    const merged = await importPath(await file('perf.txt', text), {
      also: [await file('again.txt', perf('5000.002000', 'keeper   300', 'sched:sched_stat_runtime: x'))],
    });
    expect(merged.report.origin).toBe('5000.000000');
  });

  it('without a CPU in its lines shows the states of the threads that were recorded, and says what is missing', async () => {
    const trace = await importText(
      `keeper  300/300  10.000000: sched:${switched('keeper', 300, 'R', 'hog', 400)}\n` +
        `keeper  300/300  10.004000:          1 sched:sched_stat_runtime: comm=keeper pid=300 runtime=5 [ns]\n` +
        `keeper  300/300  10.005000: sched:${switched('keeper', 300, 'S', 'hog', 400)}\n` +
        `helper  300/301  10.006000: sched:${switched('helper', 301, 'X', 'hog', 400)}\n`,
    );
    expect(trace.report).toMatchObject({ format: 'perf-script', skipped: [], lwps: 2, cpus: 0 });
    expect(trace.states('keeper')).toEqual([
      '0us ONPROC',
      '0us RUN/preempted',
      '4000us ONPROC',
      '5000us SLEEP/interruptible',
    ]);
    expect(trace.report.warnings[0]).toContain('The lines name no CPU');
  });
});

describe('JSON trace events', () => {
  const running = (pid: unknown, tid: unknown, ts: number) => ({
    ph: 'X',
    name: 'Running',
    pid,
    tid,
    ts,
    dur: 5,
    args: { cpu: 0 },
  });

  it('keep ids of threads that are larger than 32 bits, and ids that are texts', async () => {
    const trace = await importText(
      JSON.stringify({
        traceEvents: [
          running(1, 140589156634432, 10),
          running(1, 'main', 16),
          running(1, 7, 22),
          running('web', '8', 30),
        ],
      }),
    );
    expect(trace.lwps.map(({ lwpNumber, name }) => [lwpNumber, name])).toEqual([
      [140589156634432, 'thread 140589156634432'],
      [4194304, 'main'],
      [7, 'thread 7'],
      [8, 'thread 8'],
    ]);
    expect(trace.processes.map(({ name }) => name)).toEqual(['process 1', 'web']);
    expect(trace.report.events).toBe(4);
    expect(trace.report.warnings.join(' ')).toContain('2 ids of processes and threads are texts');
  });

  it('whose ids are neither are reported', async () => {
    const { report } = await importText(
      JSON.stringify({ traceEvents: [running(1, 1, 1), running(1, -4, 9), running(1, null, 10)] }),
    );
    expect(report.skipped).toEqual([
      expect.objectContaining({ count: 2, reason: 'its pid or tid is neither a whole number nor a name' }),
    ]);
  });
});

describe('records of one run', () => {
  const TRACE =
    line('10.001000', 'keeper-300', switched('keeper', 300, 'R', 'hog', 400)) +
    line('10.006000', 'hog-400', switched('hog', 400, 'S', 'keeper', 300)) +
    line('10.008000', 'keeper-300', switched('keeper', 300, 'S', 'swapper/0', 0));
  const log = (...rows: readonly string[]): string => `tid,want_ns,acq_ns,rel_ns\n${rows.join('\n')}\n`;
  const also = async (name: string, offset: number): Promise<readonly [string, string]> => [
    await file('trace.txt', TRACE),
    await file(name, TRACE.replace(/ 10\.00/g, ` ${10 + offset}.00`)),
  ];

  it('are refused where the lock log is later than the trace, or earlier', async () => {
    const trace = await file('trace.txt', TRACE);
    for (const ns of ['7210000000000', '8000000000']) {
      const locks = await file('other-clock.csv', log(`300,${ns},${ns},${ns}`));
      await expect(importPath(trace, { locks })).rejects.toMatchObject({
        code: 'import-failed',
        message: expect.stringMatching(/^other-clock\.csv tells of .* they do not overlap/) as string,
      });
    }
  });

  it('have a lock that is never given back until the end, and one that is never had', async () => {
    const trace = await importPath(await file('trace.txt', TRACE), {
      locks: await file('hang.csv', log('300,10000000000,10000001000,', '400,10002000000,,')),
    });
    expect(trace.report.skipped).toEqual([]);
    expect(trace.text('sync_owner')).toEqual(['1us cpu-1 keeper sync_owner -1 -> 0 (lock_acquire)']);
    expect(trace.text('t_wchan').at(-1)).toBe('2000us cpu0 hog t_wchan -1 -> 0 (lock_wait)');
  });

  it('still refuse a row of a lock log without any time', async () => {
    const trace = await importPath(await file('trace.txt', TRACE), {
      locks: await file('rows.csv', log('300,10000000000,10000001000,10007000000', '300,,,')),
    });
    expect(trace.report.skipped).toEqual([
      expect.objectContaining({ count: 1, reason: 'rows.csv: a time of it is not a number of nanoseconds' }),
    ]);
  });

  it('are refused where they lie hours apart, and doubted where they do not overlap', async () => {
    const [trace, hours] = await also('hours.txt', 7200);
    await expect(importPath(trace, { also: [hours] })).rejects.toMatchObject({
      code: 'import-failed',
      message: expect.stringContaining('they do not overlap, so they cannot be joined') as string,
    });
    const [, seconds] = await also('seconds.txt', 3);
    const { report } = await importPath(trace, { also: [seconds] });
    expect(report.warnings).toContainEqual(expect.stringContaining('they do not overlap. If they are'));
  });

  it('are doubted where they overlap and have no event in common', async () => {
    const shifted = TRACE.replaceAll('10.001', '10.003').replaceAll('10.006', '10.007');
    const strangers = await file('strangers.txt', shifted.replaceAll('300', '500').replaceAll('400', '600'));
    const { report } = await importPath(await file('trace.txt', TRACE), { also: [strangers] });
    expect(report.warnings).toContainEqual(expect.stringContaining('not one scheduler event in common'));
    const [trace, same] = await also('same.txt', 0);
    expect((await importPath(trace, { also: [same] })).report.warnings.join(' ')).not.toContain('clocks');
  });
});
