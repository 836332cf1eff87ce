/** A run is what the switch lines say; what other lines name is believed only where the next switch agrees. */
import { describe, expect, it } from 'vitest';
import type { CpuId } from '#shared/base/brands.ts';
import { importText, type Collected } from '../collect-rows.ts';

/** Lines of one small trace; stamps are microseconds after second 10. */
const at = (us: number, task: string, cpu: CpuId, event: string): string =>
  `${task.padStart(20)}   [00${cpu}] d..2.   ${10 + Math.floor(us / 1e6)}.${String(us % 1e6).padStart(6, '0')}: ${event}`;
const switched = (us: number, cpu: CpuId, from: string, state: string, to: string): string => {
  const [prev, prevPid] = from.split('-');
  const [next, nextPid] = to.split('-');
  return at(
    us,
    from,
    cpu,
    `sched_switch: prev_comm=${prev} prev_pid=${prevPid} prev_prio=120 prev_state=${state} ==> ` +
      `next_comm=${next} next_pid=${nextPid} next_prio=120`,
  );
};
const IDLE = 'swapper-0';
const flush = (us: number, task: string, cpu: CpuId): string =>
  at(us, task, cpu, 'tlb_flush: pages:-1 reason:flush on task switch (0)');
const lines = (...text: string[]): string => `${text.join('\n')}\n`;
const onCpu = (trace: Collected, cpu: CpuId): string[] =>
  trace.rows
    .filter((row) => row.kind === 'cpu_dispthread' && row.cpu === cpu)
    .map((row) => `${row.timeNs / 1000}us ${row.to}`);

describe('a line that still names the thread that left', () => {
  it('ends no run: traced between the switch line and the switch', async () => {
    const trace = await importText(
      lines(
        switched(0, 0, 'keeper-300', 'R', 'hog-400'),
        flush(2, 'keeper-300', 0),
        switched(5000, 0, 'hog-400', 'R', 'keeper-300'),
        flush(5002, 'hog-400', 0),
        switched(6000, 0, 'keeper-300', 'S', IDLE),
      ),
    );
    expect(onCpu(trace, 0)).toEqual(['0us keeper', '0us hog', '5000us keeper', '6000us idle']);
    expect(trace.states('keeper').slice(1)).toEqual([
      '0us RUN/preempted',
      '5000us ONPROC',
      '6000us SLEEP/interruptible',
    ]);
    expect(trace.report.repairs.map(({ kind }) => kind)).toEqual(['unknown_first_state']);
  });

  it("ends no run: perf's own records of the switch", async () => {
    const sched = (from: string, pid: number, state: string, to: string, toPid: number): string =>
      `sched:sched_switch: prev_comm=${from} prev_pid=${pid} prev_prio=120 prev_state=${state} ==> ` +
      `next_comm=${to} next_pid=${toPid} next_prio=120`;
    const trace = await importText(
      lines(
        `keeper   300 [000] 10.000000: ${sched('keeper', 300, 'R', 'hog', 400)}`,
        'keeper   300 [000] 10.000001: PERF_RECORD_SWITCH_CPU_WIDE OUT preempt  next pid/tid:   400/400  ',
        'hog      400 [000] 10.000003: PERF_RECORD_SWITCH_CPU_WIDE IN           prev pid/tid:   300/300  ',
        `hog      400 [000] 10.005000: ${sched('hog', 400, 'S', 'keeper', 300)}`,
        'hog      400 [000] 10.005001: PERF_RECORD_SWITCH_CPU_WIDE OUT          next pid/tid:   300/300  ',
        'keeper   300 [000] 10.005003: PERF_RECORD_SWITCH_CPU_WIDE IN           prev pid/tid:   400/400  ',
        `keeper   300 [000] 10.006000: ${sched('keeper', 300, 'S', 'swapper/0', 0)}`,
      ),
    );
    expect(onCpu(trace, 0)).toEqual(['0us keeper', '0us hog', '5000us keeper', '6000us idle']);
    expect(trace.report.repairs.map(({ kind }) => kind)).toEqual(['unknown_first_state']);
  });

  it('ends no run: a sample of perf on a CPU that was idle', async () => {
    const trace = await importText(
      lines(
        'swapper     0 [000] 10.000000: sched:sched_switch: prev_comm=swapper/0 prev_pid=0 prev_prio=120 prev_state=R ==> next_comm=disk next_pid=500 next_prio=120',
        'swapper     0 [000] 10.000004:      200000 cpu-cycles: ',
        'disk      500 [000] 10.000300: sched:sched_switch: prev_comm=disk prev_pid=500 prev_prio=120 prev_state=S ==> next_comm=swapper/0 next_pid=0 next_prio=120',
      ),
    );
    expect(onCpu(trace, 0)).toEqual(['0us disk', '300us idle']);
    expect(trace.report.repairs).toEqual([]);
  });

  it('ends no run where it is the last line of the trace, nor where events are lost after it', async () => {
    const trace = await importText(
      lines(
        switched(0, 0, 'keeper-300', 'R', 'hog-400'),
        flush(2, 'keeper-300', 0),
        switched(10, 1, 'other-500', 'R', 'guest-600'),
        flush(12, 'other-500', 1),
        'CPU:0 [LOST 3 EVENTS]',
        at(20, 'guest-600', 1, 'x: 1'),
      ),
    );
    expect(onCpu(trace, 0)).toEqual(['0us keeper', '0us hog', '2us idle']);
    expect(onCpu(trace, 1)).toEqual(['10us other', '10us guest']);
    expect(trace.text('chain_broken')).toEqual([]);
  });

  it('brings no dead thread back', async () => {
    const trace = await importText(
      lines(
        switched(0, 0, 'gone-300', 'X', 'next-400'),
        flush(2, 'gone-300', 0),
        at(3, 'gone-300', 0, 'x86_fpu_regs_deactivated: x86/fpu: 0xffff initialized: 1'),
        switched(9, 0, 'next-400', 'Z', IDLE),
        at(11, 'next-400', 0, 'write_msr: c0000100, value 0'),
        switched(12, 0, IDLE, 'R', 'last-500'),
      ),
    );
    expect(trace.lwps.map(({ name }) => name)).toEqual(['gone', 'next', 'last']);
    expect(trace.report.repairs.map(({ kind }) => kind)).toEqual(['unknown_first_state']);
    expect(onCpu(trace, 0)).toEqual(['0us gone', '0us next', '9us idle', '12us last']);
  });
});

