/**
 * Address spaces and the shared pages mapped in them (vm_as.c, as far as schedctl uses it).
 *
 * Each mapping holds a reference to its page's anonymous memory. Whoever drops the last reference frees
 * the page.
 */
import { KernelPanic } from '../../assert-kernel.ts';
import { anonmap_decrement, anonmap_destroy, anonmap_hold } from './anon.ts';
import type { AddressSpace, MemoryContext } from './virtual-memory.ts';

/** Where the highest page ends: user addresses fit 31 bits, so that arithmetic on them stays cheap. */
const USER_LIMIT = 0x7fe0_0000;

/** A new, empty address space with one user. */
export function as_alloc(m: MemoryContext): AddressSpace {
  const { vm } = m;
  const as: AddressSpace = {
    id: vm.spaces.length,
    users: 1,
    mappings: new Map(),
    nextAddress: USER_LIMIT - (USER_LIMIT % vm.layout.pageSize),
  };
  vm.spaces[as.id] = as;
  vm.liveSpaces++;
  return as;
}

/** The address space with number `id` (p_as). */
export function as_lookup(m: MemoryContext, id: number): AddressSpace {
  const as = m.vm.spaces[id];
  if (as === undefined) throw new KernelPanic('as_lookup', `there is no address space ${id}`);
  return as;
}

/** A duplicate for a forked child: every mapping is there again, at the same address. */
export function as_dup(m: MemoryContext, as: AddressSpace, cause: number): AddressSpace {
  const copy = as_alloc(m);
  copy.nextAddress = as.nextAddress;
  for (const [address, page] of as.mappings) {
    copy.mappings.set(address, page);
    anonmap_hold(m, page, cause);
  }
  return copy;
}

/** A further process uses the address space (vfork). */
export function as_hold(as: AddressSpace): void {
  as.users++;
}

/** A process lets go of the address space; with its last user every mapping is dropped. */
export function as_rele(m: MemoryContext, as: AddressSpace, cause: number): void {
  if (as.users < 1) throw new KernelPanic('as_rele', `address space ${as.id} has no user`);
  if (--as.users === 0) as_free(m, as, cause);
}

function as_free(m: MemoryContext, as: AddressSpace, cause: number): void {
  for (const page of as.mappings.values()) {
    m.vm.observer?.(`as_free as=${as.id} page=${page}`);
    dropMapping(m, page, cause);
  }
  as.mappings.clear();
  m.vm.spaces[as.id] = undefined;
  m.vm.liveSpaces--;
}

/** Finds room for one page. Returns its address; 0 where there is none left, or a failure is planted. */
export function map_addr(m: MemoryContext, as: AddressSpace): number {
  const { vm } = m;
  if (vm.failures.strike('map_addr') !== null) {
    vm.observer?.('map_addr fails');
    return 0;
  }
  vm.observer?.('map_addr');
  if (as.nextAddress <= vm.layout.pageSize) return 0;
  as.nextAddress -= vm.layout.pageSize;
  return as.nextAddress;
}

/** Maps a page, shared, at `address`. Returns 0, or the error of a planted failure: then nothing is mapped. */
export function as_map(
  m: MemoryContext,
  as: AddressSpace,
  address: number,
  amp: number,
  cause: number,
): number {
  const { vm } = m;
  const failure = vm.failures.strike('as_map');
  if (failure !== null) {
    vm.observer?.('as_map fails');
    return failure.error;
  }
  if (as.mappings.has(address)) throw new KernelPanic('as_map', `address ${address} is already mapped`);
  vm.observer?.('as_map');
  as.mappings.set(address, amp);
  anonmap_hold(m, amp, cause);
  return 0;
}

/**
 * Unmaps the page at `address`; where nothing is mapped, that is no error. Returns 0, or the error of a
 * planted failure: then nothing is unmapped.
 */
export function as_unmap(m: MemoryContext, as: AddressSpace, address: number, cause: number): number {
  const { vm } = m;
  const failure = vm.failures.strike('as_unmap');
  if (failure !== null) {
    vm.observer?.('as_unmap fails');
    return failure.error;
  }
  const page = as.mappings.get(address);
  vm.observer?.(`as_unmap as=${as.id} page=${page ?? '-'}`);
  if (page === undefined) return 0;
  as.mappings.delete(address);
  dropMapping(m, page, cause);
  return 0;
}

/** The user addresses at which a page is mapped: none or one, but in order of mapping if there are more. */
export function mappedAddresses(as: AddressSpace, page: number): number[] {
  const addresses: number[] = [];
  for (const [address, mapped] of as.mappings) if (mapped === page) addresses.push(address);
  return addresses;
}

function dropMapping(m: MemoryContext, page: number, cause: number): void {
  if (anonmap_decrement(m, page, cause) === 0) anonmap_destroy(m, page, cause);
}
