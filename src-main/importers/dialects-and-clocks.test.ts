/**
 * Rarer prints of the same events, clocks that cannot be believed, and files that are several: what comes out, or what
 * is said.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { CpuId, Ns } from '#shared/base/brands.ts';
import { importPath, importText, type Collected } from './collect-rows.ts';

const fault = (name: string): string =>
  new URL(`../../test/fixtures/faults/${name}.txt`, import.meta.url).pathname;

/** The states of each thread, by name. */
const statesOf = (trace: Collected): Record<string, readonly string[]> =>
  Object.fromEntries(trace.lwps.map(({ name }) => [name, trace.states(name)]));

const KEEPER = ['0us ONPROC', '0us RUN/preempted', '5000us ONPROC', '6000us SLEEP/interruptible'];
const HOG = ['0us ONPROC', '5000us SLEEP/interruptible'];

describe('other prints of the same events', () => {
  it.each([
    ['05-tracecmd-ts-diff', 'trace-cmd', { keeper: KEEPER, hog: HOG }],
    ['06-tracecmd-l', 'trace-cmd', { keeper: KEEPER, hog: HOG }],
    [
      '07-tracecmd-w',
      'trace-cmd',
      { keeper: ['0us RUN/woken', '63us ONPROC', '6000us SLEEP/interruptible'] },
    ],
    [
      '08-kernel-2.6.32',
      'ftrace',
      {
        keeper: [
          '0us RUN/woken',
          '63us ONPROC',
          '1000us RUN/preempted',
          '5000us ONPROC',
          '6000us SLEEP/uninterruptible',
        ],
        hog: ['1000us ONPROC', '5000us SLEEP/interruptible'],
      },
    ],
    [
      '09-wakeup-tracer-entries',
      'ftrace',
      { burn: ['0us ONPROC', '1675us RUN/preempted'], pulse: ['0us RUN/woken', '1675us ONPROC'] },
    ],
    [
      '17-perf-misc-column',
      'perf-script',
      { keeper: ['0us ONPROC', '0us RUN/preempted', '5000us ONPROC'], hog: HOG },
    ],
    ['22-user-stack-lines', 'ftrace', { a: ['0us ONPROC', '1000us SLEEP/interruptible'] }],
    ['24-babeltrace-clock-date', 'babeltrace', { a: ['0us ONPROC', '1000us SLEEP/interruptible'] }],
    ['25-perf-ctf-without-cpu_id', 'babeltrace', { a: ['0us ONPROC', '1000us SLEEP/interruptible'] }],
    ['31-ftrace-fields-option', 'ftrace', { a: ['0us ONPROC', '0us RUN/preempted'], b: ['0us ONPROC'] }],
  ])('%s', async (name, format, states) => {
    const trace = await importPath(fault(name));
    expect(trace.report).toMatchObject({ format, skipped: [] });
    expect(statesOf(trace)).toEqual(states);
  });

  it('the other events of a kernel before 2.6.33', async () => {
    const line = (us: number, text: string): string =>
      `   bash-100   [000]  10.${String(us).padStart(6, '0')}: ${text}\n`;
    const trace = await importText(
      '# tracer: nop\n' +
        line(1, 'sched_process_fork: parent bash:100  child bash:101') +
        line(2, 'sched_wakeup_new: task bash:101 [120] success=1 [001]') +
        line(3, 'sched_migrate_task: task task 1:102 [120] from: 0  to: 1') +
        line(4, 'sched_process_exit: task bash:100 [120]'),
    );
    expect(trace.report).toMatchObject({ events: 4, skipped: [] });
    expect(trace.lwps.map(({ name, lwpNumber }) => [name, lwpNumber])).toEqual([
      ['bash', 100],
      ['bash', 101],
      ['task 1', 102],
    ]);
  });

  it('every event by its fields, from the option of ftrace and from trace-cmd report -R', async () => {
    const text = (number: (value: number) => string, tool: string): string =>
      tool +
      [
        `sched_process_fork: parent_comm=a parent_pid=${number(11)} child_comm=b child_pid=${number(12)}`,
        `sched_wakeup_new: comm=b pid=${number(12)} prio=${number(120)} target_cpu=${number(0)}`,
        `sched_switch: prev_comm=a prev_pid=${number(11)} prev_prio=${number(120)} prev_state=${number(1)} next_comm=b next_pid=${number(12)} next_prio=${number(120)}`,
        `sched_process_exit: comm=b pid=${number(12)} prio=${number(120)} group_dead=${number(1)}`,
      ]
        .map((event, index) => `   a-11   [000] d..2.  10.00000${index}: ${event}\n`)
        .join('');
    const traces = [
      await importText(text((value) => `0x${value.toString(16)} (${value})`, '# tracer: nop\n')),
      await importText(text(String, 'cpus=1\n')),
    ];
    for (const trace of traces) {
      expect(trace.report).toMatchObject({ events: 4, skipped: [] });
      expect(trace.states('a')).toEqual(['0us ONPROC', '2us SLEEP/interruptible']);
    }
  });

  it('short switches below a head of ftrace, and lines of both layouts in one text', async () => {
    const trace = await importText(
      '# tracer: nop\n' +
        '   a-11   [000] d..2.  10.000000: sched_switch: a:11 [120] R ==> b:12 [120]\n' +
        '   b-12     0d..2. 10000500us : sched_switch: b:12 [120] S ==> a:11 [120]\n' +
        '   a-11     0d..2. 10.001000: sched_switch: a:11 [120] S ==> b:12 [120]\n',
    );
    expect(trace.report.events).toBe(2);
    expect(trace.report.skipped).toMatchObject([{ count: 1, firstLine: 3 }]);
  });
});

