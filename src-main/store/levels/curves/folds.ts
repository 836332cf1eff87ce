/** How four nodes of a curve become one. Hot: run for every node, allocates nothing. */
import type { Fold } from './builder.ts';
import type { ValueNodes } from '../series.ts';

export const VALUE_FOLD: Fold<ValueNodes> = {
  begin(parent, at, child, row, level) {
    parent.start[at] = child.start[row]!;
    parent.value[at] = child.value[row]!;
    parent.min[at] = level === 0 ? child.value[row]! : child.min[row]!;
    parent.max[at] = level === 0 ? child.value[row]! : child.max[row]!;
  },
  add(parent, at, child, row, level) {
    parent.value[at] = child.value[row]!;
    parent.min[at] = Math.min(parent.min[at]!, level === 0 ? child.value[row]! : child.min[row]!);
    parent.max[at] = Math.max(parent.max[at]!, level === 0 ? child.value[row]! : child.max[row]!);
  },
};
