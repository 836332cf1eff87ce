/** What events beside the scheduler's own mean: locks, the rseq area, the time slice extension. */
import { describe, expect, it } from 'vitest';
import { DECISION, nameOf } from '#shared/model/enums.ts';
import { importText } from '../collect-rows.ts';

const at = (us: number, task: string, event: string, cpu = 0): string =>
  `${task.padStart(20)}   [00${cpu}] d..2.   100.${String(us).padStart(6, '0')}: ${event}`;
const switched = (from: string, state: string, to: string): string => {
  const [prev, prevPid] = from.split('-');
  const [next, nextPid] = to.split('-');
  return (
    `sched_switch: prev_comm=${prev} prev_pid=${prevPid} prev_prio=120 prev_state=${state} ==> ` +
    `next_comm=${next} next_pid=${nextPid} next_prio=120`
  );
};
const lines = (...text: string[]): string => `${text.join('\n')}\n`;

describe('locks', () => {
  it('are taken, waited for and given back where markers say so', async () => {
    const trace = await importText(
      lines(
        at(0, 'a-11', 'tracing_mark_write: L want tid=11 lock=0x77'),
        at(5, 'a-11', 'tracing_mark_write: L acq tid=11 lock=0x77'),
        at(8, 'b-12', 'print: tracing_mark_write: L want tid=12 lock=0x77', 1),
        at(9, 'a-11', 'tracing_mark_write: L rel tid=11 lock=0x77'),
        at(10, 'b-12', 'tracing_mark_write: L acq tid=12 lock=0x77', 1),
        at(11, 'b-12', 'tracing_mark_write: nothing about locks', 1),
      ),
    );
    expect(trace.text('t_wchan', 'user_spin', 'sync_owner')).toEqual([
      '0us cpu0 a t_wchan -1 -> 0 (lock_wait)',
      '0us cpu0 a user_spin 0 -> 1 (spin)',
      '5us cpu0 a user_spin 1 -> 0 (lock_acquire)',
      '5us cpu0 a t_wchan 0 -> -1 (lock_acquire)',
      '5us cpu0 a sync_owner -1 -> 0 (lock_acquire)',
      '8us cpu1 b t_wchan -1 -> 0 (lock_wait)',
      '8us cpu1 b user_spin 0 -> 1 (spin)',
      '9us cpu0 a sync_owner 0 -> -1 (lock_release)',
      '10us cpu1 b user_spin 1 -> 0 (lock_acquire)',
      '10us cpu1 b t_wchan 0 -> -1 (lock_acquire)',
      '10us cpu1 b sync_owner -1 -> 1 (lock_acquire)',
    ]);
    expect(trace.syncs.map(({ name }) => name)).toEqual(['0x77']);
    expect(trace.report.skipped).toEqual([]);
  });

  it('are seen through uprobes whose names sound like it, with or without the address of the lock', async () => {
    const trace = await importText(
      lines(
        at(0, 'a-11', 'acquire_enter: (0x55ccc06fe870)'),
        at(1, 'a-11', 'acquire_return: (0x55ccc06fea16 <- 0x55ccc06fe870)'),
        at(2, 'a-11', 'release_enter: (0x55ccc06fe8d0)'),
        at(3, 'a-11', 'pthread_mutex_lock: (0x7f00) lock=0x99'),
        at(4, 'a-11', 'pthread_mutex_lock__return: (0x55 <- 0x7f00) lock=0x99'),
        at(5, 'a-11', 'pthread_mutex_unlock: (0x7f01) lock=0x99'),
        at(6, 'a-11', 'lock_acquire: 0xffff888 read &rq->lock'),
      ),
    );
    expect(trace.text('sync_owner')).toEqual([
      '1us cpu0 a sync_owner -1 -> 0 (lock_acquire)',
      '2us cpu0 a sync_owner 0 -> -1 (lock_release)',
      '4us cpu0 a sync_owner -1 -> 0 (lock_acquire)',
      '5us cpu0 a sync_owner 0 -> -1 (lock_release)',
    ]);
    expect(trace.syncs.map(({ name }) => name)).toEqual(['lock', '0x99']);
  });

  it.each([
    ['ftrace', 'sys_futex(uaddr: 0x5643, op: 0x80, val: 2)', 'sys_futex -> 0x0'],
    [
      'trace-cmd',
      'sys_enter_futex: op=FUTEX_WAIT|FUTEX_PRIVATE_FLAG uaddr=0x5643 val=2',
      'sys_exit_futex: 0x0',
    ],
    ['perf script', 'sys_enter_futex: uaddr: 0x5643, op: 0x00000189, val: 2', 'sys_exit_futex: 0x0'],
  ])('a futex as %s prints it is what its waiter sleeps for', async (_tool, enter, exit) => {
    const trace = await importText(
      lines(
        at(0, 'a-11', enter),
        at(1, 'a-11', switched('a-11', 'S', 'b-12')),
        at(2, 'b-12', switched('b-12', 'R', 'a-11')),
        at(3, 'a-11', exit),
        at(4, 'a-11', 'sys_futex(uaddr: 0x5643, op: 0x81, val: 1)'),
        at(5, 'a-11', switched('a-11', 'S', 'b-12')),
      ),
    );
    expect(trace.states('a')).toEqual([
      '0us ONPROC',
      '1us SLEEP/lock',
      '2us ONPROC',
      '5us SLEEP/interruptible',
    ]);
    expect(trace.text('t_wchan')).toEqual([
      '0us cpu0 a t_wchan -1 -> 0 (sys_futex)',
      '3us cpu0 a t_wchan 0 -> -1 (sys_futex)',
    ]);
    expect(trace.syncs.map(({ name }) => name)).toEqual(['futex 0x5643']);
  });

  it('of the kernel are waited for between contention events, unless the program itself waits', async () => {
    const trace = await importText(
      lines(
        at(0, 'a-11', 'contention_begin: 00000000f1476d1b (flags=SPIN)'),
        at(1, 'a-11', 'contention_end: 00000000f1476d1b (ret=0)'),
        at(2, '<idle>-0', 'contention_begin: 00000000f1476d1b (flags=SPIN)', 1),
        at(3, 'a-11', 'tracing_mark_write: L want lock=m'),
        at(4, 'a-11', 'contention_begin: 00000000f1476d1b (flags=MUTEX)'),
        at(5, 'a-11', 'contention_end: 00000000f1476d1b (ret=0)'),
      ),
    );
    expect(trace.text('t_wchan')).toEqual([
      '0us cpu0 a t_wchan -1 -> 0 (contention_begin)',
      '1us cpu0 a t_wchan 0 -> -1 (contention_end)',
      '3us cpu0 a t_wchan -1 -> 1 (lock_wait)',
    ]);
    expect(trace.syncs.map(({ name }) => name)).toEqual(['kernel 00000000f1476d1b', 'm']);
  });
});

