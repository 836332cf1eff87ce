/** Coming into a class, moving between classes and leaving: the accounts that classes keep of their threads. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { NONE } from '#shared/base/none.ts';
import { CAUSE } from '#shared/model/causes.ts';
import { CID, TS } from '#shared/model/enums.ts';
import { KIND } from '#shared/model/kinds.ts';
import { ClassBench, UNPRIVILEGED } from '../../../../test/emulator/class-bench.ts';
import { NOCHANGE } from './class-ops.ts';
import { TS_DPTBL_DEFAULT } from './ts-dptbl.ts';

const SHARES = [1, 2, 5];
const CLASSES = ['TS', 'IA', 'FX', 'FSS', 'RT'] as const;
/** A table that never promotes, so that an update only counts seconds. */
const PATIENT = TS_DPTBL_DEFAULT.map((row) => ({ ...row, maxwait: 32_000 }));

type Action =
  | { readonly do: 'create'; readonly p: number; readonly klass: (typeof CLASSES)[number] }
  | { readonly do: 'move'; readonly pick: number; readonly klass: (typeof CLASSES)[number] }
  | { readonly do: 'fork' | 'run' | 'sleep' | 'stop' | 'exit'; readonly pick: number };

const klass = fc.constantFrom(...CLASSES);
const pick = fc.nat(1000);
const action: fc.Arbitrary<Action> = fc.oneof(
  fc.record({ do: fc.constant('create' as const), p: fc.integer({ min: 1, max: SHARES.length }), klass }),
  fc.record({ do: fc.constant('move' as const), pick, klass }),
  fc.record({ do: fc.constantFrom('fork', 'run', 'sleep', 'stop', 'exit'), pick }),
);

class Population {
  readonly bench = new ClassBench({
    dptbl: PATIENT,
    shares: SHARES,
  });
  readonly threads: number[] = [];
  private forked = 1000;

  get(kind: number, id: number): number {
    return this.bench.world.machine.get(kind, id);
  }

  act(action: Action): void {
    const { bench, threads } = this;
    if (action.do === 'create') {
      threads.push(bench.thread(action.klass, null, action.p));
      return;
    }
    const t = threads[action.pick % Math.max(1, threads.length)];
    if (t === undefined) return;
    const { classes } = bench.world;
    const onproc = this.get(KIND.t_state, t) === TS.ONPROC;
    switch (action.do) {
      case 'move': {
        // An FSS thread cannot enter FSS: an assertion of the kernel.
        if (action.klass === 'FSS' && bench.className(t) === 'FSS') return;
        const { cid } = classes.sclass.find(({ name }) => name === action.klass)!;
        expect(classes.enterclass(t, cid, null, null)).toBe(0);
        break;
      }
      case 'run':
        this.run(t);
        break;
      case 'sleep':
        if (!onproc) return;
        bench.call(t, 'sleep');
        bench.set(t, { state: 'sleep' });
        break;
      case 'stop':
        if (!onproc) return;
        bench.world.machine.curthread = t;
        classes.of(t).cl_stop(t);
        bench.world.machine.curthread = NONE;
        bench.set(t, { state: 'stopped' });
        break;
      case 'fork':
        if (onproc) threads.push(this.fork(t));
        break;
      case 'exit':
        classes.of(t).cl_exit(t);
        bench.world.machine.set(KIND.t_state, t, TS.FREE, CAUSE.setup);
        classes.exitclass(t);
        bench.world.removeThread(bench.world.threadId(t));
        threads.splice(threads.indexOf(t), 1);
    }
  }

  /** Takes `t` to a CPU from wherever it is. */
  private run(t: number): void {
    const state = this.get(KIND.t_state, t);
    if (state === TS.SLEEP) this.bench.call(t, 'wakeup');
    else if (state === TS.STOPPED) this.bench.call(t, 'setrun');
    this.bench.set(t, { state: 'onproc' });
  }

