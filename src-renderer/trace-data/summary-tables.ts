/** The tables of a time range's summary: which columns, what is in them, how they are sorted. Values stay numbers. */
import type { Aggregates, Distribution, ThreadTotals } from '#shared/api/contract.ts';
import { LANE_STATE, type LaneState } from '#shared/model/enums.ts';
import { decisionName } from './decode/decisions.ts';
import type { NameTable } from './decode/names.ts';
import { STATE_LOOKS } from './decode/states.ts';

export const GROUPINGS = ['thread', 'process', 'cpu', 'state', 'lock', 'outcome'] as const;
export type Grouping = (typeof GROUPINGS)[number];

export interface SummaryColumn {
  /** Name in exports: lower case, with the unit. */
  readonly id: string;
  readonly title: string;
  readonly unit: 'ns' | 'count';
  /** State whose colour its bars have; absent: no bars. */
  readonly state?: LaneState;
  readonly values: ArrayLike<number>;
}

/** One table: row `i` is called `names[i]` and stands for the thing with the id `ids[i]`. */
export interface SummaryTable {
  readonly grouping: Grouping;
  /** What the rows are. */
  readonly title: string;
  readonly ids: ArrayLike<number>;
  readonly names: readonly string[];
  /** What tells apart rows of the same name, '' for nothing. */
  readonly details: readonly string[];
  readonly columns: readonly SummaryColumn[];
  /** The column that the table is sorted by until the reader chooses: the largest first. */
  readonly sortedBy: string;
}

type Columns = readonly SummaryColumn[];
const ns = (id: string, title: string, values: Float64Array, state?: LaneState): SummaryColumn => ({
  id: `${id}_ns`,
  title,
  unit: 'ns',
  values,
  ...(state === undefined ? {} : { state }),
});
const count = (id: string, title: string, values: ArrayLike<number>): SummaryColumn => ({
  id,
  title,
  unit: 'count',
  values,
});

/** @param has what the trace can know: spinning and parking only where it was emulated, locks where they were traced */
export function summaryTable(
  grouping: Grouping,
  sums: Aggregates,
  names: NameTable,
  has: { readonly userStates: boolean; readonly locks: boolean },
): SummaryTable {
  switch (grouping) {
    case 'thread': {
      const { lwp } = sums.threads;
      return {
        grouping,
        title: names.words.One,
        ids: lwp,
        names: Array.from(lwp, names.lwp),
        details: Array.from(lwp, names.lwpOrigin),
        columns: totalsColumns(sums.threads, has),
        sortedBy: 'waiting_ns',
      };
    }
    case 'process': {
      const { process } = sums.processes;
      return {
        grouping,
        title: 'Process',
        ids: process,
        names: Array.from(process, names.process),
        details: Array.from(process, () => ''),
        columns: [
          count('threads', names.words.Many, sums.processes.threads),
          ...totalsColumns(sums.processes, has),
        ],
        sortedBy: 'waiting_ns',
      };
    }
    case 'cpu': {
      const { cpu, busyNs, runningNs, spinningNs, idleNs, runs } = sums.cpus;
      return {
        grouping,
        title: 'CPU',
        ids: cpu,
        names: Array.from(cpu, names.cpu),
        details: Array.from(cpu, () => ''),
        columns: [
          ns('busy', 'Busy', busyNs),
          ns('running', 'Running', runningNs, LANE_STATE.running),
          ...(has.userStates ? [ns('spinning', 'Spinning', spinningNs, LANE_STATE.spinning)] : []),
          ns('idle', 'Idle', idleNs),
          count('runs', 'Runs', runs),
        ],
        sortedBy: 'busy_ns',
      };
    }
    case 'state': {
      const { state, timeNs, intervals } = sums.states;
      return {
        grouping,
        title: 'State',
        ids: state,
        names: Array.from(state, (id) => STATE_LOOKS[id as LaneState].name),
        details: Array.from(state, () => ''),
        columns: [
          ns('time', `Time of all ${names.words.many}`, timeNs),
          count('intervals', 'Intervals', intervals),
        ],
        sortedBy: 'time_ns',
      };
    }
    case 'lock': {
      const { sync, holds, holdNs, offCpuHoldNs, waits, waitNs, waiters } = sums.locks;
      return {
        grouping,
        title: 'Lock',
        ids: sync,
        names: Array.from(sync, names.sync),
        details: Array.from(sync, () => ''),
        columns: [
          count('holds', 'Holds', holds),
          ns('held', 'Held', holdNs, LANE_STATE.running),
          ns('held_off_cpu', 'Held off CPU', offCpuHoldNs, LANE_STATE.preempted),
          count('waits', 'Waits', waits),
          ns('waited', 'Waited', waitNs, LANE_STATE.spinning),
          count('waiters', 'Waiters', waiters),
        ],
        sortedBy: 'waited_ns',
      };
    }
    case 'outcome': {
      const { outcome, count: decided, threads } = sums.decisions;
      return {
        grouping,
        title: 'Outcome',
        ids: outcome,
        names: Array.from(outcome, decisionName),
        details: Array.from(outcome, () => ''),
        columns: [count('decisions', 'Decisions', decided), count('threads', names.words.Many, threads)],
        sortedBy: 'decisions',
      };
    }
  }
}

