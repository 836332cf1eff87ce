/**
 * The vectors' names of pages: a page gets the next ordinal, and no ordinal is ever used twice. The emulator gives the
 * number of a page that is gone to a later one.
 */
import { NONE } from '#shared/base/none.ts';
import { KIND } from '#shared/model/kinds.ts';
import type { Machine } from '#main/emulator/machine.ts';

export class PageOrdinals {
  private readonly ordinals = new Map<number, number>();
  private next = 0;

  /** Ordinal of the page with this number. A page that has none yet gets the next. */
  of(page: number): number {
    let ordinal = this.ordinals.get(page);
    if (ordinal === undefined) {
      ordinal = this.next++;
      this.ordinals.set(page, ordinal);
    }
    return ordinal;
  }

  /** Number of the page with this ordinal, NONE where it is gone. */
  pageOf(ordinal: number): number {
    for (const [page, known] of this.ordinals) if (known === ordinal) return page;
    return NONE;
  }

  /** Forgets pages whose memory is gone: to be called after each operation. */
  forgetFreed(machine: Machine): void {
    for (const page of this.ordinals.keys()) {
      if (machine.get(KIND.page_references, page) === 0) this.ordinals.delete(page);
    }
  }
}
