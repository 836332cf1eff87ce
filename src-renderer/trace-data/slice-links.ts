/**
 * Links of a slice of a thread: the thread that took its CPU, where it went on after it had been
 * off a CPU, wake-ups by it and of it. Read from the columns that are there, so only as far as these reach.
 */
import type { CpuId, LwpId, Ns } from '#shared/base/brands.ts';
import { LANE_FLAG, type LaneColumns, type WakeupColumns } from '#shared/api/contract.ts';
import { LANE_STATE } from '#shared/model/enums.ts';

export type SliceLink =
  | {
      readonly kind: 'preemptor';
      readonly timeNs: Ns;
      /** The thread that got the CPU. */
      readonly lwp: LwpId;
      readonly cpu: CpuId;
      /** When the thread that lost it ran again, -1 where that is not known. */
      readonly backNs: Ns;
    }
  | {
      readonly kind: 'migration';
      readonly fromCpu: CpuId;
      readonly toCpu: CpuId;
      /** When the thread left the one and entered the other. */
      readonly fromNs: Ns;
      readonly toNs: Ns;
    }
  | {
      readonly kind: 'wakeup';
      readonly timeNs: Ns;
      /** The thread on the CPU where it happened; -1 for a timer, an idle CPU, the world outside. */
      readonly waker: LwpId;
      readonly wakerCpu: CpuId;
      readonly woken: number;
      /** When the woken thread ran, -1 where it did not. */
      readonly runNs: Ns;
    };

/** @param row a row of lane `lane`, which is a thread's */
export function sliceLinks(columns: LaneColumns, lane: number, row: number): SliceLink[] {
  const first = columns.laneOffset[lane]!;
  const end = columns.laneOffset[lane + 1]!;
  const links: SliceLink[] = [];
  const known = (at: number): boolean =>
    (columns.flags[at]! & (LANE_FLAG.merged | LANE_FLAG.uncertain)) === 0;
  if (!known(row)) return links;
  // The run before and the run after the time off CPU that the slice is part of, or leads to.
  let after = row;
  while (after < end && known(after) && !isOnCpu(columns.state[after]!)) after++;
  let before = isOnCpu(columns.state[row]!) ? row - 1 : row;
  while (before >= first && known(before) && !isOnCpu(columns.state[before]!)) before--;
  const ranAgain = after < end && known(after);
  if (columns.state[row] === LANE_STATE.preempted && columns.lwp[row]! >= 0) {
    links.push({
      kind: 'preemptor',
      timeNs: columns.startNs[row]!,
      lwp: columns.lwp[row]!,
      cpu: columns.cpu[row]!,
      backNs: ranAgain ? columns.startNs[after]! : -1,
    });
  }
  if (!ranAgain || before < first || !known(before)) return links;
  const fromCpu = columns.cpu[before]!;
  const toCpu = columns.cpu[after]!;
  if (fromCpu !== toCpu && fromCpu >= 0 && toCpu >= 0) {
    links.push({
      kind: 'migration',
      fromCpu,
      toCpu,
      fromNs: columns.endNs[before]!,
      toNs: columns.startNs[after]!,
    });
  }
  return links;
}

/**
 * Wake-ups that a slice of `lwp` has to do with: the one that began it or ended it, and those that the thread
 * made while it ran. Entries that stand for several are left out: their wakers and woken threads are unknown.
 */
export function wakeupLinks(
  wakeups: WakeupColumns,
  lwp: LwpId,
  slice: { readonly startNs: Ns; readonly endNs: Ns; readonly state: number },
): SliceLink[] {
  const links: SliceLink[] = [];
  const onCpu = isOnCpu(slice.state);
  for (let row = 0; row < wakeups.timeNs.length; row++) {
    if (wakeups.count[row] !== 1) continue;
    const timeNs = wakeups.timeNs[row]!;
    const within = timeNs >= slice.startNs && timeNs <= slice.endNs;
    const runNs = wakeups.runNs[row]!;
    const isWoken = wakeups.lwp[row] === lwp && (onCpu ? runNs === slice.startNs : within);
    const isWaker = onCpu && within && wakeups.waker[row] === lwp;
    if (!isWoken && !isWaker) continue;
    links.push({
      kind: 'wakeup',
      timeNs,
      waker: wakeups.waker[row]!,
      wakerCpu: wakeups.wakerCpu[row]!,
      woken: wakeups.lwp[row]!,
      runNs,
    });
  }
  return links;
}

const isOnCpu = (state: number): boolean => state === LANE_STATE.running || state === LANE_STATE.spinning;
