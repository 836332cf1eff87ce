/** The scenarios in traces/scenarios/ show what the comments at their heads say. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { CAUSE } from '#shared/model/causes.ts';
import { DECISION, SC_FLGS, TS } from '#shared/model/enums.ts';
import { KIND } from '#shared/model/kinds.ts';
import { parseScenario } from '#main/scenario/parse-scenario.ts';
import { scenarioHeader } from '#main/scenario/header.ts';
import { recordRun, type Row } from './recorded-run.ts';

const textOf = (name: string): string =>
  readFileSync(new URL(`../../traces/scenarios/${name}`, import.meta.url), 'utf8');

const MS = 1e6;

/** What is counted about a run, all times in ns. */
class Observations {
  readonly decisions = new Map<number, number>();
  /** Times for which a preempted thread stayed off its CPU while it held a lock. */
  readonly holderAway: number[] = [];
  /**
   * The most LWPs that waited for a lock when its preempted holder got its CPU back; and behind the longest absence.
   */
  convoy = 0;
  convoyOfLongest = 0;
  mostWaiters = 0;
  readonly mostWaitersOf = new Map<number, number>();
  libcRequests = 0;
  longestHold = 0;
  /** The longest time for which a thread was runnable without a CPU. */
  longestWait = 0;
  longestWindow = 0;
  marks = 0;
  mostSlots = 0;
  readonly pages = new Set<number>();
  parks = 0;
  /** Acquisitions of locks. */
  acquired = 0;
  /** Stores to sc_cpu, and those of another CPU than before. */
  placed = 0;
  migrated = 0;
  /** CPUs that went offline or came back, as [time in ms, CPU, online]. */
  readonly cpuChanges: (readonly [number, number, number])[] = [];
  spinners = 0;
  /** Those of {@link holderAway} whose thread had asked not to be preempted, and still does when it is back. */
  holderLossesWithRequest = 0;
  private readonly requested = new Set<number>();
  private slots = 0;
  private readonly held = new Map<number, number>();
  private readonly heldSince = new Map<number, number>();
  private readonly awaySince = new Map<number, number>();
  private readonly runnableSince = new Map<number, number>();
  private readonly windowSince = new Map<number, number>();
  private readonly waiters = new Map<number, number>();

  constructor(name: string) {
    recordRun(parseScenario(textOf(name), name), {}, { onRow: (row) => this.see(row) });
  }

  decided(decision: number): number {
    return this.decisions.get(decision) ?? 0;
  }

  /** How often a thread lost its CPU while it held a lock; some are not back at the end. */
  get holderLosses(): number {
    return this.holderAway.length + this.awaySince.size;
  }

  private see(row: Row): void {
    switch (row.kind) {
      case KIND.decision:
        this.decisions.set(row.object, this.decided(row.object) + 1);
        break;
      case KIND.sync_owner:
        if (row.new >= 0) {
          this.acquired++;
          this.held.set(row.new, row.object);
          this.heldSince.set(row.object, row.timeNs);
        } else {
          this.held.delete(row.old);
          this.longestHold = Math.max(this.longestHold, row.timeNs - this.heldSince.get(row.object)!);
        }
        break;
      case KIND.sync_waiters:
        this.waiters.set(row.object, row.new);
        this.mostWaitersOf.set(row.object, Math.max(this.mostWaitersOf.get(row.object) ?? 0, row.new));
        this.mostWaiters = Math.max(this.mostWaiters, row.new);
        break;
      case KIND.t_state: {
        if (row.new === TS.RUN) this.runnableSince.set(row.lwp, row.timeNs);
        else if (row.new === TS.ONPROC) {
          this.longestWait = Math.max(this.longestWait, row.timeNs - this.runnableSince.get(row.lwp)!);
        }
        const since = this.awaySince.get(row.lwp);
        this.awaySince.delete(row.lwp);
        if (row.old === TS.ONPROC && row.new === TS.RUN && this.held.has(row.lwp)) {
          this.awaySince.set(row.lwp, row.timeNs);
        } else if (row.new === TS.ONPROC && since !== undefined && row.timeNs > since) {
          // At the same time it would have been picked again at once, and never left its CPU.
          const waiters = this.waiters.get(this.held.get(row.lwp)!) ?? 0;
          if (row.timeNs - since > Math.max(0, ...this.holderAway)) this.convoyOfLongest = waiters;
          this.holderAway.push(row.timeNs - since);
          if (this.requested.has(row.lwp)) this.holderLossesWithRequest++;
          this.convoy = Math.max(this.convoy, waiters);
        }
        break;
      }
      case KIND.sc_nopreempt:
        if (row.cause === CAUSE.no_preempt) this.libcRequests++;
        if (row.new !== 0) this.requested.add(row.lwp);
        else this.requested.delete(row.lwp);
        if (row.new !== 0) this.windowSince.set(row.lwp, row.timeNs);
        else this.longestWindow = Math.max(this.longestWindow, row.timeNs - this.windowSince.get(row.lwp)!);
        break;
      case KIND.user_mark:
        this.marks++;
        break;
      case KIND.slot_allocated:
        this.slots += row.new === 0 ? -1 : 1;
        this.mostSlots = Math.max(this.mostSlots, this.slots);
        break;
      case KIND.page_process:
        this.pages.add(row.object);
        break;
      case KIND.sc_flgs:
        if ((row.new & ~row.old & SC_FLGS.SC_PARK_FLG) !== 0) this.parks++;
        break;
      case KIND.sc_cpu:
        this.placed++;
        if (row.new !== row.old) this.migrated++;
        break;
      case KIND.cpu_online:
        if (row.timeNs > 0) this.cpuChanges.push([row.timeNs / MS, row.cpu, row.new]);
        break;
      case KIND.user_spin:
        this.spinners += row.new;
        break;
      default:
    }
  }
}

