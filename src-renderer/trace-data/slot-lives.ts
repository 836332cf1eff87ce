/** How often each slot was allocated, up to any row. */
import type { Seq, SlotId } from '#shared/base/brands.ts';
import type { EventColumns } from '#shared/api/contract.ts';

export class SlotLives {
  /** Sequences of the allocations of each slot, in order. */
  private readonly allocated = new Map<number, number[]>();

  /** Takes rows of slot_allocated, in order of sequence. */
  add(rows: Pick<EventColumns, 'sequence' | 'object' | 'newValue'>): void {
    for (let row = 0; row < rows.sequence.length; row++) {
      if (rows.newValue[row] === 0) continue;
      const slot = rows.object[row]!;
      const known = this.allocated.get(slot);
      if (known === undefined) this.allocated.set(slot, [rows.sequence[row]!]);
      else known.push(rows.sequence[row]!);
    }
  }

  /** Times that the slot was allocated up to and including the row `sequence`. */
  allocations(slot: SlotId, sequence: Seq): number {
    const known = this.allocated.get(slot);
    if (known === undefined) return 0;
    let low = 0;
    let high = known.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (known[middle]! <= sequence) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
