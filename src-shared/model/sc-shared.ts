/**
 * The 16 bytes of sc_shared_t (sys/schedctl.h), little-endian, 64-bit kernel:
 *
 *   0  1   2        3     4  5  6  7   8    9     10        11   12 13         14 15
 *   sc_state sc_sigblock sc_flgs sc_cpu     sc_cid sc_cpri sc_priority sc_pad sc_nopreempt  sc_yield
 */
import type { SlotId } from '../base/brands.ts';
import { KIND, type KindName } from './kinds.ts';
import type { MachineState } from './machine-state.ts';

/** The longest that a thread may stay past its quantum, in ticks (schedctl.h). */
export const SC_MAX_TICKS = 2;

export const SC_SHARED_SIZE = 16;

/** C types that occur in sc_shared_t; `char` is signed. */
export type ScFieldType = 'ushort' | 'short' | 'char' | 'uchar' | 'int';

export interface ScField {
  readonly name: Extract<KindName, `sc_${string}`>;
  readonly offset: number;
  readonly bytes: number;
  readonly type: ScFieldType;
  /** Who writes it, for the inspector and the reference. */
  readonly writtenBy: string;
}

/** The fields in memory order. */
export const SC_FIELDS: readonly ScField[] = [
  { name: 'sc_state', offset: 0, bytes: 2, type: 'ushort', writtenBy: 'kernel, at every context switch' },
  { name: 'sc_sigblock', offset: 2, bytes: 1, type: 'char', writtenBy: 'user code; the kernel clears it' },
  { name: 'sc_flgs', offset: 3, bytes: 1, type: 'uchar', writtenBy: 'user code and kernel' },
  { name: 'sc_cpu', offset: 4, bytes: 4, type: 'int', writtenBy: 'kernel, when the LWP is switched in' },
  { name: 'sc_cid', offset: 8, bytes: 1, type: 'char', writtenBy: 'kernel, when class or priority change' },
  { name: 'sc_cpri', offset: 9, bytes: 1, type: 'char', writtenBy: 'kernel, when class or priority change' },
  {
    name: 'sc_priority',
    offset: 10,
    bytes: 1,
    type: 'uchar',
    writtenBy: 'kernel, when class or priority change',
  },
  { name: 'sc_pad', offset: 11, bytes: 1, type: 'char', writtenBy: 'nobody' },
  {
    name: 'sc_nopreempt',
    offset: 12,
    bytes: 2,
    type: 'short',
    writtenBy: 'user code; the kernel clears it when it revokes the request',
  },
  { name: 'sc_yield', offset: 14, bytes: 2, type: 'short', writtenBy: 'kernel; cleared by yielding' },
];

/** Cuts `value` to what a field of this C type holds after an assignment in C. */
export function asCType(type: ScFieldType, value: number): number {
  switch (type) {
    case 'ushort':
      return value & 0xffff;
    case 'short':
      return (value << 16) >> 16;
    case 'char':
      return (value << 24) >> 24;
    case 'uchar':
      return value & 0xff;
    case 'int':
      return value | 0;
  }
}

/** The 16 bytes of a slot, in memory order. */
export function scSharedBytes(state: MachineState, slot: SlotId): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(SC_SHARED_SIZE);
  for (const field of SC_FIELDS) {
    const value = state.read(KIND[field.name], slot);
    for (let i = 0; i < field.bytes; i++) bytes[field.offset + i] = value >> (8 * i);
  }
  return bytes;
}

/** The field that holds byte `offset` of the structure (0..15). */
export function scFieldAt(offset: number): ScField {
  return SC_FIELDS.findLast((field) => field.offset <= offset)!;
}
