import { expect, describe, it } from 'vitest';
import type { CauseId, CpuId, LwpId, Ns } from '#shared/base/brands.ts';
import { LANE_FLAG } from '#shared/model/lane-flags.ts';
import { CAUSE } from '#shared/model/causes.ts';
import { DECISION, LANE_STATE, OFF_CPU_REASON, TS, WINDOW_END } from '#shared/model/enums.ts';
import { KIND } from '#shared/model/kinds.ts';
import { createBatch, setTransition } from '#shared/model/transition-batch.ts';
import type { NumberTable } from './derived-batch.ts';
import { filledColumns, TableBuffers } from './table-buffers.ts';
import { TransitionRouter } from './transition-router.ts';

/** Feeds rows to a router and reads what is derived, table by table. */
class Story {
  private readonly found: Partial<Record<NumberTable, number[][]>> = {};
  private readonly buffers: TableBuffers = new TableBuffers(() => this.router.nowNs);
  private readonly router = new TransitionRouter(this.buffers, {
    writeChunk: () => undefined,
    writeSeries: () => undefined,
    writeSum: () => undefined,
  });
  private sequence = 0;

  /** Rows of each table so far, without the ids. */
  get tables(): Readonly<Partial<Record<NumberTable, number[][]>>> {
    for (const { table, values, length } of this.buffers.take()) {
      const width = filledColumns(table).length;
      for (let at = 0; at < length; at += width) {
        (this.found[table] ??= []).push([...values.subarray(at, at + width)]);
      }
    }
    return this.found;
  }

  row(
    timeNs: Ns,
    kind: keyof typeof KIND,
    subject: { cpu?: CpuId; lwp?: LwpId; object?: number; old?: number },
    value: number,
    cause: CauseId = CAUSE.setup,
  ): this {
    const { cpu = -1, lwp = -1, object = 0, old = 0 } = subject;
    const { columns } = createBatch(1);
    setTransition(columns, 0, {
      timeNs,
      kind: KIND[kind],
      cpu,
      lwp,
      object,
      cause,
      oldValue: old,
      newValue: value,
    });
    this.router.add(columns, 0, ++this.sequence);
    return this;
  }

  /** An LWP that is alive and runs on CPU 0 from `timeNs` on, with a slot of the same number. */
  running(lwp: LwpId, timeNs: Ns): this {
    return this.row(timeNs, 'lwp_alive', { lwp }, 1)
      .row(timeNs, 'slot_allocated', { lwp, object: lwp }, 1)
      .row(timeNs, 't_state', { lwp, cpu: 0 }, TS.ONPROC)
      .row(timeNs, 'cpu_dispthread', { cpu: 0, lwp }, lwp);
  }

  /** An LWP that runs on CPU 0 exits. */
  exits(lwp: LwpId, timeNs: Ns): this {
    return this.row(timeNs, 'slot_allocated', { lwp, object: lwp, old: 1 }, 0)
      .row(timeNs, 't_state', { lwp, cpu: 0, old: TS.ONPROC }, TS.ZOMB)
      .row(timeNs, 'lwp_alive', { lwp, old: 1 }, 0)
      .row(timeNs, 'cpu_dispthread', { cpu: 0, lwp, old: lwp }, -1);
  }

  /** Series that are kept in memory. */
  get growing(): number {
    return this.router.series.growing;
  }

  finish(): this {
    this.router.finish();
    return this;
  }

  /** Endings of the nopreempt windows so far. */
  get endings(): number[] {
    return (this.tables.nopreempt_window ?? []).map((row) => row[8]!);
  }
}

const slot = { lwp: 1, object: 1, cpu: 0 };
const ask = (story: Story, timeNs: Ns): Story =>
  story.row(timeNs, 'sc_nopreempt', slot, 1, CAUSE.schedctl_start);
const withdraw = (story: Story, timeNs: Ns): Story =>
  story.row(timeNs, 'sc_nopreempt', { ...slot, old: 1 }, 0, CAUSE.schedctl_stop);