describe('recognition', () => {
  it.each([
    [
      '15-perf-samples-before-first-tracepoint',
      'perf-script',
      'keeper',
      ['100000us ONPROC', '105000us SLEEP/interruptible'],
    ],
    ['33-console-log-with-dump', 'console-log', 'b', HOG],
  ])('%s', async (name, format, thread, states) => {
    const trace = await importPath(fault(name));
    expect(trace.report.format).toBe(format);
    expect(trace.states(thread)).toEqual(states);
  });

  it('lines of a log outside of the dumped buffer are counted', async () => {
    const { report } = await importPath(fault('33-console-log-with-dump'));
    expect(report.skipped).toMatchObject([{ count: 201, firstLine: 1 }]);
  });

  it.each(['<6>[   30.000002] ', 'Mar 03 13:46:40 box kernel: ', '[   30.000002][  T123] '])(
    'a dump is read behind %j',
    async (prefix) => {
      const trace = await importText(
        `${prefix}Dumping ftrace buffer:\n` +
          `${prefix}      a-300       0d..2. 10000000us : sched_switch: prev_comm=a prev_pid=300 prev_prio=120 prev_state=R ==> next_comm=b next_pid=400 next_prio=120\n` +
          `${prefix}      b-400       0d..2. 10005000us : sched_switch: prev_comm=b prev_pid=400 prev_prio=120 prev_state=S ==> next_comm=a next_pid=300 next_prio=120\n`,
      );
      expect(trace.report).toMatchObject({ format: 'console-log', events: 2, skipped: [] });
      expect(trace.states('b')).toEqual(HOG);
    },
  );

  it.each([
    ['ftrace', '17-perf-misc-column', 'perf-script'],
    ['ftrace', '21-negative-stamps', 'ftrace'],
    ['babeltrace', '24-babeltrace-clock-date', 'babeltrace'],
  ])('a megabyte of other text before a trace does not hide it (%s, %s)', async (_kind, name, format) => {
    const text = `${'what somebody typed before it, and more of it\n'.repeat(25_000)}${await readFile(fault(name), 'utf8')}`;
    const { report } = await importText(text);
    expect(report).toMatchObject({ format, events: 2, skipped: [{ count: 25_000, firstLine: 1 }] });
  });

  it('samples without a scheduler event say what to record', async () => {
    const { report } = await importPath(fault('32-perf-cycles-only'));
    expect(report.warnings.join(' ')).toContain('perf record -a -e "sched:*"');
  });
});

describe('what is not read', () => {
  it.each([
    ['11-host-and-guest', 'several machines'],
    ['27-perf-deltatime', 'perf script --deltatime'],
    ['28-function-graph', 'the tracer function_graph'],
  ])('%s says what it is, and what to do, in its first sentence', async (name, what) => {
    await expect(importPath(fault(name))).rejects.toMatchObject({
      code: 'unknown-format',
      message: expect.stringMatching(new RegExp(`^${name}.txt is [^.]*${what}`)) as string,
    });
  });

  it('two machines of an LTTng session are told by their names', async () => {
    const text = await readFile(fault('24-babeltrace-clock-date'), 'utf8');
    await expect(importText(text + text.replaceAll(' box ', ' other '))).rejects.toThrow(
      'Line 3 is of the machine other, and those before it are of box',
    );
  });

  it.each([
    ['{"a": 1}\n', 'JSON without trace events'],
    ['[    1.000000] usb 1-1: new device\n', 'a log of the kernel without a dumped ftrace buffer'],
    ['a,b,c\n1,2,3\n', 'a table (CSV)'],
    ['hello\n', 'text'],
  ])('%j is described before anything else is said', async (text, what) => {
    await expect(importText(text)).rejects.toMatchObject({
      message: expect.stringContaining(`trace.txt is ${what} with no line that can be read`) as string,
    });
  });
});