describe('rseq', () => {
  const start =
    'hrtimer_start: hrtimer=00000000aa function=rseq_slice_expired expires=1 softexpires=1 mode=ABS';
  const cancel = 'hrtimer_cancel: hrtimer=00000000aa';
  const expire = 'hrtimer_expire_entry: hrtimer=00000000aa function=rseq_slice_expired now=7';
  const shown = ['slot_allocated', 'sc_cpu', 'sc_nopreempt', 'decision', 'sc_yield'] as const;

  it('shows the area that the kernel stores the CPU into as a slot, every store a row', async () => {
    const trace = await importText(
      lines(
        at(0, 'a-11', 'rseq_update: cpu_id=0 node_id=0 mm_cid=0'),
        at(1, 'a-11', 'rseq_update: cpu_id=0 node_id=0 mm_cid=0'),
      ),
    );
    expect(trace.text(...shown)).toEqual([
      '0us cpu0 a slot_allocated 0 -> 1 (rseq_register)',
      '0us cpu0 a sc_cpu 0 -> 0 (rseq_update)',
      '1us cpu0 a sc_cpu 0 -> 0 (rseq_update)',
    ]);
  });

  it('a granted extension that the program yields is a deferral, answered by a yield', async () => {
    const trace = await importText(
      lines(at(0, 'a-11', start), at(3, 'a-11', cancel), at(4, 'a-11', 'sys_rseq_slice_yield()')),
    );
    expect(trace.text(...shown).slice(1)).toEqual([
      '0us cpu0 a sc_nopreempt 0 -> 1 (rseq_grant_slice_extension)',
      '0us cpu0 a decision ? -> 2 (rseq_grant_slice_extension)',
      '3us cpu0 a decision ? -> 0 (sys_rseq_slice_yield)',
      '3us cpu0 a sc_nopreempt 1 -> 0 (sys_rseq_slice_yield)',
    ]);
  });

  const a = (event: string): [string, string] => ['a-11', event];
  const b = (event: string): [string, string] => ['b-12', event];
  const yields = 'sys_rseq_slice_yield()';
  const out = a(switched('a-11', 'R+', 'b-12'));
  const back = b(switched('b-12', 'R', 'a-11'));

  it.each([
    ['runs out', [a(expire)], [['forced', 'rseq_slice_expired']]],
    [
      'runs out on a kernel before 7.2, which prints the cancelling of the timer, too',
      [a(cancel), a(expire)],
      [['forced', 'rseq_slice_expired']],
    ],
    [
      'is ended by another system call',
      [a(cancel), a('sys_getpid()')],
      [['aborted', 'rseq_syscall_enter_work', 'getpid']],
    ],
    [
      'is ended by another system call that raw_syscalls shows by its number',
      [a(cancel), out, back, a('sys_enter: NR 39 (0, 0, 0, 0, 0, 0)')],
      [['aborted', 'rseq_syscall_enter_work', 'number 39']],
    ],
    [
      'is yielded by a system call that raw_syscalls shows by its number',
      [a(cancel), out, back, a('sys_enter: NR 471 (0, 0, 0, 0, 0, 0)')],
      [['yielded', 'sys_rseq_slice_yield']],
    ],
    [
      'is ended by a system call that the trace does not record',
      [a(cancel), out, back, a(start)],
      [['endedByCall', 'rseq_syscall_enter_work']],
    ],
    [
      'is ended by a system call without a line, where those of rseq_slice_yield have one',
      [a(cancel), out, back, a(start), a(expire), out, b(yields)],
      [
        ['aborted', 'rseq_syscall_enter_work'],
        ['forced', 'rseq_slice_expired'],
      ],
    ],
    ['is still there when the thread is switched out', [out], [['forced', 'rseq_slice_revoked']]],
    [
      'runs out while the thread enters rseq_slice_yield, which then returns 1',
      [a(expire), out, back, a(yields), a('sys_rseq_slice_yield -> 0x1')],
      [
        ['forced', 'rseq_slice_expired'],
        ['yielded', 'sys_rseq_slice_yield'],
      ],
    ],
    [
      'runs out just before the thread calls rseq_slice_yield, which then returns 0',
      [a(expire), out, back, a(yields), a('sys_rseq_slice_yield -> 0x0')],
      [['forced', 'rseq_slice_expired']],
    ],
    [
      'is revoked, with a timer that fires under the next thread',
      [out, b(expire)],
      [['forced', 'rseq_slice_revoked']],
    ],
  ])('an extension that %s', async (_what, then, ends) => {
    const trace = await importText(
      lines(at(0, 'a-11', start), ...then.map(([task, event], index) => at(3 + index, task, event))),
    );
    const calls = trace.rows.filter(({ kind }) => kind === 'slice_syscall');
    const found = trace.rows
      .filter(({ kind, object }) => kind === 'decision' && object !== DECISION.deferredAtPreempt)
      .map(({ object, cause, timeNs }) => {
        const call = calls.find((row) => row.timeNs === timeNs);
        return [
          nameOf(DECISION, object),
          cause,
          ...(call === undefined ? [] : [trace.syscalls[call.object]!.name]),
        ];
      });
    expect(found).toEqual(ends);
  });

  it('who asked for the CPU and how long the timer is stand with the grant', async () => {
    const expires = (us: number, name = 'rseq_slice_expired'): string =>
      `hrtimer_start: hrtimer=00000000aa function=${name} expires=${100e9 + us * 1000} softexpires=0`;
    const trace = await importText(
      lines(
        at(0, 'a-11', 'sched_wakeup: comm=b pid=12 prio=120 target_cpu=000'),
        at(2, 'a-11', expires(32)),
        at(5, 'a-11', cancel),
        at(9, 'a-11', 'hrtimer_expire_entry: hrtimer=00000000bb function=hrtick now=7'),
        at(12, 'a-11', expires(40)),
        at(15, 'a-11', switched('a-11', 'R', 'b-12')),
        at(
          16,
          'b-12',
          'hrtimer_start: hrtimer=00000000aa function=rseq_slice_expired expires=1 softexpires=1',
        ),
      ),
    );
    const timers = trace.rows.filter(({ kind }) => kind === 'slice_timer');
    const b = trace.lwps.find(({ name }) => name === 'b')!.id;
    expect(timers.map(({ object, from, to, cause }) => [object, from, to, cause])).toEqual([
      [30_000, '2000', String(b), 'sched_wakeup'],
      [28_000, '3000', '-1', 'hrtick'],
      [-1, '-1', '-1', 'rseq_grant_slice_extension'],
    ]);
  });

  it('an extension whose end is among lost events has none', async () => {
    const trace = await importText(
      lines(at(0, 'a-11', start), 'CPU:0 [LOST 5 EVENTS]', at(9, 'a-11', switched('a-11', 'R', 'b-12'))),
    );
    expect(trace.text('decision')).toEqual(['0us cpu0 a decision ? -> 2 (rseq_grant_slice_extension)']);
    expect(trace.text('sc_nopreempt').at(-1)).toBe('0us cpu0 a sc_nopreempt 1 -> 0 (import_gap)');
  });

  it('timers of other functions say nothing', async () => {
    const trace = await importText(
      lines(
        at(0, 'a-11', 'hrtimer_start: hrtimer=00000000bb function=tick_nohz_handler expires=1'),
        at(1, 'a-11', 'hrtimer_cancel: hrtimer=00000000bb'),
        at(2, 'a-11', 'hrtimer_expire_entry: hrtimer=00000000bb function=tick_nohz_handler now=7'),
      ),
    );
    expect(trace.text(...shown)).toEqual([]);
  });
});
