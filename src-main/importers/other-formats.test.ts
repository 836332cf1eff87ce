/** Formats beside ftrace's own lines; where the files are from is said in test/fixtures/formats/README.md. */
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { importPath, importText } from './collect-rows.ts';

const fixture = (name: string): string =>
  new URL(`../../test/fixtures/formats/${name}`, import.meta.url).pathname;

describe('perf sched script', () => {
  it('is read like perf script', async () => {
    const { report } = await importPath(fixture('perf-sched-script.txt.gz'));
    expect(report).toMatchObject({ format: 'perf-script', events: 3744, lines: 3744, skipped: [] });
  });
});

describe('the log of sched.bt', () => {
  it('is put in order of time, with every line used', async () => {
    const trace = await importPath(fixture('bpftrace.log.gz'));
    expect(trace.report).toMatchObject({
      format: 'bpftrace',
      clockUnit: 'nanosecond',
      events: 1499,
      lines: 1500,
      skipped: [],
    });
    expect(trace.report.repairs.map(({ kind }) => kind)).not.toContain('time_step_back');
    expect(trace.report.origin).toBe('1491031241525');
  });

  it('has states as numbers, and names with anything in them', async () => {
    const trace = await importText(
      [
        '1000 0 switch a -> b/7/11 120 0 -> c/12 120',
        '900 0 waking x/1 -> a -> b/7/11 target=0',
        '2000 0 switch c/12 120 1 -> d/13 120',
        '3000 0 switch d/13 120 256 -> swapper/0/0 120',
        'Lost 12 events',
        'nonsense',
      ].join('\n'),
    );
    expect(trace.states('a -> b/7')).toEqual(['0us RUN/woken', '0.1us ONPROC', '0.1us RUN/preempted']);
    expect(trace.states('c')).toEqual(['0.1us ONPROC', '1.1us SLEEP/interruptible']);
    expect(trace.states('d')).toEqual(['1.1us ONPROC', '2.1us RUN/preempted']);
    expect(trace.report).toMatchObject({ eventsLost: 12, losses: [{ cpu: -1, events: 12 }] });
    expect(trace.report.skipped).toEqual([
      expect.objectContaining({ firstLine: 6, firstText: 'nonsense' }) as object,
    ]);
  });
});

describe('the text of babeltrace2', () => {
  it('is read from a CTF trace of perf', async () => {
    const { report } = await importPath(fixture('babeltrace2.txt.gz'));
    expect(report).toMatchObject({ format: 'babeltrace', events: 400, skipped: [], brokenChains: 0 });
  });

  it('is read from LTTng, with the clock in seconds and the name of the host', async () => {
    const trace = await importText(
      '[1365.057474745] (+?.?????????) host sched_switch: { cpu_id = 1 }, { prev_comm = "a \\"x\\"", prev_tid = 7, prev_prio = 20, prev_state = ( "TASK_INTERRUPTIBLE" : container = 1 ), next_comm = "b", next_tid = 8, next_prio = 20 }\n' +
        '[1365.057475745] (+0.000001000) host sched_switch: { cpu_id = 1 }, { prev_comm = "b", prev_tid = 8, prev_prio = 20, prev_state = 0, next_comm = "swapper/1", next_tid = 0, next_prio = 20 }\n',
    );
    expect(trace.states('a "x"')).toEqual(['0us ONPROC', '0us SLEEP/interruptible']);
    expect(trace.states('b')).toEqual(['0us ONPROC', '1us RUN/preempted']);
    expect(trace.report.origin).toBe('1365.057474745');
  });

  it('goes on to the next day where the time of day starts again', async () => {
    const line = (time: string): string => `[${time}] (+0.000000001) x: { cpu_id = 0 }, { a = 1 }\n`;
    const { report } = await importText(line('23:59:59.999999999') + line('00:00:00.000000001'));
    expect(report.durationNs).toBe(2);
  });
});

