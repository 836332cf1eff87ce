/**
 * What the kernel keeps about processes and LWPs beside the columns of the machine state: the parts that
 * nothing observes but through their effects.
 *
 * Kernel: proc_t.p_pagep; kthread_t.t_procp, t_sc_uaddr; lwp errno.
 */
import { NONE } from '#shared/base/none.ts';
import { withRoom } from '../../growable.ts';

/**
 * Control structure of a page of shared structures (sc_page_ctl_t). `spc_space` and the bitmap are columns
 * of the machine state (`spc_space`, `slot_allocated`), indexed by `page` and its slots.
 */
export interface PageControl {
  readonly spc_next: PageControl | null;
  /** Ordinal of the page: stands for spc_base (the kernel's mapping) and spc_amp (its anonymous memory). */
  readonly page: number;
  /** User address of the page, in the address space of the process that set it up. */
  readonly spc_uaddr: number;
}

export class ProcTable {
  private procOf: Int32Array<ArrayBuffer> = new Int32Array(0);
  private scUaddr: Float64Array<ArrayBuffer> = new Float64Array(0);
  private errnoOf: Int32Array<ArrayBuffer> = new Int32Array(0);
  private readonly pagep: (PageControl | null)[] = [];

  /** Makes room for an LWP of process `p` and gives its fields their first values. */
  addLwp(t: number, p: number): void {
    this.procOf = withRoom(this.procOf, t, NONE);
    this.scUaddr = withRoom(this.scUaddr, t, 0);
    this.errnoOf = withRoom(this.errnoOf, t, 0);
    this.procOf[t] = p;
    this.scUaddr[t] = 0;
    this.errnoOf[t] = 0;
  }

  /** Makes room for a process; its list of pages is empty. */
  addProcess(p: number): void {
    while (this.pagep.length <= p) this.pagep.push(null);
    this.pagep[p] = null;
  }

  /** ttoproc(t): the process of an LWP. */
  ttoproc(t: number): number {
    return this.procOf[t]!;
  }

  /** t_sc_uaddr: user address of the LWP's shared structure, 0 where it has none. */
  t_sc_uaddr(t: number): number {
    return this.scUaddr[t]!;
  }

  set_t_sc_uaddr(t: number, uaddr: number): void {
    this.scUaddr[t] = uaddr;
  }

  /** p_pagep: the process's list of shared pages, newest first. */
  p_pagep(p: number): PageControl | null {
    return this.pagep[p]!;
  }

  set_p_pagep(p: number, head: PageControl | null): void {
    this.pagep[p] = head;
  }

  /** Error number that the LWP's last system call left, 0 for none. */
  errno(t: number): number {
    return this.errnoOf[t]!;
  }

  /** set_errno(): leaves an error number in the LWP and returns it. */
  set_errno(t: number, error: number): number {
    this.errnoOf[t] = error;
    return error;
  }
}
