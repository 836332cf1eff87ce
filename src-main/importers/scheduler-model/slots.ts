/**
 * Where threads and kernel share memory for preemption control, as slots of pages: the schedctl slots of
 * illumos where the source tells their addresses, the rseq areas of Linux, which lie in each thread's own
 * memory and are shown as slots of a page of their process without an address.
 */
import type { LwpId } from '#shared/base/brands.ts';
import { NONE } from '#shared/base/none.ts';
import type { TransitionProbe } from '#shared/model/transition-probe.ts';
import { PAGE_KIND } from '#shared/model/enums.ts';
import { SLOT_ID_STRIDE } from '#shared/model/kinds.ts';
import { IntColumn } from './columns.ts';

type PageKind = (typeof PAGE_KIND)[keyof typeof PAGE_KIND];

/** As many as a page of schedctl slots has. */
const AREAS_ON_A_PAGE = 256;

export class Slots {
  private readonly slotOfLwp = new IntColumn(NONE);
  private readonly pageOfKey = new Map<string, number>();
  private readonly openPage = new Map<number, { page: number; used: number }>();
  private readonly pageAnnounced: boolean[] = [];
  private readonly pages: { readonly address: number | null; readonly kind: PageKind }[] = [];

  /** Slot of an LWP, -1 where it has none. */
  of(lwp: LwpId): number {
    return this.slotOfLwp.get(lwp);
  }

  /** The page at an address of a process; made if need be. */
  page(process: string, address: number): number {
    const key = `${process}:${address}`;
    const known = this.pageOfKey.get(key);
    if (known !== undefined) return known;
    const page = this.addPage(address, PAGE_KIND.schedctl);
    this.pageOfKey.set(key, page);
    return page;
  }

  /** Gives an LWP the slot at an index of a page and returns it. */
  take(lwp: LwpId, page: number, index: number): number {
    const slot = page * SLOT_ID_STRIDE + index;
    this.slotOfLwp.set(lwp, slot);
    return slot;
  }

  /** Gives an LWP a slot where the source does not tell which, or an rseq area. */
  takeUnplaced(lwp: LwpId, process: number, kind: PageKind): number {
    let open = this.openPage.get(process);
    if (open === undefined || open.used === AREAS_ON_A_PAGE) {
      open = { page: this.addPage(null, kind), used: 0 };
      this.openPage.set(process, open);
    }
    return this.take(lwp, open.page, open.used++);
  }

  leave(lwp: LwpId): void {
    this.slotOfLwp.set(lwp, NONE);
  }

  /** Writes the dimension row of a slot's page on its first use; true where it was the first. */
  announce(slot: number, process: number, writer: TransitionProbe): boolean {
    const page = Math.floor(slot / SLOT_ID_STRIDE);
    if (this.pageAnnounced[page] === true) return false;
    this.pageAnnounced[page] = true;
    writer.define({ table: 'page', id: page, process, ...this.pages[page]! });
    return true;
  }

  private addPage(address: number | null, kind: PageKind): number {
    this.pages.push({ address, kind });
    return this.pages.length - 1;
  }
}