const SWITCHES = [
  '# tracer: nop',
  '#',
  '     a-11   [000] d..2.   100.000000: sched_switch: prev_comm=a prev_pid=11 prev_prio=120 prev_state=R ==> next_comm=b next_pid=12 next_prio=120',
  '     b-12   [000] d..2.   100.000007: sched_switch: prev_comm=b prev_pid=12 prev_prio=120 prev_state=S ==> next_comm="q\\ next_pid=13 next_prio=120',
];
const STATES = ['0us ONPROC', '7us SLEEP/interruptible'];

describe('systrace pages', () => {
  it.each([
    [
      'a string of a script',
      ['<!DOCTYPE HTML>', '<script>', '  var linuxPerfData = "\\']
        .concat(SWITCHES.map((line) => `${line.replace(/(["\\])/g, '\\$1')}\\n\\`))
        .concat('  \\n";', '</script>'),
    ],
    [
      'a script of its own',
      ['<!DOCTYPE html>', '<script class="trace-data" type="application/text">', 'USER PID', 'root 1']
        .concat(SWITCHES)
        .concat('</script>', '</html>'),
    ],
  ])('with the trace in %s', async (_where, lines) => {
    const trace = await importText(lines.join('\n'));
    expect(trace.report).toMatchObject({ format: 'systrace', events: 2, skipped: [] });
    expect(trace.states('b')).toEqual(STATES);
    expect(trace.lwps.at(-1)!.name).toBe('"q\\');
  });
});

describe('JSON trace events', () => {
  it("of Perfetto's export have ftrace's text inside", async () => {
    const json = JSON.stringify({ traceEvents: [], systemTraceEvents: `${SWITCHES.join('\n')}\n` }, null, 2);
    const trace = await importText(json);
    expect(trace.report).toMatchObject({ format: 'chrome-json', events: 2, skipped: [] });
    expect(trace.states('b')).toEqual(STATES);
  });

  const x = (tid: number, name: string, ts: number, dur: number, cpu = 0): object => ({
    ph: 'X',
    cat: 'lwp_state',
    name,
    pid: 5,
    tid,
    ts,
    dur,
    args: { cpu },
  });

  it('with states of threads become those states, in whatever order they are written', async () => {
    const events = [
      { ph: 'M', name: 'process_name', pid: 5, tid: 0, args: { name: 'app' } },
      { ph: 'M', name: 'thread_name', pid: 5, tid: 2, args: { name: 'two, "2" {[' } },
      x(2, 'running', 10, 5),
      x(2, 'sleeping', 15, 5),
      x(1, 'running', 0, 10),
      x(1, 'preempted', 10, 10),
      x(2, 'runnable', 4.5, 5.5),
      x(3, 'spinning', 1, 2, 1),
      { ph: 'C', name: 'memory', pid: 5, tid: 0, ts: 3, args: { value: 1 } },
    ];
    // As the format allows: an array that is never closed.
    const trace = await importText(JSON.stringify(events, null, 1).slice(0, -2));
    expect(trace.report).toMatchObject({ events: 6, durationNs: 20_000, skipped: [] });
    expect(trace.states('thread 1')).toEqual(['0us ONPROC', '10us RUN/preempted']);
    expect(trace.states('two, "2" {[')).toEqual([
      '4.5us RUN/woken',
      '10us ONPROC',
      '15us SLEEP/interruptible',
    ]);
    // Nothing follows its last interval, and the file goes on: it is gone.
    expect(trace.states('thread 3')).toEqual(['1us ONPROC', '3us ZOMB/exited']);
    expect(trace.processes.map(({ pid, name }) => [pid, name])).toEqual([[5, 'app']]);
    expect(trace.report.unusedEvents).toEqual([{ name: 'phase C', count: 1 }]);
  });

  it('of a CPU are named by its threads, even where one is called like a state', async () => {
    const run = { ...x(1 << 30, 'running', 0, 10), cat: 'cpu_run' };
    const trace = await importText(JSON.stringify([run, x(1, 'sleeping', 0, 10)]));
    expect(trace.lwps.map(({ name }) => name)).toEqual(['thread 1']);
  });

  it('with numbers of processes and threads that no system has are counted, and not taken', async () => {
    const good = x(1, 'running', 1, 1);
    const bad = { ...x(1, 'running', 1, 1), pid: 1e300 };
    const { report } = await importText(JSON.stringify({ traceEvents: [good, bad] }));
    expect(report).toMatchObject({ events: 1, processes: 1 });
  });

  it('without any word about threads on CPUs are an error that says so', async () => {
    const json = JSON.stringify({ traceEvents: [{ ph: 'X', name: 'parse', pid: 1, tid: 1, ts: 1, dur: 2 }] });
    await expect(importText(json)).rejects.toMatchObject({
      code: 'unknown-format',
      message: expect.stringContaining('make no timeline of threads') as string,
    });
  });
});

