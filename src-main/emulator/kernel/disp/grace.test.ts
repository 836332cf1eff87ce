/**
 * The promise of preemption control, over random histories: whoever asks not to be preempted outstays a
 * quantum by SC_MAX_TICKS at most, is told to yield while it does, and is forced off no earlier.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { KIND } from '#shared/model/kinds.ts';
import { ClassBench, type BenchCall } from '../../../../test/emulator/class-bench.ts';
import { SC_MAX_TICKS } from '#shared/model/sc-shared.ts';
import type { ClassParms } from './class-ops.ts';

type Action =
  /** The clock finds the program in user mode; it returns through a preemption if one is due. */
  | { readonly do: 'tick'; readonly times: number }
  /** Something better became runnable: the program is preempted. */
  | { readonly do: 'resched' }
  /** What waits on the queue of the CPU from now on. */
  | { readonly do: 'maxrunpri'; readonly pri: number }
  /** schedctl_start(), or any other value that is not 0. */
  | { readonly do: 'start'; readonly value: number }
  /** schedctl_stop(), which yields where it was asked to. */
  | { readonly do: 'stop' }
  /** A program that withdraws the request and ignores sc_yield. */
  | { readonly do: 'forget' }
  | { readonly do: 'yield' }
  | { readonly do: 'sleep'; readonly ticks: number }
  /** Others run, while the thread waits on a queue or not. */
  | { readonly do: 'wait'; readonly ticks: number }
  /** The once-a-second update, with the thread on a CPU or on a queue. */
  | { readonly do: 'update'; readonly queued: boolean }
  | { readonly do: 'nice'; readonly incr: number };

const action: fc.Arbitrary<Action> = fc.oneof(
  {
    weight: 10,
    arbitrary: fc.record({ do: fc.constant('tick' as const), times: fc.integer({ min: 1, max: 12 }) }),
  },
  { weight: 2, arbitrary: fc.constant<Action>({ do: 'resched' }) },
  fc.record({ do: fc.constant('maxrunpri' as const), pri: fc.integer({ min: -1, max: 70 }) }),
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('start' as const),
      value: fc.oneof(fc.constant(1), fc.integer({ min: -32_768, max: -1 })),
    }),
  },
  fc.constant<Action>({ do: 'stop' }),
  fc.constant<Action>({ do: 'forget' }),
  fc.constant<Action>({ do: 'yield' }),
  fc.record({ do: fc.constant('sleep' as const), ticks: fc.integer({ min: 0, max: 5 }) }),
  fc.record({ do: fc.constant('wait' as const), ticks: fc.integer({ min: 0, max: 5 }) }),
  fc.record({ do: fc.constant('update' as const), queued: fc.boolean() }),
  fc.record({ do: fc.constant('nice' as const), incr: fc.integer({ min: -5, max: 5 }) }),
);

/** A program on one CPU that is picked again whenever it is runnable, and what is known of its quantum. */
class Program {
  readonly bench = new ClassBench();
  readonly t: number;
  /** Ticks of the quantum that it has, and how many of them (and beyond) it has used. */
  private granted: number;
  private used = 0;
  forced = 0;
  private lbolt = 0;

  constructor(klass: 'TS' | 'IA' | 'FX' | 'FSS', parms: ClassParms | null) {
    this.t = this.bench.thread(klass, parms);
    this.bench.call(this.t, 'setrun');
    this.bench.set(this.t, { state: 'onproc' });
    this.granted = this.timeleft;
  }

  act(action: Action): void {
    const { bench, t } = this;
    switch (action.do) {
      case 'tick':
        for (let i = 0; i < action.times; i++) this.tick();
        break;
      case 'resched':
        this.preempt();
        break;
      case 'maxrunpri':
        bench.set(t, { maxrunpri: action.pri });
        break;
      case 'start':
        bench.set(t, { nopreempt: action.value });
        break;
      case 'stop': {
        const asked = bench.fields(t).yield !== 0;
        bench.set(t, { nopreempt: 0 });
        if (asked) this.offCpu('yield');
        break;
      }
      case 'forget':
        bench.set(t, { nopreempt: 0 });
        break;
      case 'yield':
        this.offCpu('yield');
        break;
      case 'sleep':
        this.call('sleep');
        bench.set(t, { state: 'sleep', disp_time: this.lbolt });
        this.pass(action.ticks);
        this.offCpu('wakeup');
        break;
      case 'wait':
        bench.set(t, { state: 'run', disp_time: this.lbolt });
        this.pass(action.ticks);
        bench.set(t, { state: 'onproc' });
        break;
      case 'update':
        if (action.queued) bench.set(t, { state: 'run' });
        this.call('update');
        bench.set(t, { state: 'onproc' });
        if (bench.fields(t).trapret !== 0) {
          bench.set(t, { trapret: 0 });
          this.call('trapret');
          this.returnToUser();
        }
        break;
      case 'nice':
        bench.world.calls = [];
        bench.world.classes.of(t).cl_donice(t, null, action.incr);
        this.noteQuantum();
        this.returnToUser();
    }
  }

