/**
 * User code's loads and stores of shared structures, by LWP: what libc and programs do with the address
 * that schedctl() gave them.
 *
 * Hot: a store or load is a lookup of the page in the address space and one assignment; nothing is allocated.
 */
import { KIND } from '#shared/model/kinds.ts';
import type { KernelContext } from '../context/kernel-context.ts';
import { as_lookup } from '../vm/address-space.ts';
import type { AddressSpace } from '../vm/virtual-memory.ts';
import { userLoadField, userStoreField } from '../vm/user-memory.ts';

/** The address space in which user code of an LWP runs. */
export function addressSpaceOf(k: KernelContext, lwp: number): AddressSpace {
  return as_lookup(k, k.machine.get(KIND.p_as, k.procs.ttoproc(lwp)));
}

/**
 * User code of an LWP's process stores into a field of the LWP's structure; only the low bytes of `value`
 * that the field holds count.
 *
 * @param kind one of the sc_ kinds
 * @param cause the user code that stores
 * @returns false for a fault: there is no structure, or its page is not mapped any more
 */
export function user_store(
  k: KernelContext,
  lwp: number,
  kind: number,
  value: number,
  cause: number,
): boolean {
  const uaddr = k.procs.t_sc_uaddr(lwp);
  return userStoreField(k, addressSpaceOf(k, lwp), uaddr, kind, value, cause);
}

/** User code loads a field of the LWP's structure. FAULT (user-memory.ts) where that is not possible. */
export function user_load(k: KernelContext, lwp: number, kind: number): number {
  return userLoadField(k, addressSpaceOf(k, lwp), k.procs.t_sc_uaddr(lwp), kind);
}

/**
 * User code of `reader` loads a field of the structure at a remembered address, which may belong to
 * another LWP or to none any more (the owner of an adaptive mutex). FAULT where nothing is mapped.
 */
export function user_load_at(k: KernelContext, reader: number, uaddr: number, kind: number): number {
  return userLoadField(k, addressSpaceOf(k, reader), uaddr, kind);
}