describe('lost events', () => {
  it('are told by babeltrace2 where both of its streams were kept', async () => {
    const trace = await importPath(fault('26-lttng-discarded'));
    expect(trace.report).toMatchObject({ eventsLost: 7002, skipped: [] });
    expect(trace.report.losses).toMatchObject([{ cpu: -1, events: 7002, line: 2 }]);
  });

  it('are told by perf for samples, too', async () => {
    const { report } = await importText(
      '   a  11 [000] 1.000000: sched:sched_wakeup: comm=b pid=12 prio=120 target_cpu=000\n' +
        '   a  11 [000] 1.000001: PERF_RECORD_LOST_SAMPLES lost 12\n',
    );
    expect(report.eventsLost).toBe(12);
  });
});

describe('time stamps that cannot be right', () => {
  const WILD = [
    '18446744073.709551',
    '99999999.000000',
    '500.000000',
    '0.000000',
    '-1.000000',
    '-99999.000000',
  ];
  const dialects: readonly (readonly [string, (stamp: string, from: string, to: string) => string])[] = [
    [
      'ftrace',
      (stamp, from, to) =>
        `  ${from}-${from.length}00   [000] d..2.  ${stamp}: sched_switch: prev_comm=${from} prev_pid=${from.length}00 prev_prio=120 prev_state=S ==> next_comm=${to} next_pid=${to.length}00 next_prio=120\n`,
    ],
    [
      'trace-cmd',
      (stamp, from, to) =>
        `  ${from}-${from.length}00   [000]  ${stamp}: sched_switch:   ${from}:${from.length}00 [120] S ==> ${to}:${to.length}00 [120]\n`,
    ],
    [
      'perf-script',
      (stamp, from, to) =>
        `  ${from}  ${from.length}00 [000]  ${stamp.padEnd(10, '0')}: sched:sched_switch: ${from}:${from.length}00 [120] S ==> ${to}:${to.length}00 [120]\n`,
    ],
    [
      'babeltrace',
      (stamp, from, to) =>
        `[${stamp}000] (+0.1) sched_switch: { cpu_id = 0 }, { prev_comm = "${from}", prev_tid = ${from.length}00, prev_prio = 20, prev_state = 1, next_comm = "${to}", next_tid = ${to.length}00, next_prio = 20 }\n`,
    ],
  ];
  const cases = dialects.flatMap(([format, line]) =>
    WILD.flatMap((stamp) => [0, 3, 6].map((at) => [format, stamp, at, line] as const)),
  );

  it.each(cases)('%s: %s before line %i is left out and reported', async (format, stamp, at, line) => {
    const lines = [0, 1, 2, 3, 4, 5].map((index) =>
      line(`10.00${index}000`, index % 2 === 0 ? 'a' : 'bb', index % 2 === 0 ? 'bb' : 'a'),
    );
    lines.splice(at, 0, line(stamp, 'ccc', 'dddd'));
    const trace = await importText(lines.join(''));
    expect(trace.report.format).toBe(format);
    // A lone line of some minutes before or after all others could be right, and is kept.
    const couldBe = (at === 6 && stamp === '500.000000') || (at === 0 && /^(?:0|-1)\./.test(stamp));
    if (couldBe) {
      expect(trace.report.events).toBe(7);
      return;
    }
    expect(trace.report).toMatchObject({ events: 6, durationNs: 5_000_000 });
    expect(trace.report.skipped).toMatchObject([{ count: 1, firstLine: at + 1 }]);
    expect(trace.states('a')).toEqual([
      '0us ONPROC',
      '0us SLEEP/interruptible',
      '1000us ONPROC',
      '2000us SLEEP/interruptible',
      '3000us ONPROC',
      '4000us SLEEP/interruptible',
      '5000us ONPROC',
    ]);
  });

  it.each([
    ['04-one-wild-stamp', 6_000_000, 6],
    ['04b-wild-first-stamp', 6_000_000, 5],
  ])('%s', async (name, durationNs, firstLine) => {
    const { report } = await importPath(fault(name));
    expect(report).toMatchObject({ durationNs, skipped: [{ count: 1, firstLine }] });
  });

  it('a trace that is quiet for hours, and one whose events are hours apart, are read whole', async () => {
    const [, line] = dialects[0]!;
    const stamps = ['10.000000', '20000.000000', '40000.000000', '40000.000001', '60000.000000'];
    const { report } = await importText(stamps.map((stamp) => line(stamp, 'a', 'bb')).join(''));
    expect(report).toMatchObject({ events: 5, durationNs: 59_990_000_000_000, skipped: [] });
  });

  it('stamps below zero are times like others', async () => {
    const trace = await importPath(fault('21-negative-stamps'));
    expect(trace.report).toMatchObject({ durationNs: 3_000_000, origin: '-0.002000', skipped: [] });
    expect(statesOf(trace)).toEqual({ a: ['0us ONPROC', '3000us SLEEP/interruptible'] });
  });
});

