/** Events one at a time. */
import type { CauseId, CpuId, LwpId, Ns, Seq } from '#shared/base/brands.ts';
import type { EventColumns } from '#shared/api/contract.ts';

/** One row of {@link EventColumns}, for code that shows one at a time. */
export interface EventRow {
  readonly sequence: Seq;
  readonly timeNs: Ns;
  readonly kind: number;
  readonly cpu: CpuId;
  readonly lwp: LwpId;
  readonly object: number;
  readonly cause: CauseId;
  readonly oldValue: number;
  readonly newValue: number;
}

export function eventRow(columns: EventColumns, index: number): EventRow {
  return {
    sequence: columns.sequence[index]!,
    timeNs: columns.timeNs[index]!,
    kind: columns.kind[index]!,
    cpu: columns.cpu[index]!,
    lwp: columns.lwp[index]!,
    object: columns.object[index]!,
    cause: columns.cause[index]!,
    oldValue: columns.oldValue[index]!,
    newValue: columns.newValue[index]!,
  };
}
