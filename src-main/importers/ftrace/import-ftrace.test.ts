import { describe, expect, it } from 'vitest';
import type { CpuId } from '#shared/base/brands.ts';
import { importText } from '../collect-rows.ts';

/** Lines of one small trace; stamps are microseconds after second 100. */
const at = (us: number, task: string, cpu: CpuId, event: string): string =>
  `${task.padStart(20)}   [00${cpu}] d..2.   100.${String(us).padStart(6, '0')}: ${event}`;
const switched = (from: string, state: string, to: string): string => {
  const [prev, prevPid] = split(from);
  const [next, nextPid] = split(to);
  return (
    `sched_switch: prev_comm=${prev} prev_pid=${prevPid} prev_prio=120 prev_state=${state} ==> ` +
    `next_comm=${next} next_pid=${nextPid} next_prio=120`
  );
};
const wakeup = (task: string, cpu: CpuId, event = 'sched_wakeup'): string => {
  const [comm, pid] = split(task);
  return `${event}: comm=${comm} pid=${pid} prio=120 target_cpu=00${cpu}`;
};
const split = (task: string): [string, string] => {
  const dash = task.lastIndexOf('-');
  return [task.slice(0, dash), task.slice(dash + 1)];
};
const lines = (...text: string[]): string => `${text.join('\n')}\n`;

describe('thread states', () => {
  it('calls a thread preempted that leaves in state R, with or without a plus, and sleeping in S and D', async () => {
    const trace = await importText(
      lines(
        at(0, 'a-11', 0, switched('a-11', 'R', 'b-12')),
        at(10, 'b-12', 0, switched('b-12', 'R+', 'c-13')),
        at(20, 'c-13', 0, switched('c-13', 'S', 'd-14')),
        at(30, 'd-14', 0, switched('d-14', 'D', 'e-15')),
        at(40, 'e-15', 0, switched('e-15', 'T', 'swapper/0-0')),
      ),
    );
    expect(trace.states('a')).toEqual(['0us ONPROC', '0us RUN/preempted']);
    expect(trace.states('b')).toEqual(['0us ONPROC', '10us RUN/preempted']);
    expect(trace.states('c')).toEqual(['10us ONPROC', '20us SLEEP/interruptible']);
    expect(trace.states('d')).toEqual(['20us ONPROC', '30us SLEEP/uninterruptible']);
    expect(trace.states('e')).toEqual(['30us ONPROC', '40us STOPPED/stopped']);
  });

  it('tells a yield from a preemption where the system call is in the trace', async () => {
    const trace = await importText(
      lines(
        at(0, 'a-11', 0, 'sys_sched_yield()'),
        at(1, 'a-11', 0, switched('a-11', 'R', 'b-12')),
        at(2, 'b-12', 0, switched('b-12', 'R', 'a-11')),
        at(3, 'a-11', 0, 'sys_sched_yield -> 0x0'),
        at(4, 'a-11', 0, switched('a-11', 'R', 'b-12')),
      ),
    );
    expect(trace.states('a')).toEqual(['0us ONPROC', '1us RUN/yielded', '2us ONPROC', '4us RUN/preempted']);
    expect(trace.states('b')).toEqual(['1us ONPROC', '2us RUN/preempted', '4us ONPROC']);
    expect(trace.report.warnings.join(' ')).not.toContain('sched_yield');
  });

  it('says that yields look like preemptions where the trace has none: whether it records them it cannot tell', async () => {
    const trace = await importText(lines(at(0, 'a-11', 0, switched('a-11', 'R', 'b-12'))));
    expect(trace.report.warnings.join(' ')).toContain(
      'The trace has no sched_yield call. Unless it records them',
    );
  });

  it('takes pid 0 for idleness, whatever it is called, and never for a thread', async () => {
    const trace = await importText(
      lines(
        at(0, '<idle>-0', 1, switched('swapper/1-0', 'R', 'a-11')),
        at(5, 'a-11', 1, switched('a-11', 'S', 'swapper/1-0')),
      ),
    );
    expect(trace.lwps.map(({ name }) => name)).toEqual(['a']);
    expect(trace.text('cpu_dispthread')).toEqual([
      '0us cpu1 a cpu_dispthread idle -> a (sched_switch)',
      '5us cpu1 a cpu_dispthread a -> idle (sched_switch)',
    ]);
    expect(trace.report.repairs).toEqual([]);
  });

  it('wakes a sleeping thread at the first of waking and wakeup', async () => {
    const trace = await importText(
      lines(
        at(0, 'a-11', 0, switched('a-11', 'S', 'b-12')),
        at(5, 'b-12', 0, wakeup('a-11', 0, 'sched_waking')),
        at(6, 'b-12', 0, wakeup('a-11', 0)),
        at(9, 'b-12', 0, switched('b-12', 'R', 'a-11')),
      ),
    );
    expect(trace.states('a').slice(1)).toEqual(['0us SLEEP/interruptible', '5us RUN/woken', '9us ONPROC']);
  });

  it('leaves a running thread running when it is woken', async () => {
    const trace = await importText(
      lines(
        at(0, 'a-11', 0, wakeup('a-11', 0, 'sched_waking')),
        at(1, 'a-11', 0, switched('a-11', 'S', 'b-12')),
      ),
    );
    expect(trace.states('a')).toEqual(['0us ONPROC', '1us SLEEP/interruptible']);
  });
});

