/** How four nodes of each family become one. Hot: run for every node, allocate nothing. */
import { LANE_FLAG } from '#shared/model/lane-flags.ts';
import { LANE_STATE } from '#shared/model/enums.ts';
import type { Fold } from './builder.ts';
import type { DecisionNodes, LaneNodes, ValueNodes, WakeupNodes, WindowNodes } from './series.ts';
import { DECISION_SEVERITY, WINDOW_SEVERITY } from './severity.ts';

/** How much an interval counts against its neighbours where there is room for one only, by state and LWP. */
export type LaneWeight = (state: number, lwp: number, durationNs: number) => number;

/** An LWP that does not exist has nothing to show. */
export const lwpLaneWeight: LaneWeight = (state, _lwp, durationNs) =>
  state === LANE_STATE.exited ? 0 : durationNs;
/** A CPU that is half idle must not look idle: only runs (or holds) count. */
export const heldLaneWeight: LaneWeight = (_state, lwp, durationNs) => (lwp === -1 ? 0 : durationNs);

function laneFold(weightOf: LaneWeight): Fold<LaneNodes> {
  const weightOfMain = (nodes: LaneNodes, row: number, durationNs: number): number =>
    weightOf(nodes.state[row]!, nodes.lwp[row]!, durationNs);
  return {
    begin(parent, at, child, row, durationNs, level) {
      parent.start[at] = child.start[row]!;
      takeMain(parent, at, child, row, 0, durationNs, level);
      parent.leftWeight[at] = -1;
      parent.rightWeight[at] = -1;
      if (level === 0) return;
      addLeft(parent, at, child, row, LEFT);
      addRight(parent, at, child, row, RIGHT);
    },
    add(parent, at, child, row, durationNs, level) {
      const mainNs = level === 0 ? durationNs : child.mainNs[row]!;
      if (mainNs > parent.mainNs[at]!) {
        // All that the parent had is now to the left of its main piece.
        addPiece(parent, at, LEFT, weightOfMain(parent, at, parent.mainNs[at]!), parent, at, MAIN);
        addLeft(parent, at, parent, at, RIGHT);
        if (level > 0) addLeft(parent, at, child, row, LEFT);
        takeMain(parent, at, child, row, child.start[row]! - parent.start[at]!, durationNs, level);
        parent.rightWeight[at] = -1;
        if (level > 0) addRight(parent, at, child, row, RIGHT);
      } else {
        if (level > 0) addRight(parent, at, child, row, LEFT);
        addPiece(parent, at, RIGHT, weightOfMain(child, row, mainNs), child, row, MAIN);
        if (level > 0) addRight(parent, at, child, row, RIGHT);
      }
    },
  };
}

const MAIN = 0;
const LEFT = 1;
const RIGHT = 2;
type Piece = typeof MAIN | typeof LEFT | typeof RIGHT;

function takeMain(
  parent: LaneNodes,
  at: number,
  child: LaneNodes,
  row: number,
  afterNs: number,
  durationNs: number,
  level: number,
): void {
  parent.mainAfter[at] = level === 0 ? afterNs : afterNs + child.mainAfter[row]!;
  parent.mainNs[at] = level === 0 ? durationNs : child.mainNs[row]!;
  parent.lwp[at] = child.lwp[row]!;
  parent.sync[at] = child.sync[row]!;
  parent.cpu[at] = child.cpu[row]!;
  parent.state[at] = child.state[row]!;
  parent.flags[at] = child.flags[row]!;
}

/** Adds a side piece of a node to the left piece of `parent`. */
function addLeft(
  parent: LaneNodes,
  at: number,
  from: LaneNodes,
  row: number,
  piece: typeof LEFT | typeof RIGHT,
): void {
  addPiece(
    parent,
    at,
    LEFT,
    piece === LEFT ? from.leftWeight[row]! : from.rightWeight[row]!,
    from,
    row,
    piece,
  );
}

function addRight(
  parent: LaneNodes,
  at: number,
  from: LaneNodes,
  row: number,
  piece: typeof LEFT | typeof RIGHT,
): void {
  addPiece(
    parent,
    at,
    RIGHT,
    piece === LEFT ? from.leftWeight[row]! : from.rightWeight[row]!,
    from,
    row,
    piece,
  );
}

/** Lets a piece of weight `weight` (-1: there is none) compete for a side of `parent`. */
function addPiece(
  parent: LaneNodes,
  at: number,
  side: typeof LEFT | typeof RIGHT,
  weight: number,
  from: LaneNodes,
  row: number,
  piece: Piece,
): void {
  if (weight < 0) return;
  const flags =
    piece === MAIN ? from.flags[row]! : piece === LEFT ? from.leftFlags[row]! : from.rightFlags[row]!;
  const weights = side === LEFT ? parent.leftWeight : parent.rightWeight;
  const sideFlags = side === LEFT ? parent.leftFlags : parent.rightFlags;
  const empty = weights[at]! < 0;
  const known = empty ? 0 : sideFlags[at]!;
  if (!empty && weight <= weights[at]!) {
    sideFlags[at] = known | (flags & LANE_FLAG.uncertain);
    return;
  }
  weights[at] = weight;
  sideFlags[at] = flags | (known & LANE_FLAG.uncertain);
  const lwp = piece === MAIN ? from.lwp : piece === LEFT ? from.leftLwp : from.rightLwp;
  const sync = piece === MAIN ? from.sync : piece === LEFT ? from.leftSync : from.rightSync;
  const cpu = piece === MAIN ? from.cpu : piece === LEFT ? from.leftCpu : from.rightCpu;
  const state = piece === MAIN ? from.state : piece === LEFT ? from.leftState : from.rightState;
  if (side === LEFT) {
    parent.leftLwp[at] = lwp[row]!;
    parent.leftSync[at] = sync[row]!;
    parent.leftCpu[at] = cpu[row]!;
    parent.leftState[at] = state[row]!;
  } else {
    parent.rightLwp[at] = lwp[row]!;
    parent.rightSync[at] = sync[row]!;
    parent.rightCpu[at] = cpu[row]!;
    parent.rightState[at] = state[row]!;
  }
}

