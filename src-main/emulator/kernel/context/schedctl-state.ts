/** The static variables of schedctl.c. */
import type { ContextOps } from './ctxops.ts';

export interface SchedctlState {
  /** Bytes of a page that hold shared structures. */
  sc_pagesize: number;
  /** Bits in a page's allocation bitmap. */
  sc_bitmap_len: number;
  /** 64-bit words in a page's allocation bitmap. */
  sc_bitmap_words: number;
  /** schedctl_save, schedctl_restore and schedctl_fork, as installed on threads. */
  ops: ContextOps | null;
}

export function createSchedctlState(): SchedctlState {
  return { sc_pagesize: 0, sc_bitmap_len: 0, sc_bitmap_words: 0, ops: null };
}
