import { expect, test } from 'vitest';
import { KIND } from './kinds.ts';
import { MachineState } from './machine-state.ts';
import { asCType, SC_FIELDS, SC_SHARED_SIZE, scFieldAt, scSharedBytes } from './sc-shared.ts';

test('the fields fill the sixteen bytes without gap or overlap', () => {
  let end = 0;
  for (const field of SC_FIELDS) {
    expect(field.offset, field.name).toBe(end);
    end += field.bytes;
  }
  expect(end).toBe(SC_SHARED_SIZE);
});

test('bytes are little-endian and signed fields keep their sign bit', () => {
  const state = new MachineState();
  for (const [kind, value] of [
    [KIND.sc_state, 4],
    [KIND.sc_cpu, 3],
    [KIND.sc_cid, 1],
    [KIND.sc_cpri, -20],
    [KIND.sc_priority, 59],
    [KIND.sc_nopreempt, 1],
    [KIND.sc_yield, -1],
  ] as const) {
    state.write(kind, 0, value);
  }
  expect(Buffer.from(scSharedBytes(state, 0)).toString('hex')).toBe('040000000300000001ec3b000100ffff');
});

test.each([
  ['uchar', 300, 44],
  ['uchar', -1, 255],
  ['char', 200, -56],
  ['short', 0x18000, -32768],
  ['ushort', -1, 65535],
] as const)('storing into a C %s cuts %i to %i', (type, value, stored) => {
  expect(asCType(type, value)).toBe(stored);
});

test('every byte belongs to the field that covers it', () => {
  expect(scFieldAt(0).name).toBe('sc_state');
  expect(scFieldAt(7).name).toBe('sc_cpu');
  expect(scFieldAt(13).name).toBe('sc_nopreempt');
  expect(scFieldAt(15).name).toBe('sc_yield');
});