describe('names', () => {
  it.each([
    'w:0 [x]',
    'a=b pid=7',
    'p ==> q',
    'tab(s) 12',
    '-dash-',
    '100%',
    'kworker/u9:9',
    'cpu hog 0',
    'x [001] y-12',
    'npm i eslint ty',
    ' prev_pid=3',
    'ünïcödé',
  ])('reads a thread called %j in every event', async (name) => {
    const other = 'other-12';
    const me = `${name}-11927`;
    const trace = await importText(
      lines(
        at(0, me, 1, switched(me, 'R', other)),
        at(1, other, 1, wakeup(me, 1, 'sched_waking')),
        at(2, other, 1, switched(other, 'S', me)),
        at(3, me, 1, `sched_migrate_task: comm=${name} pid=11927 prio=120 orig_cpu=1 dest_cpu=0`),
        at(4, me, 1, `sched_process_fork: comm=${name} pid=11927 child_comm=${name} child_pid=500`),
        at(5, me, 1, `sched_process_exit: comm=${name} pid=11927 prio=120 group_dead=false`),
      ),
    );
    expect(trace.report.skipped).toEqual([]);
    expect(trace.lwps.map((lwp) => [lwp.lwpNumber, lwp.name])).toEqual([
      [11927, name],
      [12, 'other'],
      [500, name],
    ]);
  });

  it('takes a name from the event before one that was looked up when the line was printed', async () => {
    const trace = await importText(lines(at(0, 'newname-11', 0, switched('oldname-11', 'R', 'b-12'))));
    expect(trace.lwps[0]!.name).toBe('oldname');
  });

  it('does not take <...> for a name', async () => {
    const trace = await importText(lines(at(0, '<...>-4523', 0, 'some_event: x=1')));
    expect(trace.lwps[0]!.name).toBe('thread 4523');
  });
});