/**
 * Whether a lane's node above level 0 can be drawn as its three pieces: what lies beside the longest interval
 * is narrower than a pixel.
 */
export function laneNodeFits(
  nodes: LaneNodes,
  row: number,
  startNs: number,
  endNs: number,
  pixelNs: number,
): boolean {
  const after = nodes.mainAfter[row]!;
  return after <= pixelNs && endNs - startNs - after - nodes.mainNs[row]! <= pixelNs;
}

export const LWP_LANE_FOLD = laneFold(lwpLaneWeight);
export const HELD_LANE_FOLD = laneFold(heldLaneWeight);

export const VALUE_FOLD: Fold<ValueNodes> = {
  begin(parent, at, child, row, _durationNs, level) {
    parent.start[at] = child.start[row]!;
    parent.value[at] = child.value[row]!;
    parent.min[at] = level === 0 ? child.value[row]! : child.min[row]!;
    parent.max[at] = level === 0 ? child.value[row]! : child.max[row]!;
  },
  add(parent, at, child, row, _durationNs, level) {
    parent.value[at] = child.value[row]!;
    parent.min[at] = Math.min(parent.min[at]!, level === 0 ? child.value[row]! : child.min[row]!);
    parent.max[at] = Math.max(parent.max[at]!, level === 0 ? child.value[row]! : child.max[row]!);
  },
};

export const WINDOW_FOLD: Fold<WindowNodes> = {
  begin(parent, at, child, row) {
    parent.start[at] = child.start[row]!;
    parent.duration[at] = child.duration[row]!;
    parent.deferredAfter[at] = child.deferredAfter[row]!;
    parent.yieldAfter[at] = child.yieldAfter[row]!;
    parent.yieldedAfter[at] = child.yieldedAfter[row]!;
    parent.sequence[at] = child.sequence[row]!;
    parent.rows[at] = child.rows[row]!;
    parent.deferrals[at] = child.deferrals[row]!;
    parent.ending[at] = child.ending[row]!;
  },
  add(parent, at, child, row) {
    const shift = child.start[row]! - parent.start[at]!;
    parent.duration[at] = shifted(child.duration[row]!, shift);
    parent.rows[at] = shifted(child.rows[row]!, child.sequence[row]! - parent.sequence[at]!);
    parent.deferrals[at] = parent.deferrals[at]! + child.deferrals[row]!;
    if (parent.deferredAfter[at]! < 0) parent.deferredAfter[at] = shifted(child.deferredAfter[row]!, shift);
    if (parent.yieldAfter[at]! < 0) parent.yieldAfter[at] = shifted(child.yieldAfter[row]!, shift);
    if (parent.yieldedAfter[at]! < 0) parent.yieldedAfter[at] = shifted(child.yieldedAfter[row]!, shift);
    if (WINDOW_SEVERITY[child.ending[row]!]! > WINDOW_SEVERITY[parent.ending[at]!]!) {
      parent.ending[at] = child.ending[row]!;
    }
  },
};

/** A distance from an earlier start; -1 (never) stays. */
function shifted(distance: number, shift: number): number {
  return distance < 0 ? -1 : distance + shift;
}

export const DECISION_FOLD: Fold<DecisionNodes> = {
  begin(parent, at, child, row, _durationNs, level) {
    parent.start[at] = child.start[row]!;
    takeDecision(parent, at, child, row, level);
  },
  add(parent, at, child, row, _durationNs, level) {
    if (DECISION_SEVERITY[child.outcome[row]!]! > DECISION_SEVERITY[parent.outcome[at]!]!) {
      takeDecision(parent, at, child, row, level);
    }
  },
};

function takeDecision(
  parent: DecisionNodes,
  at: number,
  child: DecisionNodes,
  row: number,
  level: number,
): void {
  parent.time[at] = level === 0 ? child.start[row]! : child.time[row]!;
  parent.sequence[at] = child.sequence[row]!;
  parent.timeleft[at] = child.timeleft[row]!;
  parent.cpu[at] = child.cpu[row]!;
  parent.place[at] = child.place[row]!;
  parent.outcome[at] = child.outcome[row]!;
  parent.without[at] = child.without[row]!;
}

export const WAKEUP_FOLD: Fold<WakeupNodes> = {
  begin(parent, at, child, row, _durationNs, level) {
    parent.start[at] = child.start[row]!;
    takeWakeup(parent, at, child, row, level);
  },
  add(parent, at, child, row, _durationNs, level) {
    if (child.after[row]! > parent.after[at]!) takeWakeup(parent, at, child, row, level);
  },
};

function takeWakeup(parent: WakeupNodes, at: number, child: WakeupNodes, row: number, level: number): void {
  parent.time[at] = level === 0 ? child.start[row]! : child.time[row]!;
  parent.after[at] = child.after[row]!;
  parent.sequence[at] = child.sequence[row]!;
  parent.waker[at] = child.waker[row]!;
  parent.wakerCpu[at] = child.wakerCpu[row]!;
  parent.runCpu[at] = child.runCpu[row]!;
}
