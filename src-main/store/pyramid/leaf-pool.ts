/**
 * Columns of tiles that are being filled, used again when a series has outgrown them or is complete: threads that come and go
 * would leave them behind as garbage faster than it is collected.
 */
export class LeafPool<E extends { readonly start: Float64Array }> {
  private readonly allocate: (capacity: number) => E;
  /** By capacity. */
  private readonly spare = new Map<number, E[]>();

  constructor(allocate: (capacity: number) => E) {
    this.allocate = allocate;
  }

  /** Columns with room for `capacity` nodes, with whatever the nodes before left in them. */
  take(capacity: number): E {
    return this.spare.get(capacity)?.pop() ?? this.allocate(capacity);
  }

  /** Takes back what {@link take} handed out. */
  giveBack(columns: E): void {
    const capacity = columns.start.length;
    const spare = this.spare.get(capacity);
    if (spare === undefined) this.spare.set(capacity, [columns]);
    else spare.push(columns);
  }
}