describe('line formats', () => {
  const payload = switched('a-11', 'R', 'b-12');
  it.each([
    ['five flags', `a-11 [001] d..2. 6843.548804: ${payload}`],
    ['four flags', `a-11 [001] dN.2 6843.548804: ${payload}`],
    ['seven flags', `a-11 [001] d...2.. 6843.548804: ${payload}`],
    ['no flags', `a-11 [001] 6843.548804: ${payload}`],
    ['a thread group', `a-11 ( 2519) [001] d..3 174330.289220: ${payload}`],
    ['an unknown thread group', `a-11 (-----) [001] d..3 174330.289220: ${payload}`],
    ['nanoseconds', `a-11 [001] d..2. 6843.548804123: ${payload}`],
    ['a carriage return', `a-11 [001] d..2. 6843.548804: ${payload}\r`],
    ['no line break at the end of the file', `a-11 [001] d..2. 6843.548804: ${payload}`],
    ['a CPU number above 999', `a-11 [0100] d..2. 6843.548804: ${payload}`],
  ])('reads a line with %s', async (what, line) => {
    const trace = await importText(what.startsWith('no line break') ? line : `${line}\n`);
    expect(trace.report.skipped).toEqual([]);
    expect(trace.states('b')).toEqual(['0us ONPROC']);
  });

  it('reads latency-format with its delay marks, header or not', async () => {
    const trace = await importText(
      lines(
        '  cap.sh-12327     1..... 8503us : sched_process_fork: comm=cap.sh pid=12327 child_comm=cap.sh child_pid=12330',
        `  cap.sh-12327     1d..2. 8509us+: ${wakeup('cap.sh-12330', 1, 'sched_wakeup_new')}`,
        `  cap.sh-12327    11d..2. 8574us!: ${switched('cap.sh-12327', 'S', 'swapper/11-0')}`,
      ),
    );
    expect(trace.report.events).toBe(3);
    expect(trace.report.clockUnit).toBe('microsecond');
    expect(trace.report.durationNs).toBe(71_000);
    expect(trace.rows.filter(({ kind }) => kind === 'cpu_online').map(({ cpu }) => cpu)).toEqual([1, 11]);
  });

  it('reads a wake-up of an older kernel with its success field', async () => {
    const trace = await importText(
      lines(at(0, 'a-11', 0, 'sched_wakeup: comm=b pid=12 prio=120 success=1 target_cpu=001')),
    );
    expect(trace.states('b')).toEqual(['0us RUN/woken']);
  });
});

describe('clocks', () => {
  it('keeps nanoseconds exact on a machine that has been up for half a year', async () => {
    const trace = await importText(
      lines(
        `a-11 [000] d..2. 15778463.123456789: x: 1`,
        `a-11 [000] d..2. 15778463.123456790: ${switched('a-11', 'R', 'b-12')}`,
      ),
    );
    expect(trace.report.durationNs).toBe(1);
    expect(trace.report.origin).toBe('15778463.123456789');
  });

  it('keeps a cycle counter exact and says that its unit is unknown', async () => {
    const trace = await importText(
      lines(
        `a-11 [000] d..2. 18446744073709551610: x: 1`,
        `a-11 [000] d..2. 18446744073709551615: ${switched('a-11', 'R', 'b-12')}`,
      ),
    );
    expect(trace.report).toMatchObject({ durationNs: 5, clockUnit: 'unknown' });
    expect(trace.report.warnings.join(' ')).toContain('does not count seconds');
  });

  it('moves a line that is older than the one before up to it, and counts it', async () => {
    const trace = await importText(
      lines(
        at(0, 'a-11', 0, 'x: 1'),
        at(1, 'a-11', 0, 'x: 1'),
        at(10, 'a-11', 0, switched('a-11', 'R', 'b-12')),
        at(4, 'c-13', 1, switched('c-13', 'R', 'd-14')),
        at(12, 'b-12', 0, switched('b-12', 'R', 'a-11')),
      ),
    );
    expect(trace.rows.map(({ timeNs }) => timeNs)).toEqual(
      trace.rows.map(({ timeNs }) => timeNs).sort((a, b) => a - b),
    );
    expect(trace.report.repairs).toContainEqual(
      expect.objectContaining({ kind: 'time_step_back', count: 1, firstLine: 4 }),
    );
    expect(trace.report.durationNs).toBe(12_000);
  });
});

