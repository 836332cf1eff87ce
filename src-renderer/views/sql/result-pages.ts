/** The rows of a query, page by page: what is scrolled to is asked for, once. Not reactive: bulk data. */
import type { SqlPage } from '#shared/api/contract.ts';

export const PAGE_ROWS = 500;
/** Pages kept: those asked for last. */
const MOST_PAGES = 40;

export type SqlValue = string | number | Uint8Array | null;

export class ResultPages {
  private readonly pages = new Map<number, SqlPage>();
  private readonly asked = new Set<number>();
  private readonly fetch: (first: number, count: number) => Promise<SqlPage>;
  private readonly onData: () => void;
  private readonly onError: (thrown: unknown) => void;

  constructor(
    first: SqlPage,
    fetch: (first: number, count: number) => Promise<SqlPage>,
    onData: () => void,
    onError: (thrown: unknown) => void,
  ) {
    this.pages.set(0, first);
    this.fetch = fetch;
    this.onData = onData;
    this.onError = onError;
  }

  /** A value; undefined while its page is on its way, which this asks for. */
  value(row: number, column: number): SqlValue | undefined {
    const number = Math.floor(row / PAGE_ROWS);
    const page = this.pages.get(number);
    if (page === undefined) {
      this.ask(number);
      return undefined;
    }
    return page.values[column]?.[row - page.first];
  }

  private ask(number: number): void {
    if (this.asked.has(number)) return;
    this.asked.add(number);
    this.fetch(number * PAGE_ROWS, PAGE_ROWS).then(
      (page) => {
        this.asked.delete(number);
        this.pages.set(number, page);
        // The first page stays: the list begins there.
        const surplus = [...this.pages.keys()].filter((each) => each !== 0).slice(0, -MOST_PAGES);
        for (const old of surplus) this.pages.delete(old);
        this.onData();
      },
      // Not asked for again: what failed once would fail for every row on the screen.
      this.onError,
    );
  }
}
