/**
 * State of the memory subsystem, as far as shared pages need one. What is counted (references, kernel
 * mappings, live objects) is in the columns of the machine state; here is the rest.
 */
import type { Machine } from '../../machine.ts';
import type { PageLayout } from './page-layout.ts';
import { PlantedFailures } from './planted-failures.ts';

/** An address space (struct as) with the shared pages mapped in it. */
export interface AddressSpace {
  /** Number in order of creation; p_as of its processes. */
  readonly id: number;
  /** Processes that use it: more than one while a vfork child borrows it. */
  users: number;
  /** Page ordinal by user address of the page. */
  readonly mappings: Map<number, number>;
  /** Where map_addr puts the next page; addresses are handed out downwards and never twice. */
  nextAddress: number;
}

/** Told of every call of the memory subsystem, in order: what conformance compares. */
export type MemoryCallObserver = (call: string) => void;

export class VirtualMemory {
  readonly layout: PageLayout;
  readonly failures = new PlantedFailures();
  /** Address spaces by number; undefined for those that are gone. */
  readonly spaces: (AddressSpace | undefined)[] = [];
  liveSpaces = 0;
  /** Spare bytes by page ordinal; see page-layout.ts. */
  readonly spareBytes = new Map<number, Uint8Array>();
  /** Pages whose control structure and bitmap are allocated. */
  readonly liveControls = new Set<number>();
  /** Page numbers given out so far: 0 .. pages - 1. */
  pages = 0;
  /** Those of them whose pages are gone, to be given out again: the last first. */
  readonly freePages: number[] = [];
  observer: MemoryCallObserver | null = null;

  constructor(layout: PageLayout) {
    this.layout = layout;
  }
}

/** What the functions of this folder work on. */
export interface MemoryContext {
  readonly machine: Machine;
  readonly vm: VirtualMemory;
}
