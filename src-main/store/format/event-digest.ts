import type { IndexIntoBatch } from '#shared/base/brands.ts';
import type { Digest } from '#shared/base/digest.ts';
import type { TransitionColumns } from '#shared/model/transition-batch.ts';

/** Adds one row of the event table to the running digest of a trace. Hot: allocates nothing. */
export function digestEvent(digest: Digest, columns: TransitionColumns, row: IndexIntoBatch): void {
  digest.addWide(columns.timeNs[row]!);
  digest.add(columns.kind[row]!);
  digest.add(columns.cpu[row]!);
  digest.add(columns.lwp[row]!);
  digest.add(columns.object[row]!);
  digest.add(columns.cause[row]!);
  digest.add(columns.oldValue[row]!);
  digest.add(columns.newValue[row]!);
}