describe('the log of schedctl.d', () => {
  it('is put in order, and tells threads by process and number', async () => {
    const trace = await importPath(fixture('schedctl.d.log'));
    expect(trace.report).toMatchObject({
      format: 'dtrace',
      clockUnit: 'nanosecond',
      tickNs: 10_000_000,
      eventsLost: 7,
      skipped: [],
      brokenChains: 0,
    });
    const named = trace.lwps.map(({ name, lwpNumber, process }) => [
      name,
      lwpNumber,
      trace.processes[process]!.pid,
      trace.processes[process]!.name,
    ]);
    expect(named).toContainEqual(['app server/1', 1, 412, 'app server']);
    expect(named).toContainEqual(['java/3', 3, 77, 'java']);
    expect(trace.states('app server/1')).toEqual([
      '10us ONPROC',
      '31000.3us RUN/preempted',
      '32000us ONPROC',
      '33000.1us RUN/yielded',
    ]);
    expect(trace.states('app server/2')).toEqual([
      '41us RUN/woken',
      '31000.3us ONPROC',
      '32000us SLEEP/interruptible',
    ]);
  });

  it('tells the two places of schedctl-nopreempt apart, and shows the slot, the requests and the decisions', async () => {
    const trace = await importPath(fixture('schedctl.d.log'));
    expect(trace.text('slot_allocated', 'sc_nopreempt', 'decision', 'sc_yield')).toEqual([
      '20us cpu0 app server/1 slot_allocated 0 -> 1 (schedctl_shared_alloc)',
      '30000.1us cpu0 app server/1 sc_nopreempt 0 -> 1 (ts_tick)',
      '30000.1us cpu0 app server/1 decision ? -> 1 (ts_tick)',
      '30000.1us cpu0 app server/1 sc_yield 0 -> 1 (ts_tick)',
      '31000.1us cpu0 app server/1 decision ? -> 2 (ts_preempt)',
      '33000us cpu0 app server/1 decision -1 -> 0 (ts_yield)',
      '33000us cpu0 app server/1 sc_yield 1 -> 0 (ts_yield)',
      '33000us cpu0 app server/1 sc_nopreempt 1 -> 0 (yield)',
      '40000us cpu1 java/3 slot_allocated 0 -> 1 (fx_tick)',
      '40000us cpu1 java/3 sc_nopreempt 0 -> 1 (fx_tick)',
      '40000us cpu1 java/3 decision ? -> 1 (fx_tick)',
      '40000us cpu1 java/3 sc_yield 0 -> 1 (fx_tick)',
      '60000.1us cpu1 java/3 decision ? -> 0 (fx_preempt)',
      '60000.1us cpu1 java/3 sc_yield 1 -> 0 (fx_preempt)',
      '60000.1us cpu1 java/3 sc_nopreempt 1 -> 0 (fx_preempt)',
    ]);
    const shared = trace.rows.find(({ kind }) => kind === 't_schedctl')!;
    // The slot at 0xfedd0020 is the third on its page.
    expect(shared.to).toBe('2');
  });

  it.each(['ffffffffffffffff', 'fedd0021', '0'])(
    'does not take %s for the address of a slot',
    async (address) => {
      const { report, rows } = await importText(
        `S1 5000 0 slot 412 1 ff01 TS 59 ${address} app\nS1 6000 0 on-cpu 412 1 ff01 TS 59 app\n`,
      );
      expect(report.skipped).toEqual([
        expect.objectContaining({ reason: expect.stringContaining('user address') as string }) as object,
      ]);
      expect(rows.filter(({ kind }) => kind === 'slot_allocated')).toEqual([]);
    },
  );

  it('tells the places by the announced preemption where the function is not known', async () => {
    const log = (await readFile(fixture('schedctl.d.log'), 'latin1')).replaceAll(
      / (?:ts|fx)_(?:tick|preempt) /g,
      ' - ',
    );
    const trace = await importText(log);
    expect(trace.text('decision').map((row) => row.slice(row.indexOf('decision')))).toEqual([
      'decision ? -> 1 (ts_tick)',
      'decision ? -> 2 (ts_preempt)',
      'decision -1 -> 0 (ts_yield)',
      'decision ? -> 1 (fx_tick)',
      'decision ? -> 0 (fx_preempt)',
    ]);
    expect(trace.report.warnings.join(' ')).toContain('3 schedctl-nopreempt lines do not say');
  });

  it('is read without the option quiet, with a yield that passes a thread, and refuses a newer version', async () => {
    const trace = await importText(
      [
        "dtrace: script 'schedctl.d' matched 19 probes",
        'CPU     ID                    FUNCTION:NAME',
        '  0  64211                   ts_yield:schedctl-yield S1 5000 0 schedctl-yield 412 1 ff01 TS 59 -1099511627776 ts_yield app',
        '',
        'S2 6000 0 on-cpu 412 1 ff01 TS 59 app',
        'S1 7000 0 on-cpu 412 1 ff01 TS 59 app',
      ].join('\n'),
    );
    expect(trace.text('decision')).toEqual(['0us cpu0 app/1 decision ? -> 0 (ts_yield)']);
    expect(trace.report.skipped).toEqual([
      expect.objectContaining({
        firstLine: 5,
        reason: expect.stringContaining('version 2') as string,
      }) as object,
    ]);
  });
});

