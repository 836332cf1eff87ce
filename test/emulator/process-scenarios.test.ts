/** The scenarios of processes, LWPs, signals and cancellation show what the comments at their heads say. */
import { expect, test } from 'vitest';
import { scenarioHeader } from '#main/scenario/header.ts';
import { KIND } from '#shared/model/kinds.ts';
import { ProcessObservations, scenarioText } from './process-observations.ts';

const MS = 1e6;

test('fork storm: a page for each process that asks, gone with it; forks cost their parents', () => {
  const seen = new ProcessObservations('fork-storm.yaml');
  expect(seen.forks).toBe(1626);
  expect(seen.vforks).toBe(369);
  expect(seen.pagesSetUp).toBe(1629);
  expect(seen.mostPages).toBe(12);
  expect(seen.pages.size).toBe(12);
  expect(seen.mostSlots).toBe(13);
  expect(seen.forkretDemotions).toBe(18);
  expect(seen.unmapped).toBe(1626 - 369);
  expect(seen.stops).toBe(468);
  expect(seen.run.replayed.read(KIND.live_anon_pages, 0)).toBeLessThanOrEqual(12);
});

test('LWP churn: slots are used again, and an address that was kept tells of their new owners', () => {
  const seen = new ProcessObservations('lwp-churn-stale-reads.yaml');
  expect(seen.allocations).toBe(5379);
  expect(seen.mostSlots).toBe(1170);
  expect(seen.pages.size).toBe(5);
  expect(seen.allocations / seen.slots.size).toBeGreaterThan(4);
  // SC_FREE, then another's SC_SLEEP.
  expect(seen.mark(0)).toBe(5);
  expect(seen.mark(1)).toBe(236);
  expect(seen.run.replayed.read(KIND.sync_owner, 0)).toBe(0);
  expect(seen.run.replayed.read(KIND.sync_waiters, 0)).toBe(3);
});

test('signals blocked by a store pend until a system call sets the mask', () => {
  const seen = new ProcessObservations('signals-blocked-by-a-store.yaml');
  expect(seen.sigblocks).toBe(214);
  expect(seen.longestBlockNs).toBeGreaterThan(99 * MS);
  expect(seen.sends).toBe(162);
  expect(seen.handled).toBe(162);
  expect(seen.pendingNs.filter((ns) => ns > 5 * MS)).toHaveLength(41);
  expect(Math.max(...seen.pendingNs)).toBeGreaterThan(42 * MS);
});

test('cancelled readers: two in their sleep, one at its next system call with SC_EINTR_FLG', () => {
  const seen = new ProcessObservations('cancelled-readers.yaml');
  expect(seen.cancelFlags).toBe(3);
  expect(seen.cancelEintr).toBeGreaterThanOrEqual(1);
  expect(seen.run.replayed.read(KIND.p_lwpcnt, 0)).toBe(8 - 3);
  expect(seen.mark(1)).toBe(28);
  expect(seen.interruptedWaits).toBe(3);
});

test.each([
  'fork-storm.yaml',
  'lwp-churn-stale-reads.yaml',
  'signals-blocked-by-a-store.yaml',
  'cancelled-readers.yaml',
])('%s has a title and says what to see', (name) => {
  const header = scenarioHeader(scenarioText(name));
  expect(header.title).toMatch(/.{10}/);
  expect(header.see).toMatch(/.{80}/);
});
