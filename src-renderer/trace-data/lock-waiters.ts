/** Searching the steps of how many threads wait for a lock. */
import type { Ns } from '#shared/base/brands.ts';
import type { LockWaiterColumns } from '#shared/api/contract.ts';
import { upperBound } from './lane-columns.ts';

/** Steps of lock number `index` that reach into a range: from the one that holds at its start. */
export function waiterSteps(
  { syncOffset, timeNs }: LockWaiterColumns,
  index: number,
  startNs: Ns,
): { readonly from: number; readonly to: number } {
  const first = syncOffset[index]!;
  const to = syncOffset[index + 1]!;
  return { from: Math.max(first, upperBound(timeNs, startNs, first, to) - 1), to };
}

/** Most threads that wait for lock number `index` at any one time of the range, and when that begins to be so. */
export function peakWaiters(
  columns: LockWaiterColumns,
  index: number,
  startNs: Ns,
  endNs: Ns,
): { readonly most: number; readonly timeNs: Ns } {
  const { from, to } = waiterSteps(columns, index, startNs);
  let most = 0;
  let at = startNs;
  for (let row = from; row < to && columns.timeNs[row]! < endNs; row++) {
    if (columns.waiters[row]! <= most) continue;
    most = columns.waiters[row]!;
    at = Math.max(startNs, columns.timeNs[row]!);
  }
  return { most, timeNs: at };
}
