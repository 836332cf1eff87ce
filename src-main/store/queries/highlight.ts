/** `trace.highlight`: the moment that a reader should see first. */
import type { DecisionColumns, Highlight } from '#shared/api/contract.ts';
import { DECISION, LANE_STATE, type Decision } from '#shared/model/enums.ts';
import { LaneReader } from '../pyramid/lane-reader.ts';
import { startOf } from '../pyramid/lane-tile.ts';
import { SERIES } from '../pyramid/series.ts';
import type { TraceDatabase } from '../trace-database.ts';
import { decisions } from './decisions.ts';
import { nopreemptWindows } from './nopreempt-windows.ts';
import type { QueryParams } from './params.ts';

/** How finely the trace is looked through; with LWPS_MOST this bounds what is read, however long the trace is. */
const PIXELS = 512;
/** LWPs that are looked at, those with the lowest ids. */
const LWPS_MOST = 1024;

/**
 * What a trace is opened on: the first request that was revoked, else the first at the failsafe, else the
 * longest request that was deferred (of those that stand alone on a 512th of the trace), else the first
 * decision, else the longest time that a thread spent preempted. Null where there is nothing of the kind.
 */
export function highlight(trace: TraceDatabase, _params: QueryParams<'trace.highlight'>): Highlight | null {
  return trace.guard(() => {
    const columns = decisions(trace, { ...wholeTrace(trace), lwps: lwpsWith(trace, SERIES.decisions) });
    return (
      firstDecision(trace, columns, DECISION.forced) ??
      firstDecision(trace, columns, DECISION.failsafe) ??
      longestDeferral(trace) ??
      firstDecision(trace, columns, null) ??
      longestPreemption(trace)
    );
  });
}

/** @param outcome null for any */
function firstDecision(
  trace: TraceDatabase,
  columns: DecisionColumns,
  outcome: Decision | null,
): Highlight | null {
  const row = outcome === null ? 0 : columns.outcome.indexOf(outcome);
  const timeNs = columns.timeNs[row];
  if (row < 0 || timeNs === undefined) return null;
  const lwp = columns.lwp[row]!;
  const what = DECISION_NAMES.get(columns.outcome[row]!) ?? 'deferred';
  return { what, timeNs, sequence: columns.sequence[row]!, lwp, ...windowAround(trace, lwp, timeNs) };
}

const DECISION_NAMES = new Map<number, Highlight['what']>([
  [DECISION.forced, 'forced'],
  [DECISION.failsafe, 'failsafe'],
]);

/** The nopreempt window that stands at a time, else just that time. */
function windowAround(
  trace: TraceDatabase,
  lwp: number,
  timeNs: number,
): Pick<Highlight, 'startNs' | 'endNs'> {
  const near = { startNs: timeNs - 1, endNs: timeNs + 1, pixels: PIXELS };
  const windows = nopreemptWindows(trace, { ...wholeTrace(trace), ...near, lwps: [lwp] });
  for (let row = windows.lwp.length - 1; row >= 0; row--) {
    const startNs = windows.startNs[row]!;
    if (startNs <= timeNs) return { startNs, endNs: Math.max(timeNs, endOf(trace, windows.endNs[row]!)) };
  }
  return { startNs: timeNs, endNs: timeNs };
}

function longestDeferral(trace: TraceDatabase): Highlight | null {
  const lwps = lwpsWith(trace, SERIES.windows);
  const columns = nopreemptWindows(trace, { ...wholeTrace(trace), lwps });
  let best: Highlight | null = null;
  for (let row = 0; row < columns.lwp.length; row++) {
    if (columns.count[row] !== 1 || columns.firstDeferredNs[row]! < 0) continue;
    const startNs = columns.startNs[row]!;
    const endNs = endOf(trace, columns.endNs[row]!);
    if (best !== null && endNs - startNs <= best.endNs - best.startNs) continue;
    const timeNs = columns.firstDeferredNs[row]!;
    best = { what: 'deferred', timeNs, sequence: null, lwp: columns.lwp[row]!, startNs, endNs };
  }
  return best;
}

/** Entries of tiles keep the length of the longest interval that they stand for: the longest of all is looked up in its. */
function longestPreemption(trace: TraceDatabase): Highlight | null {
  const { startNs, endNs } = wholeTrace(trace);
  let best: Preemption | null = null;
  for (const lwp of lwpsWith(trace, SERIES.lwpLane)) {
    best = longestIn(trace, lwp, startNs, endNs, (endNs - startNs) / PIXELS, best);
  }
  if (best === null) return null;
  const { lwp } = best;
  const exact = longestIn(trace, lwp, best.startNs, best.endNs, 0, null) ?? best;
  // In the middle: the thread has been waiting, and still is.
  const timeNs = Math.floor((exact.startNs + exact.endNs) / 2);
  return { what: 'preempted', timeNs, sequence: null, lwp, startNs: exact.startNs, endNs: exact.endNs };
}

interface Preemption {
  readonly lwp: number;
  readonly startNs: number;
  readonly endNs: number;
  readonly longestNs: number;
}

function longestIn(
  trace: TraceDatabase,
  lwp: number,
  fromNs: number,
  toNs: number,
  pixelNs: number,
  atLeast: Preemption | null,
): Preemption | null {
  let best = atLeast;
  LaneReader.find(trace, SERIES.lwpLane, lwp)?.visit(
    { startNs: fromNs, endNs: toNs, pixelNs },
    (tile, from, to, tileEnd) => {
      for (let row = from; row < to; row++) {
        if (tile.state[tile.code[row]!] !== LANE_STATE.preempted) continue;
        const startNs = startOf(tile, row);
        const endNs = row + 1 < to ? startOf(tile, row + 1) : tileEnd;
        const longestNs = tile.longest[row] === 0 ? endNs - startNs : tile.longest[row]!;
        if (best === null || longestNs > best.longestNs) best = { lwp, startNs, endNs, longestNs };
      }
    },
  );
  return best;
}

const wholeTrace = (trace: TraceDatabase) => ({
  startNs: 0,
  endNs: Math.max(1, trace.durationNs),
  pixels: PIXELS,
});

/** What is open at the end of the trace ends there. */
const endOf = (trace: TraceDatabase, endNs: number): number => (endNs < 0 ? trace.durationNs : endNs);

function lwpsWith(trace: TraceDatabase, kind: number): number[] {
  const rows = trace
    .prepare('SELECT object FROM series WHERE kind = ? ORDER BY object LIMIT ?')
    .all(kind, LWPS_MOST);
  return (rows as [number][]).map(([lwp]) => lwp);
}
