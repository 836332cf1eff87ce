/** The same events as versions and options of trace-cmd and perf print them. */
import { expect, it } from 'vitest';
import { importText } from '../collect-rows.ts';

const STATES = ['4us RUN/woken', '10us ONPROC', '110us SLEEP/interruptible'];

it.each([
  [
    'perf script',
    'perf-script',
    `
swapper     0 [001] 4108.504155: sched:sched_waking: comm=q pid=99 prio=120 target_cpu=001
swapper     0 [001] 4108.504159: sched:sched_wakeup: comm=bash pid=1234 prio=120 target_cpu=001
swapper     0 [001] 4108.504165: sched:sched_switch: prev_comm=swapper/1 prev_pid=0 prev_prio=120 prev_state=R ==> next_comm=bash next_pid=1234 next_prio=120
bash  1234 [001] 4108.504265: sched:sched_switch: prev_comm=bash prev_pid=1234 prev_prio=120 prev_state=S ==> next_comm=swapper/1 next_pid=0 next_prio=120`,
  ],
  [
    "perf script with libtraceevent's plugins, processes, periods and call chains",
    'perf-script',
    `
swapper     0/0     [001]  4108.504155:          1 sched:sched_waking: comm=q pid=99 prio=120 target_cpu=001
swapper     0/0     [001]  4108.504159:          1 sched:sched_wakeup: bash:1234 [120] success=1 CPU:001
        ffffffff810b1234 try_to_wake_up+0x1c ([kernel.kallsyms])
        ffffffff810b1234 hrtimer_wakeup+0x12 (inlined)

swapper     0/0     [001]  4108.504165:          1 sched:sched_switch: swapper/1:0 [120] R ==> bash:1234 [120]
        ffffffff810b1234 [unknown] ([kernel.kallsyms])

bash     1200/1234  [001]  4108.504265:          1 sched:sched_switch: bash:1234 [120] S ==> swapper/1:0 [120]
            7f1234567890 std::function<void (int)>::operator()(int) const+0x10 (/usr/lib/a b.so (deleted))
`,
  ],
  [
    'trace-cmd report whose plugin looks for a field that the kernel dropped',
    'trace-cmd',
    `cpus=2
          <idle>-0     [001] dNh4. 4108.504155: sched_waking:         comm=q pid=99 prio=120 target_cpu=001
          <idle>-0     [001] dNh4. 4108.504159: sched_wakeup:         bash:1234 [120]<CANT FIND FIELD success> CPU:001
          <idle>-0     [001] d..2. 4108.504165: sched_switch:         swapper/1:0 [120] R ==> bash:1234 [120]
            bash-1234  [001] d..2. 4108.504265: sched_switch:         bash:1234 [120] S ==> swapper/1:0 [120]`,
  ],
  [
    'trace-cmd report -R',
    'trace-cmd',
    `cpus=2
          <idle>-0     [001] 4108.504155: sched_waking:         comm=q pid=99 prio=120 target_cpu=1
          <idle>-0     [001] 4108.504159: sched_wakeup:         comm=bash pid=1234 prio=120 target_cpu=1
          <idle>-0     [001] 4108.504165: sched_switch:         prev_comm=swapper/1 prev_pid=0 prev_prio=120 prev_state=0 next_comm=bash next_pid=1234 next_prio=120
            bash-1234  [001] 4108.504265: sched_switch:         prev_comm=bash prev_pid=1234 prev_prio=120 prev_state=0x1 next_comm=swapper/1 next_pid=0 next_prio=120`,
  ],
])('%s', async (_what, format, text) => {
  const trace = await importText(text);
  expect(trace.report).toMatchObject({ format, events: 4, skipped: [], repairs: [] });
  expect(trace.states('bash')).toEqual(STATES);
});

it('the process before the thread says which threads make up a process', async () => {
  const line = (task: string, at: number, from: string, to: string): string =>
    `${task} [000] 5.00000${at}: sched:sched_switch: ${from} [120] R ==> ${to} [120]\n`;
  const trace = await importText(
    line('one 70/71', 1, 'one:71', 'two 1/2:72') +
      line('two 1/2 70/72', 2, 'two 1/2:72', 'three:80') +
      line('three 80/80', 3, 'three:80', 'gone:90') +
      line(':-1 -1/-1', 4, 'gone:90', 'one:71'),
  );
  expect(trace.report).toMatchObject({ events: 4, skipped: [] });
  const process = (name: string): number => trace.lwps.find((lwp) => lwp.name === name)!.process;
  expect(process('two 1/2')).toBe(process('one'));
  expect(trace.processes[process('one')]!.pid).toBe(70);
  expect(process('three')).not.toBe(process('one'));
});

it('a byte order mark and line breaks of another system are no part of the lines', async () => {
  const trace = await importText(
    '\ufeff     a-11   [000] d..2.   100.000000: sched_wakeup: comm=b pid=12 prio=120 target_cpu=000\r\n',
  );
  expect(trace.report).toMatchObject({ format: 'ftrace', events: 1, skipped: [] });
});

it('stacks of ftrace and trace-cmd are no lines of their own', async () => {
  const trace = await importText(
    `# tracer: nop
     a-11   [000] d..2.   100.000000: sched_switch: prev_comm=a prev_pid=11 prev_prio=120 prev_state=S ==> next_comm=b next_pid=12 next_prio=120
     a-11   [000] d..2.   100.000001: <stack trace>
 => __schedule
 => schedule+0x12/0x30
=> do_nanosleep (ffffffff81)
`,
  );
  expect(trace.report).toMatchObject({ format: 'ftrace', events: 2, skipped: [] });
});

it('fields that a vendor has added are passed over, other text at the end is not', async () => {
  const line = (end: string): string =>
    `     a-11   [000] d..2.   100.000000: sched_switch: prev_comm=a prev_pid=11 prev_prio=120 prev_state=S ==> next_comm=b next_pid=12 next_prio=120${end}\n`;
  const trace = await importText(line(' expeller_type=0 next_info=a:b') + line(' more') + line('x=1'));
  expect(trace.states('b')).toEqual(['0us ONPROC']);
  expect(trace.report).toMatchObject({ events: 1, skipped: [{ count: 2, firstLine: 2 }] });
});