const defer = (story: Story, timeNs: Ns): Story =>
  story
    .row(timeNs, 'decision', { cpu: 0, lwp: 1, object: DECISION.deferredAtTick }, 1, CAUSE.ts_tick)
    .row(timeNs, 'sc_yield', slot, 1, CAUSE.schedctl_set_yield);

describe('a nopreempt window', () => {
  it('is unused where the kernel never deferred anything', () => {
    const story = withdraw(ask(new Story().running(1, 0), 10), 30);
    expect(story.tables.nopreempt_window).toEqual([[1, 1, 10, 30, -1, -1, -1, 0, WINDOW_END.unused, 5, 6]]);
  });

  it('is honoured where the yield follows', () => {
    const story = withdraw(defer(ask(new Story().running(1, 0), 10), 20), 30);
    expect(story.endings).toEqual([]);
    story.row(31, 'sc_yield', { ...slot, old: 1 }, 0, CAUSE.ts_yield);
    expect(story.tables.nopreempt_window).toEqual([[1, 1, 10, 30, 20, 20, 31, 1, WINDOW_END.honoured, 5, 8]]);
  });

  it('is honoured where the yield came before its end', () => {
    const story = defer(ask(new Story().running(1, 0), 10), 20).row(
      25,
      'sc_yield',
      { ...slot, old: 1 },
      0,
      CAUSE.ts_yield,
    );
    expect(withdraw(story, 30).endings).toEqual([WINDOW_END.honoured]);
  });

  it('is still honoured where the LWP was preempted between the end and the yield', () => {
    const story = withdraw(defer(ask(new Story().running(1, 0), 10), 20), 30)
      .row(31, 't_state', { lwp: 1, cpu: 0, old: TS.ONPROC }, TS.RUN)
      .row(40, 't_state', { lwp: 1, cpu: 0, old: TS.RUN }, TS.ONPROC)
      .row(41, 'sc_yield', { ...slot, old: 1 }, 0, CAUSE.ts_yield);
    expect(story.endings).toEqual([WINDOW_END.honoured]);
  });

  it('is overrun where the LWP asks again or sleeps instead of yielding', () => {
    const again = ask(withdraw(defer(ask(new Story().running(1, 0), 10), 20), 30), 40);
    expect(again.endings).toEqual([WINDOW_END.overrun]);
    const asleep = withdraw(defer(ask(new Story().running(1, 0), 10), 20), 30);
    asleep.row(35, 't_state', { lwp: 1, cpu: 0, old: TS.ONPROC }, TS.SLEEP);
    expect(asleep.endings).toEqual([WINDOW_END.overrun]);
  });

  it('is forced where the kernel clears the request', () => {
    const story = defer(ask(new Story().running(1, 0), 10), 20);
    story.row(50, 'sc_nopreempt', { ...slot, old: 1 }, 0, CAUSE.schedctl_set_nopreempt);
    expect(story.endings).toEqual([WINDOW_END.forced]);
  });

  it('is abandoned where the LWP or its slot goes away', () => {
    const ended = ask(new Story().running(1, 0), 10).row(20, 'lwp_alive', { lwp: 1, old: 1 }, 0);
    expect(ended.endings).toEqual([WINDOW_END.abandoned]);
    const freed = ask(new Story().running(1, 0), 10).row(20, 'slot_allocated', { ...slot, old: 1 }, 0);
    expect(freed.endings).toEqual([WINDOW_END.abandoned]);
  });

  it('stays open to the end of the trace', () => {
    const story = ask(new Story().running(1, 0), 10).finish();
    expect(story.tables.nopreempt_window).toEqual([[1, 1, 10, -1, -1, -1, -1, 0, WINDOW_END.open, 5, 0]]);
  });
});