describe('a line that names any other thread', () => {
  it('ends no run where the thread that came in leaves by the next switch', async () => {
    const trace = await importText(
      lines(
        switched(0, 0, IDLE, 'R', 'hog-400'),
        at(5, 'stranger-77', 0, 'x: 1'),
        at(6, 'swapper-0', 0, 'x: 1'),
        at(7, 'other-78', 0, 'x: 1'),
        switched(9, 0, 'hog-400', 'S', IDLE),
      ),
    );
    expect(onCpu(trace, 0)).toEqual(['0us hog', '9us idle']);
    expect(trace.report.repairs).toEqual([]);
  });

  it('shows a hidden run where that thread leaves by the next switch, from the line that began it', async () => {
    const trace = await importText(
      lines(
        switched(0, 0, IDLE, 'R', 'hog-400'),
        at(3, 'stranger-77', 0, 'x: 1'),
        at(5, 'hog-400', 0, 'x: 1'),
        at(6, 'first-80', 0, 'x: 1'),
        at(7, 'second-81', 0, 'x: 1'),
        at(8, 'second-81', 0, 'x: 1'),
        switched(9, 0, 'second-81', 'S', IDLE),
      ),
    );
    expect(onCpu(trace, 0)).toEqual(['0us hog', '6us first', '7us second', '9us idle']);
    expect(trace.report.repairs.find(({ kind }) => kind === 'hidden_handover')).toMatchObject({ count: 2 });
    expect(trace.report.brokenChains).toBe(1);
  });

  it('shows a hidden run where what is known of the CPU ends', async () => {
    const trace = await importText(
      lines(
        switched(0, 0, IDLE, 'R', 'hog-400'),
        switched(0, 1, IDLE, 'R', 'guest-500'),
        at(6, 'first-80', 0, 'x: 1'),
        at(7, 'second-81', 1, 'x: 1'),
        'CPU:0 [LOST 3 EVENTS]',
        at(9, 'second-81', 1, 'x: 1'),
      ),
    );
    expect(onCpu(trace, 0)).toEqual(['0us hog', '6us first', '6us idle']);
    expect(onCpu(trace, 1)).toEqual(['0us guest', '7us second']);
  });
});

describe('a long run, with events of other CPUs that fill what is held back many times over', () => {
  const others = (from: number, count: number): string =>
    Array.from({ length: count }, (_, index) => at(from + index, 'busy-900', 1, 'x: 1')).join('\n');

  it('goes on whatever its CPU named at its beginning', async () => {
    const trace = await importText(
      lines(
        switched(0, 0, 'keeper-300', 'S', 'hog-400'),
        flush(2, 'keeper-300', 0),
        at(4, 'stranger-77', 0, 'x: 1'),
        others(10, 100_000),
        switched(3_000_000, 0, 'hog-400', 'S', 'keeper-300'),
        at(3_000_001, 'hog-400', 0, 'x: 1'),
        others(3_000_010, 40_000),
      ),
    );
    expect(onCpu(trace, 0)).toEqual(['0us keeper', '0us hog', '3000000us keeper']);
    expect(trace.text('chain_broken')).toEqual([]);
  });

  it('ends where a line named the thread that leaves in the end', async () => {
    const trace = await importText(
      lines(
        switched(0, 0, 'keeper-300', 'S', IDLE),
        at(2, 'busy-900', 1, 'sched_waking: comm=late pid=301 prio=120 target_cpu=000'),
        at(4, 'late-301', 0, 'x: 1'),
        others(10, 100_000),
        switched(3_000_000, 0, 'late-301', 'S', 'keeper-300'),
      ),
    );
    expect(onCpu(trace, 0)).toEqual(['0us keeper', '0us idle', '2us late', '3000000us keeper']);
  });
});

describe('lines with equal stamps', () => {
  it('may show a thread come in on one CPU before it leaves the other', async () => {
    const trace = await importText(
      lines(
        switched(0, 1, IDLE, 'R', 'mover-300'),
        switched(5, 0, IDLE, 'R', 'mover-300'),
        switched(5, 1, 'mover-300', 'R', IDLE),
        switched(9, 0, 'mover-300', 'S', IDLE),
      ),
    );
    expect(onCpu(trace, 1)).toEqual(['0us mover', '5us idle']);
    expect(onCpu(trace, 0)).toEqual(['5us mover', '9us idle']);
    expect(trace.states('mover')).toEqual([
      '0us ONPROC',
      '5us RUN/preempted',
      '5us ONPROC',
      '9us SLEEP/interruptible',
    ]);
  });
});
