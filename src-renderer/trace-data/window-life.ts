/**
 * The life of one nopreempt window, made ready for drawing: when the yield was asked for, when the quantum
 * was over, how the budget stepped down, and how it ended. Only what the trace says; a budget is known from
 * the first decision on.
 */
import type { Ns } from '#shared/base/brands.ts';
import { DECISION, WINDOW_END } from '#shared/model/enums.ts';
import { UNKNOWN_VALUE } from '#shared/model/kinds.ts';
import { LANE_FLAG, type LaneColumns } from '#shared/api/contract.ts';
import type { DecisionsOfLwp, WindowsOfLwp } from './decision-index.ts';
import { firstRowEndingAfter } from './lane-columns.ts';

/** `timeleft` from `startNs` on, as a decision reported it. */
export interface BudgetStep {
  readonly startNs: Ns;
  readonly endNs: Ns;
  readonly timeleft: number;
}

export interface WindowLife {
  /** Windows that this one stands for; 1 where it is itself. Of several only the frame is known. */
  readonly count: number;
  readonly startNs: Ns;
  /** Infinity while the window is open. */
  readonly endNs: Ns;
  /** -1 where it was never asked for. */
  readonly yieldAskedNs: Ns;
  /** First moment at which the thread was known to run past its quantum; -1 where that never happened. */
  readonly pastQuantumNs: Ns;
  readonly deferrals: number;
  /** WINDOW_END of enums.ts. */
  readonly end: number;
  readonly budget: readonly BudgetStep[];
}

/** @param row a row of `windows.columns`; @param decisions those of the same LWP, null where there are none */
export function windowLife(windows: WindowsOfLwp, row: number, decisions: DecisionsOfLwp | null): WindowLife {
  const { columns } = windows;
  const startNs = columns.startNs[row]!;
  const end = columns.end[row]!;
  const endNs = end === WINDOW_END.open ? Infinity : columns.endNs[row]!;
  const budget: BudgetStep[] = [];
  let pastQuantumNs = -1;
  const count = columns.count[row]!;
  if (decisions !== null && count === 1) {
    const { timeNs, timeleft, outcome } = decisions.columns;
    const { rows } = decisions;
    for (let i = firstAtOrAfter(timeNs, rows, startNs); i < rows.length; i++) {
      const at = timeNs[rows[i]!]!;
      if (at > endNs) break;
      const left = timeleft[rows[i]!]!;
      // Decisions outside the classes with a quantum carry none that could be drawn.
      if (outcome[rows[i]!] === DECISION.updateSkipped || left === UNKNOWN_VALUE) continue;
      if (left <= 0 && pastQuantumNs < 0) pastQuantumNs = at;
      const last = budget.at(-1);
      if (last?.timeleft === left) continue;
      if (last !== undefined) budget[budget.length - 1] = { ...last, endNs: at };
      budget.push({ startNs: at, endNs, timeleft: left });
    }
  }
  return {
    count,
    startNs,
    endNs,
    yieldAskedNs: count === 1 ? columns.yieldAskedNs[row]! : -1,
    pastQuantumNs,
    deferrals: columns.deferrals[row]!,
    end,
    budget,
  };
}

/** First index of `rows` whose time is at or after `timeNs`. */
function firstAtOrAfter(times: Float64Array, rows: readonly number[], timeNs: Ns): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (times[rows[middle]!]! < timeNs) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The rest of a critical section after its request was revoked. */
export interface Unprotected {
  readonly untilNs: Ns;
  /** False where intervals that stand for several were passed: then it is known to a pixel, as all that they show. */
  readonly isExact: boolean;
}

/**
 * Until when a thread still held a lock after its request was revoked at `revokedNs`: it ran on, or waited,
 * without protection.
 *
 * @param lane the lane of the thread
 * @returns null where it held none, or where the columns do not tell
 */
export function unprotectedAfter(columns: LaneColumns, lane: number, revokedNs: Ns): Unprotected | null {
  const to = columns.laneOffset[lane + 1]!;
  let untilNs = -1;
  let isExact = true;
  for (let row = firstRowEndingAfter(columns, lane, revokedNs); row < to; row++) {
    const flags = columns.flags[row]!;
    const goesOn = untilNs < 0 || columns.startNs[row]! <= untilNs;
    if ((flags & LANE_FLAG.holdsLock) === 0 || !goesOn) break;
    if ((flags & LANE_FLAG.merged) !== 0) isExact = false;
    untilNs = columns.endNs[row]!;
  }
  return untilNs < 0 ? null : { untilNs, isExact };
}

/** Rows of `windows` that meet the range, in order. */
export function windowsIn(windows: WindowsOfLwp, startNs: Ns, endNs: Ns): number[] {
  const { columns, rows } = windows;
  const found: number[] = [];
  for (const row of rows) {
    if (columns.startNs[row]! >= endNs) break;
    if (columns.end[row] === WINDOW_END.open || columns.endNs[row]! > startNs) found.push(row);
  }
  return found;
}