  private tick(): void {
    this.pass(1);
    this.used++;
    this.call('tick');
    this.returnToUser();
    // It runs in user mode again: on a quantum that it has, or on its grace.
    const overrun = this.used - this.granted;
    expect(overrun, `ticks beyond a quantum of ${this.granted}`).toBeLessThan(SC_MAX_TICKS);
    if (overrun >= 0) expect(this.bench.fields(this.t)).toMatchObject({ yield: 1 });
  }

  private returnToUser(): void {
    if (this.bench.callTexts().includes('cpu_surrender')) this.preempt();
  }

  private preempt(): void {
    const before = this.bench.fields(this.t);
    const overrun = this.used - this.granted;
    this.offCpu('preempt');
    if (before.nopreempt === 0) return;
    const { nopreempt, yield: yieldAsked } = this.bench.fields(this.t);
    if (overrun < SC_MAX_TICKS) {
      expect({ nopreempt, yieldAsked }, 'honoured').toEqual({ nopreempt: before.nopreempt, yieldAsked: 1 });
    } else {
      this.forced++;
      expect(nopreempt, 'taken back').toBe(0);
      expect(overrun).toBe(SC_MAX_TICKS);
    }
  }

  /** A call after which the thread is on a queue; it is picked again at once. */
  private offCpu(call: BenchCall): void {
    this.call(call);
    expect(this.bench.fields(this.t).state).toBe('run');
    this.bench.set(this.t, { state: 'onproc' });
  }

  private call(call: BenchCall): void {
    this.bench.call(this.t, call);
    this.noteQuantum();
  }

  /** What is left and is not what ticks have left is a new quantum, longer or shorter. */
  private noteQuantum(): void {
    const left = this.timeleft;
    if (left === this.granted - this.used) return;
    expect(left, 'a new quantum').toBeGreaterThan(0);
    this.granted = left;
    this.used = 0;
  }

  private pass(ticks: number): void {
    this.lbolt += ticks;
    this.bench.set(this.t, { lbolt: this.lbolt });
  }

  private get timeleft(): number {
    const { machine } = this.bench.world;
    const kinds = {
      TS: KIND.ts_timeleft,
      IA: KIND.ts_timeleft,
      FX: KIND.fx_timeleft,
      FSS: KIND.fss_timeleft,
    };
    return machine.get(kinds[this.bench.className(this.t) as keyof typeof kinds], this.t);
  }
}

const FIVE_TICKS = { uprilim: 30, upri: 20, tqsecs: 0, tqnsecs: 50_000_000 };

describe('the grace of preemption control', () => {
  test.each([
    ['TS', null],
    ['IA', null],
    ['FX', FIVE_TICKS],
    ['FSS', null],
  ] as const)('is never more than SC_MAX_TICKS in %s', (klass, parms) => {
    let forced = 0;
    fc.assert(
      fc.property(fc.array(action, { minLength: 1, maxLength: 100, size: 'max' }), (actions) => {
        const program = new Program(klass, parms);
        for (const each of actions) program.act(each);
        forced += program.forced;
      }),
      { numRuns: 200 },
    );
    // The histories reach what they are about.
    expect(forced).toBeGreaterThan(10);
  });

  test('has no end in FX with an infinite quantum', () => {
    const program = new Program('FX', { uprilim: 30, upri: 20, tqsecs: 0, tqnsecs: -2 });
    const { bench, t } = program;
    bench.set(t, { nopreempt: 1, maxrunpri: 60 });
    for (let i = 0; i < 1000; i++) {
      bench.call(t, 'tick');
      bench.call(t, 'preempt');
      bench.set(t, { state: 'onproc' });
    }
    expect(bench.fields(t)).toMatchObject({ nopreempt: 1, yield: 1, timeleft: -2 });
  });
});