describe('lock convoy', () => {
  const controlled = new Observations('lock-convoy.yaml');
  const plain = new Observations('lock-convoy-without-schedctl.yaml');

  test('with preemption control no holder loses its CPU', () => {
    expect(controlled.holderLosses).toBe(0);
    expect(controlled.longestHold).toBeLessThan(0.5 * MS);
    expect(controlled.decided(DECISION.deferredAtPreempt)).toBe(88);
    expect(controlled.decided(DECISION.deferredAtTick)).toBe(11);
    expect(controlled.decided(DECISION.yielded)).toBe(11);
    expect(controlled.decided(DECISION.updateSkipped)).toBe(35);
  });

  test('without it holders do, and a convoy of most backends forms behind some', () => {
    expect(plain.holderLosses).toBe(68);
    expect(Math.max(...plain.holderAway)).toBeCloseTo(2.249384 * MS, -1);
    expect(plain.convoy).toBe(31);
    expect(plain.longestHold).toBeCloseTo(2.31969 * MS, -1);
    expect(plain.decisions.size).toBe(0);
  });
});

test('request set too late: holders lose their CPUs before they ask, and none after', () => {
  const seen = new Observations('request-set-too-late.yaml');
  expect(seen.holderLosses).toBe(111);
  expect(seen.holderLossesWithRequest).toBe(0);
  expect(Math.max(...seen.holderAway)).toBeCloseTo(1.797728 * MS, -1);
  expect(seen.decided(DECISION.deferredAtPreempt)).toBe(20);
  expect(seen.decided(DECISION.deferredAtTick)).toBe(2);
  expect(seen.decided(DECISION.forced)).toBe(0);
});

describe('convoy behind a revoked request', () => {
  const seen = new Observations('convoy-behind-a-revoked-request.yaml');

  test('every decision of preemption control is there', () => {
    expect(Object.fromEntries([...seen.decisions].sort(([a], [b]) => a - b))).toEqual({
      [DECISION.deferredAtTick]: 14,
      [DECISION.deferredAtPreempt]: 37,
      [DECISION.yielded]: 8,
      [DECISION.failsafe]: 2,
      [DECISION.forced]: 2,
      [DECISION.updateSkipped]: 1,
    });
  });

  test('one holder is forced off, and its own waiters keep it away from the CPU', () => {
    expect(seen.holderLosses).toBe(47);
    expect(Math.max(...seen.holderAway)).toBeCloseTo(64.231998 * MS, -1);
    expect(seen.convoy).toBe(20);
    expect(seen.longestHold).toBeCloseTo(156.509155 * MS, -1);
  });
});

test('critical section too long: forced off with the lock held, everybody else waits', () => {
  const seen = new Observations('critical-section-too-long.yaml');
  expect(seen.decided(DECISION.failsafe)).toBe(18);
  expect(seen.decided(DECISION.forced)).toBe(18);
  expect(Math.max(...seen.holderAway)).toBeGreaterThan(300 * MS);
  expect(seen.convoy).toBe(5);
});

test('missing schedctl_stop: the request stands until the kernel takes it back', () => {
  const seen = new Observations('missing-schedctl-stop.yaml');
  expect(seen.marks).toBe(7);
  expect(seen.decided(DECISION.forced)).toBe(7);
  expect(seen.longestHold).toBeLessThan(0.05 * MS);
  expect(seen.longestWindow).toBeGreaterThan(100 * MS);
});

test('blocking mutex: waiters park, others spin, holders lose their CPUs, libc asks for itself', () => {
  const seen = new Observations('blocking-mutex.yaml');
  expect(seen.parks).toBeGreaterThan(1000);
  expect(seen.spinners).toBeGreaterThan(100);
  expect(seen.holderLosses).toBe(108);
  expect(Math.max(...seen.holderAway)).toBeCloseTo(0.898181 * MS, -1);
  expect(seen.mostWaiters).toBe(23);
  expect(seen.decided(DECISION.deferredAtPreempt)).toBe(339);
  expect(seen.libcRequests).toBeGreaterThan(1000);
});

