/**
 * What a slice of a thread hangs together with: who took its CPU, and where the thread went on after it had
 * been off a CPU. Read from the lane's own columns, so only as far as these reach.
 */
import { LANE_FLAG, type LaneColumns } from '#shared/api/contract.ts';
import { LANE_STATE } from '#shared/model/enums.ts';

export type SliceLink =
  | {
      readonly kind: 'preemptor';
      readonly timeNs: number;
      /** The thread that got the CPU. */
      readonly lwp: number;
      readonly cpu: number;
    }
  | {
      readonly kind: 'migration';
      readonly fromCpu: number;
      readonly toCpu: number;
      /** When the thread left the one and entered the other. */
      readonly fromNs: number;
      readonly toNs: number;
    };

/** @param row a row of lane `lane`, which is a thread's */
export function sliceLinks(columns: LaneColumns, lane: number, row: number): SliceLink[] {
  const first = columns.laneOffset[lane]!;
  const end = columns.laneOffset[lane + 1]!;
  const links: SliceLink[] = [];
  const known = (at: number): boolean =>
    (columns.flags[at]! & (LANE_FLAG.merged | LANE_FLAG.uncertain)) === 0;
  if (!known(row)) return links;
  if (columns.state[row] === LANE_STATE.preempted && columns.lwp[row]! >= 0) {
    const { startNs, lwp, cpu } = columns;
    links.push({ kind: 'preemptor', timeNs: startNs[row]!, lwp: lwp[row]!, cpu: cpu[row]! });
  }
  // The run before and the run after the time off CPU that the slice is part of, or leads to.
  let after = row;
  while (after < end && known(after) && !isOnCpu(columns.state[after]!)) after++;
  let before = isOnCpu(columns.state[row]!) ? row - 1 : row;
  while (before >= first && known(before) && !isOnCpu(columns.state[before]!)) before--;
  if (after >= end || before < first || !known(after) || !known(before)) return links;
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

const isOnCpu = (state: number): boolean => state === LANE_STATE.running || state === LANE_STATE.spinning;
