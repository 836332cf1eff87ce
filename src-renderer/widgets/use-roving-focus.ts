/**
 * Arrow keys among buttons of which one has the tab stop (the "roving tabindex" of WAI-ARIA's practices): tabs,
 * radio groups, menus.
 */
import type { ShallowRef } from 'vue';

/** Which arrows move: those along the row, those along the column, or all four. */
export type Axis = 'x' | 'y' | 'both';

const FORWARD: Readonly<Record<Axis, readonly string[]>> = {
  x: ['ArrowRight'],
  y: ['ArrowDown'],
  both: ['ArrowRight', 'ArrowDown'],
};
const BACK: Readonly<Record<Axis, readonly string[]>> = {
  x: ['ArrowLeft'],
  y: ['ArrowUp'],
  both: ['ArrowLeft', 'ArrowUp'],
};

/**
 * Where a key leads from the button `at` of `count`: arrows go round, Home and End to the ends.
 *
 * @returns null where the key moves nothing
 */
export function indexAfterKey(key: string, at: number, count: number, axis: Axis): number | null {
  if (count === 0) return null;
  if (FORWARD[axis].includes(key)) return (at + 1) % count;
  if (BACK[axis].includes(key)) return (at - 1 + count) % count;
  if (key === 'Home') return 0;
  if (key === 'End') return count - 1;
  return null;
}

/**
 * @param row the element around the buttons, which holds no others. They are found in the document, since the order of
 *   template references is not that of the elements once some have come later.
 * @param at index of the one with the tab stop
 * @param move told the index that a key leads to, before that button gets the focus
 * @returns the listener of `keydown` for `row`, and what gives the focus to the button at an index
 */
export function useRovingFocus(
  row: Readonly<ShallowRef<HTMLElement | null>>,
  axis: Axis,
  at: () => number,
  move: (index: number) => void,
): { onKeydown: (event: KeyboardEvent) => void; focusAt: (index: number) => void } {
  const buttons = (): HTMLElement[] => [...(row.value?.querySelectorAll('button') ?? [])];
  return {
    onKeydown: (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const all = buttons();
      const next = indexAfterKey(event.key, at(), all.length, axis);
      if (next === null) return;
      event.preventDefault();
      move(next);
      all[next]?.focus();
    },
    focusAt: (index) => buttons()[index]?.focus(),
  };
}