describe('lane states', () => {
  it('change only when time has moved on, however many fields change at once', () => {
    const story = new Story()
      .running(1, 0)
      .row(100, 'off_cpu_reason', { lwp: 1 }, OFF_CPU_REASON.lock)
      .row(100, 't_wchan', { lwp: 1, old: -1 }, 4)
      .row(100, 't_state', { lwp: 1, old: TS.ONPROC }, TS.SLEEP)
      .row(100, 'cpu_dispthread', { cpu: 0, old: 1 }, -1)
      .row(150, 'off_cpu_reason', { lwp: 1, old: OFF_CPU_REASON.lock }, OFF_CPU_REASON.woken)
      .row(150, 't_wchan', { lwp: 1, old: 4 }, -1)
      .row(150, 't_state', { lwp: 1, old: TS.SLEEP }, TS.RUN)
      .row(180, 'lbolt', {}, 1)
      .finish();
    expect(story.tables.lwp_state).toEqual([
      [1, 0, 100, LANE_STATE.running, 0, -1, -1, 0],
      [1, 100, 150, LANE_STATE.blocked, 0, -1, 4, 0],
      [1, 150, 180, LANE_STATE.runnable, 0, -1, -1, 0],
    ]);
    expect(story.tables.cpu_run).toEqual([[0, 1, 0, 100]]);
    expect(story.tables.lock_wait).toEqual([[4, 1, 100, 150, -1]]);
  });

  it('of a preempted LWP name the LWP that took its CPU, even if the switch takes time', () => {
    const story = new Story()
      .running(1, 0)
      .row(50, 'lwp_alive', { lwp: 2 }, 1)
      .row(100, 'off_cpu_reason', { lwp: 1 }, OFF_CPU_REASON.preempted)
      .row(100, 't_state', { lwp: 1, old: TS.ONPROC }, TS.RUN)
      .row(105, 'cpu_dispthread', { cpu: 0, old: 1 }, 2)
      .row(105, 't_state', { lwp: 2 }, TS.ONPROC)
      .row(200, 't_state', { lwp: 1, old: TS.RUN }, TS.ONPROC)
      .row(201, 'lbolt', {}, 1);
    const preempted = story.tables.lwp_state!.find((row) => row[3] === LANE_STATE.preempted);
    expect(preempted).toEqual([1, 100, 200, LANE_STATE.preempted, 0, 2, -1, 0]);
  });

  it('tell when a lock is held', () => {
    const story = new Story()
      .running(1, 0)
      .row(10, 'sync_owner', { lwp: 1, object: 3, old: -1 }, 1)
      .row(40, 'sync_owner', { lwp: 1, object: 3, old: 1 }, -1)
      .row(60, 'lbolt', {}, 1)
      .finish();
    expect(story.tables.lwp_state!.map((row) => [row[1], row[2], row[7]])).toEqual([
      [0, 10, 0],
      [10, 40, LANE_FLAG.holdsLock],
      [40, 60, 0],
    ]);
    expect(story.tables.lock_hold).toEqual([[3, 1, 10, 40]]);
  });

  it('are uncertain where an imported chain is broken', () => {
    const story = new Story()
      .running(1, 0)
      .row(70, 'chain_broken', { cpu: 0, old: 1 }, 2)
      .row(90, 't_state', { lwp: 1, old: TS.ONPROC }, TS.SLEEP)
      .row(95, 'lbolt', {}, 1);
    expect(story.tables.lwp_state![0]![7]).toBe(LANE_FLAG.uncertain);
  });

  it('begin when an LWP does and end with it', () => {
    const story = new Story()
      .running(1, 10)
      .row(20, 't_state', { lwp: 1, old: TS.ONPROC }, TS.ZOMB)
      .row(20, 'lwp_alive', { lwp: 1, old: 1 }, 0)
      .row(90, 'lbolt', {}, 1)
      .finish();
    expect(story.tables.lwp_state).toEqual([[1, 10, 20, LANE_STATE.running, 0, -1, -1, 0]]);
  });
});

