/**
 * Room for the nodes of tiles that are being filled, used again when a series has outgrown it or is complete: threads
 * that come and go would leave it behind as garbage faster than it is collected.
 *
 * Little room is rows of columns that many series share. There can be hundreds of thousands of threads of which a trace
 * shows no more than a moment each, and columns of its own cost a series more than its nodes do.
 */

/** Rows `base` to `base + capacity - 1` of `columns`, with whatever the nodes before left in them. */
export interface LeafRoom<E> {
  readonly columns: E;
  readonly base: number;
}

/** Room for more nodes than this is columns of its own. */
const MOST_SHARED = 64;
const SHARED_ROWS = 1024;

export class LeafPool<E> {
  private readonly allocate: (capacity: number) => E;
  /** By capacity. */
  private readonly spare = new Map<number, LeafRoom<E>[]>();

  constructor(allocate: (capacity: number) => E) {
    this.allocate = allocate;
  }

  /** @param capacity a power of two; what is larger than {@link MOST_SHARED} begins at row 0 of its columns */
  take(capacity: number): LeafRoom<E> {
    const spare = this.spare.get(capacity)?.pop();
    if (spare !== undefined) return spare;
    if (capacity > MOST_SHARED) return { columns: this.allocate(capacity), base: 0 };
    const columns = this.allocate(SHARED_ROWS);
    for (let base = SHARED_ROWS - capacity; base > 0; base -= capacity) {
      this.giveBack(columns, base, capacity);
    }
    return { columns, base: 0 };
  }

  /** Takes back what {@link take} handed out. */
  giveBack(columns: E, base: number, capacity: number): void {
    const room = { columns, base };
    const spare = this.spare.get(capacity);
    if (spare === undefined) this.spare.set(capacity, [room]);
    else spare.push(room);
  }
}
