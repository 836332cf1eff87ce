/**
 * The allocation bitmap of a page (sys/bitmap.h), one bit for each slot. The bits are the column
 * `slot_allocated`, so that there is one truth; 64-bit words exist only where they are looked at.
 */
import { KIND, SLOT_ID_STRIDE } from '#shared/model/kinds.ts';
import type { MachineState } from '#shared/model/machine-state.ts';
import type { Machine } from '../../machine.ts';

/** Index of the lowest clear bit, -1 where all are set. */
export function bt_availbit(machine: Machine, page: number, bitmapLength: number): number {
  const bits = machine.state.columns[KIND.slot_allocated]!;
  const first = page * SLOT_ID_STRIDE;
  for (let index = 0; index < bitmapLength; index++) if (bits[first + index] === 0) return index;
  return -1;
}

/** BT_SET */
export function bt_set(machine: Machine, page: number, index: number, cause: number): void {
  machine.set(KIND.slot_allocated, page * SLOT_ID_STRIDE + index, 1, cause);
}

/** BT_CLEAR */
export function bt_clear(machine: Machine, page: number, index: number, cause: number): void {
  machine.set(KIND.slot_allocated, page * SLOT_ID_STRIDE + index, 0, cause);
}

/** The bitmap as 64-bit words, slot n in bit n % 64 of word n / 64. For views and tests: allocates. */
export function bitmapWords(state: MachineState, page: number, bitmapLength: number): bigint[] {
  const words = new Array<bigint>(Math.ceil(bitmapLength / 64)).fill(0n);
  for (let index = 0; index < bitmapLength; index++) {
    if (state.read(KIND.slot_allocated, page * SLOT_ID_STRIDE + index) !== 0) {
      words[index >> 6]! |= 1n << BigInt(index & 63);
    }
  }
  return words;
}