function totalsColumns(
  totals: ThreadTotals,
  has: { readonly userStates: boolean; readonly locks: boolean },
): Columns {
  const waiting = totals.runnableNs.map((runnable, row) => runnable + totals.preemptedNs[row]!);
  const meanWait = totals.runQueueNs.map((sum, row) => {
    const waits = totals.runQueueWaits[row]!;
    return waits === 0 ? 0 : sum / waits;
  });
  return [
    ns('running', 'Running', totals.runningNs, LANE_STATE.running),
    ...(has.userStates ? [ns('spinning', 'Spinning', totals.spinningNs, LANE_STATE.spinning)] : []),
    ns('waiting', 'Runnable', waiting, LANE_STATE.preempted),
    ns('preempted', 'Preempted', totals.preemptedNs),
    ns('mean_wait', 'Mean wait', meanWait),
    ...(has.locks ? [ns('lock_wait', 'Lock wait', totals.lockWaitNs)] : []),
    ns(
      'sleeping',
      'Sleeping',
      totals.sleepingNs.map((sleeping, row) => sleeping + totals.blockedNs[row]!),
    ),
    ...(has.userStates ? [ns('parked', 'Parked', totals.parkedNs)] : []),
    count('involuntary_switches', 'Lost CPU', totals.involuntarySwitches),
    count('voluntary_switches', 'Left CPU', totals.voluntarySwitches),
    count('migrations', 'Migrations', totals.migrations),
  ];
}

/** Rows in the order of a column (or of the names, for `null`). Equal ones keep their order. */
export function sortedRows(table: SummaryTable, column: string | null, descending: boolean): number[] {
  const rows = Array.from(table.ids, (_, row) => row);
  const values = table.columns.find(({ id }) => id === column)?.values;
  const compare =
    values === undefined
      ? (a: number, b: number) => table.names[a]!.localeCompare(table.names[b]!, undefined, { numeric: true })
      : (a: number, b: number) => values[a]! - values[b]!;
  return rows.sort((a, b) => (descending ? compare(b, a) : compare(a, b)));
}

/** The table in an order, for a file or another program: a head and rows of plain values, times in ns. */
export function exportedTable(
  table: SummaryTable,
  rows: readonly number[],
): { readonly head: readonly string[]; readonly rows: readonly (readonly (string | number)[])[] } {
  const named = table.details.some((detail) => detail !== '');
  return {
    head: [table.grouping, ...(named ? ['origin'] : []), ...table.columns.map(({ id }) => id)],
    rows: rows.map((row) => [
      table.names[row]!,
      ...(named ? [table.details[row]!] : []),
      ...table.columns.map(({ values }) => values[row]!),
    ]),
  };
}

/** What has a distribution. */
export type Measure = 'runQueue' | 'hold' | 'yield';

export const distributionOf = (sums: Aggregates, measure: Measure): Distribution =>
  measure === 'runQueue' ? sums.runQueueLatency : measure === 'hold' ? sums.holdTime : sums.yieldLatency;
