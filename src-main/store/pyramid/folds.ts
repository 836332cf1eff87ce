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
      const longest = longestOf(child, row, durationNs, level);
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
    parent.duration[at] = child.duration[row]!;
    parent.deferredAfter[at] = child.deferredAfter[row]!;
    parent.yieldAfter[at] = child.yieldAfter[row]!;
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