it.each([
  [
    'ftrace',
    (timeNs: Ns) => `  a-11  [000] d..2. ${(timeNs / 1e9).toFixed(6)}: tlb_flush: pages:1 reason:x (0)\n`,
  ],
  ['bpftrace', (timeNs: Ns) => `${timeNs} 0 waking a/11 -> b/12 target=0\n`],
])('a line of %s that was given no stamp is left out, and said, wherever it stands', async (_, line) => {
  const good = [1, 2, 3, 4].map((ms) => line(5_000_000_000_000 + ms * 1_000_000));
  for (const at of [0, 2, 4]) {
    const { report } = await importText(good.toSpliced(at, 0, line(0)).join(''));
    expect(report.durationNs).toBe(3_000_000);
    expect(report.skipped.map(({ reason }) => reason)).toEqual([
      'its time stamp lies far behind those around it',
    ]);
  }
});

describe('files one after the other', () => {
  const PER_CPU = {
    a: ['0us ONPROC', '0us SLEEP/interruptible', '8000us ONPROC', '9000us SLEEP/interruptible'],
    b: ['1000us ONPROC', '4000us RUN/preempted', '6000us ONPROC', '7000us SLEEP/interruptible'],
    c: ['4000us ONPROC', '6000us SLEEP/interruptible'],
  };

  it('of one CPU each are put in order of time, with and without their heads', async () => {
    const trace = await importPath(fault('10-percpu-files-joined'));
    expect(statesOf(trace)).toEqual(PER_CPU);
    const text = await readFile(fault('10-percpu-files-joined'), 'utf8');
    const bare = await importText(text.replaceAll(/^#.*\n/gm, ''));
    expect(statesOf(bare)).toEqual(PER_CPU);
  });

  it('of one CPU each are put in order however long they are', async () => {
    const ticks = (cpu: CpuId, from: number): string =>
      Array.from(
        { length: 3000 },
        (_, index) =>
          `  t${cpu}-1${cpu}   [00${cpu}] d..2.  10.${String(from + index * 10).padStart(6, '0')}: sched_wakeup: comm=x pid=9 prio=120 target_cpu=00${cpu}\n`,
      ).join('');
    const { report } = await importText(`# tracer: nop\n${ticks(0, 1)}# tracer: nop\n${ticks(1, 5)}`);
    expect(report).toMatchObject({ events: 6000, cpus: 2, durationNs: 29_994_000 });
    expect(report.repairs.map(({ kind }) => kind)).not.toContain('time_step_back');
  });

  it('of one CPU each may be given one by one', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'per-cpu-'));
    try {
      const text = await readFile(fault('10-percpu-files-joined'), 'utf8');
      const parts = text.split(/^(?=# tracer)/m);
      const paths = parts.map((_, index) => join(folder, `trace${index}`));
      for (const [index, part] of parts.entries()) await writeFile(paths[index]!, part);
      expect(statesOf(await importPath(paths[0]!, { also: paths.slice(1) }))).toEqual(PER_CPU);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('of several recordings are refused where lines are not in order, too', async () => {
    const log = (fromMs: number): string =>
      Array.from(
        { length: 20 },
        (_, i) => `${(fromMs + (i ^ 1)) * 1_000_000} 0 switch a/11 120 1 -> b/12 120\n`,
      ).join('');
    await expect(importText(log(5_000_000) + log(2000))).rejects.toMatchObject({
      code: 'import-failed',
      message: expect.stringContaining('go back from 5000.019000 (line 19) to 2.001000 in line 21') as string,
    });
  });

  it('of several recordings are refused, with where the second begins', async () => {
    await expect(importPath(fault('20-clock-starts-again'))).rejects.toMatchObject({
      code: 'import-failed',
      message: expect.stringContaining('go back from 5000.010000 (line 6) to 2.000000 in line 11') as string,
    });
  });
});
