/**
 * `trace.longest`: the longest of what `trace.aggregates` has the distributions of, one by one. The table of the
 * measure is read whole, once somebody asks for the worst; nothing asks while a view moves.
 */
import type { LwpId, Ns, SyncId } from '#shared/base/brands.ts';
import type { LongestColumns } from '#shared/api/contract.ts';
import { NONE } from '#shared/base/none.ts';
import { LANE_STATE } from '#shared/model/enums.ts';
import type { TraceDatabase } from '../read/trace-database.ts';
import type { QueryParams } from './params.ts';
import { checkedRows, eachCheckedRow } from '../read/checked-rows.ts';

type Params = QueryParams<'trace.longest'>;

interface Found {
  readonly startNs: Ns;
  readonly endNs: Ns;
  readonly lwp: LwpId;
  readonly sync: SyncId;
}
/** Start, end, LWP, lock. */
const FOUND = ['integer', 'integer', 'integer', 'integer'] as const;

const WAITING = `${LANE_STATE.runnable}, ${LANE_STATE.preempted}`;
const ON_CPU = `${LANE_STATE.running}, ${LANE_STATE.spinning}`;

/** The statements; what is read is filtered by SQLite, so that only what is wanted crosses into JavaScript. */
const LONGEST_SQL = {
  hold: `SELECT start_ns, end_ns, lwp, sync FROM lock_hold
    WHERE end_ns >= ? AND end_ns < ? AND end_ns - start_ns >= ? AND end_ns - start_ns < ?
    ORDER BY end_ns - start_ns DESC, id LIMIT ?`,
  yield: `SELECT yield_asked_ns, yielded_ns, lwp, ${NONE} FROM nopreempt_window
    WHERE yield_asked_ns >= 0 AND yielded_ns >= ? AND yielded_ns < ?
      AND yielded_ns - yield_asked_ns >= ? AND yielded_ns - yield_asked_ns < ?
    ORDER BY yielded_ns - yield_asked_ns DESC, id LIMIT ?`,
  // Runs of no length come, too: they end a wait, and the next begins at the same time.
  waits: `SELECT start_ns, end_ns, lwp, state IN (${ON_CPU}) FROM lwp_state
    WHERE (state IN (${WAITING}) OR (state IN (${ON_CPU}) AND end_ns = start_ns)) AND start_ns < ? ORDER BY id`,
  runs: `SELECT lwp, start_ns FROM lwp_state
    WHERE state IN (${ON_CPU}) AND lwp IN (SELECT value FROM json_each(?)) AND start_ns BETWEEN ? AND ?`,
} as const;

/** The longest first; each lies in the area by its end, as in the distributions. */
export function longest(trace: TraceDatabase, params: Params): LongestColumns {
  return trace.guard(() =>
    columnsOf(params.what === 'runQueue' ? waits(trace, params) : rows(trace, params)),
  );
}

/** End of the area: the last nanosecond of the trace belongs to it. */
const endOf = (trace: TraceDatabase, params: Params): number =>
  params.endNs >= trace.durationNs ? trace.durationNs + 1 : params.endNs;

function rows(trace: TraceDatabase, params: Params): Found[] {
  const { what, startNs, atLeastNs, belowNs, limit } = params;
  const sql = what === 'hold' ? LONGEST_SQL.hold : LONGEST_SQL.yield;
  // What is held at the end of the trace was not released there, though the table closes it.
  const endNs = what === 'hold' ? Math.min(params.endNs, trace.durationNs) : endOf(trace, params);
  const found = checkedRows(trace, sql, FOUND, startNs, endNs, atLeastNs, belowNs, limit);
  return found.map(([start, end, lwp, sync]) => ({ startNs: start, endNs: end, lwp, sync }));
}

/** Waits for a CPU may be several rows (runnable, then preempted); they count where a run follows. */
function waits(trace: TraceDatabase, params: Params): Found[] {
  const { startNs, atLeastNs, belowNs, limit } = params;
  const endNs = endOf(trace, params);
  const candidates: Found[] = [];
  const open = new Map<number, { startNs: Ns; endNs: Ns }>();
  const close = (lwp: LwpId, wait: { startNs: Ns; endNs: Ns }): void => {
    const ns = wait.endNs - wait.startNs;
    if (wait.endNs >= startNs && wait.endNs < endNs && ns >= atLeastNs && ns < belowNs) {
      candidates.push({ ...wait, lwp, sync: NONE });
    }
  };
  const read = eachCheckedRow(trace, LONGEST_SQL.waits, FOUND, endNs);
  for (const [start, end, lwp, isRun] of read) {
    const before = open.get(lwp);
    if (isRun !== 0) {
      if (before !== undefined) close(lwp, before);
      open.delete(lwp);
      continue;
    }
    if (before?.endNs === start) {
      before.endNs = end;
      continue;
    }
    if (before !== undefined) close(lwp, before);
    open.set(lwp, { startNs: start, endNs: end });
  }
  for (const [lwp, wait] of open) close(lwp, wait);
  return endedByRuns(trace, candidates)
    .sort((a, b) => b.endNs - b.startNs - (a.endNs - a.startNs) || a.endNs - b.endNs)
    .slice(0, limit);
}

function endedByRuns(trace: TraceDatabase, candidates: readonly Found[]): Found[] {
  if (candidates.length === 0) return [];
  const lwps = JSON.stringify([...new Set(candidates.map(({ lwp }) => lwp))]);
  let first = Infinity;
  let last = 0;
  for (const { endNs } of candidates) {
    first = Math.min(first, endNs);
    last = Math.max(last, endNs);
  }
  const runs = new Map<number, Set<number>>();
  const read = eachCheckedRow(trace, LONGEST_SQL.runs, ['integer', 'integer'], lwps, first, last);
  for (const [lwp, startNs] of read) {
    const starts = runs.get(lwp);
    if (starts === undefined) runs.set(lwp, new Set([startNs]));
    else starts.add(startNs);
  }
  return candidates.filter(({ lwp, endNs }) => runs.get(lwp)?.has(endNs) === true);
}

function columnsOf(found: readonly Found[]): LongestColumns {
  return {
    startNs: Float64Array.from(found, ({ startNs }) => startNs),
    endNs: Float64Array.from(found, ({ endNs }) => endNs),
    lwp: Int32Array.from(found, ({ lwp }) => lwp),
    sync: Int32Array.from(found, ({ sync }) => sync),
  };
}
