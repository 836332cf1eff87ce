/**
 * Dispatch tables of the time-sharing and interactive classes (ts_dptbl(5)): the policy that ts.ts follows.
 *
 * A row says, for threads whose system-controlled priority is the row's level: how long a quantum is, and
 * where the thread goes when the quantum ends, when it returns from a sleep, or when it has waited long.
 */

/** One level. */
export interface TsDpent {
  /** Global priority of the level. */
  readonly globpri: number;
  /** Time quantum, ticks. */
  readonly quantum: number;
  /** Level after the quantum has expired. */
  readonly tqexp: number;
  /** Level after a return from sleep. */
  readonly slpret: number;
  /** Seconds of the quantum's age that count as "waited long", beyond which slpret or lwait apply. */
  readonly maxwait: number;
  /** Level after having waited long. */
  readonly lwait: number;
}

/** Levels 0..59: the class has 60. */
export type TsDptbl = readonly TsDpent[];

export const TS_LEVELS = 60;
const TOP = TS_LEVELS - 1;

/** Rows for levels `from..to`. */
function levels(from: number, to: number, row: (level: number) => Omit<TsDpent, 'globpri'>): TsDpent[] {
  const rows: TsDpent[] = [];
  for (let level = from; level <= to; level++) rows.push({ globpri: level, ...row(level) });
  return rows;
}

/** The table of a desktop or general-purpose machine: short quanta, quick reward for sleepers. */
export const TS_DPTBL_DEFAULT: TsDptbl = [
  ...levels(0, 9, () => ({ quantum: 20, tqexp: 0, slpret: 50, maxwait: 0, lwait: 50 })),
  ...levels(10, 19, (level) => ({ quantum: 16, tqexp: level - 10, slpret: 51, maxwait: 0, lwait: 51 })),
  ...levels(20, 29, (level) => ({ quantum: 12, tqexp: level - 10, slpret: 52, maxwait: 0, lwait: 52 })),
  ...levels(30, 34, (level) => ({ quantum: 8, tqexp: level - 10, slpret: 53, maxwait: 0, lwait: 53 })),
  ...levels(35, 39, (level) => ({ quantum: 8, tqexp: level - 10, slpret: 54, maxwait: 0, lwait: 54 })),
  ...levels(40, 44, (level) => ({ quantum: 4, tqexp: level - 10, slpret: 55, maxwait: 0, lwait: 55 })),
  ...levels(45, 45, () => ({ quantum: 4, tqexp: 35, slpret: 56, maxwait: 0, lwait: 56 })),
  ...levels(46, 46, () => ({ quantum: 4, tqexp: 36, slpret: 57, maxwait: 0, lwait: 57 })),
  ...levels(47, 48, (level) => ({ quantum: 4, tqexp: level - 10, slpret: 58, maxwait: 0, lwait: 58 })),
  ...levels(49, 58, (level) => ({ quantum: 4, tqexp: level - 10, slpret: 58, maxwait: 0, lwait: 59 })),
  ...levels(59, 59, () => ({ quantum: 2, tqexp: 49, slpret: 59, maxwait: 32_000, lwait: 59 })),
];

/** The table of a large server: long quanta, and levels that change in small steps. */
export const TS_DPTBL_SERVER: TsDptbl = [
  ...levels(0, 0, () => ({ quantum: 40, tqexp: 0, slpret: 1, maxwait: 2, lwait: 40 })),
  ...levels(1, 19, (level) => ({
    quantum: 38,
    tqexp: level >> 1,
    slpret: level + 1,
    maxwait: 2,
    lwait: 40,
  })),
  ...levels(20, 40, (level) => ({
    quantum: 36,
    tqexp: level - 10,
    slpret: level + 1,
    maxwait: 2,
    lwait: Math.max(40, level + 1),
  })),
  ...levels(41, TOP, (level) => ({
    quantum: 34,
    tqexp: level - 10,
    slpret: Math.min(TOP, level + 1),
    maxwait: 2,
    lwait: Math.min(TOP, level + 1),
  })),
];

/** What is wrong with one row of a table. */
export interface TsDptblProblem {
  readonly level: number;
  readonly field: keyof TsDpent;
  readonly found: number;
  /** For people: `1 or more`, `0 to 59`. */
  readonly expected: string;
}

type Rule = readonly [field: keyof TsDpent, lowest: number, highest: number, expected: string];

/** What TS_SETDPTBL checks. The global priority is not among it: it cannot be set. */
const RULES: readonly Rule[] = [
  ['quantum', 1, Infinity, '1 or more'],
  ['tqexp', 0, TOP, `0 to ${TOP}`],
  ['slpret', 0, TOP, `0 to ${TOP}`],
  ['maxwait', 0, Infinity, '0 or more'],
  ['lwait', 0, TOP, `0 to ${TOP}`],
];

/** The first field, level by level, that breaks the rules of TS_SETDPTBL; null where the rows are valid. */
export function tsDptblProblem(rows: TsDptbl): TsDptblProblem | null {
  for (const [level, row] of rows.entries()) {
    for (const [field, lowest, highest, expected] of RULES) {
      const found = row[field];
      if (!(found >= lowest && found <= highest)) return { level, field, found, expected };
    }
  }
  return null;
}
