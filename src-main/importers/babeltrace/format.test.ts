import { expect, it } from 'vitest';
import type { CpuId } from '#shared/base/brands.ts';
import { importText } from '../collect-rows.ts';

const lttng = (ms: number, cpu: CpuId, context: string, event: string, fields: string): string =>
  `[10.${String(ms).padStart(3, '0')}000000] (+0.001000000) box ${event}: { cpu_id = ${cpu} }, ${context === '' ? '' : `{ ${context} }, `}{ ${fields} }\n`;
type Task = readonly [comm: string, tid: number, priority: number];
const switched = (from: Task, state: string, to: Task): string =>
  `prev_comm = "${from[0]}", prev_tid = ${from[1]}, prev_prio = ${from[2]}, prev_state = ${state}, next_comm = "${to[0]}", next_tid = ${to[1]}, next_prio = ${to[2]}`;
const RUNNING = '( "TASK_RUNNING" : container = 0 )';

it('reads stamps that are counts of nanoseconds (--clock-cycles)', async () => {
  const line = (ms: number, event: string): string =>
    `[${String(10_000_000_000 + ms * 1_000_000).padStart(20, '0')}] (+1000000) box sched_switch: { cpu_id = 0 }, { ${event} }\n`;
  const trace = await importText(
    line(0, switched(['swapper/0', 0, 20], RUNNING, ['a', 601, 20])) +
      line(3, switched(['a', 601, 20], '1', ['swapper/0', 0, 20])),
  );
  expect(trace.states('a')).toEqual(['0us ONPROC', '3000us SLEEP/interruptible']);
  expect(trace.report).toMatchObject({ clockUnit: 'nanosecond', skipped: [] });
});

it.each([
  ['of the kernel', 'session-1/kernel box:kernel '],
  ['without a name of the trace', 'box:kernel '],
  ['of a program', 'ust/uid/0 box:ust:app:(4711):TRACE_DEBUG_LINE (13) '],
  ['of perf', 'kernel '],
])('reads what stands before the name with --fields all: %s', async (_, before) => {
  const line = (ms: number, event: string): string =>
    `[00:00:10.${String(ms).padStart(3, '0')}000000] (+0.001000000) ${before}sched_switch: { cpu_id = 0 }, { ${event} }\n`;
  const trace = await importText(
    line(0, switched(['swapper/0', 0, 20], RUNNING, ['a', 601, 20])) +
      line(3, switched(['a', 601, 20], '1', ['swapper/0', 0, 20])),
  );
  expect(trace.states('a')).toEqual(['0us ONPROC', '3000us SLEEP/interruptible']);
  expect(trace.report).toMatchObject({ events: 2, skipped: [] });
});

it('says how to print what it prints with names', async () => {
  const text =
    'timestamp = 5000.000014000, delta = +0.1, trace:hostname = box, name = sched_waking, stream.packet.context = { cpu_id = 3 }\n';
  await expect(importText(text)).rejects.toThrow('babeltrace2 --clock-seconds FOLDER');
});

it("takes a thread from the event's own fields, whatever those of the context are called", async () => {
  const context = (name: string, pid: number, tid: number): string =>
    `procname = "${name} {x", pid = ${pid}, tid = ${tid}`;
  const trace = await importText(
    lttng(
      0,
      0,
      context('swapper/0', 0, 0),
      'sched_switch',
      switched(['swapper/0', 0, 20], RUNNING, ['pool-a', 601, 20]),
    ) +
      lttng(
        1,
        0,
        context('pool-a', 600, 601),
        'sched_waking',
        'comm = "pool-b", tid = 602, prio = 20, target_cpu = 1',
      ) +
      lttng(
        2,
        0,
        context('pool-a', 600, 601),
        'sched_process_fork',
        'parent_comm = "pool-a", parent_tid = 601, parent_pid = 600, child_comm = "pool-a", child_tid = 603, child_pid = 600',
      ) +
      lttng(
        3,
        1,
        context('swapper/1', 0, 0),
        'sched_switch',
        switched(['swapper/1', 0, 20], RUNNING, ['pool-b', 602, 20]),
      ) +
      lttng(
        4,
        1,
        context('pool-b', 600, 602),
        'sched_process_exit',
        'comm = "pool-b", tid = 602, prio = 20',
      ) +
      lttng(
        5,
        1,
        context('pool-b', 600, 602),
        'sched_switch',
        switched(['pool-b', 602, 20], '( "EXIT_DEAD" : container = 16 )', ['swapper/1', 0, 20]),
      ),
  );
  expect(trace.lwps.map(({ lwpNumber }) => lwpNumber)).toEqual([601, 602, 603]);
  expect(trace.states('pool-b')).toEqual(['1000us RUN/woken', '3000us ONPROC', '5000us ZOMB/exited']);
  expect(trace.report.skipped).toEqual([]);
});

it("shows the kernel's priorities, which LTTng writes less 100, in wake-ups or not", async () => {
  const priorities = async (wakeup: number): Promise<string[]> =>
    (
      await importText(
        lttng(0, 0, '', 'sched_switch', switched(['swapper/0', 0, 20], '0', ['a', 300, 20])) +
          lttng(
            1,
            0,
            '',
            'sched_wakeup',
            `comm = "a", tid = 300, prio = ${wakeup}, success = 1, target_cpu = 0`,
          ) +
          lttng(2, 0, '', 'sched_switch', switched(['a', 300, 20], '1', ['rt', 301, -2])) +
          lttng(3, 0, '', 'sched_switch', switched(['rt', 301, -2], '1', ['swapper/0', 0, 20])),
      )
    ).rows
      .filter(({ kind }) => kind === 't_pri')
      .map(({ thread, to }) => `${thread} ${to}`);
  expect(await priorities(120)).toEqual(['a 120', 'rt 98']);
  expect(await priorities(20)).toEqual(['a 120', 'rt 98']);
});

it('reads states that several names stand for, and tells by them what 64 is', async () => {
  const trace = await importText(
    lttng(
      0,
      0,
      '',
      'sched_switch',
      switched(['a', 1, 20], '( "TASK_UNINTERRUPTIBLE" | "TASK_NOLOAD" : container = 1026 )', ['b', 2, 20]),
    ) +
      lttng(
        1,
        0,
        '',
        'sched_switch',
        switched(['b', 2, 20], '( "TASK_DEAD" : container = 64 )', ['c', 3, 20]),
      ),
  );
  expect(trace.states('a').at(-1)).toBe('0us SLEEP/uninterruptible');
  expect(trace.states('b').at(-1)).toBe('1000us ZOMB/exited');
});

it('leaves the priorities and ids of perf as they are', async () => {
  const trace = await importText(
    '[00:00:10.000000000] (+?.?????????) sched:sched_switch: { cpu_id = 0 }, { perf_ip = 0x1, perf_tid = 7, perf_pid = 7, prev_comm = "a", prev_pid = 7, prev_prio = 120, prev_state = 256, next_comm = "b", next_pid = 8, next_prio = 98 }\n',
  );
  expect(trace.text('t_pri')).toEqual([
    '0us cpu0 a t_pri 0 -> 120 (sched_switch)',
    '0us cpu0 b t_pri 0 -> 98 (sched_switch)',
  ]);
  expect(trace.states('a').at(-1)).toBe('0us RUN/preempted');
});