  private fork(t: number): number {
    const { world } = this.bench;
    const ct = world.addThread(this.forked++, world.processOf(t), 3, 1);
    world.machine.curthread = t;
    expect(world.classes.fork(t, ct)).toBe(0);
    world.machine.curthread = NONE;
    return ct;
  }

  /** The accounts of FSS are those of the threads that are in FSS and can run. */
  checkShares(): void {
    const { world } = this.bench;
    const inFss = this.threads.filter((t) => this.get(KIND.t_cid, t) === CID.FSS);
    const active = new Set<number>();
    for (const t of inFss) {
      const canRun = [TS.RUN, TS.ONPROC, TS.WAIT].some((state) => state === this.get(KIND.t_state, t));
      expect(this.get(KIND.fss_runnable, t), `thread ${t}`).toBe(canRun ? 1 : 0);
      if (canRun) active.add(world.processOf(t));
    }
    const sum = (kind: number): number => SHARES.reduce((total, _, id) => total + this.get(kind, id), 0);
    expect(sum(KIND.fssp_threads)).toBe(inFss.length);
    expect(sum(KIND.fssp_runnable)).toBe(inFss.filter((t) => this.get(KIND.fss_runnable, t) === 1).length);
    expect(this.get(KIND.fssz_runnable, 0)).toBe(active.size);
    expect(this.get(KIND.fssz_shares, 0)).toBe([...active].reduce((total, p) => total + SHARES[p - 1]!, 0));
    expect(this.get(KIND.fssps_shares, 0)).toBe(active.size > 0 ? 1 : 0);
  }

  /** The lists of TS hold each of its threads once: an update ages all by one second, and no others. */
  checkLists(): void {
    for (const t of this.threads) this.bench.world.machine.set(KIND.ts_dispwait, t, 7, CAUSE.setup);
    this.bench.world.classes.ts.ts_update();
    for (const t of this.threads) {
      const cid = this.get(KIND.t_cid, t);
      const inTs = cid === CID.TS || cid === CID.IA;
      expect(this.get(KIND.ts_dispwait, t), `thread ${t}`).toBe(inTs ? 8 : 7);
    }
  }
}

describe('the loaded classes', () => {
  test('are found by id, under the names of priocntl', () => {
    const { sclass } = new ClassBench().world.classes;
    expect(sclass.map(({ name, cid }) => [name, cid])).toEqual(Object.entries(CID));
  });

  test('keep their accounts over any history of their threads', () => {
    fc.assert(
      fc.property(fc.array(action, { minLength: 5, maxLength: 80, size: 'max' }), (actions) => {
        const population = new Population();
        for (const each of actions) {
          population.act(each);
          population.checkShares();
        }
        population.checkLists();
      }),
      { numRuns: 150 },
    );
  });

  test('leave a thread as it was when the new class refuses it', () => {
    const bench = new ClassBench();
    const { classes } = bench.world;
    const t = bench.thread('FX');
    const before = bench.fields(t);
    const requests = [
      [CID.FSS, null, 1],
      [CID.RT, null, 1],
      [CID.IA, null, 1],
      [CID.TS, { uprilim: 5, upri: 5 }, 1],
      [CID.TS, { uprilim: 61, upri: 0 }, 22],
      [CID.RT, { pri: 0, tqsecs: 0, tqnsecs: 0 }, 22],
      [CID.FX, { uprilim: 0, upri: 0, tqsecs: 0, tqnsecs: 1 }, 1],
    ] as const;
    for (const [cid, parms, error] of requests) {
      expect(classes.enterclass(t, cid, parms, UNPRIVILEGED)).toBe(error);
      expect(bench.fields(t)).toEqual(before);
    }
  });

  test('do not change the parameters that they are given', () => {
    const bench = new ClassBench();
    const parms = { uprilim: 0, upri: NOCHANGE, tqsecs: 0, tqnsecs: 1 };
    const t = bench.thread('FX', parms);
    expect(bench.parmsset(t, parms)).toBe(0);
    expect(parms).toEqual({ uprilim: 0, upri: NOCHANGE, tqsecs: 0, tqnsecs: 1 });
  });
});