describe('runs of no length', () => {
  /** LWP 1 runs on CPU 0 from 0 on; others wait for it. */
  const busy = (): Story => {
    const story = new Story();
    for (const lwp of [2, 3]) {
      story
        .row(0, 'lwp_alive', { lwp }, 1)
        .row(0, 'off_cpu_reason', { lwp }, OFF_CPU_REASON.interruptible)
        .row(0, 't_state', { lwp }, TS.SLEEP);
    }
    return story.running(1, 0);
  };
  const leaves = (story: Story, lwp: LwpId, timeNs: Ns, reason: number, state: number): Story =>
    story
      .row(timeNs, 'off_cpu_reason', { lwp, cpu: 0 }, reason)
      .row(timeNs, 't_state', { lwp, cpu: 0, old: TS.ONPROC }, state);
  const preempted = (story: Story, lwp: LwpId, timeNs: Ns): Story =>
    leaves(story, lwp, timeNs, OFF_CPU_REASON.preempted, TS.RUN);
  const sleeps = (story: Story, lwp: LwpId, timeNs: Ns): Story =>
    leaves(story, lwp, timeNs, OFF_CPU_REASON.interruptible, TS.SLEEP);
  const enters = (story: Story, lwp: LwpId, before: number, timeNs: Ns): Story =>
    story
      .row(timeNs, 't_state', { lwp, cpu: 0 }, TS.ONPROC)
      .row(timeNs, 'cpu_dispthread', { cpu: 0, lwp, old: before }, lwp);
  const idles = (story: Story, before: number, timeNs: Ns): Story =>
    story.row(timeNs, 'cpu_dispthread', { cpu: 0, lwp: before, old: before }, -1);
  const states = (story: Story, lwp: LwpId): number[][] =>
    story.tables.lwp_state!.filter((row) => row[0] === lwp).map((row) => row.slice(1, 6));
  const { running, sleeping } = LANE_STATE;

  it('are runs: of a thread that comes and goes within one stamp', () => {
    let story = enters(preempted(busy(), 1, 100), 2, 1, 100);
    story = enters(sleeps(story, 2, 100), 3, 2, 100)
      .row(150, 'lbolt', {}, 1)
      .finish();
    expect(story.tables.cpu_run).toEqual([
      [0, 1, 0, 100],
      [0, 2, 100, 100],
      [0, 3, 100, 150],
    ]);
    expect(states(story, 2)).toEqual([
      [0, 100, sleeping, -1, -1],
      [100, 100, running, 0, -1],
      [100, 150, sleeping, 0, -1],
    ]);
    expect(states(story, 1).at(-1)).toEqual([100, 150, LANE_STATE.preempted, 0, 2]);
  });

  it('cut the run that they interrupt in two', () => {
    let story = enters(preempted(busy(), 1, 100), 2, 1, 100);
    story = enters(sleeps(story, 2, 100), 1, 2, 100)
      .row(150, 'lbolt', {}, 1)
      .finish();
    expect(story.tables.cpu_run).toEqual([
      [0, 1, 0, 100],
      [0, 2, 100, 100],
      [0, 1, 100, 150],
    ]);
    expect(states(story, 1)).toEqual([
      [0, 100, running, 0, -1],
      [100, 100, LANE_STATE.preempted, 0, 2],
      [100, 150, running, 0, -1],
    ]);
  });

  it('follow one another', () => {
    let story = enters(sleeps(busy(), 1, 100), 2, 1, 100);
    story = enters(sleeps(story, 2, 100), 3, 2, 100);
    story = enters(sleeps(story, 3, 100), 2, 3, 100);
    story = idles(sleeps(story, 2, 100), 2, 100)
      .row(150, 'lbolt', {}, 1)
      .finish();
    expect(story.tables.cpu_run).toEqual([
      [0, 1, 0, 100],
      [0, 2, 100, 100],
      [0, 3, 100, 100],
      [0, 2, 100, 100],
    ]);
    expect(states(story, 2).map((row) => row[2])).toEqual([sleeping, running, sleeping, running, sleeping]);
  });

  it('are not needed for a thread to have two runs with an idle CPU in between', () => {
    const story = enters(idles(sleeps(busy(), 1, 100), 1, 100), 1, -1, 100)
      .row(150, 'lbolt', {}, 1)
      .finish();
    expect(story.tables.cpu_run).toEqual([
      [0, 1, 0, 100],
      [0, 1, 100, 150],
    ]);
    expect(states(story, 1).map((row) => row[2])).toEqual([running, sleeping, running]);
  });

  it('are none of a thread that disp() chose and did not ratify', () => {
    const story = preempted(busy(), 1, 100)
      .row(100, 'cpu_dispthread', { cpu: 0, lwp: 2, old: 1 }, 2, CAUSE.disp)
      .row(100, 't_state', { lwp: 2, cpu: 0, old: TS.SLEEP }, TS.ONPROC, CAUSE.disp)
      .row(100, 'cpu_dispthread', { cpu: 0, lwp: 1, old: 2 }, 1, CAUSE.disp)
      .row(100, 't_state', { lwp: 2, cpu: 0, old: TS.ONPROC }, TS.RUN, CAUSE.disp);
    enters(story, 3, 1, 100).row(150, 'lbolt', {}, 1).finish();
    expect(story.tables.cpu_run).toEqual([
      [0, 1, 0, 100],
      [0, 3, 100, 150],
    ]);
    expect(states(story, 1).at(-1)).toEqual([100, 150, LANE_STATE.preempted, 0, 3]);
  });
});

