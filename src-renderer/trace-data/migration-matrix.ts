/** Arithmetic of migrations from CPU to CPU. */
import type { MigrationCounts } from '#shared/api/contract.ts';

/** Counts of two pieces of one range. */
export function addMigrations(a: MigrationCounts, b: MigrationCounts): MigrationCounts {
  return {
    ...b,
    counts: a.counts.map((count, at) => count + b.counts[at]!),
    stores: a.stores + b.stores,
  };
}

export interface MigrationMatrix {
  /** Of rows and columns: "3", or "4–7" where neighbours share one. */
  readonly labels: readonly string[];
  /** `cells[from * labels.length + to]`. Moves between CPUs of one label stand on the diagonal. */
  readonly cells: Uint32Array;
}

/** The matrix with at most `most` rows. */
export function foldMigrations({ cpus, counts }: MigrationCounts, most: number): MigrationMatrix {
  const perRow = Math.max(1, Math.ceil(cpus.length / most));
  const rows = Math.ceil(cpus.length / perRow);
  const cells = new Uint32Array(rows * rows);
  for (let from = 0; from < cpus.length; from++) {
    for (let to = 0; to < cpus.length; to++) {
      const at = Math.floor(from / perRow) * rows + Math.floor(to / perRow);
      cells[at] = cells[at]! + counts[from * cpus.length + to]!;
    }
  }
  const labels = Array.from({ length: rows }, (_, row) => {
    const first = cpus[row * perRow]!;
    const last = cpus[Math.min(cpus.length, (row + 1) * perRow) - 1]!;
    return first === last ? String(first) : `${first}–${last}`;
  });
  return { labels, cells };
}

/** The most frequent moves, the most frequent first; none that never happened. */
export function mostFrequent(
  { cpus, counts }: MigrationCounts,
  most: number,
): { readonly from: number; readonly to: number; readonly count: number }[] {
  return Array.from(counts, (count, at) => ({
    from: cpus[Math.floor(at / cpus.length)]!,
    to: cpus[at % cpus.length]!,
    count,
  }))
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count)
    .slice(0, most);
}
