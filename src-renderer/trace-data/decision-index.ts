/** Decisions and nopreempt windows by LWP, indexed once when they arrive and not for every frame. */
import type { DecisionColumns, NopreemptWindowColumns } from '#shared/api/contract.ts';
import { DECISION, type Decision } from '#shared/model/enums.ts';

/** Rows of one LWP, in order of time. */
export interface DecisionsOfLwp {
  readonly columns: DecisionColumns;
  readonly rows: readonly number[];
}
export interface WindowsOfLwp {
  readonly columns: NopreemptWindowColumns;
  readonly rows: readonly number[];
}

export function decisionsByLwp(columns: DecisionColumns): Map<number, DecisionsOfLwp> {
  return byLwp(columns.lwp, (rows) => ({ columns, rows }));
}

export function windowsByLwp(columns: NopreemptWindowColumns): Map<number, WindowsOfLwp> {
  return byLwp(columns.lwp, (rows) => ({ columns, rows }));
}

function byLwp<Entry>(lwps: Int32Array, entry: (rows: readonly number[]) => Entry): Map<number, Entry> {
  const rows = new Map<number, number[]>();
  for (let row = 0; row < lwps.length; row++) {
    const of = rows.get(lwps[row]!);
    if (of === undefined) rows.set(lwps[row]!, [row]);
    else of.push(row);
  }
  return new Map([...rows].map(([lwp, list]) => [lwp, entry(list)]));
}

/** Worst first: what stands for several decisions that fall on the same place. */
const SEVERITY: readonly Decision[] = [
  DECISION.forced,
  DECISION.failsafe,
  DECISION.deferredAtPreempt,
  DECISION.deferredAtTick,
  DECISION.yielded,
  DECISION.updateSkipped,
];
const RANK = new Map<number, number>(SEVERITY.map((decision, rank) => [decision, rank]));

/** The graver of two outcomes. */
export function worseDecision(a: number, b: number): number {
  return (RANK.get(a) ?? SEVERITY.length) <= (RANK.get(b) ?? SEVERITY.length) ? a : b;
}

/** Marks that stand for one or more decisions of an LWP. */
export interface DecisionMark {
  readonly px: number;
  readonly outcome: number;
  /** Decisions that the mark stands for. */
  readonly count: number;
  /** Row of the decision that is shown, in the columns. */
  readonly row: number;
}

/**
 * Marks for the decisions of one LWP. Decisions nearer than `gapPx` to the first of a cluster become one
 * mark: the worst of them, with their number. Two of them stand side by side where there is room.
 *
 * @param toPx position of a time; marks far outside `0..widthPx` are left out
 */
export function clusterDecisions(
  decisions: DecisionsOfLwp,
  toPx: (timeNs: number) => number,
  widthPx: number,
  gapPx: number,
): DecisionMark[] {
  const { columns, rows } = decisions;
  const marks: DecisionMark[] = [];
  let start = 0;
  while (start < rows.length) {
    const firstPx = toPx(columns.timeNs[rows[start]!]!);
    let end = start + 1;
    while (end < rows.length && toPx(columns.timeNs[rows[end]!]!) - firstPx < gapPx) end++;
    if (firstPx > widthPx + gapPx) break;
    if (firstPx > -gapPx)
      addMarks(marks, decisions, start, end, firstPx, toPx(columns.timeNs[rows[end - 1]!]!), gapPx);
    start = end;
  }
  return marks;
}

function addMarks(
  marks: DecisionMark[],
  { columns, rows }: DecisionsOfLwp,
  start: number,
  end: number,
  px: number,
  lastPx: number,
  gapPx: number,
): void {
  const alone = (at: number): boolean => columns.count[rows[at]!] === 1;
  if (end - start === 2 && alone(start) && alone(start + 1)) {
    // Side by side around the moment that they (nearly) share.
    const middle = (px + lastPx) / 2;
    for (let i = 0; i < 2; i++) {
      const row = rows[start + i]!;
      marks.push({ px: middle + (i - 0.5) * gapPx, outcome: columns.outcome[row]!, count: 1, row });
    }
    return;
  }
  let worst = rows[start]!;
  let count = 0;
  for (let i = start; i < end; i++) {
    const row = rows[i]!;
    count += columns.count[row]!;
    if (worseDecision(columns.outcome[row]!, columns.outcome[worst]!) !== columns.outcome[worst]!)
      worst = row;
  }
  marks.push({ px, outcome: columns.outcome[worst]!, count, row: worst });
}
