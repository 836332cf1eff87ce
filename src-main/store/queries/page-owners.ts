/**
 * Which process had a slot page at a time. The number of a page is given out again when its page is gone, so that the
 * dimension table knows its last process only.
 */
import type { Ns, ProcessId } from '#shared/base/brands.ts';
import { KIND } from '#shared/model/kinds.ts';
import { searchEvents } from '../read/event-search.ts';
import type { TraceDatabase } from '../read/trace-database.ts';

/** Rows at a time. */
const ROWS = 4096;

interface Owners {
  readonly timeNs: Ns[];
  readonly process: ProcessId[];
}

class PageOwners {
  private readonly owners = new Map<number, Owners>();
  /** Sequence of the next event to look at: a recording goes on. */
  private next = 1;

  /** Looks at what has been recorded since. */
  update(trace: TraceDatabase): void {
    for (;;) {
      const rows = searchEvents(trace, this.next, 'next', ROWS, { kinds: [KIND.page_process] });
      for (const [sequence, timeNs, , , , page, , , process] of rows) {
        this.next = sequence + 1;
        // Its last slots belong to it until the page has another.
        if (process >= 0) this.add(page, timeNs, process);
      }
      if (rows.length < ROWS) break;
    }
    this.next = Math.max(this.next, trace.events + 1);
  }

  /** The process that has page `page` at `timeNs`, or had it last; that which has it first before that; -1 for none. */
  at(page: number, timeNs: Ns): number {
    const owners = this.owners.get(page);
    if (owners === undefined) return -1;
    let low = 0;
    let high = owners.timeNs.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (owners.timeNs[middle]! <= timeNs) low = middle + 1;
      else high = middle;
    }
    return owners.process[Math.max(0, low - 1)]!;
  }

  private add(page: number, timeNs: Ns, process: ProcessId): void {
    const owners = this.owners.get(page) ?? { timeNs: [], process: [] };
    this.owners.set(page, owners);
    owners.timeNs.push(timeNs);
    owners.process.push(process);
  }
}

/** The owners of all pages of a trace; looked for once, and then in what is new. */
export function pageOwners(trace: TraceDatabase): PageOwners {
  const owners = trace.kept('pageOwners', () => new PageOwners());
  owners.update(trace);
  return owners;
}
