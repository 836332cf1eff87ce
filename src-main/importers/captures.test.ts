/** Whole captures of real machines; where they are from is said in test/fixtures/ftrace/README.md. */
import { readFile } from 'node:fs/promises';
import { gzipSync, gunzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { KIND_SPECS } from '#shared/model/kinds.ts';
import { MachineState, subjectIdOf } from '#shared/model/machine-state.ts';
import type { TransitionSink } from '#shared/model/transition-batch.ts';
import { importPath, importText, type Collected, type Row } from './collect-rows.ts';
import { identifyTrace, importTrace } from './import-trace.ts';

const root = new URL('../../', import.meta.url).pathname;
const fixture = (name: string): string => `${root}test/fixtures/ftrace/${name}`;
const CONVOY = `${root}traces/real-convoy-spin.ftrace.txt.gz`;

const eventsNamed = (trace: Collected, name: string): number =>
  trace.report.eventCounts.find((event) => event.name === name)?.count ?? 0;

describe.each([
  { path: CONVOY, events: 4494, switches: 1328, breaks: 144, cpus: 2 },
  { path: fixture('convoy-rseq-events.txt.gz'), events: 20538, switches: 7063, breaks: 319, cpus: 2 },
  { path: fixture('yield-short-sections.txt.gz'), events: 10870, switches: 5119, breaks: 305, cpus: 2 },
  { path: `${root}traces/real-lock-markers.ftrace.txt.gz`, events: 3370, switches: 949, breaks: 7, cpus: 2 },
  { path: fixture('uprobe-lock-events.txt.gz'), events: 5946, switches: 2098, breaks: 3, cpus: 2 },
  { path: fixture('futex-and-kernel-locks.txt.gz'), events: 1198, switches: 281, breaks: 20, cpus: 2 },
  { path: fixture('awkward-comms-1k.txt.gz'), events: 1000, switches: 495, breaks: 0, cpus: 2 },
  { path: fixture('wrapped.txt.gz'), events: 685, switches: 249, breaks: 0, cpus: 2 },
  { path: fixture('clock-counter.txt'), events: 74, switches: 40, breaks: 1, cpus: 2 },
  { path: fixture('clock-local.txt'), events: 80, switches: 44, breaks: 1, cpus: 2 },
  { path: fixture('clock-uptime.txt'), events: 80, switches: 44, breaks: 1, cpus: 2 },
  { path: fixture('clock-x86-tsc.txt'), events: 71, switches: 39, breaks: 0, cpus: 2 },
  { path: fixture('latfmt.txt'), events: 84, switches: 43, breaks: 0, cpus: 2 },
  { path: fixture('tgid.txt'), events: 104, switches: 64, breaks: 1, cpus: 2 },
])('$path', ({ path, events, switches, breaks, cpus }) => {
  let trace: Collected;
  beforeAll(async () => {
    trace = await importPath(path);
  });

  it('has the counts that are known of it, and no line is left out', () => {
    expect(trace.report).toMatchObject({ events, brokenChains: breaks, cpus, skipped: [], complete: true });
    expect(eventsNamed(trace, 'sched_switch')).toBe(switches);
  });

  it('gives rows in order of time, each beginning at the value that the row before it left', () => {
    const last = new Map<string, string>();
    let timeNs = 0;
    for (const row of trace.rows) {
      expect(row.timeNs).toBeGreaterThanOrEqual(timeNs);
      timeNs = row.timeNs;
      if (row.kind === 'chain_broken' || row.kind === 'events_lost' || row.kind === 'p_alive') continue;
      const subject = `${row.kind} ${row.kind.startsWith('cpu_') ? row.cpu : row.lwp}`;
      if (last.has(subject)) expect(row.from).toBe(last.get(subject));
      last.set(subject, row.to);
    }
    expect(timeNs).toBeLessThanOrEqual(trace.report.durationNs);
  });

  it('never has a thread on two CPUs, nor a CPU with a thread that is not on it', () => {
    const running = new Map<number, string>();
    const state = new Map<string, string>();
    let timeNs = 0;
    const check = (): void => {
      const busy = [...running.values()].filter((thread) => thread !== 'idle');
      expect(new Set(busy).size).toBe(busy.length);
      for (const thread of busy) expect(state.get(thread)).toBe('ONPROC');
      const onProc = [...state].filter(([, value]) => value === 'ONPROC').map(([thread]) => thread);
      expect(onProc.sort()).toEqual(busy.sort());
    };
    for (const row of trace.rows) {
      if (row.timeNs > timeNs) check();
      timeNs = row.timeNs;
      if (row.kind === 't_state') state.set(`${row.lwp}`, row.to);
      if (row.kind === 'cpu_dispthread') running.set(row.cpu, row.to === 'idle' ? 'idle' : `${row.lwp}`);
    }
    check();
  });
});

describe('the lock convoy', () => {
  it('has its eight workers and its hog in one process, named as they named themselves', async () => {
    const trace = await importPath(CONVOY);
    const lockload = trace.processes.find(({ name }) => name === 'lockload')!;
    const members = trace.lwps.filter(({ process }) => process === lockload.id).map(({ name }) => name);
    expect(members.sort()).toEqual([
      'hog-0',
      'lockload',
      ...[0, 1, 2, 3, 4, 5, 6, 7].map((n) => `worker-${n}`),
    ]);
    expect(trace.rows.some(({ thread, to }) => thread.startsWith('worker-') && to === 'preempted')).toBe(
      true,
    );
    expect(trace.report.origin).toBe('1360.133415');
  });

  it('is the same from plain text as from gzip', async () => {
    const plain = await importText(gunzipSync(await readFile(CONVOY)));
    const packed = await importPath(CONVOY);
    expect(plain.rows).toEqual(packed.rows);
  });
});

it('finds every loss that trace_pipe noted, with its CPU', async () => {
  const trace = await importPath(fixture('trace_pipe-lost.txt.gz'));
  expect(trace.report.losses.map(({ cpu, events }) => [cpu, events])).toEqual([
    [0, 236],
    [1, 317],
    [0, 76],
    [1, 7225],
    [1, 240],
    [1, 76],
    [1, 75],
  ]);
  expect(trace.report).toMatchObject({ events: 2363, eventsLost: 8245, skipped: [] });
  expect(trace.rows.filter(({ kind }) => kind === 'events_lost')).toHaveLength(7);
  for (const { fromNs, toNs } of trace.report.losses) expect(toNs).toBeGreaterThan(fromNs);
});

it('keeps threads with awkward names apart', async () => {
  const trace = await importPath(fixture('awkward-comms-1k.txt.gz'));
  const names = trace.lwps.map(({ name }) => name);
  for (const name of ['w:0 [x]', 'a=b pid=7', 'p ==> q', 'tab(s) 12', '-dash-', '100%', 'kworker/u9:9']) {
    expect(
      names.filter((other) => other === name),
      name,
    ).toHaveLength(1);
  }
});

it('knows the processes of a trace that records thread groups', async () => {
  const trace = await importPath(fixture('tgid.txt'));
  const members = new Map<string, string[]>();
  for (const { name, process } of trace.lwps) {
    const key = trace.processes[process]!.name;
    members.set(key, [...(members.get(key) ?? []), name]);
  }
  expect(members.get('lockload')).toEqual([
    'lockload',
    'worker-0',
    'worker-1',
    'worker-2',
    'worker-3',
    'hog-0',
  ]);
  expect(trace.report.warnings.join(' ')).not.toContain('record-tgid');
});

describe('the text of trace-cmd report', () => {
  /** trace-cmd writes R for R+: where a thread was preempted inside the kernel is lost. */
  const asTraceCmdTells = (rows: readonly Row[]): Row[] =>
    rows.map((row) => (row.cause === 'sched_switch_in_kernel' ? { ...row, cause: 'sched_switch' } : row));

  it('gives the same transitions as the ftrace text of the same buffer', async () => {
    const ftrace = await importPath(CONVOY);
    const traceCmd = await importPath(fixture('convoy-spin.trace-cmd.txt.gz'));
    expect(traceCmd.report).toMatchObject({
      format: 'trace-cmd',
      events: 4494,
      brokenChains: 144,
      skipped: [],
    });
    expect(traceCmd.rows).toEqual(asTraceCmdTells(ftrace.rows));
    expect(traceCmd.lwps).toEqual(ftrace.lwps);
    expect(traceCmd.processes).toEqual(ftrace.processes);
  });

  it('is read with the name of its buffer before every line', async () => {
    const trace = await importPath(fixture('futex-and-kernel-locks.trace-cmd.txt.gz'));
    const ftrace = await importPath(fixture('futex-and-kernel-locks.txt.gz'));
    expect(trace.report).toMatchObject({ events: 1198, brokenChains: 20, skipped: [] });
    expect(trace.rows).toEqual(asTraceCmdTells(ftrace.rows));
  });
});

describe('the text of perf script', () => {
  it('is read with nanoseconds, event groups and tasks that are already gone', async () => {
    const trace = await importPath(fixture('convoy-spin.perf-script.txt.gz'));
    expect(trace.report).toMatchObject({ format: 'perf-script', events: 2651, skipped: [] });
    expect(eventsNamed(trace, 'sched_switch')).toBe(847);
    expect(trace.lwps.map(({ name }) => name)).toEqual(expect.arrayContaining(['worker-0', 'hog-0']));
    expect(trace.lwps.every(({ lwpNumber }) => lwpNumber > 0)).toBe(true);
  });

  it('tells of lost events', async () => {
    const trace = await importPath(fixture('lost-1k.perf-script.txt.gz'));
    expect(trace.report).toMatchObject({ events: 998, eventsLost: 149, skipped: [] });
    expect(trace.report.losses.map(({ cpu, events }) => [cpu, events])).toEqual([
      [0, 58],
      [0, 91],
    ]);
  });
});

describe('what is in no format that is read', () => {
  it.each([
    ['binary-head-trace.dat', 'trace.dat', 'trace-cmd report -i '],
    ['binary-head-perf.data', 'perf.data', 'perf script --ns'],
  ])('%s is recognised and answered with what to do', async (name, format, advice) => {
    expect(await identifyTrace(fixture(name))).toMatchObject({ name: format, readable: false });
    await expect(importPath(fixture(name))).rejects.toMatchObject({
      code: 'unknown-format',
      message: expect.stringContaining(advice) as string,
    });
  });

  it.each([
    ['text', 'hello\nworld\n', 'its first line is: hello'],
    ['bytes', Buffer.from([0, 1, 2, 3, 255, 254, 10]), 'its first bytes are: 00 01 02 03 ff fe 0a'],
    ['comments', '# tracer: nop\n#\n', 'no line that can be read as a trace'],
    ['a database', 'SQLite format 3\0...', 'If it is a trace of this program, it needs no importing'],
    ['nothing', '', 'is empty'],
    ['packed text', gzipSync('hello\n'), 'its first line is: hello'],
  ])('a file of %s is an error that shows what was found', async (_what, content, message) => {
    await expect(importText(content)).rejects.toMatchObject({
      code: 'unknown-format',
      message: expect.stringContaining(message) as string,
    });
  });

  it('a missing file and a folder are said to be so', async () => {
    await expect(importPath('/nowhere/trace.txt')).rejects.toMatchObject({ code: 'not-found' });
    await expect(importPath(root)).rejects.toMatchObject({ code: 'unreadable' });
  });
});

describe('damage', () => {
  it('imports what comes before the end of cut compressed data, and says that the rest is missing', async () => {
    const whole = await readFile(CONVOY);
    const trace = await importText(whole.subarray(0, whole.length >> 1));
    expect(trace.report.complete).toBe(false);
    expect(trace.report.warnings[0]).toContain('in the middle of its compressed data');
    expect(trace.report.events).toBeGreaterThan(1000);
    expect(trace.report.events).toBeLessThan(4494);
  });

  it('drops a line of a megabyte without keeping it', async () => {
    const line = '          a-11   [000] d..2.   100.000001: x: 1\n';
    const trace = await importText(`${line}${'x'.repeat(1 << 20)}\n${line}`);
    expect(trace.report).toMatchObject({ events: 2, lines: 3 });
    expect(trace.report.skipped).toEqual([
      expect.objectContaining({ reason: 'the line is too long', firstLine: 2, count: 1 }),
    ]);
  });
});

it('says of every row the value that replaying the rows before it gives', async () => {
  const state = new MachineState();
  const sink: TransitionSink = {
    write: (batch) => {
      const { kind, cpu, lwp, object, oldValue } = batch.columns;
      for (let row = 0; row < batch.length; row++) {
        const note = KIND_SPECS[kind[row]!]!.note === true;
        const id = subjectIdOf(kind[row]!, cpu[row]!, lwp[row]!, object[row]!);
        if (!note) expect(state.read(kind[row]!, id)).toBe(oldValue[row]);
        state.apply(batch.columns, row, 0);
      }
      return Promise.resolve(batch);
    },
  };
  const report = await importTrace(CONVOY, sink);
  expect(state.countOf('lwp')).toBe(report.lwps);
  expect(state.countOf('cpu')).toBe(report.cpus);
});

it('stops when it is cancelled', async () => {
  const controller = new AbortController();
  controller.abort();
  const sink: TransitionSink = { write: (batch) => Promise.resolve(batch) };
  await expect(importTrace(CONVOY, sink, { signal: controller.signal })).rejects.toMatchObject({
    code: 'cancelled',
  });
});
