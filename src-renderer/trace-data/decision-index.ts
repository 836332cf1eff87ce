/** Decisions and nopreempt windows by LWP, indexed once when they arrive and not for every frame. */
import type { ColumnOf, LwpId, Ns } from '#shared/base/brands.ts';
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

function byLwp<Entry>(
  lwps: ColumnOf<Int32Array, LwpId>,
  entry: (rows: readonly number[]) => Entry,
): Map<number, Entry> {
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
  DECISION.aborted,
  DECISION.endedByCall,
  DECISION.deferredAtPreempt,
  DECISION.deferredAtTick,
  DECISION.yielded,
  DECISION.updateSkipped,
];
const RANK = new Map<number, number>(SEVERITY.map((decision, rank) => [decision, rank]));

/** The graver of two outcomes. */
function worseDecision(a: number, b: number): number {
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
 * Marks for the decisions of one LWP. Three and more that fall within `gapPx` of the first become one mark:
 * the worst of them, with their number. Two stand where they are, side by side if they would overlap.
 *
 * @param toPx position of a time; marks far outside `0..widthPx` are left out
 * @param markPx width of a mark
 */
export function clusterDecisions(
  decisions: DecisionsOfLwp,
  toPx: (timeNs: Ns) => number,
  widthPx: number,
  gapPx: number,
  markPx: number,
): DecisionMark[] {
  const { columns, rows } = decisions;
  const marks: DecisionMark[] = [];
  const px = (at: number): number => toPx(columns.timeNs[rows[at]!]!);
  let start = 0;
  while (start < rows.length) {
    const first = px(start);
    if (first > widthPx + gapPx) break;
    let end = start + 1;
    while (end < rows.length && px(end) - first < gapPx) end++;
    if (first > -gapPx) {
      const isAlone = (at: number): boolean => columns.count[rows[at]!] === 1;
      if (end - start === 2 && isAlone(start) && isAlone(start + 1)) {
        const last = px(start + 1);
        const apart = Math.max(0, markPx - (last - first)) / 2;
        marks.push(
          markOf(decisions, start, end - 1, first - apart),
          markOf(decisions, end - 1, end, last + apart),
        );
      } else {
        // Where its worst is: that is what the reader looks for there.
        const mark = markOf(decisions, start, end, first);
        marks.push({ ...mark, px: toPx(columns.timeNs[mark.row]!) });
      }
    }
    start = end;
  }
  return marks;
}

/** One mark for the rows `start` to `end - 1`. */
function markOf({ columns, rows }: DecisionsOfLwp, start: number, end: number, px: number): DecisionMark {
  let row = rows[start]!;
  let count = 0;
  for (let at = start; at < end; at++) {
    const other = rows[at]!;
    count += columns.count[other]!;
    if (worseDecision(columns.outcome[other]!, columns.outcome[row]!) !== columns.outcome[row]!) row = other;
  }
  return { px, outcome: columns.outcome[row]!, count, row };
}
