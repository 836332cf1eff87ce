/**
 * User code's loads and stores on shared pages.
 *
 * User code may store anything anywhere on a page that is mapped in its address space, whether a slot is
 * allocated or not, its own or another's. A store is translated into transitions of the fields that it
 * touches. An access to an address that is not mapped is a fault.
 *
 * Hot: {@link userStoreField} and {@link userLoadField} allocate nothing.
 */
import { KIND, SLOT_ID_STRIDE } from '#shared/model/kinds.ts';
import {
  asCType,
  SC_FIELDS,
  SC_SHARED_SIZE,
  scFieldAt,
  scSharedBytes,
  type ScFieldType,
} from '#shared/model/sc-shared.ts';
import { NONE } from '#shared/base/none.ts';
import { slotsOf } from './page-layout.ts';
import type { AddressSpace, MemoryContext } from './virtual-memory.ts';

/** What {@link userLoadField} returns where the address is not mapped: no field holds it. */
export const FAULT = -0x8000_0000_0000;

/** C type by kind; and the kinds. */
const FIELD_TYPE: (ScFieldType | undefined)[] = [];
for (const field of SC_FIELDS) FIELD_TYPE[KIND[field.name]] = field.type;
const FIELD_KINDS: readonly number[] = SC_FIELDS.map((field) => KIND[field.name]);

/** The slot whose first byte is at `uaddr`, NONE where no page is mapped there. */
export function slotAt(m: MemoryContext, as: AddressSpace, uaddr: number): number {
  const { pageSize, scSize } = m.vm.layout;
  const offset = uaddr % pageSize;
  const page = as.mappings.get(uaddr - offset);
  return page === undefined ? NONE : page * SLOT_ID_STRIDE + Math.trunc(offset / scSize);
}

/**
 * Stores `value`, cut to the field's C type, into a field of the shared structure at `uaddr`.
 *
 * @param kind one of the sc_ kinds
 * @param cause the user code that stores: user_store, schedctl_start, block_all_signals ...
 * @returns false for a fault
 */
export function userStoreField(
  m: MemoryContext,
  as: AddressSpace,
  uaddr: number,
  kind: number,
  value: number,
  cause: number,
): boolean {
  const slot = slotAt(m, as, uaddr);
  if (slot === NONE) return false;
  m.machine.set(kind, slot, asCType(FIELD_TYPE[kind]!, value), cause);
  return true;
}

/** Value of a field of the shared structure at `uaddr`, {@link FAULT} where it is not mapped. */
export function userLoadField(m: MemoryContext, as: AddressSpace, uaddr: number, kind: number): number {
  const slot = slotAt(m, as, uaddr);
  return slot === NONE ? FAULT : m.machine.get(kind, slot);
}

/** Stores one byte at any user address. Returns false for a fault. */
export function userStoreByte(
  m: MemoryContext,
  as: AddressSpace,
  uaddr: number,
  value: number,
  cause: number,
): boolean {
  const { layout } = m.vm;
  const offset = uaddr % layout.pageSize;
  const page = as.mappings.get(uaddr - offset);
  if (page === undefined) return false;
  const index = Math.trunc(offset / layout.scSize);
  const inSlot = offset - index * layout.scSize;
  if (inSlot >= SC_SHARED_SIZE || (index + 1) * layout.scSize > layout.pageSize) {
    spareBytesOf(m, page)[offset] = value;
    return true;
  }
  const field = scFieldAt(inSlot);
  const slot = page * SLOT_ID_STRIDE + index;
  const shift = 8 * (inSlot - field.offset);
  const old = m.machine.get(KIND[field.name], slot);
  const next = (old & ~(0xff << shift)) | ((value & 0xff) << shift);
  m.machine.set(KIND[field.name], slot, asCType(field.type, next), cause);
  return true;
}

/** The bytes of the slot at `uaddr`, `scSize` of them in memory order; null for a fault. */
export function userLoadSlot(m: MemoryContext, as: AddressSpace, uaddr: number): Uint8Array | null {
  const slot = slotAt(m, as, uaddr);
  return slot === NONE ? null : slotBytes(m, slot);
}

/** The bytes of a slot, padding included, as the kernel's mapping shows them. */
export function slotBytes(m: MemoryContext, slot: number): Uint8Array {
  const { scSize } = m.vm.layout;
  const bytes = new Uint8Array(scSize);
  bytes.set(scSharedBytes(m.machine.state, slot));
  const spare = m.vm.spareBytes.get(Math.trunc(slot / SLOT_ID_STRIDE));
  if (spare !== undefined) {
    const start = (slot % SLOT_ID_STRIDE) * scSize;
    bytes.set(spare.subarray(start + SC_SHARED_SIZE, start + scSize), SC_SHARED_SIZE);
  }
  return bytes;
}

/**
 * Memory of a new page is zero: a transition for each field that an earlier page of the same number has left. The page
 * has no padding or spare bytes yet.
 */
export function zeroPage(m: MemoryContext, page: number, cause: number): void {
  const first = page * SLOT_ID_STRIDE;
  const end = first + slotsOf(m.vm.layout);
  for (const kind of FIELD_KINDS) {
    const column = m.machine.state.columns[kind]!;
    for (let slot = first; slot < end; slot++) if (column[slot] !== 0) m.machine.set(kind, slot, 0, cause);
  }
}

/** bzero of a slot by the kernel: its fields and its padding. */
export function zeroSlot(m: MemoryContext, slot: number, cause: number): void {
  for (const kind of FIELD_KINDS) m.machine.set(kind, slot, 0, cause);
  const spare = m.vm.spareBytes.get(Math.trunc(slot / SLOT_ID_STRIDE));
  if (spare !== undefined) {
    const start = (slot % SLOT_ID_STRIDE) * m.vm.layout.scSize;
    spare.fill(0, start + SC_SHARED_SIZE, start + m.vm.layout.scSize);
  }
}

function spareBytesOf(m: MemoryContext, page: number): Uint8Array {
  const { vm } = m;
  let bytes = vm.spareBytes.get(page);
  if (bytes === undefined) {
    bytes = new Uint8Array(vm.layout.pageSize);
    vm.spareBytes.set(page, bytes);
  }
  return bytes;
}
