/**
 * The lanes related to the selection: for a thread (or a slice of it) the threads that took its CPU, that woke it or
 * that it woke, the locks that it held or waited for, their holders and waiters; for a lock (or one hold of it) its
 * holders and waiters.
 */
import type { LwpId, Ns, SyncId } from '#shared/base/brands.ts';
import type { LaneColumns, LaneRef, WakeupColumns } from '#shared/api/contract.ts';
import { LANE_STATE } from '#shared/model/enums.ts';
import { firstRowEndingAfter } from './lane-columns.ts';
import { laneKey } from './lane-model.ts';
import type { TimeRange } from './time-axis.ts';

/** The columns of a time range from which links are found. */
export interface LinkSource {
  /** Lane `i` is that of thread `lwps[i]`. */
  readonly lwps: readonly LwpId[];
  readonly threads: LaneColumns;
  /** Lane `i` is that of lock `syncs[i]`. */
  readonly syncs: readonly SyncId[];
  readonly locks: LaneColumns;
  readonly wakeups: WakeupColumns;
}

/**
 * Keys of the linked lanes: first those that the chosen one met directly, in order of time, then those that waited, the
 * longest wait first. The chosen lane itself is not among them.
 *
 * @param range the selected part of the lane
 */
export function linkedLanes(chosen: LaneRef, range: TimeRange, source: LinkSource): string[] {
  const met = new Map<string, number>();
  const waitedNs = new Map<number, number>();
  const meet = (kind: LaneRef['kind'], id: number, timeNs: Ns): void => {
    if (id < 0) return;
    const key = laneKey(kind, id);
    met.set(key, Math.min(timeNs, met.get(key) ?? Infinity));
  };

  const holders = (sync: SyncId, within: TimeRange): void =>
    eachRow(source.locks, source.syncs.indexOf(sync), within, (row) =>
      meet('lwp', source.locks.lwp[row]!, source.locks.startNs[row]!),
    );
  const waiters = (sync: SyncId, within: TimeRange): void => {
    const { threads } = source;
    for (const [lane, lwp] of source.lwps.entries()) {
      eachRow(threads, lane, within, (row) => {
        if (threads.sync[row] !== sync) return;
        waitedNs.set(lwp, (waitedNs.get(lwp) ?? 0) + overlapNs(threads, row, within));
      });
    }
  };

  if (chosen.kind === 'sync') {
    holders(chosen.id, range);
    waiters(chosen.id, range);
  } else if (chosen.kind === 'lwp') {
    const { threads, locks, wakeups } = source;
    eachRow(threads, source.lwps.indexOf(chosen.id), range, (row) => {
      const startNs = threads.startNs[row]!;
      if (threads.state[row] === LANE_STATE.preempted) meet('lwp', threads.lwp[row]!, startNs);
      const wanted = threads.sync[row]!;
      if (wanted < 0) return;
      meet('sync', wanted, startNs);
      holders(wanted, common(range, threads, row));
    });
    for (const [lane, sync] of source.syncs.entries()) {
      eachRow(locks, lane, range, (row) => {
        if (locks.lwp[row] !== chosen.id) return;
        meet('sync', sync, locks.startNs[row]!);
        waiters(sync, common(range, locks, row));
      });
    }
    for (let row = 0; row < wakeups.timeNs.length; row++) {
      // For several under one pixel, waker and woken thread are unknown.
      if (wakeups.count[row] !== 1) continue;
      const timeNs = wakeups.timeNs[row]!;
      if (wakeups.lwp[row] === chosen.id) meet('lwp', wakeups.waker[row]!, timeNs);
      else if (wakeups.waker[row] === chosen.id) meet('lwp', wakeups.lwp[row]!, timeNs);
    }
  }

  const first = [...met].sort((a, b) => a[1] - b[1]).map(([key]) => key);
  const then = [...waitedNs].sort((a, b) => b[1] - a[1]).map(([lwp]) => laneKey('lwp', lwp));
  const self = laneKey(chosen.kind, chosen.id);
  return [...new Set([...first, ...then])].filter((key) => key !== self);
}

/** Calls `visit` for the rows of a lane that overlap a range; for none if there is no such lane. */
function eachRow(
  columns: LaneColumns,
  lane: number,
  { startNs, endNs }: TimeRange,
  visit: (row: number) => void,
): void {
  if (lane < 0) return;
  const to = columns.laneOffset[lane + 1]!;
  for (let row = firstRowEndingAfter(columns, lane, startNs); row < to; row++) {
    if (columns.startNs[row]! >= endNs) return;
    visit(row);
  }
}

const common = ({ startNs, endNs }: TimeRange, columns: LaneColumns, row: number): TimeRange => ({
  startNs: Math.max(startNs, columns.startNs[row]!),
  endNs: Math.min(endNs, columns.endNs[row]!),
});

function overlapNs(columns: LaneColumns, row: number, within: TimeRange): Ns {
  const { startNs, endNs } = common(within, columns, row);
  return endNs - startNs;
}
