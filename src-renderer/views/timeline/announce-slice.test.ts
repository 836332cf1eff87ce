import { expect, it } from 'vitest';
import { LANE_FLAG } from '#shared/api/contract.ts';
import { LANE_STATE } from '#shared/model/enums.ts';
import { nameTable } from '#renderer/trace-data/decode/names.ts';
import { lanesFromText } from '#renderer/trace-data/testing/lanes-from-text.ts';
import { announceSlice } from './announce-slice.ts';

const names = nameTable({
  source: 'emulator',
  cpus: [],
  processes: [],
  lwps: [{ id: 1, process: 0, lwpNumber: 4, name: 'backend 1' }],
  pages: [],
  syscalls: [],
  syncs: [],
});
const columns = { ...lanesFromText('RRPPPP'), lwp: Int32Array.of(-1, 1), cpu: Int16Array.of(3, 3) };
const lanes = { get: () => ({ window: { startNs: 0, endNs: 60, nsPerPx: 1 }, columns, lane: 0 }) };
const slice = { lane: { kind: 'lwp', id: 1 }, startNs: 20, endNs: 60, state: LANE_STATE.preempted } as const;

it('a slice is said with its lane, what, how long and why', () => {
  expect(announceSlice(slice, lanes, names)).toBe(
    'backend 1: Preempted 40\u00a0ns, last on CPU 3, by backend 1, from 0.000\u2009000\u2009020 s',
  );
});

it('reasons are left out while they are not at hand, or are those of several slices', () => {
  const short = 'backend 1: preempted, 40\u00a0ns';
  expect(announceSlice(slice, { get: () => undefined }, names)).toBe(short);
  const merged = { ...columns, flags: Uint8Array.of(0, LANE_FLAG.merged) };
  expect(announceSlice(slice, { get: () => ({ ...lanes.get(), columns: merged }) }, names)).toBe(short);
});