describe('life of threads', () => {
  it('makes a thread at its fork, runnable at its first wake-up, gone at its last switch', async () => {
    const trace = await importText(
      lines(
        at(0, 'sh-10', 0, 'sched_process_fork: comm=sh pid=10 child_comm=sh child_pid=11'),
        at(1, 'sh-10', 0, wakeup('sh-11', 0, 'sched_wakeup_new')),
        at(2, 'sh-10', 0, switched('sh-10', 'S', 'sh-11')),
        at(3, 'prog-11', 0, 'sched_process_exec: filename=/usr/bin/prog pid=11 old_pid=11'),
        at(4, 'prog-11', 0, 'sched_process_exit: comm=prog pid=11 prio=120 group_dead=true'),
        at(5, 'prog-11', 0, switched('prog-11', 'Z', 'sh-10')),
      ),
    );
    expect(trace.states('prog')).toEqual([
      '0us STOPPED/created',
      '1us RUN/created',
      '2us ONPROC',
      '5us ZOMB/exited',
    ]);
    expect(trace.text('lwp_alive').slice(1)).toEqual([
      '0us cpu0 prog lwp_alive 0 -> 1 (sched_process_fork)',
      '5us cpu0 prog lwp_alive 1 -> 0 (sched_switch)',
    ]);
    expect(trace.processes.map(({ pid, name }) => [pid, name])).toEqual([
      [10, 'sh'],
      [11, 'prog'],
    ]);
  });

  it('gives a thread id that is used again to a new thread', async () => {
    const trace = await importText(
      lines(
        at(0, 'a-11', 0, switched('a-11', 'X', 'sh-10')),
        at(1, 'sh-10', 0, 'sched_process_fork: comm=sh pid=10 child_comm=sh child_pid=11'),
        at(2, 'sh-10', 0, wakeup('sh-11', 0, 'sched_wakeup_new')),
        at(3, 'sh-10', 0, switched('sh-10', 'S', 'second-11')),
      ),
    );
    expect(trace.lwps.map(({ lwpNumber, name }) => [lwpNumber, name])).toEqual([
      [11, 'a'],
      [10, 'sh'],
      [11, 'second'],
    ]);
    expect(trace.states('a')).toEqual(['0us ONPROC', '0us ZOMB/exited']);
    expect(trace.states('second')).toEqual(['1us STOPPED/created', '2us RUN/created', '3us ONPROC']);
  });

  it('ends a thread whose end was not seen when its id is forked again', async () => {
    const trace = await importText(
      lines(
        at(0, 'a-11', 0, switched('a-11', 'S', 'sh-10')),
        at(1, 'sh-10', 0, 'sched_process_fork: comm=sh pid=10 child_comm=sh child_pid=11'),
      ),
    );
    expect(trace.states('a').at(-1)).toBe('1us ZOMB/exited');
    expect(trace.report.repairs).toContainEqual(expect.objectContaining({ kind: 'tid_reused', count: 1 }));
  });

  it('does not bring an ended thread back for an event with the very same stamp', async () => {
    const trace = await importText(
      lines(
        at(5, 'a-11', 0, switched('a-11', 'X', 'swapper/0-0')),
        at(5, 'b-12', 1, wakeup('a-11', 0, 'sched_waking')),
      ),
    );
    expect(trace.lwps.filter(({ lwpNumber }) => lwpNumber === 11)).toHaveLength(1);
    expect(trace.states('a').at(-1)).toBe('0us ZOMB/exited');
  });

  it('follows a thread that takes over the id of its process by executing', async () => {
    const trace = await importText(
      lines(
        at(0, 'main-10', 0, switched('main-10', 'S', 'worker-11')),
        at(1, 'prog-10', 0, 'sched_process_exec: filename=/bin/prog pid=10 old_pid=11'),
        at(2, 'prog-10', 0, switched('prog-10', 'S', 'swapper/0-0')),
      ),
    );
    expect(trace.states('main').at(-1)).toBe('1us ZOMB/exited');
    expect(trace.states('prog')).toEqual(['0us ONPROC', '2us SLEEP/interruptible']);
    expect(trace.lwps.find(({ name }) => name === 'prog')!.lwpNumber).toBe(10);
    expect(trace.report.brokenChains).toBe(0);
  });
});