describe('an LWP that has ended', () => {
  const lives = (story: Story, lwp: LwpId, timeNs: Ns): Story =>
    story
      .row(timeNs, 'lwp_alive', { lwp }, 1)
      .row(timeNs, 'off_cpu_reason', { lwp }, OFF_CPU_REASON.created)
      .row(timeNs, 't_state', { lwp }, TS.RUN)
      .running(lwp, timeNs + 1)
      .row(timeNs + 2, 'sc_nopreempt', { lwp, object: lwp, cpu: 0 }, 1, CAUSE.schedctl_start)
      .row(timeNs + 3, 'decision', { cpu: 0, lwp, object: DECISION.deferredAtTick }, 1, CAUSE.ts_tick)
      .exits(lwp, timeNs + 4)
      .row(timeNs + 5, 'lbolt', {}, 1);

  it('leaves nothing behind in memory: its series are written', () => {
    const story = lives(new Story(), 1, 0);
    const before = story.growing;
    for (let lwp = 2; lwp < 50; lwp++) lives(story, lwp, lwp * 10);
    expect(story.growing).toBe(before);
    expect(story.finish().endings).toHaveLength(49);
    expect(story.tables.wakeup).toHaveLength(49);
    expect(story.tables.lwp_state!.filter(([lwp]) => lwp === 49)).toHaveLength(2);
  });

  it('is kept as long as it holds a lock', () => {
    const story = new Story()
      .running(1, 0)
      .row(10, 'sync_owner', { lwp: 1, object: 3, old: -1 }, 1)
      .exits(1, 20)
      .row(30, 'lbolt', {}, 1);
    const before = story.growing;
    story.row(40, 'sync_owner', { object: 3, old: 1 }, -1).row(50, 'lbolt', {}, 1);
    expect(story.growing).toBeLessThan(before);
    expect(story.finish().tables.lock_hold).toEqual([[3, 1, 10, 40]]);
  });

  it('does nothing any more, whatever a damaged trace says', () => {
    const story = new Story()
      .running(1, 0)
      .exits(1, 20)
      .row(30, 't_state', { lwp: 1, cpu: 0, old: TS.ZOMB }, TS.SLEEP)
      .row(30, 'sc_nopreempt', { lwp: 1, object: 1, cpu: 0 }, 1)
      .row(30, 'sync_owner', { lwp: 1, object: 3, old: -1 }, 1)
      .row(40, 'lbolt', {}, 1)
      .finish();
    expect(story.tables.lwp_state).toEqual([[1, 0, 20, LANE_STATE.running, 0, -1, -1, 0]]);
    expect(story.endings).toEqual([]);
  });

  it('cannot live again', () => {
    const story = new Story().running(1, 0).exits(1, 20).row(30, 'lbolt', {}, 1);
    expect(() => story.row(40, 'lwp_alive', { lwp: 1 }, 1)).toThrow('LWP 1 lives again at event 10');
  });
});