test('two pages of slots: the 257th LWP gets a second page', () => {
  const seen = new Observations('two-pages-of-slots.yaml');
  expect(seen.mostSlots).toBe(300);
  expect(seen.pages.size).toBe(2);
});

describe('spinlock storm', () => {
  test('with preemption control nobody waits for long', () => {
    const seen = new Observations('spinlock-storm.yaml');
    expect(seen.acquired).toBe(48_581);
    expect(seen.spinners).toBe(21_640);
    expect(seen.mostWaiters).toBe(5);
    expect(seen.longestHold).toBeLessThan(0.0152 * MS);
    expect(seen.holderLosses).toBe(0);
    expect(seen.decided(DECISION.deferredAtTick)).toBe(8);
    expect(seen.decided(DECISION.yielded)).toBe(8);
  });

  test('without it a few preempted holders stop nearly everybody', () => {
    const seen = new Observations('spinlock-storm-without-schedctl.yaml');
    expect(seen.holderAway).toHaveLength(6);
    expect(Math.max(...seen.holderAway)).toBeCloseTo(1.540887 * MS, -1);
    expect(seen.convoy).toBe(45);
    expect(seen.longestHold).toBeCloseTo(1.556991 * MS, -1);
  });
});

test('everybody asks: requests only move the wait', () => {
  const seen = new Observations('everybody-asks.yaml');
  expect(seen.decided(DECISION.deferredAtTick)).toBe(155);
  expect(seen.decided(DECISION.deferredAtPreempt)).toBe(164);
  expect(seen.decided(DECISION.forced)).toBe(15);
});

test('real-time threads take the CPU from a holder that asks', () => {
  const seen = new Observations('real-time-over-a-request.yaml');
  expect(seen.holderLosses).toBe(89);
  expect(Math.max(...seen.holderAway)).toBeCloseTo(4.949316 * MS, -1);
  expect(seen.decided(DECISION.deferredAtPreempt)).toBe(128);
  expect(seen.longestHold).toBeCloseTo(6.743584 * MS, -1);
});

test('a thread migrates at every wake-up', () => {
  const seen = new Observations('migrates-at-every-wake-up.yaml');
  expect([seen.placed, seen.migrated]).toEqual([79, 79]);
});

test('monitor convoy: waiters of a condition queue behind a preempted holder', () => {
  const seen = new Observations('monitor-convoy.yaml');
  expect(seen.parks).toBe(1879);
  expect(seen.convoyOfLongest).toBe(13);
  expect(Math.max(...seen.holderAway)).toBeCloseTo(2.411571 * MS, -1);
  expect(seen.decided(DECISION.deferredAtPreempt)).toBe(8);
});

test('latches: short sections that go well', () => {
  const seen = new Observations('latch.yaml');
  expect(seen.holderLosses).toBe(0);
  expect(seen.longestHold).toBeLessThan(0.06 * MS);
  // The two latches, and the semaphore.
  expect([...seen.mostWaitersOf].sort(([a], [b]) => a - b).map(([, most]) => most)).toEqual([4, 1, 21]);
  expect(seen.decided(DECISION.deferredAtPreempt)).toBe(14);
  expect(seen.decided(DECISION.deferredAtTick)).toBe(1);
});

test('CPUs go offline under load: refused for a bound thread, else at once', () => {
  const seen = new Observations('cpu-offline-under-load.yaml');
  expect(seen.cpuChanges).toEqual([
    [500, 2, 0],
    [600, 3, 0],
    [1000, 2, 1],
    [1000, 3, 1],
  ]);
  expect(seen.longestWait).toBeCloseTo(99.579406 * MS, -1);
  expect(seen.holderLosses).toBe(0);
});

test.each([
  'lock-convoy.yaml',
  'lock-convoy-without-schedctl.yaml',
  'convoy-behind-a-revoked-request.yaml',
  'critical-section-too-long.yaml',
  'missing-schedctl-stop.yaml',
  'blocking-mutex.yaml',
  'two-pages-of-slots.yaml',
  'spinlock-storm.yaml',
  'spinlock-storm-without-schedctl.yaml',
  'everybody-asks.yaml',
  'real-time-over-a-request.yaml',
  'migrates-at-every-wake-up.yaml',
  'monitor-convoy.yaml',
  'latch.yaml',
  'cpu-offline-under-load.yaml',
])('%s has a title and says what to see', (name) => {
  const header = scenarioHeader(textOf(name));
  expect(header.title).toMatch(/.{10}/);
  expect(header.see).toMatch(/.{80}/);
});