describe('processes', () => {
  it('groups threads by the recorded thread group', async () => {
    const grouped = (us: number, task: string, group: string, event: string): string =>
      `${task} (${group.padStart(7)}) [000] d..2. 100.${String(us).padStart(6, '0')}: ${event}`;
    const trace = await importText(
      lines(
        grouped(0, 'worker-101', '100', switched('worker-101', 'S', 'main-100')),
        grouped(1, 'main-100', '100', switched('main-100', 'S', 'other-200')),
        grouped(2, 'other-200', '200', 'x: 1'),
      ),
    );
    const process = (name: string) => trace.processes[trace.lwps.find((lwp) => lwp.name === name)!.process];
    expect(process('worker')).toEqual(process('main'));
    expect(process('main')).toMatchObject({ pid: 100, name: 'main' });
    expect(process('other')).toMatchObject({ pid: 200, name: 'other' });
    expect(trace.report.warnings.join(' ')).not.toContain('record-tgid');
  });

  it('without thread groups keeps a new thread with its creator until it executes, and says so', async () => {
    const trace = await importText(
      lines(
        at(0, 'app-10', 0, 'sched_process_fork: comm=app pid=10 child_comm=app child_pid=11'),
        at(1, 'app-10', 0, switched('app-10', 'S', 'worker-11')),
        at(2, 'worker-11', 0, switched('worker-11', 'S', 'other-20')),
      ),
    );
    expect(trace.lwps.map(({ name, process }) => [name, trace.processes[process]!.pid])).toEqual([
      ['app', 10],
      ['worker', 10],
      ['other', 20],
    ]);
    expect(trace.report.warnings.join(' ')).toContain('record-tgid was off');
  });
});

describe('gaps', () => {
  it('begins a run without a switch line at the wake-up on the idle CPU, and marks the break', async () => {
    const trace = await importText(
      lines(
        at(0, 'a-11', 0, switched('a-11', 'S', 'swapper/0-0')),
        at(5, '<idle>-0', 0, wakeup('b-12', 0)),
        at(9, 'b-12', 0, switched('b-12', 'S', 'swapper/0-0')),
      ),
    );
    expect(trace.text('chain_broken', 'cpu_dispthread').slice(1)).toEqual([
      '0us cpu0 a cpu_dispthread a -> idle (sched_switch)',
      '5us cpu0 b chain_broken idle -> b (import_gap)',
      '5us cpu0 b cpu_dispthread idle -> b (import_gap)',
      '9us cpu0 b cpu_dispthread b -> idle (sched_switch)',
    ]);
    expect(trace.states('b')).toEqual(['5us RUN/woken', '5us ONPROC', '9us SLEEP/interruptible']);
    expect(trace.report.brokenChains).toBe(1);
  });

  it('begins it at the first line that names the thread where another ran before, whose state is unknown then', async () => {
    const trace = await importText(
      lines(
        at(0, 'x-10', 0, switched('x-10', 'S', 'a-11')),
        at(4, 'a-11', 0, 'x: 1'),
        at(6, 'b-12', 0, 'x: 2'),
        at(9, 'b-12', 0, switched('b-12', 'S', 'a-11')),
      ),
    );
    expect(trace.states('a')).toEqual(['0us ONPROC', '6us RUN/unknown', '9us ONPROC']);
    expect(trace.states('b')).toEqual(['6us ONPROC', '9us SLEEP/interruptible']);
    expect(trace.text('chain_broken')).toEqual(['6us cpu0 b chain_broken a -> b (import_gap)']);
    expect(trace.report.brokenChains).toBe(1);
  });

  it('gives a run of no length to a thread that leaves twice without any other sign of it', async () => {
    const trace = await importText(
      lines(at(0, 'a-11', 0, switched('a-11', 'R', 'b-12')), at(5, 'a-11', 0, switched('a-11', 'S', 'b-12'))),
    );
    expect(trace.states('a')).toEqual([
      '0us ONPROC',
      '0us RUN/preempted',
      '5us ONPROC',
      '5us SLEEP/interruptible',
    ]);
    expect(trace.states('b')).toEqual(['0us ONPROC', '5us RUN/unknown', '5us ONPROC']);
  });

  it('ends a run elsewhere when its thread enters a second CPU', async () => {
    const trace = await importText(
      lines(at(0, 'x-10', 0, switched('x-10', 'S', 'a-11')), at(5, 'y-20', 1, switched('y-20', 'S', 'a-11'))),
    );
    expect(trace.text('cpu_dispthread').filter((line) => line.startsWith('5us cpu0'))).toEqual([
      '5us cpu0 a cpu_dispthread a -> idle (import_gap)',
    ]);
    expect(trace.report.repairs).toContainEqual(expect.objectContaining({ kind: 'ran_elsewhere', count: 1 }));
  });

  it('notes lost events between the neighbours on their CPU, and does not know who runs there until it is told', async () => {
    const trace = await importText(
      lines(
        at(0, 'x-10', 0, switched('x-10', 'S', 'a-11')),
        at(2, 'y-20', 1, switched('y-20', 'S', 'z-21')),
        'CPU:0 [LOST 236 EVENTS]',
        at(9, 'b-12', 0, switched('b-12', 'S', 'a-11')),
      ),
    );
    expect(trace.text('events_lost')).toEqual(['0us cpu0 - events_lost 0 -> 236 (import_gap)']);
    expect(trace.states('a')).toEqual(['0us ONPROC', '0us RUN/unknown', '9us ONPROC']);
    expect(trace.states('b')).toEqual(['9us ONPROC', '9us SLEEP/interruptible']);
    expect(trace.report.losses).toEqual([{ cpu: 0, events: 236, line: 3, fromNs: 0, toNs: 9000 }]);
    expect(trace.report.brokenChains).toBe(0);
    expect(trace.text('chain_broken')).toEqual([]);
  });

  it('takes a loss without a number', async () => {
    const trace = await importText(
      lines(at(0, 'x-10', 0, 'x: 1'), 'CPU:0 [LOST EVENTS]', at(1, 'x-10', 0, 'x: 1')),
    );
    expect(trace.text('events_lost')).toEqual(['0us cpu0 - events_lost 0 -> -1 (import_gap)']);
  });

  it('says that the ring buffer had wrapped, and that a file was cut', async () => {
    const trace = await importText(
      lines(
        '# tracer: nop',
        '# entries-in-buffer/entries-written: 685/3113   #P:2',
        at(0, 'x-10', 0, 'x: 1'),
      ),
    );
    const warnings = trace.report.warnings.join('\n');
    expect(warnings).toContain('2428 of 3113 events were overwritten');
    expect(warnings).toContain('says that it has 685 events, but 1 were read');
    expect(trace.report.cpus).toBe(2);
  });
});

