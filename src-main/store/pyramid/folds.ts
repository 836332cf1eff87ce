/** How four nodes of each family become one. Hot: run for every node, allocate nothing. */
import { LANE_FLAG } from '#shared/api/contract.ts';
import { LANE_STATE } from '#shared/model/enums.ts';
import type { Fold } from './builder.ts';
import type { DecisionNodes, LaneNodes, ValueNodes, WindowNodes } from './series.ts';
import { DECISION_SEVERITY, WINDOW_SEVERITY } from './severity.ts';

/** How much a node counts against its neighbours. */
type Weight = (nodes: LaneNodes, row: number, durationNs: number) => number;

/** An LWP that does not exist has nothing to show. */
export const lwpLaneWeight: Weight = (nodes, row, durationNs) =>
  nodes.state[row] === LANE_STATE.exited ? 0 : durationNs;
/** A CPU that is half idle must not look idle: only runs (or holds) count. */
export const heldLaneWeight: Weight = (nodes, row, durationNs) => (nodes.lwp[row] === -1 ? 0 : durationNs);

function laneFold(weight: Weight): Fold<LaneNodes> {
  const take = (parent: LaneNodes, at: number, child: LaneNodes, row: number): void => {
    parent.lwp[at] = child.lwp[row]!;
    parent.sync[at] = child.sync[row]!;
    parent.cpu[at] = child.cpu[row]!;
    parent.state[at] = child.state[row]!;
  };
  const longestOf = (child: LaneNodes, row: number, durationNs: number, level: number): number =>
    level === 0 ? weight(child, row, durationNs) : child.longest[row]!;
  return {
    begin(parent, at, child, row, durationNs, level) {
      parent.start[at] = child.start[row]!;
      parent.longest[at] = longestOf(child, row, durationNs, level);
      parent.flags[at] = child.flags[row]!;
      take(parent, at, child, row);
    },
    add(parent, at, child, row, durationNs, level) {
      const longest = Math.fround(longestOf(child, row, durationNs, level));
      const uncertain = parent.flags[at]! & LANE_FLAG.uncertain;
      if (longest > parent.longest[at]!) {
        parent.longest[at] = longest;
        parent.flags[at] = child.flags[row]! | uncertain;
        take(parent, at, child, row);
      } else {
        parent.flags[at] = parent.flags[at]! | (child.flags[row]! & LANE_FLAG.uncertain);
      }
    },
  };
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
    parent.end[at] = child.end[row]!;
    parent.firstDeferred[at] = child.firstDeferred[row]!;
    parent.yieldAsked[at] = child.yieldAsked[row]!;
    parent.deferrals[at] = child.deferrals[row]!;
    parent.startSequence[at] = child.startSequence[row]!;
    parent.endSequence[at] = child.endSequence[row]!;
    parent.ending[at] = child.ending[row]!;
  },
  add(parent, at, child, row) {
    parent.end[at] = child.end[row]!;
    parent.endSequence[at] = child.endSequence[row]!;
    parent.deferrals[at] = parent.deferrals[at]! + child.deferrals[row]!;
    if (parent.firstDeferred[at]! < 0) parent.firstDeferred[at] = child.firstDeferred[row]!;
    if (parent.yieldAsked[at]! < 0) parent.yieldAsked[at] = child.yieldAsked[row]!;
    if (WINDOW_SEVERITY[child.ending[row]!]! > WINDOW_SEVERITY[parent.ending[at]!]!) {
      parent.ending[at] = child.ending[row]!;
    }
  },
};

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
