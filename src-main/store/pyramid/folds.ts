/** How four nodes of each family become one. Hot: run for every node, allocate nothing. */
import type { Fold } from './builder.ts';
import type { DecisionNodes, ValueNodes, WakeupNodes, WindowNodes } from './series.ts';
import { DECISION_SEVERITY, WINDOW_SEVERITY } from './severity.ts';

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