describe('what is not the scheduler', () => {
  it('counts system calls and other events without using them, and takes nothing from a marker that is not there', async () => {
    const trace = await importText(
      lines(
        at(0, 'a-11', 0, 'tracing_mark_write: [001] d..2. 1.000000: sched_switch: prev_comm='),
        at(1, 'a-11', 0, 'sys_write(fd: 3, buf: 0x56, count: 2)'),
        at(2, 'a-11', 0, 'sys_write -> 0x2'),
        at(3, 'a-11', 0, 'my_probe: (0x55ccc06fea16 <- 0x55ccc06fe870)'),
      ),
    );
    expect(trace.report.skipped).toEqual([]);
    expect(trace.report.unusedEvents).toEqual([
      { name: 'sys_write', count: 2 },
      { name: 'my_probe', count: 1 },
    ]);
    expect(trace.states('a')).toEqual(['0us ONPROC']);
  });

  it('reports lines that cannot be read once for each reason, with the first one', async () => {
    const trace = await importText(
      lines(
        at(0, 'a-11', 0, 'x: 1'),
        'what is this',
        `and that ${'long '.repeat(100)}`,
        at(1, 'a-11', 0, 'sched_switch: prev_comm=a prev_pid=eleven'),
        at(2, 'a-99999999', 0, 'x: 1'),
        `a-11 [000] d..2. 12345: x: 1`,
      ),
    );
    expect(trace.report.skipped).toEqual([
      {
        reason: 'it does not begin with a task, a CPU and a time stamp',
        count: 2,
        firstLine: 2,
        firstText: 'what is this',
      },
      expect.objectContaining({ reason: 'the fields of its sched_switch cannot be read', firstLine: 4 }),
      expect.objectContaining({ reason: 'its CPU or thread number is impossible', firstLine: 5 }),
      expect.objectContaining({
        reason: 'its time stamp is written otherwise than the first one',
        firstLine: 6,
      }),
    ]);
    expect(trace.report.lines).toBe(6);
    expect(trace.report.events).toBe(1);
  });
});