describe('a wake-up', () => {
  const asleep = (): Story =>
    new Story()
      .running(1, 0)
      .row(10, 'off_cpu_reason', { lwp: 1, cpu: 0 }, OFF_CPU_REASON.park)
      .row(10, 't_state', { lwp: 1, cpu: 0, old: TS.ONPROC }, TS.SLEEP)
      .row(10, 'cpu_dispthread', { cpu: 0, old: 1 }, -1)
      .row(20, 'cpu_dispthread', { cpu: 2, lwp: 7, old: -1 }, 7);
  const wake = (story: Story, timeNs: Ns, cpu: CpuId, cause: CauseId): Story =>
    story
      .row(timeNs, 'off_cpu_reason', { lwp: 1, cpu, old: OFF_CPU_REASON.park }, OFF_CPU_REASON.woken, cause)
      .row(timeNs, 't_state', { lwp: 1, cpu, old: TS.SLEEP }, TS.RUN, CAUSE.ts_wakeup);
  const run = (story: Story, timeNs: Ns): Story =>
    story.row(timeNs, 't_state', { lwp: 1, cpu: 3, old: TS.RUN }, TS.ONPROC);
  const wakeups = (story: Story): unknown => story.tables.wakeup;

  it('names the LWP that ran where it happened, and ends with the run', () => {
    const story = wake(asleep(), 30, 2, CAUSE.lwp_unpark);
    expect(wakeups(story)).toBeUndefined();
    expect(wakeups(run(story, 45))).toEqual([[1, 7, 30, 45, 2, 3, 10]]);
  });

  it('by a timer, on an idle CPU, or from outside has no waker', () => {
    expect(wakeups(run(wake(asleep(), 30, 2, CAUSE.timeout), 45))).toEqual([[1, -1, 30, 45, 2, 3, 10]]);
    expect(wakeups(run(wake(asleep(), 30, 0, CAUSE.lwp_unpark), 45))).toEqual([[1, -1, 30, 45, 0, 3, 10]]);
    expect(wakeups(run(wake(asleep(), 30, -1, CAUSE.scenario), 45))).toEqual([[1, -1, 30, 45, -1, 3, 10]]);
  });

  it('without a run has no end', () => {
    const woken = wake(asleep(), 30, 2, CAUSE.lwp_unpark);
    const stopped = woken.row(40, 't_state', { lwp: 1, cpu: 2, old: TS.RUN }, TS.STOPPED);
    expect(wakeups(stopped)).toEqual([[1, 7, 30, -1, 2, -1, 10]]);
    expect(wakeups(wake(asleep(), 30, 2, CAUSE.lwp_unpark).finish())).toEqual([[1, 7, 30, -1, 2, -1, 10]]);
  });

  it('is not what makes a preempted or yielding LWP runnable', () => {
    const story = new Story()
      .running(1, 0)
      .row(10, 'off_cpu_reason', { lwp: 1, cpu: 0 }, OFF_CPU_REASON.preempted)
      .row(10, 't_state', { lwp: 1, cpu: 0, old: TS.ONPROC }, TS.RUN);
    expect(wakeups(run(story, 20).finish())).toBeUndefined();
  });

  it('is known of an imported thread that was taken for runnable already', () => {
    const story = new Story()
      .running(1, 0)
      .row(10, 'off_cpu_reason', { lwp: 1, cpu: 0 }, OFF_CPU_REASON.unknown)
      .row(10, 't_state', { lwp: 1, cpu: 0, old: TS.ONPROC }, TS.RUN)
      .row(30, 'off_cpu_reason', { lwp: 1, cpu: 2, old: OFF_CPU_REASON.unknown }, OFF_CPU_REASON.woken);
    expect(wakeups(run(story, 45))).toEqual([[1, -1, 30, 45, 2, 3, 7]]);
  });
});
