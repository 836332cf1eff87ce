/**
 * What the LWPs' requests, decisions and wake-ups are as points (point-tile.ts), and what several of them are together.
 */
import type { CauseId, ColumnOf, CpuId, LwpId, Seq } from '#shared/base/brands.ts';
import { PointKind, type PointFold, type PointNodes, type Times } from './point-tile.ts';
import { DECISION_SEVERITY, WINDOW_SEVERITY } from './severity.ts';

/**
 * nopreempt windows. Times in ns after the start, -1 for never; `rows` is the sequence of the end less that of the
 * start, -1 for none. Of several: from the start of the first to the end of the last, the worst ending, deferrals
 * summed.
 */
export interface WindowNodes extends PointNodes {
  readonly duration: Times;
  readonly deferredAfter: Times;
  readonly yieldAfter: Times;
  readonly yieldedAfter: Times;
  readonly sequence: ColumnOf<Int32Array, Seq>;
  readonly rows: Int32Array;
  readonly deferrals: Int32Array;
  readonly ending: Uint8Array;
}

/** Of several: the most severe decision, `time` its time. */
export interface DecisionNodes extends PointNodes {
  readonly time: Float64Array;
  readonly sequence: ColumnOf<Int32Array, Seq>;
  readonly timeleft: Int32Array;
  readonly cpu: ColumnOf<Int16Array, CpuId>;
  readonly place: ColumnOf<Uint16Array, CauseId>;
  readonly outcome: Uint8Array;
  readonly without: Uint8Array;
}

/**
 * `after` is the time to the run in ns, -1 where it never came. Of several: the one that waited longest, `time` its
 * time.
 */
export interface WakeupNodes extends PointNodes {
  readonly time: Float64Array;
  readonly after: Times;
  readonly sequence: ColumnOf<Int32Array, Seq>;
  readonly waker: ColumnOf<Int32Array, LwpId>;
  readonly wakerCpu: ColumnOf<Int16Array, CpuId>;
  readonly runCpu: ColumnOf<Int16Array, CpuId>;
}

const windowFold: PointFold<WindowNodes> = {
  begin(into, at, from, row) {
    into.duration[at] = from.duration[row]!;
    into.deferredAfter[at] = from.deferredAfter[row]!;
    into.yieldAfter[at] = from.yieldAfter[row]!;
    into.yieldedAfter[at] = from.yieldedAfter[row]!;
    into.sequence[at] = from.sequence[row]!;
    into.rows[at] = from.rows[row]!;
    into.deferrals[at] = from.deferrals[row]!;
    into.ending[at] = from.ending[row]!;
  },
  add(into, at, from, row) {
    const shift = from.start[row]! - into.start[at]!;
    into.duration[at] = shifted(from.duration[row]!, shift);
    into.rows[at] = shifted(from.rows[row]!, from.sequence[row]! - into.sequence[at]!);
    into.deferrals[at] = into.deferrals[at]! + from.deferrals[row]!;
    if (into.deferredAfter[at]! < 0) into.deferredAfter[at] = shifted(from.deferredAfter[row]!, shift);
    if (into.yieldAfter[at]! < 0) into.yieldAfter[at] = shifted(from.yieldAfter[row]!, shift);
    if (into.yieldedAfter[at]! < 0) into.yieldedAfter[at] = shifted(from.yieldedAfter[row]!, shift);
    if (WINDOW_SEVERITY[from.ending[row]!]! > WINDOW_SEVERITY[into.ending[at]!]!) {
      into.ending[at] = from.ending[row]!;
    }
  },
};

/** A distance from an earlier start; -1 (never) stays. */
function shifted(distance: number, shift: number): number {
  return distance < 0 ? -1 : distance + shift;
}

const decisionFold: PointFold<DecisionNodes> = {
  begin: takeDecision,
  add(into, at, from, row) {
    if (DECISION_SEVERITY[from.outcome[row]!]! > DECISION_SEVERITY[into.outcome[at]!]!) {
      takeDecision(into, at, from, row);
    }
  },
};

function takeDecision(into: DecisionNodes, at: number, from: DecisionNodes, row: number): void {
  into.time[at] = from.time[row]!;
  into.sequence[at] = from.sequence[row]!;
  into.timeleft[at] = from.timeleft[row]!;
  into.cpu[at] = from.cpu[row]!;
  into.place[at] = from.place[row]!;
  into.outcome[at] = from.outcome[row]!;
  into.without[at] = from.without[row]!;
}

const wakeupFold: PointFold<WakeupNodes> = {
  begin: takeWakeup,
  add(into, at, from, row) {
    if (from.after[row]! > into.after[at]!) takeWakeup(into, at, from, row);
  },
};

function takeWakeup(into: WakeupNodes, at: number, from: WakeupNodes, row: number): void {
  into.time[at] = from.time[row]!;
  into.after[at] = from.after[row]!;
  into.sequence[at] = from.sequence[row]!;
  into.waker[at] = from.waker[row]!;
  into.wakerCpu[at] = from.wakerCpu[row]!;
  into.runCpu[at] = from.runCpu[row]!;
}

export const WINDOW_POINTS = new PointKind<WindowNodes>(windowFold, [
  { name: 'duration', type: 'f64' },
  { name: 'deferredAfter', type: 'f64' },
  { name: 'yieldAfter', type: 'f64' },
  { name: 'yieldedAfter', type: 'f64' },
  { name: 'sequence', type: 'i32' },
  { name: 'rows', type: 'i32' },
  { name: 'deferrals', type: 'i32' },
  { name: 'ending', type: 'u8' },
]);

export const DECISION_POINTS = new PointKind<DecisionNodes>(decisionFold, [
  { name: 'time', type: 'f64', sameAs: 'start' },
  { name: 'sequence', type: 'i32' },
  { name: 'timeleft', type: 'i32' },
  { name: 'cpu', type: 'i16' },
  { name: 'place', type: 'u16' },
  { name: 'outcome', type: 'u8' },
  { name: 'without', type: 'u8' },
]);

export const WAKEUP_POINTS = new PointKind<WakeupNodes>(wakeupFold, [
  { name: 'time', type: 'f64', sameAs: 'start' },
  { name: 'after', type: 'f64' },
  { name: 'sequence', type: 'i32' },
  { name: 'waker', type: 'i32' },
  { name: 'wakerCpu', type: 'i16' },
  { name: 'runCpu', type: 'i16' },
]);
