import { expect, test } from 'vitest';
import { requests } from '../contract.ts';

const window = { traceId: 't', startNs: 0, endNs: 1e9 };
const ids = (count: number): number[] => Array.from({ length: count }, (_, id) => id);
const lanes = (count: number) => ids(count).map((id) => ({ kind: 'lwp', id }));

test.each([
  ['trace.lanes', 'lanes', lanes],
  ['trace.nopreemptWindows', 'lwps', ids],
  ['trace.decisions', 'lwps', ids],
  ['trace.queueLengths', 'cpus', ids],
  ['trace.lockWaiters', 'syncs', ids],
  ['trace.wakeups', 'lwps', ids],
] as const)('%s: many lanes or many pixels, not both', (name, list, make) => {
  const check = (rows: number, pixels: number) =>
    requests[name].params.safeParse({ ...window, pixels, [list]: make(rows) });
  expect(check(512, 4096).success).toBe(true);
  expect(check(128, 16_384).success).toBe(true);
  expect(check(512, 4097).error?.issues[0]?.message).toMatch(/more than 2097152 pixels in all/);
  expect(check(129, 16_384).success).toBe(false);
  expect(check(513, 1).success).toBe(false);
});

test('a list that is left out counts nothing', () => {
  expect(requests['trace.decisions'].params.safeParse({ ...window, pixels: 16_384 }).success).toBe(true);
});