describe('what has lost too much to make a timeline of', () => {
  it.each([
    ['perf-data-convert.json.txt', 'perf script --ns'],
    ['timehist.txt', 'has no states'],
    ['latency.txt', 'sums and no events'],
    ['map.txt', 'no states and no wake-ups'],
  ])('%s is recognised and answered with the command', async (name, message) => {
    await expect(importPath(fixture(name))).rejects.toMatchObject({
      code: 'unknown-format',
      message: expect.stringContaining(message) as string,
    });
  });

  it('a lock log by itself, and the summary of perf sched timehist', async () => {
    await expect(importText('tid, acq_ns, rel_ns\r\n1,2,3\r\n')).rejects.toThrow('import TRACE --locks');
    const summary =
      '\nRuntime summary\n                          comm  parent   sched-in     run-time    min-run\n';
    await expect(importText(summary)).rejects.toThrow('perf script --ns');
  });

  it('ftrace with the option verbose', async () => {
    const line =
      '       my task 1   11927   1 1 00000002 00000000 [16c2d8a0f0] 97755.200ms (+0.012ms): sched_switch: prev_comm=my task 1 prev_pid=11927 prev_prio=120 prev_state=R ==> next_comm=b next_pid=12 next_prio=120\n';
    await expect(importText(`# tracer: nop\n#\n${line}`)).rejects.toThrow('echo noverbose > trace_options');
  });

  it('a DTrace aggregation, and a binary trace of Perfetto', async () => {
    const histogram =
      '\n        0\n           value  ------------- Distribution ------------- count    \n            2048 |   0\n';
    await expect(importText(histogram)).rejects.toThrow('schedctl.d');
    const packet = Buffer.from([0x0a, 4, 0x50, 1, 0x18, 2]);
    await expect(importText(Buffer.concat([packet, packet, packet]))).rejects.toThrow('traceconv systrace');
  });
});
